"""Lines that tell of one row that differs, with every letter that cannot be seen written as an escape."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.text import Text

from paperlake.diff.contrast import Piece, contrast
from paperlake.diff.summary import UNKNOWN
from paperlake.schemas import TABLES
from paperlake.shown_text import shorten

_SHOWN_ROW, _SHOWN_VALUE = 240, 60
_SHORT = 24
_INDENT = 4
_SIDES = (("-", "red"), ("+", "green"))

Line = tuple[int, Text]
"""How far it is indented, and what it says."""


def describe_row(row: Mapping[str, Any], *, with_releases: bool) -> Iterator[Line]:
    """What changed and why; then, where it is not short, a line of each side.

    Args:
        row: of `Difference.rows`.
        with_releases: whether to name the releases in which it changed.
    """
    head = Text(row["change"] if row["column"] == "*" else row["column"], overflow="fold")
    sides = _sides(row)
    is_short = row["column"] != "*" and all(sum(len(piece.text) for piece in side) <= _SHORT for side in sides)
    if is_short:
        head.append("  ").append(_styled(sides[0], "red")).append(" -> ").append(_styled(sides[1], "green"))
    yield _INDENT, head.append(f"  {_why(row, with_releases=with_releases)}")
    for (sign, style), side in zip(_SIDES, sides, strict=True):
        if side and not is_short:
            yield _INDENT + 2, Text(f"{sign} ", overflow="fold").append(_styled(side, style))


def visible(text: str) -> str:
    r"""The text on one line; what cannot be seen, or would steer a terminal, is written as an escape.

    >>> visible("tea\u202e\n")
    'tea\\u202e\\n'
    """
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text
    )


def _sides(row: Mapping[str, Any]) -> tuple[list[Piece], list[Piece]]:
    """The values before and after; nothing for a side without the row."""
    before, after = row["before"], row["after"]
    if row["column"] == "*":
        return _whole(row["table"], before), _whole(row["table"], after)
    if "null" in (before, after):  # nothing to compare with
        return _alone(_value(before)), _alone(_value(after))
    return contrast(_value(before), _value(after))


def _whole(table: str, row: str | None) -> list[Piece]:
    """The filled columns of a row beside its key; nothing without one."""
    values = json.loads(row or "{}").items()
    filled = {name: value for name, value in values if name not in TABLES[table].key and value not in (None, [])}
    return _alone(", ".join(f"{name} {shorten(str(value), _SHOWN_VALUE)}" for name, value in filled.items()))


def _alone(text: str) -> list[Piece]:
    return [Piece(shorten(text, _SHOWN_ROW), differs=False)] if text else []


def _value(text: str) -> str:
    """A JSON value as people write it: text in quotes without escapes, everything else as it is."""
    value = json.loads(text)
    return f'"{value}"' if isinstance(value, str) else text


def _styled(pieces: Iterable[Piece], style: str) -> Text:
    text = Text()
    for piece in pieces:
        text.append(visible(piece.text), style=f"bold {style}" if piece.differs else "")
    return text


def _why(row: Mapping[str, Any], *, with_releases: bool) -> str:
    causes = ", ".join(row["causes"]) or UNKNOWN
    releases = ", ".join(map(str, row["releases"]))
    where = "release" if len(row["releases"]) == 1 else "releases"
    return f"({causes} in {where} {releases})" if with_releases and releases else f"({causes})"
