"""Which appearance gives each value of a paper: one rule a column, in one table."""

import polars as pl

from paperlake.schemas import TABLES

_LONGEST = "longest"
_FIRST = "first"
RULES = {
    "title": _FIRST,
    "title_key": _FIRST,
    "abstract": _LONGEST,
    "arxiv_id": _FIRST,
    "doi": _FIRST,
    "paper_url": _FIRST,
    "published_on": _FIRST,
    "organisation": _FIRST,
    "submitted_by": _FIRST,
    "n_authors": _FIRST,
}
"""`first`: the first appearance that has a value. `longest`: the longest one, since listings cut abstracts short or
show a one-sentence summary in their place; the first of equals."""

METRIC_RULES = {
    "upvotes": "latest",
    "comments": "latest",
    "github_stars": "latest",
    "first_seen_on": "earliest",
    "last_seen_on": "latest",
    "n_appearances": "counted",
    "n_dumps": "counted",
}
"""Which appearance gives each value of `metrics`."""
COUNTS = ("upvotes", "comments", "github_stars")
"""Of these the latest one counts."""


def merge_papers(appearances: pl.DataFrame) -> pl.DataFrame:
    """One row a paper in order of first appearance: the columns of RULES, first appearance, flags, conflict.

    Args:
        appearances: appearances in order of entry with `paper_id` and the clean values.
    """
    values = [_value(column, rule).alias(column) for column, rule in RULES.items()]
    return appearances.group_by("paper_id", maintain_order=True).agg(
        *values,
        first_appearance_id=pl.col("appearance_id").first(),
        seen_flags=_of_longest_abstract("flags"),
        has_conflict=pl.col("arxiv_id").drop_nulls().n_unique() > 1,
    )


def merge_metrics(appearances: pl.DataFrame) -> pl.DataFrame:
    """The `metrics` table. The latest value is that of the latest capture; without capture dates, of the latest entry.

    Args:
        appearances: appearances in order of entry with `paper_id` and `captured_on`.
    """
    shown = appearances.select("paper_id", "dump_id", "captured_on", *COUNTS)  # to sort texts, too, is to copy them
    latest_last = shown.with_row_index("entry").sort("captured_on", "entry", nulls_last=False)
    metrics = latest_last.group_by("paper_id", maintain_order=True).agg(
        *(pl.col(name).drop_nulls().last() for name in COUNTS),
        first_seen_on=pl.col("captured_on").min(),
        last_seen_on=pl.col("captured_on").max(),
        n_appearances=pl.len(),
        n_dumps=pl.col("dump_id").n_unique(),
        entry=pl.col("entry").min(),
    )
    schema = TABLES["metrics"].polars_schema
    return metrics.sort("entry").select(schema.names()).cast(schema)


def _value(column: str, rule: str) -> pl.Expr:
    return _of_longest_abstract(column) if rule == _LONGEST else pl.col(column).drop_nulls().first()


def _of_longest_abstract(column: str) -> pl.Expr:
    return pl.col(column).get(pl.col("abstract").str.len_chars().fill_null(0).arg_max())
