"""Plain dumps: a title on one line, its abstract on the next, over and over.

What `compact` and `spaced` share. Nothing marks a line as title or abstract but its place and its shape, so the two
are checked against each other: a title without an abstract, or an abstract without a title, is a reject and the
alternation starts again behind it.

Source of the numbers: 711 records of the two layouts. Titles have 13-201 characters and none ends in a full stop;
abstracts have 404-1,920 characters, and 200 or more in short hand-made captures.
"""

import re
from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

from paperlake.layouts.page import (
    BANNER,
    LONGEST_FURNITURE,
    SUBMITTED_BY,
    furniture_name,
    without_button,
)
from paperlake.layouts.values import ends_sentence
from paperlake.records import Block, Furniture, Piece, RawPaper, Reject

_LONGEST_TITLE = 300
_SHORTEST_ABSTRACT = 150
_LONGEST_SENTENCE_TITLE = 100
_LONGEST_NAME = 60
_FEWEST_PASTED = 3
_LEAST_IN_RECORDS = 0.8
_LEAST_MEDIAN_TITLE = 30
_MARKUP = re.compile(
    r"(?:#{1,6} |\[|\]|---|```|<[\w!/]|https?://\S+$|\*\*|!\[|[-*] |\{\s*[\"']|\{\s*$|[\"'][\w ]+[\"']:)"
)
_NAMED_SUBMITTER = re.compile(rf"{SUBMITTED_BY} \S+")
_MOST_MARKUP = 0.15
"""Share of lines that open like Markdown, HTML or JSON: half and more in other layouts, here a `[Re]` now and then."""


class _Line(NamedTuple):
    number: int
    text: str

    @property
    def furniture(self) -> str | None:
        return _furniture_name(self.text)


def split_alternating(lines: Sequence[str]) -> list[Piece]:
    """The blocks of a plain dump; every non-blank line stands in exactly one."""
    filled = _text_lines(lines)
    pieces = _closed(list(_pieces(filled)))
    banner = next((number for number, text in filled if text.startswith(BANNER)), 0)
    for at, piece in enumerate(pieces):
        if piece.block.line_start >= banner:
            break
        pieces[at] = _above_banner(piece)
    return pieces


def is_plain(lines: Sequence[str]) -> bool:
    """Whether the lines carry no markup to speak of: Markdown, HTML and JSON captures are other layouts."""
    filled = [line for line in lines if line.strip()]
    n_markup = sum(_MARKUP.match(line.lstrip()) is not None for line in filled)
    return bool(filled) and n_markup <= _MOST_MARKUP * len(filled) and not filled[0].startswith("---")


def has_banner(lines: Sequence[str]) -> bool:
    """Whether the page's banner stands on a line of its own, with or without the button glued to it."""
    return any(line.strip().removeprefix("Subscribe").startswith(BANNER) for line in lines)


def alternates(lines: Sequence[str]) -> bool:
    """Whether the lines are records by their shape alone, as when a page was pasted without its header.

    Strict, since nothing else tells: three records at least, four fifths of the lines in them, every abstract longer
    than any title, and titles as long as those of papers (real median 75 characters): an article's headings are not.
    """
    if max(map(len, lines), default=0) <= _LONGEST_TITLE:
        return False
    pieces = split_alternating(lines)
    papers = [piece for piece in pieces if isinstance(piece, RawPaper)]
    long_enough = all(len(paper.abstract_raw or "") > _LONGEST_TITLE for paper in papers)
    n_filled = sum(bool(line.strip()) for line in lines)
    if len(papers) < _FEWEST_PASTED or not long_enough or 2 * len(papers) < _LEAST_IN_RECORDS * n_filled:
        return False
    return median(len(paper.title_raw) for paper in papers) >= _LEAST_MEDIAN_TITLE


def _text_lines(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Numbers and texts of the filled lines; the button that captures glue to the text after the banner is gone."""
    filled = [(number, text) for number, line in enumerate(lines, start=1) if (text := line.strip())]
    banners = [at for at, (_, text) in enumerate(filled) if text[-1] == "!" and text.startswith(BANNER)]
    for at in banners:
        if at + 1 < len(filled):
            number, text = filled[at + 1]
            filled[at + 1] = number, without_button(text)
    return filled


def _pieces(lines: list[tuple[int, str]]) -> Iterator[Piece]:
    at, n_lines = 0, len(lines)
    while at < n_lines - 1:
        number, title = lines[at]
        end, abstract = lines[at + 1]
        if len(abstract) > _LONGEST_TITLE >= len(title) and _is_plainly_a_title(title):
            yield RawPaper(Block(number, end), title, abstract)
            at += 2
        else:
            n_taken, piece = _next_piece([_Line(*line) for line in lines[at : at + 5]])
            yield piece
            at += n_taken
    if at < n_lines:
        yield _next_piece([_Line(*lines[at])])[1]


def _furniture_name(line: str) -> str | None:
    """What a line of the page is; a submitter whose name stands beside the label is one, for another tool wrote it."""
    return "submitter" if _NAMED_SUBMITTER.fullmatch(line) else furniture_name(line)


def _closed(pieces: list[Piece]) -> list[Piece]:
    """The pieces, the last one marked where it is a paper whose abstract the end of the dump cut."""
    if pieces and isinstance(last := pieces[-1], RawPaper) and not ends_sentence(last.abstract_raw or ""):
        pieces[-1] = last._replace(is_cut=True)
    return pieces


def _above_banner(piece: Piece) -> Piece:
    """The piece; a short line above the page's banner is no record but a word of the site's menu."""
    is_word = isinstance(piece, Reject) and piece.reason == "missing_abstract"
    return Furniture(piece.block, "menu") if is_word else piece


def _is_plainly_a_title(title: str) -> bool:
    """Whether a line before a long one is a title whatever stands around: nearly all are, and this is all they cost."""
    if len(title) > _LONGEST_SENTENCE_TITLE:
        return title[-1] != "."
    return len(title) > LONGEST_FURNITURE or (title != SUBMITTED_BY and _furniture_name(title) is None)


def _next_piece(ahead: list[_Line]) -> tuple[int, Piece]:
    """The piece that starts here, and how many lines it takes: four at most, two of a submitter and two of a record.

    A fifth line is looked at, since a short abstract right before a long text is a title that lost its abstract.
    """
    line = ahead[0]
    if line.furniture is not None:
        return 1, Furniture(Block(line.number, line.number), line.furniture, line.text)
    if line.text == SUBMITTED_BY:
        return _submitter(ahead)
    if _is_record(ahead):
        return 2, _paper(ahead)
    return 1, _reject(line)


def _submitter(ahead: list[_Line]) -> tuple[int, Piece]:
    """A record with its submitter; furniture where no record follows."""
    label, *rest = ahead
    if not rest or rest[0].furniture is not None or rest[0].text == SUBMITTED_BY or len(rest[0].text) > _LONGEST_NAME:
        return 1, Furniture(Block(label.number, label.number), "submitter", label.text)
    name, *record = rest
    if _is_record(record):
        paper = _paper(record)
        return 4, paper._replace(block=Block(label.number, paper.block.line_end), submitted_by=name.text)
    if _is_record(rest):  # the name is missing
        return 1, Furniture(Block(label.number, label.number), "submitter", label.text)
    return 2, Furniture(Block(label.number, name.number), "submitter", name.text)


def _is_record(ahead: list[_Line]) -> bool:
    if len(ahead) < 2 or not _is_title(ahead[0]) or not _is_abstract(ahead[1]):
        return False
    is_short = len(ahead[1].text) <= _LONGEST_TITLE
    return not (is_short and len(ahead) > 2 and ahead[2].furniture is None and len(ahead[2].text) > _LONGEST_TITLE)


def _is_title(line: _Line) -> bool:
    ends_like_prose = line.text.endswith(".") and len(line.text) > _LONGEST_SENTENCE_TITLE
    is_known = line.furniture is not None or line.text == SUBMITTED_BY
    return not is_known and len(line.text) <= _LONGEST_TITLE and not ends_like_prose


def _is_abstract(line: _Line) -> bool:
    if line.furniture is not None or line.text == SUBMITTED_BY:
        return False
    is_sentence = len(line.text) >= _SHORTEST_ABSTRACT and ends_sentence(line.text)
    return len(line.text) > _LONGEST_TITLE or (is_sentence and not line.text.endswith("?"))


def _paper(record: list[_Line]) -> RawPaper:
    title, abstract = record[:2]
    return RawPaper(Block(title.number, abstract.number), title_raw=title.text, abstract_raw=abstract.text)


def _reject(line: _Line) -> Reject:
    block = Block(line.number, line.number)
    shown = line.text[:60]
    if _is_title(line):
        return Reject(block, "missing_abstract", f"expected an abstract after {shown!r}, found none")
    return Reject(block, "missing_title", f"expected a title before {shown!r}, found none")
