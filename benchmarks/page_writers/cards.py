"""What the writers share: the page being written, one card with its truth, and how the site itself shows values."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.page_writers.papers import Paper
from paperlake.records import RawPaper

FIELDS = tuple(name for name in RawPaper._fields if name not in {"block", "is_cut"})
"""The values that a page can show of a paper, by the names of `RawPaper`."""
BANNER = "Get trending papers in your email inbox"
TOOLTIP = "Trending Papers ranked by GitHub stars activity"
HUB = "https://huggingface.co"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TITLE_WIDTH, _ABSTRACT_WIDTH = 72, 79
"""Columns at which arXiv broke its lines until 2025. Source: firecrawl.txt."""


@dataclass(slots=True)
class Sheet:
    """The page being written: what was asked for, and how far it is; `write_page` moves it on."""

    captured_on: dt.date
    query: str = "tea kettles"
    submitters: bool = False
    """Whether a plain page names who submitted a paper."""
    reference_list: bool = False
    """Whether a refnum page ends with the list of its addresses instead of being cut."""
    one_line: bool = False
    """Whether JSON stands on one line."""
    n_papers: int = 0
    """On the whole page."""
    position: int = 0
    """Papers before the one to write."""
    copy: int = 1
    """Which of its copies is to be written."""
    links: list[str] = field(default_factory=list)
    """Addresses so far, where the layout numbers them."""


@dataclass(frozen=True, slots=True)
class Written:
    """One card as a layout writes it, with the blank lines around it, and the truth of every value.

    `first` and `last` are the offsets in `lines` of its first and last line that is not blank.
    """

    lines: list[str]
    expected: dict[str, Any]
    first: int
    last: int
    links: tuple[str, ...] = ()
    """Addresses that the card's numbers stand for, in their order."""


def write(lines: list[str], links: tuple[str, ...] = (), **values: Any) -> Written:
    """The card of these lines; values that are not given are not shown."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    return Written(lines, dict.fromkeys(FIELDS) | values, filled[0], filled[-1], links)


def apart(texts: Iterable[str]) -> list[str]:
    """The texts, each followed by an empty line."""
    return [line for text in texts for line in (text, "")]


def shown(count: int) -> tuple[str, int]:
    """A count as the site writes it, in three digits, and the number that can be read from that.

    >>> shown(125), shown(2_584), shown(19_249), shown(110_000)
    (('125', 125), ('2.58k', 2580), ('19.2k', 19200), ('110k', 110000))
    """
    if count < 1_000:
        return str(count), count
    thousands = f"{count / 1_000:.3g}"
    return f"{thousands}k", round(float(thousands) * 1_000)


def shown_upvotes(paper: Paper) -> str:
    """Upvotes as search pages write them."""
    return str(paper.upvotes) if paper.upvotes else "-"


def shown_stars(paper: Paper) -> tuple[str | None, int | None]:
    """Stars as pages write them, and the number to be read; None for both without a repository."""
    return (None, None) if paper.github_stars is None else shown(paper.github_stars)


def day(date: dt.date, captured_on: dt.date) -> str:
    """A date as the site writes it: without its year when that is the year of capture.

    >>> day(dt.date(2026, 5, 9), dt.date(2026, 7, 1)), day(dt.date(2025, 2, 27), dt.date(2026, 7, 1))
    ('May 9', 'Feb 27, 2025')
    """
    return month_day(date) if date.year == captured_on.year else f"{month_day(date)}, {date.year}"


def month_day(date: dt.date) -> str:
    """Month and day, as in `May 9`."""
    return f"{_MONTHS[date.month - 1]} {date.day}"


def day_month(date: dt.date) -> str:
    """Day and month, as in `9 May`."""
    return f"{date.day} {_MONTHS[date.month - 1]}"


def login_url(paper: Paper) -> str:
    """Address behind a paper's upvotes."""
    return f"{HUB}/login?next=%2Fpapers%2F{paper.arxiv_id}"


def day_before_url(captured_on: dt.date) -> str:
    """Address of the page of the day before."""
    return f"{HUB}/papers/date/{captured_on - dt.timedelta(days=1)}"


def github_url(paper: Paper) -> str | None:
    """Address of the repository, on trending pages now and then of a branch of it."""
    if paper.github is None:
        return None
    return f"https://github.com/{paper.github}{'/tree/main' if paper.number % 10 == 7 else ''}"


def broken_title(paper: Paper, captured_on: dt.date) -> list[str]:
    """The title in the lines that arXiv broke it in: one line for papers that are no older than a year."""
    return wrap(paper.title, _TITLE_WIDTH) if _is_old(paper, captured_on) else [paper.title]


def broken_abstract(paper: Paper, captured_on: dt.date) -> list[str]:
    """The abstract in the lines that arXiv broke it in: one line for papers that are no older than a year."""
    return wrap(paper.abstract, _ABSTRACT_WIDTH) if _is_old(paper, captured_on) else [paper.abstract]


def _is_old(paper: Paper, captured_on: dt.date) -> bool:
    return captured_on - paper.published > dt.timedelta(days=365)


def wrap(text: str, width: int, *, cut: bool = False) -> list[str]:
    """The text in lines of at most `width` characters; a longer word stands out, or is cut where asked.

    >>> wrap("a lid and a kettle", 7), wrap("a cupboard", 5), wrap("a cupboard", 5, cut=True)
    (['a lid', 'and a', 'kettle'], ['a', 'cupboard'], ['a', 'cupbo', 'ard'])
    """
    lines, at = [], 0
    while len(text) - at > width:
        end = text.rfind(" ", at, at + width + 1)
        if end < 0:
            end = at + width if cut else text.find(" ", at)
        if end < 0:
            break
        lines.append(text[at:end])
        at = end + (text[end] == " ")
    return [*lines, text[at:]]
