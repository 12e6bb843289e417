"""Facts of a page: its kind, query, address and day, from what stands around its papers."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from paperlake.layouts.values import read_day
from paperlake.records import Furniture

_DAILY = re.compile(r"/(?:api/daily_papers|papers(?:/(?:date|week|month)/[\w-]+)?)/?")
_PREVIOUS = re.compile(r"/papers/date/(\d{4}-\d\d-\d\d)")
_LONGEST_WEEKEND = 5
"""Days from one daily page to the page before it, at most."""


class PageFacts(NamedTuple):
    """What is known of a captured page; None where nothing tells."""

    page: str = "unknown"
    query: str | None = None
    page_date_raw: str | None = None
    source_url: str | None = None
    captured_on: date | None = None


def read_facts(furniture: Iterable[Furniture]) -> PageFacts:
    """The facts that the furniture of a page gives: its address first, its headings where there is none."""
    texts: dict[str, str] = {}
    previous = None
    for piece in furniture:
        texts.setdefault(piece.name, piece.text)
        if found := _PREVIOUS.search(piece.text):
            previous = previous or found[1]
    page, query = read_source(texts.get("source_url", ""))
    if page == "unknown":
        is_trending = texts.get("heading", "").strip("# ") == "Trending Papers"
        page = "search" if "query" in texts else "trending" if is_trending else "unknown"
    raw = texts.get("page_date")
    captured = read_day(texts.get("captured_on", ""))
    if captured is None and page == "search" and raw and previous:
        captured = _page_day(raw, previous)
    return PageFacts(page, query or texts.get("query"), raw, texts.get("source_url"), captured)


def read_source(url: str) -> tuple[str, str | None]:
    """Kind of the page behind an address, and the query of a search page.

    >>> read_source("https://huggingface.co/papers?q=source%20citations")
    ('search', 'source citations')
    >>> read_source("https://paperswithcode.com")
    ('trending', None)
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "unknown", None
    host = (parts.hostname or "").removeprefix("www.")
    if host == "paperswithcode.com":
        return "trending", None
    if host not in ("huggingface.co", "hf.co"):
        return "unknown", None
    queries = parse_qs(parts.query).get("q")
    if queries and parts.path.rstrip("/") == "/papers":
        return "search", queries[0]
    if parts.path.rstrip("/") == "/papers/trending":
        return "trending", None
    return ("daily" if _DAILY.fullmatch(parts.path) else "unknown"), None


def _page_day(raw: str, previous: str) -> date | None:
    """The day of a search page, that of its capture: the page links the daily page before it, and so tells the year."""
    before = read_day(previous)
    days = [before + timedelta(days=n) for n in range(1, _LONGEST_WEEKEND + 1)] if before else []
    return next((day for day in days if read_day(raw, day) == day), None)
