"""html_page: the HTML of the page as the server sent it; the list stands as JSON in an attribute `data-props`.

Source: pages of the listing hold their data in `<div class="SVELTE_HYDRATER contents" data-target=... data-props=...>`.
The target's name differs from page to page, so any element whose data holds papers counts. The cards that people see
(`<article>`) repeat a part of the same data and are furniture.
"""

import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from paperlake.layouts.layout import Recognition
from paperlake.layouts.paper_json import find_pieces
from paperlake.records import Block, Furniture, Piece, RawPaper

_SAMPLE = 64_000
_PAGE_STARTS = ("<!doctype html", "<html", "<head", "<body")
_ANCHOR_OF_ANOTHER_LAYOUT = '<a id="source-section-'
_ELEMENT_WITH_DATA = re.compile(r"<[a-z][^<>]{0,1000}\sdata-props\s*+=\s*+[\"']?\s*+[\[{&]")

_DATA = re.compile(r"data-props(?<![^\s\"'/]data-props)(?=\s*+=)")
_LINE = "paperlake-line"
_LINE_WRITTEN = re.compile(rf" {_LINE}=\d+ ")


def recognise(lines: Sequence[str]) -> Recognition:
    """Whether the lines are HTML: a document from its start, or elements with data of the page."""
    sample = "\n".join(lines)[:_SAMPLE].lstrip("\ufeff \t\r\n")
    if sample.startswith(_ANCHOR_OF_ANOTHER_LAYOUT):
        return Recognition(False, "expected the HTML of a page, found the anchor of another layout")
    if sample[:20].lower().startswith(_PAGE_STARTS):
        return Recognition(True, "an HTML document")
    if "data-props" in sample and _ELEMENT_WITH_DATA.search(sample):
        return Recognition(True, "HTML elements with data-props")
    return Recognition(False, "expected <!doctype html>, <html>, <head> or <body> first, or an element with data-props")


def split(lines: Sequence[str]) -> list[Piece]:
    """The blocks of an HTML page: what its data holds, and all other lines as furniture."""
    pieces = sorted(_known_pieces(lines), key=_line_start)
    return sorted([*pieces, *_other_lines(lines, pieces)], key=_line_start)


def _line_start(piece: Piece) -> int:
    return piece.block.line_start


def _known_pieces(lines: Sequence[str]) -> list[Piece]:
    if not any("data-props" in line for line in lines):
        return []
    tree = LexborHTMLParser(_prepared(lines))
    return [*_source_url(tree, lines), *_listings(tree)]


def _prepared(lines: Sequence[str]) -> str:
    """The page with line numbers written beside `data-props`, and with a tag closed that its end cuts.

    A parser tells no places, and only a parser knows which `data-props` are attributes and which stand in a comment,
    a script or a text: so each carries its own. A form feed, to HTML a blank like any other, stands for the end of a
    line, since a value may hold newlines of its own (`&#10;`).
    """
    text = "\f".join(_numbered(line.replace("\f", " "), number) for number, line in enumerate(lines, start=1))
    return text + _closing(text)


def _numbered(line: str, number: int) -> str:
    return _DATA.sub(rf" {_LINE}={number} \g<0>", line) if "data-props" in line else line


def _closing(text: str) -> str:
    """What closes the tag in which a page may end; text like any other where it ends elsewhere."""
    opened = text.rfind("data-props='")
    is_open = opened >= 0 and text.find("'", opened + len("data-props='")) < 0
    return "'>" if is_open else '">'


def _listings(tree: LexborHTMLParser) -> Iterator[Piece]:
    """What the elements with papers hold; a list that a page repeats, as for narrow and wide screens, counts once."""
    seen: set[tuple[Piece, ...]] = set()
    for node in tree.css(f"[data-props][{_LINE}]"):
        data = _data(node)
        pieces = find_pieces(data, int(node.attributes[_LINE] or 1))
        records = tuple(_placeless(piece) for piece in pieces if not isinstance(piece, Furniture))
        is_listing = '"paper"' in data or any(isinstance(piece, RawPaper) for piece in pieces)
        if is_listing and records and records not in seen:
            seen.add(records)
            yield from pieces


def _placeless(piece: Piece) -> Piece:
    return piece._replace(block=Block(0, 0))


def _data(node: LexborNode) -> str:
    """The JSON of an element, with its newlines where the lines of the page end."""
    value = node.attributes["data-props"] or ""
    if _LINE in value:
        value = _LINE_WRITTEN.sub("", value)
    return value.replace("\n", " ").replace("\f", "\n")


def _source_url(tree: LexborHTMLParser, lines: Sequence[str]) -> Iterator[Furniture]:
    """The address of the page as it names it, at most one, and the first line that shows it."""
    nodes = [*tree.css("link[rel=canonical i]"), *tree.css('meta[property="og:url"]')]
    urls = ((node.attributes.get("href") or node.attributes.get("content") or "").strip() for node in nodes)
    url = next(filter(None, urls), None)
    if url:
        plain = url.partition("&")[0]  # which HTML writes as `&amp;`
        line = next((number for number, line in enumerate(lines, start=1) if plain in line), 1)
        yield Furniture(Block(line, line), "source_url", url)


def _other_lines(lines: Sequence[str], pieces: Sequence[Piece]) -> Iterator[Furniture]:
    """The runs of lines that hold none of the pieces, which stand in the order of their lines."""
    free = 1
    for start, end in [*(piece.block for piece in pieces), (len(lines) + 1, len(lines) + 1)]:
        if any(line.strip() for line in lines[free - 1 : start - 1]):
            yield Furniture(Block(free, start - 1), "html")
        free = max(free, end + 1)
