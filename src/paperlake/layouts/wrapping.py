"""Wrapping: front matter, lists of facts and code fences that people and tools put around a capture."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from paperlake.records import Block, Furniture

_FENCE = re.compile(r"(?:```|~~~)[\w-]*")
_PROPERTY = re.compile(r"([A-Za-z][\w -]*):(?: +(.*))?")
_IN_FRONT_MATTER = re.compile(r"[A-Za-z][\w -]*:(?: |$)|\s|[-#] |$")
_FACT = re.compile(r"(?:[-*] )?(?:\*\*)?([A-Z][\w ()/-]{1,30}):(?:\*\*)? +(.+)")
_MOST_PROPERTIES = 60
_MOST_FACT_LINES = 15
_NEAR_TOP = 40
_NEAR_END = 10
"""Lines from the top, and filled lines to the end, within which a fence is that of the whole capture."""
_QUOTES = ("> ", "    ", "  ", "\t")
_SOURCE_KEYS = {"url", "source", "source url", "source_url"}
_CAPTURE_KEYS = {
    "captured", "captured on", "captured_on", "captured at", "captured_at", "captured (utc)", "retrieved", "created",
    "fetched",
}  # fmt: skip
"""What tells the day of capture. `exported` (NotebookLM) does not: the page was captured before it was exported."""
_FACT_KEYS = _SOURCE_KEYS | _CAPTURE_KEYS | {
    "title", "page title", "source html", "source sha256", "generated from", "extraction", "exported", "author", "date",
}  # fmt: skip
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")


class Unwrapped(NamedTuple):
    """The lines of a capture, wrapping blanked out so that numbers stay, and the wrapping as furniture."""

    lines: list[str]
    wrapping: list[Furniture]


def unquote(lines: Sequence[str]) -> Sequence[str]:
    """The lines without the mark of a quotation, or the indent, that every one of them has.

    >>> unquote(["> # Kettles", ">", "> sing"])
    ['# Kettles', '', 'sing']
    """
    first = next((line for line in lines if line.strip()), "")
    mark = next((mark for mark in _QUOTES if first.startswith(mark)), None)
    if mark is None or not all(line.startswith(mark.rstrip(" ")) or not line.strip() for line in lines):
        return lines
    return [line.removeprefix(mark) if line.startswith(mark) else line.removeprefix(mark.rstrip(" ")) for line in lines]


def unwrap(lines: Sequence[str]) -> Unwrapped:
    """The capture without front matter, facts and code fences.

    Furniture `source_url` and `captured_on` hold what the wrapping says of the capture in `text`, others are
    `front_matter` or `fence`.
    """
    inside = list(lines)
    fences = _fences(inside)
    wrapping = {at: _piece(at, "fence", inside[at]) for at in fences}
    top = 0
    while matter := _front_matter(inside, top, fences):
        wrapping |= {piece.block.line_start - 1: piece for piece in matter}
        top = matter[-1].block.line_end
    wrapping = {piece.block.line_start - 1: piece for piece in _facts(inside, top)} | wrapping
    for at in wrapping:
        inside[at] = ""
    return Unwrapped(inside, [wrapping[at] for at in sorted(wrapping)])


def _piece(at: int, name: str, text: str) -> Furniture:
    return Furniture(Block(at + 1, at + 1), name, text)


def _front_matter(lines: Sequence[str], top: int, fences: Sequence[int]) -> list[Furniture]:
    """The YAML block on top, a piece a line; nothing where the rule of hyphens opens something else.

    Its opening rule may be missing: it was glued to the end of the dump before.
    """
    start = next((at for at in range(top, len(lines)) if lines[at].strip() and at not in fences), len(lines))
    if start == len(lines) or not (lines[start].rstrip() == "---" or _is_known(lines[start])):
        return []
    ends = range(start + 1, min(start + _MOST_PROPERTIES, len(lines)))
    end = next((at for at in ends if lines[at].rstrip() == "---"), None)
    if end is None or not all(map(_IN_FRONT_MATTER.match, lines[start + 1 : end])) or end == start + 1:
        return []
    return [_property(at + 1, lines[at].strip()) for at in range(start, end + 1) if lines[at].strip()]


def _is_known(line: str) -> bool:
    found = _PROPERTY.fullmatch(line.rstrip())
    return found is not None and found[1].lower() in _FACT_KEYS | {"source_id"}


def _property(number: int, line: str) -> Furniture:
    found = _PROPERTY.fullmatch(line)
    return _fact(number, found[1], found[2] or "") if found else Furniture(Block(number, number), "front_matter", line)


def _facts(lines: Sequence[str], first: int) -> Iterator[Furniture]:
    """Lines such as `- URL: ...` or `**Page Title:** ...` near the top, behind front matter; the heading above them."""
    heading = None
    for at in range(first, min(first + _MOST_FACT_LINES, len(lines))):
        found = _FACT.fullmatch(lines[at].strip())
        if found and found[1].lower() in _FACT_KEYS:
            if heading is not None:
                yield Furniture(Block(heading + 1, heading + 1), "front_matter", lines[heading])
                heading = None
            yield _fact(at + 1, found[1], found[2])
        elif lines[at].startswith("# "):
            heading = at
        elif lines[at].strip():
            heading = None


def _fact(number: int, key: str, value: str) -> Furniture:
    block, value = Block(number, number), value.strip().strip("\"'`")
    if key.lower() in _SOURCE_KEYS and value.startswith(("http://", "https://")):
        return Furniture(block, "source_url", value)
    day = _DAY.match(value)
    if key.lower() in _CAPTURE_KEYS and day is not None:
        return Furniture(block, "captured_on", day[0])
    return Furniture(block, "front_matter", f"{key}: {value}")


def _fences(lines: Sequence[str]) -> list[int]:
    """Indices of the fences around the capture; one in its midst is a line of an abstract."""
    found = [at for at, line in enumerate(lines) if line and line[0] in "`~" and _FENCE.fullmatch(line.strip())]
    return [at for at in found if at < _NEAR_TOP or sum(map(bool, map(str.strip, lines[at:]))) <= _NEAR_END]
