"""Cards: how a page shows one paper. Puts the elements of a page together, card by card.

A layout reads its lines into elements; each gives values of one paper, or is text around the papers. Elements of a
card come in one fixed order, the page's own. So a card ends where an element comes that should have come before, or
that carries another paper's id; a card without a title is a reject, whatever else it holds.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from paperlake.records import Block, Furniture, Piece, RawPaper, Reject

TEXT = "text"
"""Kind of an element that its layout does not know."""
BROKEN = "broken"
"""Kind of an element that was opened and never closed."""
LONGEST_FURNITURE_TEXT = 150
"""Characters. Abstracts are longer, the words of a page are not: longer text that nobody knows is a reject."""
_FURNITURE_NAMES = {TEXT: "page_text", "published": "page_date"}
"""Outside of a card a lone date is the page's own day."""
_SHORTEST_WRAPPED_LINE = 50
"""Characters. Prose is wrapped at some 80, while the lines of a menu are words."""
_NO_VALUES: Mapping[str, Any] = {}
_RECORD_KINDS = {
    "thumbnail", "upvotes", "title", "abstract", "authors", "stars", "comments", "github", "arxiv", BROKEN,
}  # fmt: skip
PAGE_KINDS = {"banner", "heading", "byline", "tab", "pager", "rule"}
"""Words and rules of the page that never stand inside of a card."""


class Element(NamedTuple):
    """A run of lines that says one thing of a paper (`values`: fields of RawPaper), or nothing (`text`)."""

    kind: str
    line_start: int
    line_end: int
    values: Mapping[str, Any] = _NO_VALUES
    text: str = ""
    is_cut: bool = False


class _Card:
    """The elements of one card so far, and what stood before it."""

    __slots__ = ("arxiv_id", "before", "elements", "is_mixed", "rank")

    def __init__(self, before: list[Element]) -> None:
        self.before = before
        self.elements: list[Element] = []
        self.rank = -1
        self.arxiv_id: str | None = None
        self.is_mixed = False
        """Whether another paper's id follows where the card's own should: its title may be either's."""

    def takes(self, element: Element, rank: int) -> bool:
        """Whether the element can belong to this card."""
        if rank <= self.rank:
            return False
        here, there = self.arxiv_id, element.values.get("arxiv_id")
        if here is None or there is None or here == there:
            return True
        self.is_mixed = any(part.kind == "title" and "arxiv_id" not in part.values for part in self.elements)
        return False

    def add(self, element: Element, rank: int) -> None:
        self.elements.append(element)
        self.rank = rank
        if self.arxiv_id is None:
            self.arxiv_id = element.values.get("arxiv_id")

    def values(self) -> dict[str, Any]:
        """What the elements say together, of each value the first."""
        values: dict[str, Any] = {}
        for element in reversed(self.elements):
            values.update(element.values)
        return values


def gather(
    elements: Iterable[Element],
    order: Sequence[str],
    proof: Collection[str] = ("abstract_raw", "arxiv_id"),
    *,
    is_strict: bool = False,
) -> list[Piece]:
    """The pieces that the elements of a page make up, in their order.

    It sees elements only, so blank lines end no card, and a rule does so only where the layout gives an element `rule`.
    Two cards of which each lacks what the other shows become one, unless their ids differ: where no id tells cards
    apart, and something else does, call it once for each record.

    Args:
        elements: in the order of their lines.
        order: kinds of elements in the order of a card, `a|b` where only one of both can stand. Other kinds are text
            around and inside of cards, named so.
        proof: values of which one at least must stand beside a title: a heading alone may be anything.
        is_strict: whether text that is not known ends a card, as it must where no id tells whose part comes next.
    """
    ranks = {kind: rank for rank, kinds in enumerate(order) for kind in kinds.split("|")}
    ranks[BROKEN] = ranks["title"]
    pieces: list[Piece] = []
    card, between = _Card([]), list[Element]()
    for element in elements:
        rank = ranks.get(element.kind)
        if rank is None:
            between.append(element)
            continue
        if not card.takes(element, rank) or (between and _end_card(between, is_strict)):
            pieces += _close(card, proof)
            card = _Card(between)
            between = []
        elif between:
            if not card.elements:
                card.before += between
            between = []  # what stands inside of a card is a part of it
        card.add(element, rank)
    return [*pieces, *_close(card, proof), *_around(between)]


def _close(card: _Card, proof: Collection[str]) -> list[Piece]:
    if not card.elements:
        return []
    first, last, values = card.elements[0], card.elements[-1], card.values()
    kinds = {element.kind for element in card.elements}
    if card.is_mixed:
        kinds.add(BROKEN)
    block = Block(first.line_start, last.line_end)
    if "title" in kinds and BROKEN not in kinds and not values.keys().isdisjoint(proof):
        return [*_around(card.before), RawPaper(block, **values, is_cut=last.is_cut)]
    if not kinds.isdisjoint(_RECORD_KINDS):
        known, unknown = _split_before(card.before)
        start = unknown[0].line_start if unknown else block.line_start
        return [*_around(known), _reject(Block(start, block.line_end), card, kinds)]
    return [*_around(card.before), _furniture(block, first)]


def _split_before(before: list[Element]) -> tuple[list[Element], list[Element]]:
    """What stood before a broken card: the unknown text right before it is a part of it, most likely its title."""
    at = len(before)
    while at and before[at - 1].kind == TEXT:
        at -= 1
    return before[:at], before[at:]


def _reject(block: Block, card: _Card, kinds: set[str]) -> Reject:
    found = ", ".join(dict.fromkeys(element.kind for element in card.elements))
    shown = repr(str(card.values().get("title_raw") or card.elements[0].text)[:60])
    if BROKEN in kinds:
        return Reject(block, "cut_off", f"expected a record whose links are closed and of one paper, found {shown}")
    if "title" in kinds:
        return Reject(block, "missing_abstract", f"expected an abstract or the paper's id with {shown}, found {found}")
    return Reject(block, "missing_title", f"expected a title before other parts of a record, found {found}")


def _around(elements: Sequence[Element]) -> list[Piece]:
    """Text around the cards: furniture by name, or a reject where it is too long for that."""
    return [_piece_around(element) for element in _joined(elements)] if elements else []


def _piece_around(element: Element) -> Piece:
    block = Block(element.line_start, element.line_end)
    if _is_too_long(element):
        return Reject(block, "unread_text", f"expected parts of a record, found {element.text[:60]!r}")
    return _furniture(block, element)


def _furniture(block: Block, element: Element) -> Furniture:
    return Furniture(block, _FURNITURE_NAMES.get(element.kind, element.kind), element.text)


def _end_card(between: Sequence[Element], is_strict: bool) -> bool:
    kinds = {element.kind for element in between}
    if TEXT in kinds and (is_strict or any(map(_is_too_long, _joined(between)))):
        return True
    return not kinds.isdisjoint(PAGE_KINDS)


def _joined(elements: Iterable[Element]) -> Iterator[Element]:
    """The elements, where lines of one wrapped text are one element."""
    lines: list[Element] = []
    for element in elements:
        if lines and not _is_wrapped(lines[-1], element):
            yield _join(lines)
            lines = []
        lines.append(element)
    if lines:
        yield _join(lines)


def _is_wrapped(line: Element, below: Element) -> bool:
    is_text = line.kind == below.kind == TEXT and not below.text.startswith(("- ", "* "))
    return is_text and below.line_start == line.line_end + 1 and len(line.text) >= _SHORTEST_WRAPPED_LINE


def _join(lines: Sequence[Element]) -> Element:
    if len(lines) == 1:
        return lines[0]
    return lines[0]._replace(line_end=lines[-1].line_end, text="\n".join(line.text for line in lines))


def _is_too_long(element: Element) -> bool:
    return element.kind == TEXT and len(element.text) >= LONGEST_FURNITURE_TEXT
