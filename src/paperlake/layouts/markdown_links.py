"""Links of Markdown whose text runs over lines and holds what it likes, brackets and `](` too.

Captures wrap whole blocks of a page in one link. So brackets cannot be counted: a link that does not close on its own
line closes where `](address)` ends a line, and an abstract only where that address is a paper's page. A link that
another card or another block interrupts never closes.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from paperlake.paper_ids import NEW_ARXIV_ID

_ON_ONE_LINE = re.compile(
    r"\[((?:[^\[\]\\]++|\\.|\[[^\[\]]*+\](?:\([^()]*+\))?+)*+)\]\((https?://[^()\s]++)(?: \"[^\"]*\")?\)"
)
_URL = re.compile(r"(https?://[^()\s]++)(?: \"[^\"]*\")?")
_PAPER_PAGE = re.compile(rf"https?://(?:www\.)?(?:huggingface|hf)\.co/papers/{NEW_ARXIV_ID}")
_SHORT_TEXT = re.compile(r"\[\s*(?:$|Upvote|[-*] |!\[)")
"""How the blocks open that are no abstract: alone on the line, `Upvote`, a list, a picture."""
_CARD = re.compile(r"### |Submitted by(?: \S+)?\s*$|\[(?:-|\d[\d.,]*[kKmM]?)\]\(https?://[^()\s]*/login\?")
_CUT_CLOSER = re.compile(r"\](?:\([^()\s]*)?")
_PROSE = re.compile(r"\s*+[^\s\[·]")
_STARTS = frozenset("#S[")
_MOST_LINES = 150
"""An abstract of 1,920 characters has some thirty lines of 80; the bound keeps the cost linear."""


class Link(NamedTuple):
    """One link: its text, lines joined by a newline, its address, and where it ends.

    `line_end` is the index of its last line, `stop` the place behind it in that line.
    """

    text: str
    url: str
    line_end: int
    stop: int


_Closer = tuple[int, str]
"""Where `](address)` at the end of a line opens, and its address."""


def read_link(lines: Sequence[str], at: int, start: int = 0) -> Link | None:
    """The link that opens at `lines[at][start]`, or None where it never closes.

    Args:
        lines: all lines of the dump, without white space at their ends.
        at: index of the line, from 0; `Link.line_end` counts from 0 too.
        start: index of its opening bracket in that line.
    """
    line = lines[at]
    closer = _find_closer(line) if line[-1] == ")" else None
    if closer and closer[0] > start and _is_only_closer(line, start, closer):
        return Link(line[start + 1 : closer[0]], closer[1], at, len(line))
    closed = _ON_ONE_LINE.match(line, start) if "](" in line else None
    if closed and not _is_inside(line, closed.end(), closer):
        return Link(closed[1], closed[2], at, closed.end())
    return _read_lines(lines, at, start)


def interrupts(lines: Sequence[str], at: int) -> bool:
    """Whether another card, or another block of links, begins at a line: whatever was open stays so."""
    line = lines[at]
    if line[:1] not in _STARTS:
        return False
    return (line[0] == "[" and not lines[at - 1]) or _CARD.match(line) is not None


def without_cut_closer(text: str) -> str:
    """The text of a link without what the end of the dump left of its closing `](address)`.

    >>> without_cut_closer("Fifty labels are enough.](https://huggingf")
    'Fifty labels are enough.'
    """
    bracket = text.rfind("]")
    if bracket >= 0 and _CUT_CLOSER.fullmatch(text, bracket):
        text = text[:bracket]
    return text.rstrip("\\ \t")


def _read_lines(lines: Sequence[str], at: int, start: int) -> Link | None:
    line = lines[at]
    is_short = _SHORT_TEXT.match(line, start) is not None
    for end in range(at, min(at + _MOST_LINES, len(lines))):
        below = lines[end]
        if end > at and below[:1] in _STARTS and interrupts(lines, end):
            return None
        closer = _find_closer(below) if below[-1:] == ")" else None
        if closer is None or not (is_short or _PAPER_PAGE.fullmatch(closer[1])):
            continue
        stop, url = closer
        if end > at:
            text = "\n".join([line[start + 1 :], *lines[at + 1 : end], below[:stop]])
            return Link(text, url, end, len(below))
        if stop > start:
            return Link(line[start + 1 : stop], url, at, len(line))
    return None


def _find_closer(line: str) -> _Closer | None:
    start = line.rfind("](")
    found = _URL.fullmatch(line, start + 2, len(line) - 1) if start >= 0 else None
    return (start, found[1]) if found else None


def _is_only_closer(line: str, start: int, closer: _Closer) -> bool:
    """Whether the link that opens at `start` can close nowhere else in the line; brackets alone close no abstract."""
    if line.find("[", start + 1, closer[0]) < 0:
        return True
    return line.find("](", start + 1, closer[0]) < 0 and _PAPER_PAGE.fullmatch(closer[1]) is not None


def _is_inside(line: str, stop: int, closer: _Closer | None) -> bool:
    """Whether a closed link stands inside the text of a longer one: prose behind it, then a paper's page."""
    if closer is None or closer[0] < stop:
        return False
    return _PROSE.match(line, stop) is not None and _PAPER_PAGE.fullmatch(closer[1]) is not None
