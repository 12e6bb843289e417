"""What people are shown of a difference: a page as wide as the terminal, in a pipe a line a value.

Text of dumps goes in as `Text`: in a plain string rich would take `[b]` for markup and `:kettle:` for an emoji.
"""

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import polars as pl
from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from paperlake.diff.difference import Difference
from paperlake.diff.facts import Fact
from paperlake.diff.row_texts import describe_row, visible
from paperlake.diff.summary import TableSummary
from paperlake.shown_text import shorten

_IN_A_PIPE = (10_000, 24)
"""Columns and lines where neither `COLUMNS` nor a terminal tells the width: nothing is wrapped there."""
_SHOWN_TITLE, _SHOWN_FACT, _MOST_NAMED = 100, 120, 10
_EVENTS = {"created": "created", "split_from": "split", "merged_into": "merged", "retired": "retired"}
_WAYS = {"split_from": " from ", "merged_into": " into "}

_Row = tuple[str, str]


def print_page(show: Callable[[Console], None]) -> None:
    """Print a page whose lines are as wide as `COLUMNS` or the terminal says, without blanks at their ends.

    Args:
        show: prints the page to the console that it is given.
    """
    page = Console(width=shutil.get_terminal_size(_IN_A_PIPE).columns)
    with page.capture() as captured:
        show(page)
    # rich fills every cell up with blanks, which a pipe would carry along.
    sys.stdout.write("\n".join(line.rstrip() for line in captured.get().split("\n")))


def print_summary(difference: Difference, out: Console) -> None:
    """Print figures of each table, what became of papers, and the facts of the manifests that differ."""
    before, after = difference.before, difference.after
    days = [f"release {release.version} ({release.commit.time[:16]})" for release in (before, after)]
    _print_line(out, " -> ".join(days), style="bold")
    for version in difference.untold:
        _print_line(out, f"release {version} is gone or damaged: the causes of its step are unknown")
    for summary in difference.summaries:
        if summary.differs:
            _print_rows(out, _counted(summary), _summary_rows(summary))
    if same := [summary.table for summary in difference.summaries if not summary.differs]:
        out.print()
        _print_line(out, f"no difference in {', '.join(same)}")
    if not difference.fates.is_empty():
        older, newer = sorted((before.version, after.version))
        _print_rows(out, f"papers, as it happened from release {older} to {newer}", _fate_rows(difference.fates))
    _print_facts(out, difference.facts)


def print_rows(difference: Difference, table: str, most: int, names: Mapping[str, str], out: Console) -> None:
    """Print the rows of a table that differ, by key: column, values around what differs, cause.

    Args:
        difference: what differs.
        table: whose rows.
        most: how many at most; 0 for all.
        names: what people call the papers or dumps, by id.
        out: where to print them.
    """
    rows, n_rows = difference.rows_of(table, most), difference.rows_of(table).height
    left_out = f": the first {rows.height:,} of {n_rows:,}, all with --rows 0" if rows.height < n_rows else ""
    fates = {row["paper_id"]: _fate(row) for row in difference.fates.iter_rows(named=True)}
    out.print()
    _print_line(out, f"differences in {table}{left_out}", style="bold")
    for key, group in groupby(rows.iter_rows(named=True), lambda row: str(row["key"])):
        owner = key.partition(" ")[0]
        told = (key, shorten(names.get(owner, ""), _SHOWN_TITLE), fates.get(owner))
        _print_line(out, "  ".join(filter(None, told)), indent=2)
        for row in group:
            _print_row(out, row, with_releases=difference.n_steps > 1)


def _print_row(out: Console, row: Mapping[str, Any], *, with_releases: bool) -> None:
    for indent, line in describe_row(row, with_releases=with_releases):
        out.print(Padding(line, (0, 0, 0, indent), expand=False))


def _counted(summary: TableSummary) -> str:
    counts = dict.fromkeys(f"{count:,}" for count in (summary.n_before, summary.n_after))
    return f"{summary.table}: {' -> '.join(counts)} rows"


def _summary_rows(summary: TableSummary) -> Iterator[_Row]:
    for change, n_rows in summary.changes.items():
        if n_rows:
            yield f"{change} {n_rows:,}", _counts(summary.causes[change])
    if summary.columns:
        yield "values of", _counts(summary.columns)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _fate_rows(fates: pl.DataFrame) -> Iterator[_Row]:
    for event, word in _EVENTS.items():
        rows = fates.filter(pl.col("event") == event)
        told = [f"{row['paper_id']} {_fate(row)}" for row in rows.iter_rows(named=True)]
        if told:
            yield f"{word} {len(told):,}", "" if event == "created" else "\n".join(_first(told))


def _fate(row: Mapping[str, Any]) -> str:
    """What became of a paper, in words."""
    other = f"{_WAYS[row['event']]}{row['other_id']}" if row["other_id"] else ""
    reason = f": {row['reason']}" if row["reason"] else ""
    return f"{_EVENTS[row['event']]}{other} in release {row['release']}{reason}"


def _print_facts(out: Console, facts: Iterable[Fact]) -> None:
    for number, (_, group) in enumerate(groupby(facts, lambda fact: fact.name.partition(".")[0])):
        if number == 0:
            out.print()
            _print_line(out, "what the manifests say", style="bold")
        lines = [f"{fact.name}: {line}" for fact in group for line in _fact_lines(fact)]
        for line in _first(lines):
            _print_line(out, line, indent=2)


def _fact_lines(fact: Fact) -> list[str]:
    sides = (("-", fact.before), ("+", fact.after))
    if isinstance(fact.after, list):
        return [f"{sign} {_entry(one)}" for sign, entries in sides for one in entries]
    return [" -> ".join("none" if value is None else shorten(str(value), _SHOWN_FACT) for _, value in sides)]


def _entry(entry: Any) -> str:
    told = ", ".join(f"{name} {value}" for name, value in entry.items()) if isinstance(entry, Mapping) else str(entry)
    return shorten(told, _SHOWN_FACT)


def _first(lines: Sequence[str]) -> list[str]:
    left = len(lines) - _MOST_NAMED
    return [*lines[:_MOST_NAMED], *([f"and {left:,} more, all with --json"] if left > 0 else [])]


def _print_rows(out: Console, heading: str, rows: Iterable[_Row]) -> None:
    """Print labels and texts below a heading."""
    out.print()
    _print_line(out, heading, style="bold")
    grid = Table.grid(Column(overflow="fold"), Column(overflow="fold"), padding=(0, 2, 0, 0))
    for row in rows:
        grid.add_row(*(Text("\n".join(map(visible, text.split("\n")))) for text in row))
    out.print(Padding(grid, (0, 0, 0, 2), expand=False))


def _print_line(out: Console, text: str, style: str = "", indent: int = 0) -> None:
    out.print(Padding(Text(visible(text), style=style, overflow="fold"), (0, 0, 0, indent), expand=False))
