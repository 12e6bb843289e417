"""What a page is made of: sections with sentences, charts and tables. Every module of a section gives one of these."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

KINDS = ("text", "word", "day", "number", "difference", "share", "url")
"""How a value is shown: `text` may be anybody's and stands apart from what is around it; `word` is ours."""

STRONGER = "The stronger a cell, the more."
"""How to read a chart of cells."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a grid: what stands above it, and what KINDS says of its values."""

    heading: str
    kind: str = "word"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of the page. `left_out` says what of the whole it does not show, and where that stands."""

    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of figures. `says` is what one sees in it, in words; `grid` has the figures themselves."""

    title: str
    says: str
    svg: str
    grid: Grid


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page: name of its anchor, heading, sentences, charts, code with headings, then tables."""

    name: str
    heading: str
    sentences: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    grids: tuple[Grid, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()


def grid_of(caption: str, columns: Sequence[Column], rows: pl.DataFrame, left_out: str = "") -> Grid:
    """A grid of a frame whose columns are, in order, those of the grid."""
    return Grid(caption, tuple(columns), rows.rows(), left_out)


def tell_cap(shown: int, found: int, where: str) -> str:
    """What a cap left out; nothing where all is shown.

    >>> tell_cap(20, 1234, "`rejects`"), tell_cap(3, 3, "`rejects`")
    ('The first 20 of 1,234; all stand in `rejects`.', '')
    """
    return f"The first {shown:,} of {found:,}; all stand in {where}." if shown < found else ""


def without_marks(markdown: str) -> str:
    """A description of the contract as plain words.

    >>> without_marks("One of `papers`.")
    'One of papers.'
    """
    return markdown.replace("`", "")
