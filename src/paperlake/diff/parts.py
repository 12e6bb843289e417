"""The rows of a table that can differ between two releases: parts that both hold are never read."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from paperlake.errors import StoreError
from paperlake.release.reading import Release
from paperlake.schemas import TABLES

_DAMAGED = "`paperlake verify` says which files are damaged; bring them back from a copy of the store."
_Part = dict[str, Any]


def read_differing(
    one: Release, other: Release, table: str, columns: Sequence[str] = (), ids: pl.Series | None = None
) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Rows of the parts that the other release does not hold, of each; None where both hold the same parts.

    Keys are unique in a table, so a row of a part that both hold has its equal there, and nowhere else.

    Args:
        one: a release.
        other: another that has this table.
        table: its name.
        columns: columns to read; all without any.
        ids: read only rows whose first key column is one of these; all without any.

    Raises:
        StoreError: a file is missing or damaged.
    """
    of_one, of_other = _parts(one, table), _parts(other, table)
    only_one, only_other = _without(of_one, of_other), _without(of_other, of_one)
    if not only_one and not only_other:
        return None
    if not only_one:
        after = _read(other, table, only_other, columns, ids)
        return after.clear(), after
    before = _read(one, table, only_one, columns, ids)
    return before, _read(other, table, only_other, columns, ids) if only_other else before.clear()


def read_columns(release: Release, table: str, columns: Sequence[str]) -> pl.DataFrame:
    """Some columns of a table.

    Raises:
        StoreError: a file is missing or damaged.
    """
    return _read(release, table, _parts(release, table), columns)


def _parts(release: Release, table: str) -> list[_Part]:
    parts: list[_Part] = release.manifest["tables"][table]["parts"]
    return parts


def _without(parts: list[_Part], others: list[_Part]) -> list[_Part]:
    known = {part["fingerprint"] for part in others}
    return [part for part in parts if part["fingerprint"] not in known]


def _read(
    release: Release, table: str, parts: list[_Part], columns: Sequence[str], ids: pl.Series | None = None
) -> pl.DataFrame:
    try:
        rows = _scan(release, table, parts) if ids is None else _scan_rows(release, table, parts, ids)
        return rows.select(columns or pl.all()).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise StoreError(release.location, [f"{table}: {error}"], _DAMAGED) from error


def _scan(release: Release, table: str, parts: list[_Part]) -> pl.LazyFrame:
    return replace(release, manifest={"tables": {table: {"parts": parts}}})[table]


def _scan_rows(release: Release, table: str, parts: list[_Part], ids: pl.Series) -> pl.LazyFrame:
    """Rows with these ids. Ids are cheap to read and texts are not: a part without such a row is left alone."""
    key = TABLES[table].key[0]
    found = [_scan(release, table, [part]).filter(pl.col(key).is_in(ids.implode())) for part in parts]
    holding = [rows for rows in found if not rows.select(key).head(1).collect().is_empty()]
    return pl.concat(holding or found[:1])
