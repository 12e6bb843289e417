"""How the contract says what a table is: its columns, each with type, range and description; no library checks here."""

from dataclasses import KW_ONLY, dataclass
from functools import cached_property

import polars as pl


@dataclass(frozen=True, slots=True)
class Column:
    """One column and what it promises; a promise that is None, False or empty is not made."""

    name: str
    dtype: pl.DataType
    description: str
    _: KW_ONLY
    nullable: bool = False
    unique: bool = False
    minimum: int | None = None
    """Least number, inclusive."""
    maximum: int | None = None
    """Largest number, inclusive."""
    min_length: int | None = None
    """Fewest characters."""
    max_length: int | None = None
    """Most characters."""
    pattern: str | None = None
    """Regular expression of the whole text, with `^` and `$`."""
    prefix: str | None = None
    """How the text begins."""
    values: tuple[str, ...] = ()
    """All values that there are."""


@dataclass(frozen=True)
class Table:
    """One table of a release: its columns in contract order, its key, and whether it counts for the fingerprint."""

    name: str
    description: str
    """What one row is."""
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    is_content: bool = True

    @cached_property
    def polars_schema(self) -> pl.Schema:
        """Column name to Polars type, in contract order."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    @property
    def descriptions(self) -> dict[str, str]:
        """Column name to its description."""
        return {column.name: column.description for column in self.columns}


def text(
    name: str,
    description: str,
    *,
    nullable: bool = True,
    unique: bool = False,
    pattern: str | None = None,
    prefix: str | None = None,
    max_length: int | None = None,
) -> Column:
    """A column of texts, none of them empty."""
    return Column(
        name,
        pl.String(),
        description,
        nullable=nullable,
        unique=unique,
        min_length=1,
        max_length=max_length,
        pattern=pattern,
        prefix=prefix,
    )


def word(name: str, description: str, values: tuple[str, ...]) -> Column:
    """A column of words out of a closed list, never null."""
    return Column(name, pl.String(), description, values=values)


def texts(name: str, description: str) -> Column:
    """A column of lists of texts; a list may be empty."""
    return Column(name, pl.List(pl.String()), description)


def count(
    name: str,
    description: str,
    *,
    nullable: bool = True,
    unique: bool = False,
    minimum: int = 0,
    dtype: pl.DataType | None = None,
) -> Column:
    """A column of counts: Int32 without a `dtype`."""
    return Column(name, dtype or pl.Int32(), description, nullable=nullable, unique=unique, minimum=minimum)


def share(name: str, description: str, *, nullable: bool = True, maximum: int = 1) -> Column:
    """A column of Float32 from 0 to `maximum`."""
    return Column(name, pl.Float32(), description, nullable=nullable, minimum=0, maximum=maximum)


def day(name: str, description: str) -> Column:
    """A column of dates, null where none is known."""
    return Column(name, pl.Date(), description, nullable=True)
