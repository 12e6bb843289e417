"""What people are shown on a terminal: tables of a release, and pages of text.

Text of dumps goes in as `Text`: in a plain string rich would take `[b]` for markup and `:kettle:` for an emoji.
"""

import json
import shutil
import sys
from collections.abc import Callable
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from paperlake.shown_text import printable

_ALWAYS = "repository"
"""The column that is shown where all of it is null, too: that a paper has none is what people look for."""
_TELLING = ("title", _ALWAYS, "path", "status", "reason", "detail", "url")
"""Columns that people look for; they come right after the first one, so that they always find room."""
_SHOWN_OF_ID = 16
"""Letters of a sha256 that people are shown; appearance ids begin with the same ones."""
_WIDEST_COLUMN = 60
_WIDEST_BESIDE_TITLE = 35
"""Of a repository, beside a paper's id and a title as wide as can be, 120 columns wide."""
_PAGE = (100, 24)
"""Columns and lines of a page that is piped: neither `COLUMNS` nor a terminal tells its width."""


def print_json(value: Any) -> None:
    """Print one JSON document."""
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n")


def print_page(show: Callable[[Console], None]) -> None:
    """Print a page of text, as wide as `COLUMNS` or the terminal says, without blanks at the ends of its lines.

    Args:
        show: prints the page to the console that it is given.
    """
    page = Console(width=shutil.get_terminal_size(_PAGE).columns)
    with page.capture() as captured:
        show(page)
    # rich fills every cell up with blanks, which a pipe would carry along.
    sys.stdout.write("\n".join(line.rstrip() for line in captured.get().split("\n")))


def print_frame(frame: pl.DataFrame, out: Console, messages: Console) -> None:
    """Print the columns of a frame that say something and fit; the others are named among the messages."""
    if frame.is_empty():
        messages.print("no rows")
        return
    filled = [column.name for column in frame if column.name == _ALWAYS or _says_something(column)]
    telling = [name for name in (filled[0], *_TELLING) if name in filled]
    texts = _as_texts(frame.select(list(dict.fromkeys([*telling, *filled]))))
    widest = {name: _WIDEST_BESIDE_TITLE if name == _ALWAYS else _WIDEST_COLUMN for name in texts.columns}
    widths = texts.select(pl.col(name).str.len_chars().max().clip(upper_bound=most) for name, most in widest.items())
    fitting = _columns_that_fit(widths.to_dicts()[0], out.width)
    table = Table(*(Column(name, no_wrap=True, max_width=widest[name]) for name in fitting))
    for row in texts.select(fitting).rows():
        table.add_row(*map(Text, row))
    out.print(table)
    left = [name for name in frame.columns if name not in fitting]
    if left:
        remedy = "empty here, or too wide: name them in --columns, or see them with --json"
        messages.print(f"not shown: {', '.join(left)} ({remedy})", soft_wrap=True)


def print_columns(frame: pl.DataFrame, out: Console) -> None:
    """Print every column of a frame, whatever it says; what is too wide is wrapped."""
    table = Table(*(Column(name, overflow="fold") for name in frame.columns))
    for row in _as_texts(frame).rows():
        table.add_row(*map(Text, row))
    out.print(table)


def _as_texts(frame: pl.DataFrame) -> pl.DataFrame:
    if "dump_id" in frame.columns:
        frame = frame.with_columns(pl.col("dump_id").str.head(_SHOWN_OF_ID))
    return frame.select(pl.all().map_batches(_as_text, return_dtype=pl.String))


def _columns_that_fit(widths: dict[str, int | None], room: int) -> list[str]:
    """Columns in their order as long as they fit beside one another; a wide one is passed over for narrower ones."""
    fitting = []
    for name, width in widths.items():
        needed = max(width or 0, len(name)) + 3
        if needed < room:
            fitting.append(name)
            room -= needed
    return fitting


def _says_something(column: pl.Series) -> bool:
    filled = column.drop_nulls()
    return bool((filled.list.len() > 0).any()) if column.dtype == pl.List else not filled.is_empty()


def _as_text(column: pl.Series) -> pl.Series:
    return column.list.join(", ") if column.dtype == pl.List else column.cast(pl.String).fill_null("")


def print_review(pairs: pl.DataFrame, out: Console, messages: Console) -> None:
    """Print near misses: score, the two titles one under the other, what differs, and the ids for `paperlake judge`."""
    if pairs.is_empty():
        messages.print("no near misses")
        return
    table = Table(
        "score", Column("titles", overflow="fold"), "what differs", Column("ids", no_wrap=True), show_lines=True
    )
    for row in pairs.to_dicts():
        told = (row["difference"], row["veto"] and f"veto: {row['veto']}", row["rule"] and f"rule: {row['rule']}")
        cells = (
            "" if row["score"] is None else f"{row['score']:.1f}",
            f"{row['left_title'] or ''}\n{row['right_title'] or ''}",
            "\n".join(filter(None, told)),
            f"{row['left_id']} {row['right_id']}",
        )
        table.add_row(*(Text(printable(cell)) for cell in cells))
    out.print(table)
