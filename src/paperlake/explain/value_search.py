r"""Finds the lines of a dump on which a value stands.

A capture tool writes a value its own way: with Markdown, HTML or JSON escapes, inside of a link, over several lines. So
it is looked for as it is, and then as its words with whatever marks between them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from paperlake.layouts.values import read_count
from paperlake.paper_ids import find_arxiv_id

URL_COLUMNS = ("paper_url", "github_url")
_HINTS = {
    "upvotes": re.compile(r"upvot|likes?\b|login|▲", re.IGNORECASE),
    "comments": re.compile(r"comment|communit|discussion", re.IGNORECASE),
    "github_stars": re.compile(r"\bstar|github|★|⭐", re.IGNORECASE),
}
"""What stands beside a number that counts this."""
_REACH, _NEAR_LINES, _LONGEST_COUNT_LINE = 40, 2, 200
_COUNT = re.compile(r"(?<![\w.,%-])(?:\d[\d.,]*\d|\d)[kKmM]?(?![\w%])|(?<![\w-])-(?![\w-])")
_WORDS_BESIDE_COUNT = re.compile(r"[^\W\d_]{2,}")
_LEAST_INSIDE_WORD = 8
"""Characters of a value that may stand glued to other letters: fewer are met inside of words by chance."""
_LEAST_LETTERS = 4
_ENOUGH = 80
"""Characters of a value's first line that are looked for: more of them tell no two values apart."""
_MANY_WORDS, _FEW_WORDS = 12, 5
_RUN = re.compile(r"[A-Za-z0-9]+")
_GAP = r"(?:&(?:amp;)?#?\w{1,8};|\\u[0-9a-fA-F]{4}|\\[nrtbf]|[^A-Za-z0-9]){0,20}?"
"""Between two words of a value: HTML entities, JSON escapes, marks and blanks."""
_BEGIN = r"(?:(?<![A-Za-z0-9])|(?<=\\u[0-9a-fA-F]{4})|(?<=\\[nrtbf]))"


class Hit(NamedTuple):
    """A value in the lines: index of the line, first character and end."""

    line: int
    start: int
    end: int


def find_value(lines: Sequence[str], column: str, value: object, anchor: Hit | None = None) -> list[Hit]:
    r"""Where a value stands, one hit a line, the first line first; of a wrapped value, its first line.

    Several hits mean that each of these lines shows it equally well; no hit, that it was counted or put together.

    Args:
        lines: of the record.
        column: of the table `appearances`, or `link`.
        value: as read, escapes undone.
        anchor: where the title of the record stands; on its line the value next to it is meant.

    >>> find_value(["## Socks \\& Kettles", "Upvoted 64 times, 5 comments"], "title_raw", "Socks & Kettles")
    [Hit(line=0, start=3, end=19)]
    >>> find_value(["64 Socks", "Upvoted 64 times, 5 comments"], "upvotes", 64)
    [Hit(line=1, start=8, end=10)]
    """
    if column in _HINTS:
        return _find_count(lines, _HINTS[column], int(str(value)), anchor)
    for pattern in _patterns(column, str(value)):
        hits = [hit for at, line in enumerate(lines) if (hit := _nearest(_spans(pattern, at, line), anchor))]
        if hits:
            return hits
    return []


def _patterns(column: str, value: str) -> Iterator[re.Pattern[str]]:
    """What to look for, the surest first."""
    if column == "n_authors":
        yield re.compile(rf"(?<![\d.,]){value}[ \xa0]authors?\b")
    elif column == "arxiv_id":
        yield _id_pattern(value)
    else:
        yield from _text_patterns(value.split("\n")[0].strip())
        if column in URL_COLUMNS:
            yield from _address_patterns(value)


def _text_patterns(text: str) -> Iterator[re.Pattern[str]]:
    exact = re.escape(text[:_ENOUGH])
    yield re.compile(rf"(?<!\w){exact}" + ("" if len(text) > _ENOUGH else r"(?!\w)"))
    if len(text) >= _LEAST_INSIDE_WORD:
        yield re.compile(exact)
    runs = _RUN.findall(text)
    for most in (_MANY_WORDS, _FEW_WORDS):
        if sum(map(len, runs[:most])) >= _LEAST_LETTERS:
            yield re.compile(_BEGIN + _GAP.join(runs[:most]) + r"(?![A-Za-z0-9])")


def _address_patterns(url: str) -> Iterator[re.Pattern[str]]:
    """Less and less of an address: pages leave out its host, and an API gives an id alone."""
    _, _, rest = url.partition("://")
    _, _, path = rest.partition("/")
    parts = (part for part in (rest, f"/{path}") if len(part) >= _LEAST_INSIDE_WORD)
    yield from (re.compile(rf"{re.escape(part)}(?![\w-]|\.\w)") for part in parts)
    arxiv_id = find_arxiv_id(url)
    if arxiv_id:
        yield _id_pattern(arxiv_id)


def _id_pattern(arxiv_id: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){re.escape(arxiv_id)}(?!\d)|(?<=%2F){re.escape(arxiv_id)}(?!\d)")


def _spans(pattern: re.Pattern[str], at: int, line: str) -> Iterator[Hit]:
    return (Hit(at, *found.span()) for found in pattern.finditer(line))


def _nearest(hits: Iterable[Hit], anchor: Hit | None) -> Hit | None:
    """The hit next to the anchor where both stand on one line, else the first."""
    if anchor is None:
        return next(iter(hits), None)
    return min(
        hits, key=lambda hit: abs(hit.start - anchor.start) if hit.line == anchor.line else hit.start, default=None
    )


def _first_behind(hits: Iterable[Hit], anchor: Hit | None) -> Hit | None:
    """The first hit behind the anchor where both stand on one line, as data formats have counts; else the nearest."""
    in_order = list(hits)
    behind = [hit for hit in in_order if anchor and hit.line == anchor.line and hit.start > anchor.start]
    return behind[0] if behind else _nearest(in_order, anchor)


def _find_count(lines: Sequence[str], hint: re.Pattern[str], value: int, anchor: Hit | None) -> list[Hit]:
    """The hits of the best kind: beside a hint, alone on a line with a hint near it, alone, in a short line."""
    hits = [hit for at, line in enumerate(lines) for hit in _spans(_COUNT, at, line) if _counts(line, hit) == value]
    ranks = [_rank(lines, hit, hint) for hit in hits]
    best = min((rank for rank in ranks if rank is not None), default=None)
    if best is None:
        return []
    by_line: dict[int, list[Hit]] = {}
    for hit, rank in zip(hits, ranks, strict=True):
        if rank == best:
            by_line.setdefault(hit.line, []).append(hit)
    return [near for found in by_line.values() if (near := _first_behind(found, anchor))]


def _counts(line: str, hit: Hit) -> int | None:
    return read_count(line[hit.start : hit.end])


def _rank(lines: Sequence[str], hit: Hit, hint: re.Pattern[str]) -> int | None:
    """How likely a number is the count, 0 the best; None for a number inside of a text."""
    line = lines[hit.line]
    if hint.search(line[max(0, hit.start - _REACH) : hit.end + _REACH]):
        return 0
    if len(line) > _LONGEST_COUNT_LINE:
        return None
    if _WORDS_BESIDE_COUNT.search(line):
        return 3
    near = lines[max(0, hit.line - _NEAR_LINES) : hit.line + _NEAR_LINES + 1]
    return 1 if any(hint.search(other) for other in near) else 2
