"""Tables by name as those who look at a whole release take them: in memory, or scanned for what they ask of them."""

from collections.abc import Mapping

import polars as pl

Frames = Mapping[str, pl.DataFrame] | Mapping[str, pl.LazyFrame]


def height(table: pl.DataFrame | pl.LazyFrame) -> int:
    """How many rows a table has."""
    return int(table.lazy().select(pl.len()).collect().item())
