"""The lines of a refnum capture: what each is by its form alone, and where links of several lines close."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from paperlake.layouts.page import furniture_name
from paperlake.layouts.references import read_reference, split_number
from paperlake.layouts.values import DAY, read_count, read_n_authors

LONGEST_TEXT = 150
"""Characters. A linked text without a title above it is an abstract from this length on, text of the page below it."""
_LINK = re.compile(r"(?:[-*]\s+)*\[.*\]\[\d+\]")
_DAY_WITH_COMMENTS = re.compile(rf"{DAY}\s*\[.*\]\[\d+\]")
_CUT_CLOSER = re.compile(r"\](?:\[\d*)?")
_TRUNCATED = "[Content truncated"
_FENCES = ("```", "~~~")
_OPENERS = frozenset("[]#*")
"""Lines that open with another character close no link."""
_MOST_BULLETS = 30


class SmallBlock(NamedTuple):
    """A link of a few lines around a number."""

    kind: str
    """`upvotes` or `authors`."""
    value: int
    number: int
    """Of its link."""
    end: int
    """Index of its last line."""


def kind_of(line: str) -> str:
    """What a line is that stands alone: the name of a piece of furniture, or `text`.

    >>> kind_of("* [ Models ][2]"), kind_of("[Content truncated]"), kind_of("[12] and a kettle")
    ('link', 'truncated', 'text')
    """
    if line.startswith(_FENCES):
        return "fence"
    if line.startswith(_TRUNCATED):
        return "truncated"
    if read_reference(line) is not None:
        return "references"
    if line in ("[", "·") or _DAY_WITH_COMMENTS.fullmatch(line):
        return "mark"
    if len(line) < LONGEST_TEXT and _LINK.fullmatch(line):
        return "link"
    return furniture_name(line.lstrip("* ")) or "text"


class Lines:
    """Lines by their index, which counts from 0, each stripped."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = [line.strip() for line in lines]
        self.n = len(self.lines)

    def line(self, at: int) -> str:
        """The line; empty behind the end."""
        return self.lines[at] if at < self.n else ""

    def next(self, at: int) -> int:
        """Index of the next line that is not blank, or of the end."""
        at += 1
        while at < self.n and not self.lines[at]:
            at += 1
        return at

    def closer(self, at: int) -> int | None:
        """The number of a line that does nothing but close a link, `][7]`."""
        text, number = split_number(self.line(at))
        return None if text else number

    def small_block(self, at: int) -> SmallBlock | None:
        """The link that opens at the lone bracket here, if it is around a count, or bullets that end in `N authors`."""
        kind, inside = "upvotes", self.next(at)
        value = read_count(self.line(inside))
        if value is None:
            kind, value = "authors", read_n_authors(self.line(inside))
        while value is None and self.line(inside).startswith("*") and inside - at < _MOST_BULLETS:
            inside = self.next(inside)
            value = read_n_authors(self.line(inside))
        end = self.next(inside)
        number = self.closer(end)
        return None if value is None or number is None else SmallBlock(kind, value, number, end)

    def end_of_link(self, at: int, lowest: int) -> int:
        """Index of the line that closes the link which opens here, or before which it must have closed.

        Args:
            at: index of its lone bracket.
            lowest: number that its own cannot be below; a lower one is a citation inside the text.
        """
        for end in range(at + 1, self.n):
            if self.lines[end][:1] in _OPENERS and self._ends_link(end, lowest):
                return end
        return self.n

    def _ends_link(self, at: int, lowest: int) -> bool:
        line, number = self.lines[at], self.closer(at)
        if number is not None:
            return number >= lowest
        if line == "[":
            return self.small_block(at) is not None
        return line.startswith("### ") or (line[0] == "*" and read_n_authors(line) is not None)

    def end_of_prose(self, at: int, end: int) -> int:
        """Index of the first line after this and before `end` that is no text; `end` where all are."""
        return next((i for i in range(at + 1, end) if self.lines[i] and kind_of(self.lines[i]) != "text"), end)

    def end_of_page_link(self, at: int) -> int:
        """Index of the line that closes a link outside of records, or of the first line that is no part of its text."""
        for end in range(at + 1, self.n):
            if self.lines[end] and (kind_of(self.lines[end]) != "text" or self._ends_link(end, 0)):
                return end
        return self.n

    def end_of_references(self, at: int) -> int:
        """Index of the last line of the list of references that begins here."""
        following = self.next(at)
        while read_reference(self.line(following)) is not None:
            at, following = following, self.next(following)
        return at

    def text(self, at: int, end: int) -> str:
        """The lines between both, joined by newlines, without what a cut leaves: its mark, or half a number."""
        lines = [line for line in self.lines[at + 1 : end] if line]
        is_cut_closer = end == self.n and lines and _CUT_CLOSER.fullmatch(lines[-1])
        if is_cut_closer or (lines and _TRUNCATED.startswith(lines[-1])):
            lines.pop()
        return "\n".join(lines).removesuffix(f"{_TRUNCATED}]").rstrip()
