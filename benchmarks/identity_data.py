"""The records that paper identity is measured on: invented ones, public sets with truth, and ones made to hurt.

Every set becomes one frame in which paperlake and its peers find the same normalised texts: CLEAN of the records, what
a listing shows of them, `truth`, `noise`, `family`, and where the data has them `authors`, `venue`, `year`, `source`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchmarks.matching_data import cora, dblp_acm, hf_titles
from benchmarks.noisy_papers import SCHEMA, make_records
from paperlake.normalise import normalise_appearances

LISTED = ("github_url", "published_on", "n_authors", "organisation")
SHOWN = tuple(name for name in SCHEMA if name not in ("truth", "noise", "family"))
"""The columns of invented records that a capture shows: what the floor reads and writes."""
SHARED_SENTENCE = "Extensive experiments on kettles, socks and snails show that the method is simple and strong. "
_ENTITY = r"&#?\w+;"
"""A letter as HTML writes it: its ampersand and semicolon part no names."""
_LABELS = ("truth", "noise", "family")
_BIBLIOGRAPHY = ("authors", "venue", "year", "source")
_PEERS_READ = ("appearance_id", "title", "abstract", "arxiv_id", *_BIBLIOGRAPHY)


def clean_records(records: pl.DataFrame) -> pl.DataFrame:
    """The records normalised, with what else is known of them; the same rows in the same order."""
    kept = [name for name in (*LISTED, *_LABELS, *_BIBLIOGRAPHY) if name in records.columns]
    return normalise_appearances(records.with_columns(is_cut=pl.lit(value=False))).hstack(records.select(kept))


def peer_records(clean: pl.DataFrame) -> pl.DataFrame:
    """What the peers read of them: texts and ids, and the bibliography where there is one."""
    return clean.select(name for name in _PEERS_READ if name in clean.columns)


def public_sets(folder: Path) -> dict[str, pl.DataFrame]:
    """DBLP-ACM, Cora and hf-titles by name, in the columns of invented records.

    What the data lacks is null: the year stands for a day, and of hf-titles only the titles are left.

    Args:
        folder: holds `dblp-acm`, `cora` and `hf-titles`.
    """
    return {
        "DBLP-ACM": as_listed(dblp_acm(folder / "dblp-acm").records),
        "Cora": as_listed(cora(folder / "cora")).drop("source"),
        "hf-titles": hf_titles(folder / "hf-titles").with_columns(arxiv_id=pl.lit(None, pl.String)).drop(_BIBLIOGRAPHY),
    }


def as_listed(records: pl.DataFrame) -> pl.DataFrame:
    """The records with `published_on`, January 1st of the year, and `n_authors`, null where the text is in doubt."""
    year = pl.col("year").str.extract(r"(\d{4})")
    return records.with_columns(
        year=year, published_on=pl.date(year.cast(pl.Int32), 1, 1), n_authors=count_authors(pl.col("authors"))
    )


def count_authors(authors: pl.Expr) -> pl.Expr:
    """How many names (Int32) a list of authors has; initials alone are none, and `et al.` leaves it unknown.

    >>> names = pl.Series(["a. snail, b. sock, and c. d. kettle", "Snail, A. & S&#246;ck, B.", "a. snail et al."])
    >>> pl.select(count_authors(names)).to_series().to_list()
    [3, 2, None]
    """
    lower = authors.str.to_lowercase().str.replace_all(_ENTITY, "e")
    parts = lower.str.replace_all(r"\s(?:and|&)\s|[;&]", ",").str.split(",")
    n_names = parts.list.eval(pl.element().str.contains(r"\p{L}[\p{L}'-]")).list.sum().cast(pl.Int32)
    return pl.when(~lower.str.contains(r"\bet\.? ?al\b") & (n_names > 0)).then(n_names)


def one_title(n_records: int) -> pl.DataFrame:
    """Records with one title and no abstracts."""
    title = pl.lit("A Survey of Copper Kettles for Woollen Socks and Snails")
    return _made_alike(n_records).with_columns(title_raw=title, abstract_raw=pl.lit(None, pl.String))


def one_sentence(n_records: int) -> pl.DataFrame:
    """Records whose abstracts all begin with one sentence, some with nothing else."""
    return _made_alike(n_records).with_columns(
        abstract_raw=pl.lit(SHARED_SENTENCE) + pl.col("abstract_raw").fill_null("")
    )


def no_abstracts(n_records: int) -> pl.DataFrame:
    """Records without abstracts."""
    return _made_alike(n_records).with_columns(abstract_raw=pl.lit(None, pl.String))


def _made_alike(n_records: int) -> pl.DataFrame:
    """Invented records without what tells them apart at once: ids, repositories and days."""
    told = ("arxiv_id", "paper_url", "github_url", "published_on")
    return make_records(n_records, seed=4).with_columns(pl.lit(None, SCHEMA[name]).alias(name) for name in told)


ADVERSARIAL: dict[str, Callable[[int], pl.DataFrame]] = {
    "one title, no abstracts": one_title,
    "one shared sentence": one_sentence,
    "no abstracts": no_abstracts,
}
"""Makers of records that put very many into one block."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One set on disk: what engines read, and what is known of each record."""

    name: str
    ours: Path
    peers: Path
    labels: pl.DataFrame
    """`appearance_id`, `truth`, `noise`, `family`, and `source` where records have several."""


def store(name: str, clean: pl.DataFrame, folder: Path) -> Stored:
    """The set written to the folder for paperlake and for the peers."""
    stored = Stored(
        name,
        folder / f"{name}.parquet",
        folder / f"{name}-peers.parquet",
        clean.select(name for name in ("appearance_id", *_LABELS, "source") if name in clean.columns),
    )
    clean.write_parquet(stored.ours)
    peer_records(clean).write_parquet(stored.peers)
    return stored
