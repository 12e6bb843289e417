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


def unwrap(lines: Sequence[str]) -> Unwrapped:
    """The capture without front matter, facts and code fences.

    Furniture `source_url` and `captured_on` hold what the wrapping says of the capture in `text`, others are
    `front_matter` or `fence`.
    """
    inside = list(lines)
    wrapping = [*_front_matter(lines), *_fences(lines)]
    first = wrapping[-1].block.line_end if wrapping and wrapping[0].name != "fence" else 0
    taken = {piece.block.line_start for piece in wrapping}
    wrapping += [piece for piece in _facts(lines, first) if piece.block.line_start not in taken]
    for piece in wrapping:
        inside[piece.block.line_start - 1] = ""
    return Unwrapped(inside, sorted(wrapping))


def _front_matter(lines: Sequence[str]) -> list[Furniture]:
    """The YAML block on top, a piece a line; nothing where the rule of hyphens opens something else.

    Its opening rule may be missing: it was glued to the end of the dump before.
    """
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if start >= len(lines) or not (lines[start].rstrip() == "---" or _is_known(lines[start])):
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


def _fences(lines: Sequence[str]) -> list[Furniture]:
    return [
        Furniture(Block(at + 1, at + 1), "fence", line.strip())
        for at, line in enumerate(lines)
        if line and line[0] in "`~" and _FENCE.fullmatch(line.strip())
    ]
