"""The layouts paperlake knows, and which of them a dump has."""

from collections.abc import Sequence

from paperlake.layouts import (
    api_json,
    clipper,
    compact,
    email_digest,
    firecrawl,
    html_page,
    linktag,
    mcp_search,
    notebooklm,
    refnum,
    spaced,
    structmd,
)
from paperlake.layouts.layout import Layout, Recognition

_IDENTIFIED = ("abstract_raw", "arxiv_id")

LAYOUTS: tuple[Layout, ...] = (
    Layout("api_json", api_json.recognise, api_json.split, shares_lines=True),
    Layout("html_page", html_page.recognise, html_page.split, shares_lines=True),
    Layout("notebooklm", notebooklm.recognise, notebooklm.split, _IDENTIFIED),
    Layout("refnum", refnum.recognise, refnum.split),
    Layout("firecrawl", firecrawl.recognise, firecrawl.split, _IDENTIFIED),
    Layout("structmd", structmd.recognise, structmd.split, _IDENTIFIED),
    Layout("linktag", linktag.recognise, linktag.split),
    Layout("mcp_search", mcp_search.recognise, mcp_search.split),
    Layout("email_digest", email_digest.recognise, email_digest.split, ("upvotes",)),
    Layout("clipper", clipper.recognise, clipper.split, shows=()),
    Layout("compact", compact.recognise, compact.split),
    Layout("spaced", spaced.recognise, spaced.split),
)
"""One line a layout: a new one is a module here, a line in this table and a folder in tests/cases/layouts/."""


def find_layout(name: str) -> Layout:
    """The layout of that name; KeyError when there is none."""
    return {layout.name: layout for layout in LAYOUTS}[name]


def recognise_layout(lines: Sequence[str]) -> tuple[Layout | None, tuple[Recognition, ...]]:
    """The first layout that says yes (None when none does), and what each of them said.

    Args:
        lines: the first lines of a dump; enough of them to hold a record.
    """
    answers = tuple(layout.recognise(lines) for layout in LAYOUTS)
    known = [layout for layout, answer in zip(LAYOUTS, answers, strict=True) if answer.is_known]
    return (known[0] if known else None), answers
