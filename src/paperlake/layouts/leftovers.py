"""Leftovers: text inside a part that its layout did not read, and that another layout may.

Files are put together of pieces without header, too; then nothing but the records tells where the next capture begins.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from paperlake.records import Furniture, Piece, RawPaper

_FEWEST_LINES = 3
_FEWEST_CHARS = 60
"""A run of less text is no capture."""
_LONGEST_HEADER_LINE = 200
_UNREAD = {"page_text", "menu", "mark", "link", "json", "html", "heading", "submitter", "thumbnail", "anchor"}
"""Names of furniture that may be parts of another layout's records."""


class Leftover(NamedTuple):
    """A run of lines that no paper stands in: indices from 0, `end` exclusive."""

    start: int
    end: int


def find_leftovers(lines: Sequence[str], pieces: Sequence[Piece]) -> list[Leftover]:
    """The runs of unread text between papers that are long enough to be captures of their own.

    A run before the first paper is the header of the page, unless something in it was refused or is long.
    """
    leftovers = []
    for run in _runs(pieces):
        unread = [piece for piece in run if not isinstance(piece, Furniture) or piece.name in _UNREAD]
        if unread and _is_worth_a_look(lines, unread, is_header=run[0] is pieces[0]):
            leftovers.append(Leftover(unread[0].block.line_start - 1, run[-1].block.line_end))
    return leftovers


def _runs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    run: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, RawPaper):
            if run:
                yield run
            run = []
        else:
            run.append(piece)
    if run:
        yield run


def _is_worth_a_look(lines: Sequence[str], unread: Sequence[Piece], *, is_header: bool) -> bool:
    spans = [lines[piece.block.line_start - 1 : piece.block.line_end] for piece in unread]
    filled = [line for span in spans for line in span if line.strip()]
    if is_header and not any(not isinstance(piece, Furniture) or piece.name == "menu" for piece in unread):
        return any(len(line) > _LONGEST_HEADER_LINE for line in filled)
    return len(filled) >= _FEWEST_LINES and sum(map(len, filled)) >= _FEWEST_CHARS
