"""What differs in one table between two releases, by its key; `papers` and `links` as their `changes` tell it."""

import polars as pl

from paperlake.release.compare import COMPARED, find_changes
from paperlake.schemas import TABLES

DIFFERENCES = pl.Schema({name: pl.String() for name in ("table", "key", "column", "change", "before", "after")})
"""The columns of `changes` but the cause."""

_NO_CAUSES = pl.DataFrame(schema={"paper_id": pl.String(), "cause": pl.String()})
_KEY, _ROW, _OLD = "__key", "__row", "__old"


def find_differences(table: str, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """DIFFERENCES: one row for each row added or removed (column `*`) and for each value changed, as JSON text.

    The removed rows come first, then the others in their new order. Columns that only one side has are not compared.

    Args:
        table: one of the content tables.
        before: its rows in the older release.
        after: its rows in the newer one.
    """
    if table in COMPARED:
        sides = [_with_neighbours(table, frame) for frame in (before, after)]
        return find_changes(sides[0], sides[1], _NO_CAUSES).select(DIFFERENCES.names())
    old, new = (_with_key(table, frame) for frame in (before, after))
    removed = _whole_rows(old.join(new, on=_KEY, how="anti", maintain_order="left"), "removed")
    added = _whole_rows(new.join(old, on=_KEY, how="anti", maintain_order="left"), "added")
    later = pl.concat([*_changed_values(old, new), added]).sort(_ROW, maintain_order=True)
    return pl.concat([removed, later]).with_columns(table=pl.lit(table)).select(DIFFERENCES.names())


def _with_neighbours(table: str, frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The table among the others that are compared with it, which have no rows here."""
    return {name: TABLES[name].polars_schema.to_frame() for name in COMPARED} | {table: frame}


def _with_key(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_row_index(_ROW).with_columns(pl.concat_str(list(TABLES[table].key), separator=" ").alias(_KEY))


def _whole_rows(rows: pl.DataFrame, change: str) -> pl.DataFrame:
    text = pl.struct(pl.all().exclude(_KEY, _ROW)).struct.json_encode()
    nothing = pl.lit(None, pl.String)
    before, after = (nothing, text) if change == "added" else (text, nothing)
    return rows.select(*_place("*", change), before=before, after=after)


def _changed_values(old: pl.DataFrame, new: pl.DataFrame) -> list[pl.DataFrame]:
    both = new.join(old, on=_KEY, how="inner", suffix=_OLD, maintain_order="left")
    shared = [column for column, dtype in new.schema.items() if old.schema.get(column) == dtype]
    return [_changed_column(both, column) for column in shared if column not in (_KEY, _ROW)]


def _changed_column(both: pl.DataFrame, column: str) -> pl.DataFrame:
    rows = both.filter(pl.col(column).ne_missing(pl.col(column + _OLD)))
    return rows.select(*_place(column, "changed"), before=_as_json(column + _OLD), after=_as_json(column))


def _place(column: str, change: str) -> list[pl.Expr]:
    return [pl.col(_ROW), pl.col(_KEY).alias("key"), pl.lit(column).alias("column"), pl.lit(change).alias("change")]


def _as_json(column: str) -> pl.Expr:
    # Polars encodes structs only: one with a single field of a one-letter name, whose frame is then cut off.
    framed = pl.struct(pl.col(column).alias("v")).struct.json_encode()
    return framed.str.strip_prefix('{"v":').str.strip_suffix("}")
