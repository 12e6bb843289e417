"""firecrawl's Markdown of a search page.

Conventions: firecrawl.txt. What is escaped: html-to-markdown, the Go library that firecrawl calls (escape/escape.go),
and `--`, which listing pages taught. The form of an organisation is as described to us, not as seen.
"""

from urllib.parse import quote

from benchmarks.page_writers.cards import (
    BANNER,
    HUB,
    TOOLTIP,
    Sheet,
    Written,
    apart,
    broken_abstract,
    broken_title,
    day,
    day_before_url,
    login_url,
    month_day,
    shown_upvotes,
    write,
)
from benchmarks.page_writers.papers import Paper

ESCAPES = str.maketrans({mark: f"\\{mark}" for mark in "\\*_`[]"})
"""Shared with the clipper, whose library (turndown) escapes the same marks inside a line."""
_BREAK, _BREAK_IN_TITLE = "\\\\\n", "\\  "


def header(sheet: Sheet) -> list[str]:
    """Front matter, banner, tabs and the page's day."""
    url = f"{HUB}/papers?q={quote(sheet.query)}"
    front = [
        "---",
        f"url: {url}",
        f"retrieved: {sheet.captured_on}",
        f"command: firecrawl scrape {url} --only-main-content --json",
        "statusCode: 200",
        "transport: firecrawl-cli",
        "completeness: full",
        "title: Daily Papers - Hugging Face",
        "---",
    ]
    byline = f"## by [![]({HUB}/front/assets/papers-by.png)AK]({HUB}/akhaliq) and the research community"
    banner = ["new", f"{BANNER} once a day!", f"{BANNER}!", f"[Subscribe]({HUB}/login?next=%2Fpapers)"]
    tabs = ["- Daily", "- Weekly", "- Monthly", ""]
    trending = f"[Trending Papers]({HUB}/papers/trending)"
    return [
        *front,
        *apart([*banner, "# Daily Papers", byline]),
        *tabs,
        *apart([trending, month_day(sheet.captured_on)]),
    ]


def card(paper: Paper, sheet: Sheet) -> Written:
    """Upvotes, title, abstract, authors and date; a line that arXiv broke ends in two backslashes."""
    title, abstract = broken_title(paper, sheet.captured_on), broken_abstract(paper, sheet.captured_on)
    published = day(paper.published, sheet.captured_on)
    parts = [
        f"[{shown_upvotes(paper)}]({login_url(paper)})",
        f"### [{_BREAK_IN_TITLE.join(map(_escape, title))}]({paper.url})",
        f"[{_BREAK.join(map(_escape, abstract))}]({paper.url})",
        _authors(paper),
        "·",
        published + _comments(paper),
    ]
    return write(
        "\n".join(apart(parts)).split("\n"),
        title_raw="\n".join(title),
        abstract_raw="\n".join(abstract),
        arxiv_id=paper.arxiv_id,
        paper_url=paper.url,
        upvotes=paper.upvotes,
        comments=paper.comments,
        n_authors=paper.n_authors,
        organisation=paper.organisation,
        published_raw=published,
    )


def footer(sheet: Sheet) -> list[str]:
    """The way to the day before, and a tooltip."""
    return [f"[Previous]({day_before_url(sheet.captured_on)})", "", TOOLTIP]


def _escape(text: str) -> str:
    return text.translate(ESCAPES).replace("--", "\\-\\-")


def _authors(paper: Paper) -> str:
    """One link around a list of pictures and the number, or the organisation's picture and name."""
    if paper.organisation:
        picture = f"{HUB}/avatars/{paper.number:032x}.png"
        return (
            f"[![{paper.organisation_slug}]({picture}){_escape(paper.organisation)}]({HUB}/{paper.organisation_slug})"
        )
    n_pictures = min(paper.number % 4, paper.n_authors or 0)
    pictures = [f"- ![]({HUB}/avatars/{paper.number + i:032x}.svg)" for i in range(n_pictures)]
    return f"[{_BREAK.join([*pictures, f'- {paper.n_authors} authors'])}]({paper.url})"


def _comments(paper: Paper) -> str:
    """Glued to the date, or behind a blank: both are seen."""
    if paper.comments is None:
        return ""
    return f"{' ' * (paper.number % 2)}[{paper.comments}]({paper.url}#community)"
