"""The one door to Pandera: collect first, check everything, say all that is wrong at once.

Pandera is imported where it checks: with pandas beside it that takes a second, which commands that only read save.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from paperlake.errors import ContractError
from paperlake.schemas import TABLES
from paperlake.tables import Column

if TYPE_CHECKING:
    import pandera.polars as pa

_SHOWN = 8
"""Failures shown in the message; the rest are counted."""


def check_frame(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The frame itself, once it keeps every promise of the table of that name.

    Takes an eager frame only: on a LazyFrame Pandera checks names and types and lets bad values pass.

    Raises:
        ContractError: with the first failing values; all rules are tried before it is raised.
    """
    from pandera.errors import SchemaErrors

    try:
        return model_of(name).validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        shown = [_describe(case) for case in cases.head(_SHOWN).to_dicts()]
        raise ContractError(name, shown, cases.height) from error


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


def _describe(case: dict[str, object]) -> str:
    return f"column {case['column']!r} expected {case['check']}, found {case['failure_case']!r} (row {case['index']})"
