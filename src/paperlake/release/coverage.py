"""Coverage: how many papers of a dump show each field, against what its layout usually shows.

A tool or a page that changes leaves its layout recognised and its values gone: nothing else tells.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

import polars as pl

from paperlake.frames import Frames
from paperlake.layouts import LAYOUTS

FIELDS = (
    "abstract_raw", "arxiv_id", "paper_url", "upvotes", "comments", "github_url", "github_stars", "n_authors",
    "organisation", "submitted_by", "published_raw",
)  # fmt: skip
_FEWEST_PAPERS = 5
"""A shorter dump shows too little to judge."""
_ENOUGH_HISTORY = 20
"""Papers of a layout in earlier dumps that say what it usually shows; with fewer, its line in the table does."""
_DEEP_FALL = 0.5


class Drift(NamedTuple):
    """A field that a dump shows far more rarely than its layout does; shares 0-1."""

    path: str
    layout: str
    field: str
    usual: float
    found: float

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.path} ({self.layout}): {self.field} on {self.found:.0%} of papers, usually {self.usual:.0%}"


def count_shown(appearances: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """How many papers of each dump show each field: `dump_id`, `n_shown`, a count a field (Int64)."""
    counts = (pl.col(name).count().cast(pl.Int64) for name in FIELDS)
    return appearances.lazy().group_by("dump_id").agg(pl.len().cast(pl.Int64).alias("n_shown"), *counts).collect()


def measure_coverage(tables: Frames) -> pl.DataFrame:
    """One row a dump that was read, in order of entry: `dump_id`, `path`, `layout`, `n_papers`, a share 0-1 a field.

    Args:
        tables: `dumps`, and `appearances` or, under the name `shown`, what `count_shown` gives of them.
    """
    shown = tables["shown"].lazy().collect() if "shown" in tables else count_shown(tables["appearances"])
    shares = shown.select("dump_id", *(pl.col(name) / pl.col("n_shown") for name in FIELDS))
    is_read = pl.col("status") == "read"
    read = tables["dumps"].lazy().filter(is_read).select("dump_id", "path", "layout", "n_papers").collect()
    return read.join(shares, on="dump_id", how="inner", maintain_order="left")


def find_drift(tables: Frames, known: Collection[str]) -> list[Drift]:
    """Fields that fell by half and more in dumps new to the store, in order of entry.

    Args:
        tables: of the candidate, as `measure_coverage` takes them.
        known: ids of the dumps of the release before.
    """
    coverage = measure_coverage(tables)
    is_known = pl.col("dump_id").is_in(list(known))
    usual = _usual(coverage.filter(is_known))
    new = coverage.filter(~is_known, pl.col("n_papers") >= _FEWEST_PAPERS)
    return [
        Drift(row["path"], row["layout"], field, share, row[field])
        for row in new.iter_rows(named=True)
        for field, share in usual.get(row["layout"], {}).items()
        if row[field] < share - _DEEP_FALL
    ]


def as_facts(coverage: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows as the manifest keeps them: shares to three places, fields that a dump never shows left out."""
    return [
        {
            "path": row["path"],
            "layout": row["layout"],
            "n_papers": row["n_papers"],
            "fields": {name: round(row[name], 3) for name in FIELDS if row[name]},
        }
        for row in coverage.iter_rows(named=True)
    ]


def _usual(known: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Usual share of each field by layout: of all papers of earlier dumps, else what the layout says of itself."""
    told = {layout.name: dict.fromkeys(layout.shows, 1.0) for layout in LAYOUTS}
    weights = pl.col("n_papers")
    seen = known.group_by("layout", maintain_order=True).agg(
        weights.sum(), *((pl.col(name) * weights).sum() / weights.sum() for name in FIELDS)
    )
    enough = seen.filter(pl.col("n_papers") >= _ENOUGH_HISTORY)
    return told | {row["layout"]: {name: row[name] for name in FIELDS} for row in enough.iter_rows(named=True)}
