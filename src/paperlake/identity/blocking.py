"""Pairs of appearances worth comparing: a few for each appearance, so that the work stays linear."""

import polars as pl


def find_pairs(clean: pl.DataFrame, column: str) -> pl.DataFrame:
    """Pairs `left < right` of rows that share a value of `column`: each row with the first and with the one before.

    Two a row at most, however many rows share the value: a million equal titles give two million pairs.

    Args:
        clean: rows in order of entry, with their number in `row`.
        column: the shared value; nulls pair with nothing.
    """
    keyed = clean.select("row", pl.col(column).alias("key")).drop_nulls("key")
    first = pl.col("row").first().over("key")
    previous = pl.col("row").shift(1).over("key")
    partners = keyed.with_columns(first=first, previous=previous).filter(pl.col("row") > pl.col("first"))
    pairs = [partners.select(left=name, right="row") for name in ("first", "previous")]
    return pl.concat(pairs).unique(maintain_order=True).sort("right", "left")
