"""Furniture of pages that only many dumps betray: a "record" that stands at the same edge of one dump after another.

A paper may be listed for weeks, so recurring proves nothing by itself. What stands without an id at the first or the
last place of five dumps in a row, while these dumps share hardly anything else, is no paper.
"""

from collections.abc import Mapping

import polars as pl

REASON = "page_furniture"
DUMPS_IN_A_ROW = 5
_MOST_SHARED = 0.1
"""Share of the other texts of those dumps that may stand in two of them: listings of days that follow share more."""
_MOST_TEXT = 2_000
_TEXT = pl.concat_str("title_raw", "abstract_raw", separator="\n", ignore_nulls=True).str.head(_MOST_TEXT)


def set_furniture_aside(entered: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """`appearances`, `dumps` and `rejects`, records that are furniture of their pages moved to the rejects.

    The same for the same dumps in the same order of entry, whether they came in one run or in many.

    Args:
        entered: the three tables in order of entry; rejects of earlier runs among them.
    """
    records = _records(entered)
    ends = _ends_of_runs(records, entered["appearances"])
    if ends.is_empty():
        return dict(entered)
    of_layouts = _with_text(records.join(ends, on="layout", how="semi"), entered["appearances"])
    found = ends.filter(
        pl.Series(
            [_share_little(of_layouts, ends, *run) for run in ends.select("layout", "place").rows()], dtype=pl.Boolean
        )
    )
    taken = of_layouts.join(found, on=["layout", "text"], how="semi").filter(pl.col("appearance_id").is_not_null())
    if taken.is_empty():
        return dict(entered)
    appearances = entered["appearances"]
    kept = appearances.join(taken, on="appearance_id", how="anti", maintain_order="left")
    gone = appearances.join(taken, on="appearance_id", how="semi", maintain_order="left")
    return {
        "appearances": kept,
        "dumps": _count_again(entered["dumps"], gone),
        "rejects": _with_rejects(entered["rejects"], gone, entered["dumps"]),
    }


def shows_runs(entered: Mapping[str, pl.DataFrame]) -> bool:
    """Whether any record stands at the same edge of one dump after another, and so may be furniture.

    Args:
        entered: the three tables in order of entry.
    """
    return not _ends_of_runs(_records(entered), entered["appearances"]).is_empty()


def _records(entered: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One row a record, furniture of earlier runs too: `layout`, `place`, `appearance_id`, `is_edge`, `earlier_text`.

    `place` is that of its dump among those of its layout, from 1.
    """
    dumps = entered["dumps"].select("dump_id", "layout", "sequence")
    lines = ["dump_id", "line_start"]
    shown = entered["appearances"].select(
        *lines,
        "appearance_id",
        has_id=pl.col("arxiv_id").is_not_null() | pl.col("paper_url").is_not_null(),
        earlier_text=pl.lit(None, pl.String),
    )
    known = entered["rejects"].filter(pl.col("reason") == REASON)
    earlier = known.select(
        *lines, appearance_id=pl.lit(None, pl.String), has_id=pl.lit(value=False), earlier_text=pl.col("text")
    )
    rows = pl.concat([shown, earlier]).join(dumps, on="dump_id", maintain_order="left").drop("dump_id")
    line = pl.col("line_start")
    is_edge = (line == line.min().over("sequence")) | (line == line.max().over("sequence"))
    place = pl.col("sequence").rank("dense").over("layout").cast(pl.Int64)
    return rows.select("layout", "appearance_id", "earlier_text", is_edge=~pl.col("has_id") & is_edge, place=place)


def _with_text(records: pl.DataFrame, appearances: pl.DataFrame) -> pl.DataFrame:
    """The records with `text`, which is made of these alone: all of them would weigh as much as the dumps."""
    shown = appearances.join(records, on="appearance_id", how="semi").select("appearance_id", text=_TEXT)
    texts = records.join(shown, on="appearance_id", how="left", maintain_order="left")
    return texts.with_columns(pl.coalesce("text", "earlier_text").alias("text")).drop("earlier_text")


def _ends_of_runs(records: pl.DataFrame, appearances: pl.DataFrame) -> pl.DataFrame:
    """`layout`, `text` and `place` of each last of five edges in a row that are the same."""
    edges = (
        _with_text(records.filter("is_edge"), appearances)
        .unique(["layout", "text", "place"])
        .sort("layout", "text", "place")
    )
    is_run = pl.col("place") - pl.col("place").shift(DUMPS_IN_A_ROW - 1).over("layout", "text") == DUMPS_IN_A_ROW - 1
    return edges.filter(is_run).select("layout", "text", "place")


def _share_little(records: pl.DataFrame, ends: pl.DataFrame, layout: str, place: int) -> bool:
    """Whether the dumps of the run that ends at this place have next to nothing else in common."""
    within = pl.col("place").is_between(place - DUMPS_IN_A_ROW + 1, place)
    others = records.filter(pl.col("layout") == layout, within, ~pl.col("text").is_in(ends["text"].to_list()))
    n_dumps = others.group_by("text").agg(n=pl.col("place").n_unique())["n"]
    return n_dumps.len() > 0 and int((n_dumps > 1).sum()) <= _MOST_SHARED * n_dumps.len()


def _count_again(dumps: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """The dumps with as many papers fewer, and rejects more, as they had furniture."""
    counted = dumps.join(gone.group_by("dump_id").len(), on="dump_id", how="left", maintain_order="left")
    n = pl.col("len").fill_null(0).cast(pl.Int32)
    return counted.with_columns(n_papers=pl.col("n_papers") - n, n_rejects=pl.col("n_rejects") + n).drop("len")


def _with_rejects(rejects: pl.DataFrame, gone: pl.DataFrame, dumps: pl.DataFrame) -> pl.DataFrame:
    """The rejects with those of the furniture, in order of entry and of lines."""
    where = dumps.select("dump_id", "path", "sequence")
    head, line = pl.col("dump_id").str.head(16), pl.col("line_start").cast(pl.String)
    made = gone.join(where, on="dump_id", maintain_order="left").select(
        "dump_id", "line_start", "line_end",
        reject_id=head + ":" + line,
        stage=pl.lit("extract"),
        reason=pl.lit(REASON),
        detail=pl.col("path") + ":" + line + ": expected a paper, found an edge of five dumps in a row",
        text=_TEXT,
    )  # fmt: skip
    both = pl.concat([rejects, made.select(rejects.columns)]).join(where, on="dump_id", maintain_order="left")
    return both.sort("sequence", "line_start", maintain_order=True).select(rejects.columns)
