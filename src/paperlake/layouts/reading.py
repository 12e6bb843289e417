"""Reading a dump: its parts, each unwrapped, recognised and split on its own, with the line numbers of the file."""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from paperlake.errors import LayoutError
from paperlake.layouts import find_layout, recognise_layout
from paperlake.layouts.facts import PageFacts, read_facts
from paperlake.layouts.layout import Layout
from paperlake.layouts.leftovers import Leftover, find_leftovers
from paperlake.layouts.parts import find_parts, unglue
from paperlake.layouts.wrapping import unquote, unwrap
from paperlake.records import Block, Furniture, Piece, RawPaper, Reject

_FEWEST_MISREAD = 5
_MOST_REJECTS_A_PAPER = 2
"""Abstracts wrapped over many lines give ten rejects a paper, and papers whose titles are lines of abstracts."""
_MOST_HEADER_LINES = 150
"""Lines before a part that may be its header: the longest menu of a site seen has 90. Longer text is a dump unknown."""
_FEWEST_LINES = 3
_FEWEST_CHARS = 60
"""Less text before a banner is the page's header, and no time is lost on it."""
_SAMPLE_LINES = 250
_SAMPLE_CHARS = 12_000


class Part(NamedTuple):
    """One capture inside a dump, understood. `layout` is None where none knows it; then its one piece is a reject."""

    layout: str | None
    why: str
    block: Block
    pieces: list[Piece]
    facts: PageFacts


def read_parts(lines: Sequence[str], name: str, layout: str | None = None) -> list[Part]:
    """The parts of a dump in their order; most dumps are one. Their pieces cover every non-blank line.

    Args:
        lines: all lines of the dump.
        name: path of the dump, for messages.
        layout: name of the layout to read it with, whatever it looks like.

    Raises:
        LayoutError: no layout recognises it, or no part gives what its layout promises.
    """
    lines = unquote(lines)
    if layout is not None:
        parts = [_checked(read_part(lines, 0, len(lines), find_layout(layout), "told so"))]
    else:
        parts = [part for known in _recognised_parts(lines) for part in _with_leftovers(lines, known)]
    if any(RawPaper in map(type, part.pieces) for part in parts):
        return parts
    whole = Reject(Block(1, len(lines)), "unknown_layout", "expected text, found blank lines")
    first = next((piece for part in parts for piece in part.pieces if isinstance(piece, Reject)), whole)
    raise LayoutError(name, first.reason, first.detail, parts[0].layout)


def _recognised_parts(lines: Sequence[str]) -> Iterator[Part]:
    begin = 0
    ready: tuple[int, int, Layout, str] | None = None  # where a part that is known begins and ends so far
    starts = find_parts(lines)
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        header = start if start - begin > _MOST_HEADER_LINES else begin
        layout, why = _recognise(lines, start, end)
        if layout is None and header < start:
            layout, why = _recognise(lines, header, end)
        if layout is None:
            continue
        if ready:
            yield read_part(lines, *ready)
        if begin < header:
            yield _unknown_part(lines, begin, header, "no layout knows this part")
        ready, begin = (header, end, layout, why), end
    if ready is None or len(lines) - begin > _MOST_HEADER_LINES:
        if ready:
            yield read_part(lines, *ready)
        yield _unknown_part(lines, begin, len(lines), why)
    else:
        yield read_part(lines, ready[0], len(lines), *ready[2:])


def _recognise(lines: Sequence[str], start: int, end: int) -> tuple[Layout | None, str]:
    if end < len(lines) and end - start < _FEWEST_LINES and sum(map(len, lines[start:end])) < _FEWEST_CHARS:
        return None, "expected more text before another page"
    layout, answers = recognise_layout(unwrap(first_lines(lines, start, end)).lines)
    if layout is not None:
        return layout, next(answer.why for answer in answers if answer.is_known)
    return None, "no layout recognises it: " + "; ".join(dict.fromkeys(answer.why for answer in answers))


def first_lines(lines: Sequence[str], start: int, end: int) -> Sequence[str]:
    """The first lines from `start` on, enough to tell a layout: 250, or 12,000 characters."""
    n_chars = 0
    for at in range(start, min(end, start + _SAMPLE_LINES)):
        n_chars += len(lines[at])
        if n_chars > _SAMPLE_CHARS:
            return lines[start : at + 1]
    return lines[start : min(end, start + _SAMPLE_LINES)]


def read_part(lines: Sequence[str], start: int, end: int, layout: Layout, why: str) -> Part:
    """What a layout makes of the lines from index `start` up to `end`, however little that is."""
    inside = unwrap(lines[start:end] if end == len(lines) else _unglued(lines[start:end]))
    pieces = layout.split(inside.lines)
    check_conservation(inside.lines, pieces, shares_lines=layout.shares_lines)
    if inside.wrapping:
        pieces = sorted([*inside.wrapping, *pieces], key=itemgetter(0))
    facts = read_facts(piece for piece in pieces if type(piece) is Furniture)
    return Part(layout.name, why, Block(start + 1, end), _shifted(pieces, start), facts)


def _with_leftovers(lines: Sequence[str], part: Part) -> Iterator[Part]:
    """The part, or the parts that it falls into where another layout reads what its own left over."""
    begin, end = part.block.line_start - 1, part.block.line_end
    runs = find_leftovers(lines, part.pieces) if part.layout else []
    for run in runs:
        foreign = _foreign(lines, run, part)
        if foreign is None:
            continue
        if _has_papers(part, begin, run.start):
            yield _checked(read_part(lines, begin, run.start, find_layout(part.layout or ""), part.why))
        elif begin < run.start:  # a header without papers is the header of what follows
            foreign = read_part(lines, begin, run.end, find_layout(foreign.layout or ""), foreign.why)
        yield from _with_leftovers(lines, foreign)
        begin = run.end
    if begin == part.block.line_start - 1:
        yield _checked(part)
    elif any(line.strip() for line in lines[begin:end]):
        yield _checked(read_part(lines, begin, end, find_layout(part.layout or ""), part.why))


def _foreign(lines: Sequence[str], run: Leftover, part: Part) -> Part | None:
    """What another layout makes of a run; None where none knows it or finds a paper there."""
    layout, why = _recognise(lines, run.start, run.end)
    if layout is None or layout.name == part.layout:
        return None
    found = read_part(lines, run.start, run.end, layout, why)
    return found if _has_papers(found, run.start, run.end) else None


def _has_papers(part: Part, start: int, end: int) -> bool:
    return any(type(piece) is RawPaper and start < piece.block.line_start <= end for piece in part.pieces)


def _checked(part: Part) -> Part:
    """The part; one reject of all its lines, where its layout gave less than it promises."""
    kinds = list(map(type, part.pieces))
    n_papers, n_rejects = kinds.count(RawPaper), kinds.count(Reject)
    if part.layout is None:
        return part
    if not n_papers:
        refusal = Reject(part.block, "no_papers", f"layout '{part.layout}' promises papers, found none")
        return part._replace(pieces=[refusal])
    if n_rejects >= _FEWEST_MISREAD and n_rejects > _MOST_REJECTS_A_PAPER * n_papers:
        detail = f"layout '{part.layout}' expected few rejects, found {n_rejects} beside {n_papers} paper(s)"
        return part._replace(pieces=[Reject(part.block, "misread", detail)])
    return part


def _unglued(lines: Sequence[str]) -> list[str]:
    """The lines of a part, its last filled one without what the next part brought to it."""
    whole = list(lines)
    at = next((at for at in range(len(whole) - 1, -1, -1) if whole[at].strip()), None)
    if at is not None:
        whole[at] = unglue(whole[at])
    return whole


def _unknown_part(lines: Sequence[str], start: int, end: int, why: str) -> Part:
    block = Block(start + 1, max(end, start + 1))
    if not any(line.strip() for line in lines[start:end]):
        return Part(None, why, block, [], PageFacts())
    return Part(None, why, block, [Reject(block, "unknown_layout", why)], PageFacts())


def _shifted(pieces: list[Piece], by: int) -> list[Piece]:
    if not by:
        return pieces
    return [piece._replace(block=Block(piece.block.line_start + by, piece.block.line_end + by)) for piece in pieces]


def check_conservation(lines: Sequence[str], pieces: Iterable[Piece], *, shares_lines: bool = False) -> None:
    """Nothing, when every non-blank line stands in a block, and in one only; a bug of ours otherwise.

    Args:
        lines: all lines.
        pieces: in the order of their lines.
        shares_lines: whether a line may stand in several blocks.

    Raises:
        AssertionError: with the first line that is lost or taken twice.
    """
    end = 0
    for piece in pieces:
        start, last = piece[0]
        if start <= end and not shares_lines:
            raise AssertionError(f"line {start} stands in two blocks, the second is {piece.block}")
        if start > end + 1 and (lines[end] or start > end + 2):
            _check_blank(lines, end, start - 1)
        if last > end:
            end = last
    _check_blank(lines, end, len(lines))


def _check_blank(lines: Sequence[str], start: int, end: int) -> None:
    for at in range(start, end):
        if lines[at] and lines[at].strip():
            raise AssertionError(f"line {at + 1} stands in no block")
