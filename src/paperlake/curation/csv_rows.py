"""CSV files that people write line by line: read, and a line added. Most lines are signed: when, who and why."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from paperlake.curation.text import is_day, read_curated
from paperlake.errors import CorrectionError

Row = tuple[int, tuple[str, ...]]
"""Number of a line, from 1, and its values without blanks around them."""


def read_rows(
    raw: Path, file: str, columns: Sequence[str], find_faults: Callable[..., Iterable[str]]
) -> tuple[list[Row], list[str]]:
    """The lines that can be used, and what is wrong with the others, both in the order of the file; empty without it.

    Blank lines and those that open with `#` are none.

    Args:
        raw: folder of dumps, which may hold the file.
        file: its name below that folder.
        columns: its header.
        find_faults: what is wrong with the values of a line: `expected ..., found ...`, and what to do.

    Raises:
        CorrectionError: the file cannot be read, or has another header.
    """
    lines = list(_lines(read_curated(raw, file) or ""))
    if lines and [cell.strip() for cell in lines[0][1].split(",")] != list(columns):
        number, found = lines[0]
        fault = f"line {number}: expected {','.join(columns)!r}, found {found!r}. Write it above all other lines."
        raise CorrectionError(file, [fault])
    rows: list[Row] = []
    faults: list[str] = []
    for number, line in lines[1:]:
        cells, unreadable = _split(line, columns)
        wrong = [unreadable] if unreadable else list(find_faults(*cells))
        faults += [f"line {number}: expected {fault}" for fault in wrong]
        rows += [] if wrong else [(number, cells)]
    return rows, faults


def find_unsigned(when: str, who: str, why: str) -> Iterator[str]:
    """What is wrong with the values by which people sign a line.

    >>> list(find_unsigned("2026-03-14", "mira", ""))
    ['a reason in `why`, found nothing. Say how you know it.']
    """
    if not is_day(when):
        yield f"a day as 2026-03-14 in `when`, found {when!r}. Write the day on which it was decided."
    if not who:
        yield "a name in `who`, found nothing. Say who decided it."
    if not why:
        yield "a reason in `why`, found nothing. Say how you know it."


def add_row(raw: Path, file: str, columns: Sequence[str], values: Sequence[str]) -> int:
    """The number of the line that was added at the end of the file, which is made with its header where there is none.

    Args:
        raw: folder of dumps.
        file: its name below that folder; what stands in it was read without a fault.
        columns: its header.
        values: one a column, each on one line.

    Raises:
        OSError: it cannot be written, say on a full disk; the file is as it was.
    """
    path = raw / file
    text = read_curated(raw, file) or ""
    header = [] if any(_lines(text)) else [columns]
    gap = "" if not text or text.endswith("\n") else "\n"
    added = gap + "".join(_as_line(cells) for cells in (*header, values))
    path.parent.mkdir(exist_ok=True)
    _append(path, added.encode())
    return (text + added).count("\n")


def _append(path: Path, data: bytes) -> None:
    """Nothing: all of it stands at the end of the file, or none where the disk is full: half a row stops builds."""
    with path.open("ab", buffering=0) as stream:
        start = stream.tell()
        try:
            while data:
                data = data[stream.write(data) :]
        except OSError:
            stream.truncate(start)
            raise


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Numbers and lines that say something, without blanks around them."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line.strip()


def _split(line: str, columns: Sequence[str]) -> tuple[tuple[str, ...], str | None]:
    """The values of a line, and why it has none."""
    try:
        cells = tuple(cell.strip() for cell in next(csv.reader([line], strict=True)))
    except csv.Error as error:
        return (), f"a line of CSV, found {line!r} ({error}). Close its quotes."
    if len(cells) != len(columns):
        remedy = "Put a value with a comma into double quotes."
        return (), f"{len(columns)} values ({','.join(columns)}), found {len(cells)}. {remedy}"
    return cells, None


def _as_line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()
