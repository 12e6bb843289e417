"""Figures of a difference: how many rows of a table came, went and changed, by cause and by column."""

from dataclasses import dataclass

import polars as pl

CHANGES = ("added", "removed", "changed")
UNKNOWN = "unknown"
"""The cause of rows of which nothing is told."""


@dataclass(frozen=True, slots=True)
class TableSummary:
    """Figures of one table.

    `changes` are rows by kind of difference, `causes` the same by cause (a row of several counts under each), and
    `columns` rows with another value by column.
    """

    table: str
    n_before: int
    n_after: int
    changes: dict[str, int]
    causes: dict[str, dict[str, int]]
    columns: dict[str, int]

    @property
    def differs(self) -> bool:
        """Whether there is a difference."""
        return any(self.changes.values())


def summarise(table: str, n_before: int, n_after: int, rows: pl.DataFrame) -> TableSummary:
    """The figures of a table.

    Args:
        table: its name.
        n_before: its rows in the one release.
        n_after: its rows in the other.
        rows: what differs, in all tables.
    """
    own = rows.filter(pl.col("table") == table)
    changes = dict.fromkeys(CHANGES, 0) | _counted(own, "change")
    told = pl.when(pl.col("causes").list.len() > 0).then("causes").otherwise(pl.lit([UNKNOWN]))
    causes = own.select("key", "change", cause=told).explode("cause")
    by_cause = {change: _counted(causes.filter(pl.col("change") == change), "cause") for change in changes}
    columns = own.filter(pl.col("column") != "*")["column"].value_counts(sort=True)
    return TableSummary(table, n_before, n_after, changes, by_cause, dict(columns.iter_rows()))


def _counted(rows: pl.DataFrame, name: str) -> dict[str, int]:
    """Distinct keys by the value of a column, the most first."""
    counts = rows.group_by(name, maintain_order=True).agg(n=pl.col("key").n_unique())
    return dict(counts.sort("n", descending=True, maintain_order=True).iter_rows())
