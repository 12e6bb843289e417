"""Papers in JSON text, as the API of the listing and the data of its pages hold them: pieces with their lines."""

import re
from collections.abc import Iterator
from itertools import zip_longest

from paperlake.layouts.json_records import STRING, Stretch, read_records
from paperlake.layouts.json_values import read_paper
from paperlake.records import Block, Furniture, Piece, Reject

_LISTING_KEY = re.compile(
    r'"(?:summary|ai_summary|upvotes|numComments|publishedAt|submittedOnDailyBy|githubRepo)"\s*+:'
)
_DAY = re.compile(r'"dateString"\s*+:\s*+"([^"\\]++)"')
_WORD = re.compile(r"\b(?!(?:true|false|null)\b)[^\W\d_]++")
_PUNCTUATION = "[]{}, \t\r\n"

_MOST_WORDS = 1_000
"""Characters of words outside strings that a command or front matter around an array may have."""


def find_pieces(text: str, first_line: int = 1) -> list[Piece]:
    """The papers, rejects and furniture of a JSON text in their order; several may share a line.

    Furniture stands only where a line holds nothing else, or where it tells the day of the page (`page_date`).

    Args:
        text: JSON, whole or damaged, with any text around it.
        first_line: number of the line on which the text starts.
    """
    lines = _LineCounter(text, first_line)
    pieces: list[Piece] = []
    at = 0
    for stretch in read_records(text):
        if not pieces or not _is_comma(text[at : stretch.start]):
            pieces.extend(_between(text[at : stretch.start], at, lines))
        pieces.append(_record(text, stretch, lines))
        at = stretch.end
    pieces.extend(_between(text[at:], at, lines))
    return list(_without_shared_furniture(pieces))


class _LineCounter:
    """Numbers of the lines of ascending places in a text; each character is looked at once."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text, self._line, self._at = text, first_line, 0
        self._has_lines = "\n" in text

    def number(self, place: int) -> int:
        if self._has_lines:
            self._line += self._text.count("\n", self._at, place)
            self._at = place
        return self._line

    def block(self, start: int, length: int) -> Block:
        return Block(self.number(start), self.number(start + length - 1))


def _is_comma(gap: str) -> bool:
    """Whether two records have only punctuation between them, on the line where one ends or the other starts."""
    return gap.count("\n") <= 1 and not gap.strip(_PUNCTUATION)


def _between(gap: str, start: int, lines: _LineCounter) -> Iterator[Piece]:
    """The text between two records: a reject where it is part of one, furniture elsewhere, nothing where blank."""
    stripped = gap.strip()
    if not stripped:
        return
    block = lines.block(start + gap.index(stripped[0]), len(stripped))
    if not stripped.strip(_PUNCTUATION):
        yield Furniture(block, "json", stripped)
    elif _is_unread(stripped):
        yield Reject(block, "unread_text", f"expected records or the text around them, found {stripped[:60]!r}")
    else:
        day = _DAY.search(stripped)
        yield Furniture(block, "page_date", day[1]) if day else Furniture(block, "json", stripped)


def _is_unread(gap: str) -> bool:
    """Whether a text is part of a record by its keys, or no JSON by the many words outside its strings."""
    outside = STRING.sub(lambda string: "" if string["close"] else string[0], gap)
    return _LISTING_KEY.search(gap) is not None or sum(map(len, _WORD.findall(outside))) > _MOST_WORDS


def _record(text: str, stretch: Stretch, lines: _LineCounter) -> Piece:
    start, end, value, is_cut = stretch
    if value is not None:
        return read_paper(value, lines.block(start, end - start))
    shown = text[start:end].rstrip()
    block = lines.block(start, len(shown))
    if is_cut:
        return Reject(block, "cut_off", f"expected a whole record, found the end of the text after {shown[-60:]!r}")
    return Reject(block, "damaged_record", f"expected JSON that can be parsed, found {shown[:60]!r}")


def _without_shared_furniture(pieces: list[Piece]) -> Iterator[Piece]:
    """The pieces, but brackets and commas only with the lines that hold nothing else."""
    last_line = 0
    for piece, after in zip_longest(pieces, pieces[1:]):
        start, end = piece.block
        if not isinstance(piece, Furniture) or piece.name != "json":
            yield piece
        else:
            own = Block(max(start, last_line + 1), min(end, after.block.line_start - 1) if after else end)
            if own.line_start <= own.line_end:
                yield piece._replace(block=own)
        last_line = max(last_line, end)
