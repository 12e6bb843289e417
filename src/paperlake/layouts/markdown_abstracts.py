"""Abstracts of captures that write them as plain paragraphs: the text that follows a title."""

from collections.abc import Iterable, Iterator, Sequence

from paperlake.layouts.cards import BROKEN, LONGEST_FURNITURE_TEXT, PAGE_KINDS, TEXT, Element
from paperlake.layouts.values import ends_sentence

_PARTS = {"authors", "organisation", "published", "upvotes", "github"}


def with_abstracts(elements: Iterable[Element], n_lines: int, *, in_paragraphs: bool) -> Iterator[Element]:
    """The elements, where the text that follows a title is its abstract.

    Args:
        elements: in the order of their lines.
        n_lines: of the dump; an abstract on the last line may be cut.
        in_paragraphs: whether blank lines may stand inside of an abstract.
    """
    is_open = False
    texts: list[Element] = []
    for element in elements:
        if is_open and _goes_on(texts, element, in_paragraphs):
            texts.append(element)
            continue
        if texts:
            yield from _abstract(texts, n_lines, is_followed=element.kind in _PARTS)
            texts = []
        is_open = element.kind in ("title", BROKEN)
        yield element
    if texts:
        yield from _abstract(texts, n_lines, is_followed=False)


def _goes_on(texts: Sequence[Element], element: Element, in_paragraphs: bool) -> bool:
    """Whether a line is of the abstract; right below another, words of the page are a wrapped line too."""
    if element.kind == TEXT and (in_paragraphs or not texts):
        return True
    is_below = bool(texts) and element.line_start == texts[-1].line_end + 1
    return is_below and (element.kind == TEXT or element.kind in PAGE_KINDS)


def _abstract(texts: list[Element], n_lines: int, *, is_followed: bool) -> list[Element]:
    """The texts as one abstract, which other parts of the card follow; as they are where they are words of a page."""
    text = "\n".join([element.text for element in texts])
    start, end = texts[0].line_start, texts[-1].line_end
    is_prose = is_followed or len(text) >= LONGEST_FURNITURE_TEXT or ends_sentence(text)
    if not is_prose and end < n_lines:
        return texts
    return [Element("abstract", start, end, {"abstract_raw": text}, texts[0].text, is_cut=end == n_lines)]
