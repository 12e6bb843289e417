"""Papers in JSON text, as the API of the listing and the data of its pages hold them.

The text is taken apart at the places where a record may open, and each record is decoded by itself: a broken record, an
array that is cut, or text around the arrays costs no other record.
"""

import json
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, NamedTuple

from paperlake.paper_ids import find_arxiv_id
from paperlake.records import Block, Furniture, Piece, RawPaper, Reject

_DECODER = json.JSONDecoder(strict=False)  # not strict: a capture may wrap the lines inside a string
_OPENING = re.compile(r'\{\s*+"')
_WRAPPED = re.compile(r'\{\s*+"paper"\s*+:\s*+\{')
_ELEMENT = re.compile(r'\{\s*+"(?:id|title|summary|ai_summary|authors|publishedAt|upvotes|numComments|thumbnail)"\s*+:')
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:(?P<close>")|\\?\Z)', re.DOTALL)
_DEEP = re.compile(r'(?:[\[{]\s*+(?:"[^"\\]*+"\s*+:\s*+)?+){100,}+')
_LIST_OPENS = re.compile(r":\s*+\[\s*+\{\s*+$")
_LISTING_KEY = re.compile(
    r'"(?:summary|ai_summary|upvotes|numComments|publishedAt|submittedOnDailyBy|githubRepo)"\s*+:'
)
_DAY = re.compile(r'"dateString"\s*+:\s*+"([^"\\]++)"')
_WORD = re.compile(r"\b(?!(?:true|false|null)\b)[^\W\d_]++")
_PUNCTUATION = "[]{}, \t\r\n"

_WINDOW = 16_384
"""A record is decoded from a slice that grows: most have 3-10 kB, and an error costs as much as the text before it."""
_NEAR = 100
_LONGEST_LITERAL = 8
_MOST_WORDS = 1_000
"""Characters of words outside strings that a command or front matter around an array may have."""
_MOST_COUNT = 2**31 - 1


class Stretch(NamedTuple):
    """The part of a JSON text that one record takes, from `start` up to `end`; without a value it cannot be decoded."""

    start: int
    end: int
    value: dict[str, Any] | None
    is_cut: bool = False
    """Whether the text ends inside it."""


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


def read_records(text: str) -> list[Stretch]:
    """Where the records of a JSON text stand, with what they hold; broken ones reach up to the next record.

    A record is an object with the member `paper`, or one that is a paper itself: an arXiv id and a title.

    >>> [stretch.value for stretch in read_records('[{"paper": {"id": 1}}, {"paper": {"id": 2')]
    [{'paper': {'id': 1}}, None]
    """
    found: list[Stretch] = []
    at = 0
    while opening := _OPENING.search(text, at):
        stretch, at = _read_object(text, opening.start())
        if stretch:
            found.append(stretch)
    if not found or found[-1].value is not None:
        found.extend(_cut_opening(text, found[-1].end if found else 0))
    ends = [stretch.start for stretch in found[1:]] + [len(text)]
    return [one if one.value is not None else one._replace(end=end) for one, end in zip(found, ends, strict=False)]


def _read_object(text: str, start: int) -> tuple[Stretch | None, int]:
    """The record that opens here, if one does, and where to look for the next."""
    deep = _DEEP.match(text, start)  # nothing of ours: not to be tried again at each of its brackets
    inside = deep.end() if deep else start + 1
    if _holds_list(text, start):
        return None, inside
    value, end = _decode(text, start)
    if value is None:
        is_cut = end == len(text)
        if not _opens_record(text, start):
            return None, inside
        return Stretch(start, end, None, is_cut), end if is_cut else inside
    if isinstance(value.get("paper"), dict) or (_is_paper(value) and _before(text, start) != ":"):
        return Stretch(start, end, value), end
    may_hold_records = text.find('"title"', start, end) >= 0
    return None, inside if may_hold_records else end


def _decode(text: str, start: int) -> tuple[dict[str, Any] | None, int]:
    """An object and where it ends; None where it is broken, and then the end of the text if that is what broke it."""
    size = _WINDOW
    while True:
        window = text[start : start + size]
        try:
            value, length = _DECODER.raw_decode(window)
        except json.JSONDecodeError as error:
            if not _ends_inside(window, error.pos):
                return None, start + 1
            if start + size >= len(text):
                return None, len(text)
            size *= 16
        except (ValueError, RecursionError):  # numbers of thousands of digits, and nesting as deep
            return None, start + 1
        else:
            return value, start + length


def _ends_inside(window: str, at: int) -> bool:
    """Whether decoding stopped because the text did: inside a string, a literal or an escape, or between two values."""
    string = _STRING.match(window, at)
    if string:
        return not string["close"]
    rest = window[at:].rstrip()
    return len(rest) <= _LONGEST_LITERAL and "}" not in rest and "]" not in rest


def _holds_list(text: str, start: int) -> bool:
    """Whether the first `paper` behind the brace opens a list, so that this is the object around it.

    Only a shortcut: that object would be decoded whole, found to be no paper, and then its parts again.
    """
    key = text.find('"paper"', start, start + _WINDOW // 4)
    return key > start and _LIST_OPENS.search(text, max(start, key - _NEAR), key) is not None


def _opens_record(text: str, start: int) -> bool:
    is_element = _before(text, start) in ("[", ",") and _ELEMENT.match(text, start) is not None
    return is_element or _WRAPPED.match(text, start) is not None


def _before(text: str, start: int) -> str:
    return text[max(0, start - _NEAR) : start].rstrip()[-1:]


def _is_paper(value: dict[str, Any]) -> bool:
    name, title = value.get("id"), value.get("title")
    return isinstance(name, str) and isinstance(title, str) and find_arxiv_id(name) is not None


def _cut_opening(text: str, at: int) -> Iterator[Stretch]:
    """The beginning of an element that the end of the text cut before it could be told to be a record."""
    start = text.rfind("{", at)
    if start < 0 or any(bracket in text[start:] for bracket in "}[]"):
        return
    if text[at:start].rstrip()[-1:] in ("", "[", ","):
        yield Stretch(start, len(text), None, is_cut=True)


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
    outside = _STRING.sub(lambda string: "" if string["close"] else string[0], gap)
    return _LISTING_KEY.search(gap) is not None or sum(map(len, _WORD.findall(outside))) > _MOST_WORDS


def _record(text: str, stretch: Stretch, lines: _LineCounter) -> Piece:
    start, end, value, is_cut = stretch
    if value is not None:
        return _paper(value, lines.block(start, end - start))
    shown = text[start:end].rstrip()
    block = lines.block(start, len(shown))
    if is_cut:
        return Reject(block, "cut_off", f"expected a whole record, found the end of the text after {shown[-60:]!r}")
    return Reject(block, "damaged_record", f"expected JSON that can be parsed, found {shown[:60]!r}")


def _paper(value: dict[str, Any], block: Block) -> RawPaper | Reject:
    wrapped = value.get("paper")
    paper = wrapped if isinstance(wrapped, dict) else value
    title, name = _text(paper.get("title")), paper.get("id")
    if title is None or not isinstance(name, str | None):
        found = f"{type(name).__name__} and {type(paper.get('title')).__name__}"
        return Reject(block, "damaged_record", f"expected an id and a title that are text, found {found}")
    arxiv_id = find_arxiv_id(name) if name else None
    authors = paper.get("authors")
    return RawPaper(
        block,
        title_raw=title,
        abstract_raw=_text(paper.get("summary")) or _text(paper.get("ai_summary")),
        arxiv_id=arxiv_id,
        paper_url=f"https://huggingface.co/papers/{arxiv_id}" if arxiv_id else None,
        upvotes=_count(paper.get("upvotes")),
        comments=_count(value.get("numComments")),
        github_url=_text(paper.get("githubRepo")),
        github_stars=_count(paper.get("githubStars")),
        n_authors=len(authors) or None if isinstance(authors, list) else None,
        organisation=_member(paper, "organization", "fullname") or _member(paper, "organization", "name"),
        submitted_by=_member(paper, "submittedOnDailyBy", "user"),
        published_raw=_text(paper.get("publishedAt")),
    )


def _member(paper: dict[str, Any], key: str, name: str) -> str | None:
    whole = paper.get(key)
    return _text(whole.get(name)) if isinstance(whole, dict) else None


def _text(value: object) -> str | None:
    r"""A text without blanks around its lines; None for a blank one and for values that are no text.

    Half of a surrogate pair, which JSON can write and no file can hold, becomes U+FFFD.

    >>> _text(" On Socks\n  and Snails \ud83d"), _text(12)
    ('On Socks\nand Snails �', None)
    """
    if not isinstance(value, str):
        return None
    text = "\n".join(filter(None, map(str.strip, value.split("\n"))))
    try:
        text.encode()
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", "\ufffd", text)
    return text or None


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= _MOST_COUNT else None


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
