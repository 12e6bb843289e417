"""The one door to Pandera: collect first, check everything, say all that is wrong at once.

Pandera is imported where it checks: with pandas beside it that takes a second, which commands that only read save.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from paperlake.errors import ContractError
from paperlake.schemas import TABLES
from paperlake.tables import Column

if TYPE_CHECKING:
    import pandera.polars as pa

_SHOWN = 8
"""Failures shown in the message; the rest are counted."""
_ROWS_AT_ONCE = 131_072
_NUMBER = "__number"


def check_frame(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The frame itself, once it keeps every promise of the table of that name.

    Takes an eager frame only: on a LazyFrame Pandera checks names and types and lets bad values pass.

    Raises:
        ContractError: with the first failing values; all rules are tried before it is raised.
    """
    if failures := _find_failures(frame, name):
        raise ContractError(name, failures[:_SHOWN], len(failures))
    return frame


def check_parts(parts: Iterable[tuple[int, pl.DataFrame]], keys: pl.LazyFrame, name: str) -> None:
    """Nothing, once a table that is read part by part keeps every promise of the table of that name.

    Args:
        parts: the number of the first row of each part that is not known to keep them, and its rows.
        keys: the whole table, of which only the columns that promise unique values are read.
        name: of the table.

    Raises:
        ContractError: with the first failing values; all rules are tried on all parts before it is raised.
    """
    failures = [failure for rows, numbers in _batch(parts) for failure in _find_failures(rows, name, numbers)]
    failures += [] if failures else _find_repeats(keys, name)
    if failures:
        raise ContractError(name, failures[:_SHOWN], len(failures))


def _batch(parts: Iterable[tuple[int, pl.DataFrame]]) -> Iterator[tuple[pl.DataFrame, pl.Series]]:
    """The rows of several parts and their numbers: Pandera asks some hundred questions, of few rows as of many."""
    frames: list[pl.DataFrame] = []
    for first, part in parts:
        frames.append(part.with_row_index(_NUMBER, first))
        if sum(frame.height for frame in frames) >= _ROWS_AT_ONCE:
            yield _together(frames)
            frames = []
    if frames:
        yield _together(frames)


def _together(frames: Sequence[pl.DataFrame]) -> tuple[pl.DataFrame, pl.Series]:
    rows = pl.concat(frames)
    return rows.drop(_NUMBER), rows[_NUMBER]


def _find_failures(frame: pl.DataFrame, name: str, numbers: pl.Series | None = None) -> list[str]:
    """Every value that breaks a promise, in words; `numbers` are those of the rows, from 0 without them."""
    from pandera.errors import SchemaErrors

    try:
        model_of(name).validate(frame, lazy=True)
    except SchemaErrors as error:
        return [_describe(case, numbers) for case in error.failure_cases.to_dicts()]
    return []


def _find_repeats(table: pl.LazyFrame, name: str) -> list[str]:
    """Keys, and values of columns that promise each once, which stand in more than one row, in words."""
    promised = dict.fromkeys([TABLES[name].key, *((one.name,) for one in TABLES[name].columns if one.unique)])
    return [failure for columns in promised for failure in _repeated(table.select(columns).collect())]


def _repeated(keys: pl.DataFrame) -> list[str]:
    if keys.n_unique() == keys.height:
        return []
    again = keys.with_row_index("row").filter(~pl.struct(keys.columns).is_first_distinct())
    columns = ", ".join(keys.columns)
    return [
        f"column {columns!r} expected each value once, found {key!r} again (row {row})" for row, *key in again.rows()
    ]


@cache
def model_of(name: str) -> "pa.DataFrameSchema":
    """The table of that name as Pandera checks it: exact columns in exact order, for a reader may rely on both."""
    import pandera.polars as pa

    table = TABLES[name]
    columns = {
        column.name: pa.Column(
            column.dtype, list(checks_of(column)), nullable=column.nullable, unique=column.unique, name=column.name
        )
        for column in table.columns
    }
    together = list(table.key) if len(table.key) > 1 else None
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=together, name=name)


def checks_of(column: Column) -> Iterator["pa.Check"]:
    """A check of Pandera for each promise about values."""
    from pandera.polars import Check

    if column.minimum is not None:
        yield Check.ge(column.minimum)
    if column.maximum is not None:
        yield Check.le(column.maximum)
    if column.min_length is not None:
        yield Check.str_length(min_value=column.min_length, max_value=column.max_length)
    if column.pattern is not None:
        yield Check.str_matches(column.pattern)
    if column.prefix is not None:
        yield Check.str_startswith(column.prefix)
    if column.values:
        yield Check.isin(column.values)


def _describe(case: dict[str, Any], numbers: pl.Series | None) -> str:
    row = case["index"] if case["index"] is None or numbers is None else numbers[case["index"]]
    return f"column {case['column']!r} expected {case['check']}, found {case['failure_case']!r} (row {row})"
