"""The `changes` table: what differs in `papers` and `links` between two releases, found by joins on their keys."""

import polars as pl

from paperlake.schemas import TABLES

COMPARED = ("papers", "links")
"""Tables whose changes are told; the others follow from them or change with every dump."""

_KEY, _ROW, _COLUMN = "__key", "__row", "__column"


def find_changes(
    before: dict[str, pl.DataFrame] | None,
    after: dict[str, pl.DataFrame],
    causes: pl.DataFrame,
    default_cause: str = "rule_change",
) -> pl.DataFrame:
    """Changes: one row for each row added or removed (column `*`) and for each value changed.

    Of each table the removed rows come first, in their old order, then the changed values and the added rows in their
    new order. `before` and `after` are JSON text, of a value or of a whole row; null where there is no row. A value
    that is null is the JSON text `null`. Columns that only one of the two releases has are not compared.

    Args:
        before: `papers` and `links` of the previous release; None for the first, which has no changes.
        after: `papers` and `links` of the release to come.
        causes: `paper_id` and `cause` of the papers whose cause is known; the first row of a paper counts.
        default_cause: of all other papers. Where no input and nobody changed a paper, the rules did.
    """
    empty = TABLES["changes"].polars_schema.to_frame()
    if before is None:
        return empty
    known = causes.select("paper_id", "cause").unique("paper_id", keep="first", maintain_order=True)
    frames = [_compare_table(name, before[name], after[name], known) for name in COMPARED]
    return pl.concat([empty, *(frame.select(_contract_columns(default_cause)) for frame in frames)])


def _contract_columns(default_cause: str) -> list[pl.Expr]:
    filled = pl.col("cause").fill_null(default_cause)
    return [filled if name == "cause" else pl.col(name) for name in TABLES["changes"].polars_schema]


def _compare_table(name: str, before: pl.DataFrame, after: pl.DataFrame, causes: pl.DataFrame) -> pl.DataFrame:
    old, new = _with_key(name, before), _with_key(name, after)
    removed = _whole_rows(old.join(new, on=_KEY, how="anti", maintain_order="left"), "removed")
    added = _whole_rows(new.join(old, on=_KEY, how="anti", maintain_order="left"), "added")
    later = pl.concat([*_changed_values(name, old, new), added]).sort(_ROW, _COLUMN)
    rows = pl.concat([removed, later]).with_columns(table=pl.lit(name))
    return rows.join(causes, on="paper_id", how="left", maintain_order="left")


def _with_key(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    key = pl.concat_str(list(TABLES[name].key), separator=" ")
    return frame.with_row_index(_ROW).with_columns(key.alias(_KEY))


def _whole_rows(rows: pl.DataFrame, change: str) -> pl.DataFrame:
    text = pl.struct(pl.all().exclude(_KEY, _ROW)).struct.json_encode()
    nothing = pl.lit(None, pl.String)
    before, after = (nothing, text) if change == "added" else (text, nothing)
    return rows.select(*_place(pl.lit("*"), 0, change), before.alias("before"), after.alias("after"))


def _changed_values(name: str, old: pl.DataFrame, new: pl.DataFrame) -> list[pl.DataFrame]:
    both = new.join(old, on=_KEY, how="inner", suffix="__old", maintain_order="left")
    shared = [column for column, dtype in new.schema.items() if old.schema.get(column) == dtype]
    compared = [column for column in shared if column not in (*TABLES[name].key, _KEY, _ROW)]
    return [_changed_column(both, column, number) for number, column in enumerate(compared, 1)]


def _changed_column(both: pl.DataFrame, column: str, number: int) -> pl.DataFrame:
    rows = both.filter(pl.col(column).ne_missing(pl.col(f"{column}__old")))
    return rows.select(
        *_place(pl.lit(column), number, "changed"),
        _value_as_json(f"{column}__old").alias("before"),
        _value_as_json(column).alias("after"),
    )


def _place(column: pl.Expr, number: int, change: str) -> list[pl.Expr]:
    return [
        pl.col(_ROW),
        pl.lit(number, pl.Int32).alias(_COLUMN),
        pl.col("paper_id"),
        pl.col(_KEY).alias("key"),
        column.alias("column"),
        pl.lit(change).alias("change"),
    ]


def _value_as_json(column: str) -> pl.Expr:
    # Polars encodes structs only: one with a single field of a one-letter name, whose frame is then cut off.
    framed = pl.struct(pl.col(column).alias("v")).struct.json_encode()
    return framed.str.strip_prefix('{"v":').str.strip_suffix("}")
