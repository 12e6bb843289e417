"""The rows and columns of a table that the steps between two releases touched: nothing else can differ."""

from collections.abc import Iterator, Sequence

import polars as pl

from paperlake.diff.parts import read_differing
from paperlake.diff.steps import Steps
from paperlake.schemas import TABLES


def read_touched(table: str, steps: Steps) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Rows of both releases that can differ, in two lots: whole ones, then key and touched columns of the others.

    Every row of a paper is in one lot, and the same one in both releases.

    Args:
        table: one whose changes the steps tell.
        steps: whole ones, see `Steps.is_whole`.

    Raises:
        StoreError: a file is missing or damaged.
    """
    told = steps.told.filter(pl.col("table") == table)
    told = told.select("column", paper_id=pl.col("key").str.split(" ").list.first())
    came_or_went = told.filter(pl.col("column") == "*")
    others = told.join(came_or_went, on="paper_id", how="anti")
    touched = others["column"].unique(maintain_order=True).to_list()
    lots: Sequence[tuple[pl.DataFrame, list[str]]] = ((came_or_went, []), (others, [*TABLES[table].key, *touched]))
    for papers, columns in lots:
        if not papers.is_empty():
            found = read_differing(steps.older, steps.newer, table, columns, papers["paper_id"].unique())
            yield from () if found is None else (found,)
