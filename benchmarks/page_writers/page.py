"""Whole pages: header, cards and footer of a layout put together, with the truth of every card and its lines."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.page_writers import clipper, data, firecrawl, mcp, notebooklm, plain, refnum, trending
from benchmarks.page_writers.cards import Sheet, Written
from benchmarks.page_writers.papers import Paper


@dataclass(frozen=True, slots=True)
class Page:
    """One dump, its lines, and the truth of every card in it.

    Each entry of `expected` has `line_start` and `line_end` (from 1, inclusive; the first and the last line of the card
    that is not blank) and every value field of `RawPaper`. Of a card that stands there twice, each copy has an entry.
    """

    text: str
    lines: list[str]
    expected: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class CardWriter:
    """A layout that is written card by card."""

    header: Callable[[Sheet], list[str]]
    card: Callable[[Paper, Sheet], Written]
    footer: Callable[[Sheet], list[str]] = plain.no_footer
    end: str = ""
    """What stands behind the last line."""
    n_copies: int = 1
    """How often the layout shows every card."""
    is_glued: bool = False
    """Whether the last line of the header and the first of the first card are one line."""


@dataclass(frozen=True, slots=True)
class DataWriter:
    """A layout that is written as a whole."""

    write: Callable[[Sequence[Paper], Sheet], tuple[list[str], list[dict[str, Any]]]]
    end: str = ""


WRITERS: dict[str, CardWriter | DataWriter] = {
    "compact": CardWriter(plain.compact_header, plain.compact_card, is_glued=True),
    "spaced": CardWriter(plain.spaced_header, plain.spaced_card),
    "firecrawl": CardWriter(firecrawl.header, firecrawl.card, firecrawl.footer, end="\n"),
    "notebooklm": CardWriter(notebooklm.header, notebooklm.card, notebooklm.footer, end="\n"),
    "refnum": CardWriter(refnum.header, refnum.card, refnum.footer, end="\n"),
    "linktag": CardWriter(trending.linktag_header, trending.linktag_card, trending.linktag_footer, n_copies=2),
    "structmd": CardWriter(trending.structmd_header, trending.structmd_card, end="\n", n_copies=2),
    "clipper": CardWriter(clipper.header, clipper.card, clipper.footer),
    "api_json": DataWriter(data.write_api_json),
    "html_page": DataWriter(data.write_html_page, end="\n"),
    "mcp_search": CardWriter(mcp.header, mcp.card),
    "email_digest": CardWriter(plain.email_header, plain.email_card, plain.email_footer, end="\n"),
}
"""By the name of the layout."""


def write_page(
    layout: str,
    papers: Sequence[Paper],
    *,
    captured_on: dt.date,
    header: bool = True,
    footer: bool = True,
    copies: int | None = None,
    **asked: Any,
) -> Page:
    """A page of these papers in their order.

    Args:
        layout: a name in `WRITERS`.
        papers: what it shows.
        captured_on: the page's day too.
        header: whether what stands before the cards is written; data formats always are whole.
        footer: whether what stands behind the cards is written.
        copies: how often each card is written; by default as often as the layout does (two on trending pages).
        asked: fields of `Sheet`: `query`, `submitters`, `reference_list`, `one_line`.
    """
    writer, sheet = WRITERS[layout], Sheet(captured_on, n_papers=len(papers), **asked)
    if isinstance(writer, DataWriter):
        lines, expected = writer.write(papers, sheet)
    else:
        lines = writer.header(sheet) if header else []
        expected = _add_cards(lines, papers, sheet, writer, copies or writer.n_copies)
        lines += writer.footer(sheet) if footer else []
    while lines and not lines[-1]:
        lines.pop()
    return Page("\n".join(lines) + writer.end, lines, expected)


def _add_cards(
    lines: list[str], papers: Sequence[Paper], sheet: Sheet, writer: CardWriter, n_copies: int
) -> list[dict[str, Any]]:
    """The truth of all cards, which it adds to the lines of the page."""
    truths = []
    prefix = lines.pop() if writer.is_glued and lines and papers else ""
    for position, paper in enumerate(papers):
        for copy in range(1, n_copies + 1):
            sheet.position, sheet.copy = position, copy
            written = writer.card(paper, sheet)
            start = len(lines) + 1
            truths.append({"line_start": start + written.first, "line_end": start + written.last} | written.expected)
            lines += [prefix + written.lines[0], *written.lines[1:]]
            sheet.links.extend(written.links)
            prefix = ""
    return truths
