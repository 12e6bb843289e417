"""The one door to Pandera: collect first, check everything, say all that is wrong at once."""

from typing import cast

import pandera.errors
import pandera.polars as pa
import polars as pl

from paperlake.errors import ContractError

_SHOWN = 8
"""Failures shown in the message; the rest are counted."""


def check_frame(frame: pl.DataFrame, model: type[pa.DataFrameModel]) -> pl.DataFrame:
    """The frame itself, once it keeps every promise of its model.

    Takes an eager frame only: on a LazyFrame Pandera checks names and types and lets bad values pass.

    Raises:
        ContractError: with the first failing values; all rules are tried before it is raised.
    """
    try:
        return cast("pl.DataFrame", model.validate(frame, lazy=True))
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
        shown = [_describe(case) for case in cases.head(_SHOWN).to_dicts()]
        raise ContractError(model.__name__, shown, cases.height) from error


def _describe(case: dict[str, object]) -> str:
    return f"column {case['column']!r} expected {case['check']}, found {case['failure_case']!r} (row {case['index']})"
