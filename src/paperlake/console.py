"""What people are shown on a terminal: tables of a release, and what there is to see in a capture.

Text of dumps goes in as `Text`: in a plain string rich would take `[b]` for markup and `:kettle:` for an emoji.
"""

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, islice
from typing import Any

import polars as pl
from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from paperlake.inspection import FieldCoverage, Inspection, SeenBlock, SeenPart, SeenRecord
from paperlake.shown_text import printable, shorten, span

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
_SHOWN_VALUE = 240
_SHOWN_DETAIL = 300
_SHOWN_TEXT = 60
_LEAST_SHARE = 0.5
"""A promised field on fewer papers has fallen away; release.coverage holds a release at the same fall."""
_BESIDE = {"title": "title_raw", "abstract": "abstract_raw", "arxiv_id": "arxiv_id", "published_on": "published_raw"}
"""Clean values and the raw ones that stand beside them."""


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


def print_inspection(seen: Inspection, n_most: int, out: Console) -> None:
    """Print what there is to see in a capture, as wide as `out` is.

    Args:
        seen: what was seen.
        n_most: most rows of blocks and of rejects; 0 for all.
        out: where to print it.
    """
    most = n_most or None
    _print_rows(out, seen.file, _file_rows(seen))
    _print_rows(out, "parts", [row for part in seen.parts for row in _part_rows(part)])
    blocks = _fold_furniture(seen.blocks)
    _print_rows(out, _counted("blocks", len(blocks), most), islice(blocks, most))
    for record in seen.records:
        _print_record(record, out)
    _print_rows(out, _counted("rejects", len(seen.rejects), most), map(_reject_row, islice(seen.rejects, most)))
    _print_rows(out, "coverage of fields", map(_coverage_row, seen.coverage))


def _print_rows(out: Console, heading: str, rows: Iterable[Sequence[str]]) -> None:
    """Print rows of texts below a heading, the last column wrapped; nothing at all without rows."""
    printed = [[Text(printable(text)) for text in row] for row in rows]
    if not printed:
        return
    grid = Table.grid(*(Column(no_wrap=True) for _ in printed[0][1:]), Column(overflow="fold"), padding=(0, 2, 0, 0))
    for row in printed:
        grid.add_row(*row)
    out.print(Text(printable(heading), style="bold"), soft_wrap=True)
    out.print(Padding(grid, (0, 0, 1, 2)))


def _file_rows(seen: Inspection) -> list[tuple[str, str]]:
    dump = seen.dump
    note = ", ".join(f"{name} {value}" for name, value in seen.note.items() if value)
    counts = f"papers {dump['n_papers']:,}, furniture {dump['n_furniture']:,}, rejects {dump['n_rejects']:,}"
    rows = [
        ("size", f"{dump['n_bytes']:,} bytes, {dump['n_lines']:,} lines"),
        ("sha256", dump["dump_id"][:_SHOWN_OF_ID]),
        ("captured", f"{dump['captured_on']} ({seen.captured_from})" if seen.captured_from else "no day known"),
        ("notes", note),
        ("verdict", f"would be set aside as {dump['reason']}" if dump["reason"] else f"would be read: {counts}"),
    ]
    return [row for row in rows if row[1]]


def _part_rows(part: SeenPart) -> list[tuple[str, str, str]]:
    """A row for the part, one a fact of its page; where it would not be read, what layouts say, and how it begins."""
    facts = [("", name, str(value)) for name, value in part.facts.items() if value]
    known = (part.layout, part.why) if part.layout else ("unknown", part.why.partition(":")[0])
    rows = [(span(part.line_start, part.line_end), *known), *facts]
    if not part.is_read:
        rows += [("", name, ("yes: " if answer.is_known else "") + answer.why) for name, answer in part.answers.items()]
        rows += [("", f"line {number}", text) for number, text in part.first_lines.items()]
    return rows


def _fold_furniture(blocks: Sequence[SeenBlock]) -> list[tuple[str, str, str]]:
    """Rows of blocks, furniture of one name in a row being one."""
    rows = []
    names = groupby(enumerate(blocks), lambda at: at[1].label if at[1].kind == "furniture" else at[0])
    for _, group in names:
        (_, first), *others = group
        end = others[-1][1].line_end if others else first.line_end
        unpublished = " (not published)" if first.kind == "paper" and not first.is_published else ""
        kind = f"{first.kind} {first.label}" if first.label else first.kind + unpublished
        folded = f" x{len(others) + 1}" if others else ""
        rows.append((span(first.line_start, end), kind + folded, first.text))
    return rows


def _print_record(record: SeenRecord, out: Console) -> None:
    """Print values as read beside those to be published, and the links below."""
    sides = [Column(name, ratio=1, overflow="fold") for name in ("as read", "as published")]
    table = Table("", *sides, box=None, padding=(0, 2, 0, 0))
    cleaned = [(name, record.raw.get(_BESIDE.get(name, "")), value) for name, value in record.clean.items()]
    as_read = [(name, value, None) for name, value in record.raw.items() if name not in _BESIDE.values()]
    for name, *values in (*cleaned, *as_read):
        texts = [printable(_as_value(value)) for value in values]
        if any(texts):
            table.add_row(name, *map(Text, texts))
    out.print(Text(f"record {record.appearance_id}, lines {span(record.line_start, record.line_end)}", style="bold"))
    out.print(Padding(table, (0, 0, 1, 2)))
    _print_rows(out, "links", map(_link_row, record.links))


def _reject_row(row: dict[str, Any]) -> tuple[str, str, str]:
    first, *_ = (row["text"] or "").split("\n")
    told = f"{shorten(row['detail'], _SHOWN_DETAIL)}\n{shorten(first, _SHOWN_TEXT)}"
    return span(row["line_start"], row["line_end"]), row["reason"], told


def _link_row(link: dict[str, Any]) -> tuple[str, str, str]:
    named = f"repository {link['repository']}" if link["repository"] else ""
    repaired = f"repaired from {_as_value(link['raw'])}: {', '.join(link['repairs'])}" if link["repairs"] else ""
    return link["found_in"], link["kind"], "\n".join(filter(None, (link["url"], named, repaired)))


def _coverage_row(coverage: FieldCoverage) -> tuple[str, str, str]:
    fallen = " but shown by less than half" if coverage.share < _LEAST_SHARE else ""
    return coverage.field, f"{coverage.share:4.0%}", f"promised{fallen}" if coverage.is_promised else ""


def _counted(name: str, n_rows: int, most: int | None) -> str:
    return name if most is None or n_rows <= most else f"{name}: the first {most} of {n_rows:,}, all with --blocks 0"


def _as_value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None or value is False else shorten(str(value), _SHOWN_VALUE)
