"""What people are shown of a text capture: its parts, blocks, records, rejects and fields."""

from collections.abc import Iterable, Sequence
from itertools import groupby, islice
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from paperlake.inspection import FieldCoverage, Inspection, SeenBlock, SeenPart, SeenRecord
from paperlake.shown_text import printable, shorten, span

_SHOWN_OF_ID = 16
"""Letters of a sha256 that people are shown."""
_SHOWN_VALUE = 240
_SHOWN_DETAIL = 300
_SHOWN_TEXT = 60
_LEAST_SHARE = 0.5
"""A promised field on fewer papers has fallen away; release.coverage holds a release at the same fall."""
_BESIDE = {"title": "title_raw", "abstract": "abstract_raw", "arxiv_id": "arxiv_id", "published_on": "published_raw"}
"""Clean values and the raw ones that stand beside them."""


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
