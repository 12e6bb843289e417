"""NotebookLM's export of a search page: the address of a text stands in the paragraph below it.

Conventions: notebooklm.txt. The forms of an organisation and of the footer are as described to us, not as seen.
"""

from urllib.parse import quote

from benchmarks.page_writers.cards import (
    BANNER,
    HUB,
    TOOLTIP,
    Sheet,
    Written,
    apart,
    day,
    day_before_url,
    login_url,
    month_day,
    shown_upvotes,
    write,
)
from benchmarks.page_writers.papers import Paper

_MENU = {
    " Hugging Face": "/", "Models": "/models", "Datasets": "/datasets", "Spaces": "/spaces", "Buckets new": "/storage",
    "Docs": "/docs", "Enterprise": "/enterprise", "Pricing": "/pricing", "Log In": "/login", "Sign Up": "/join",
}  # fmt: skip
_FOOTER = {
    "TOS": "/terms-of-service", "Privacy": "/privacy", "About": "/huggingface", "Models": "/models",
    "Datasets": "/datasets", "Spaces": "/spaces", "Pricing": "/pricing", "Docs": "/docs",
}  # fmt: skip


def header(sheet: Sheet) -> list[str]:
    """Front matter, the title twice, the site's menu, banner, query, tabs and the page's day."""
    front = [
        "---",
        f'source_id: "{sheet.captured_on:%Y%m%d}-0000-4000-8000-000000000001"',
        'title: "Daily Papers - Hugging Face"',
        f"notebook_id: {sheet.captured_on:%Y%m%d}-0000-4000-8000-000000000002",
        f"url: {HUB}/papers?q={quote(sheet.query)}",
        "type: web_page",
        f"exported: {sheet.captured_on}",
        "---",
        "",
        "# Daily Papers - Hugging Face",
    ]
    banner = ["new", f"{BANNER} once a day!", f"{BANNER}!", "Subscribe", f"{HUB}/login?next=%2Fpapers"]
    byline = ["Daily Papers", "by ", "AK", f"{HUB}/akhaliq", " and the research community", sheet.query]
    tabs = ["Daily", "Weekly", "Monthly ", f"{HUB}/papers/trending"]
    previous = [" ", day_before_url(sheet.captured_on), month_day(sheet.captured_on)]
    return [*front, *apart(["Daily Papers - Hugging Face", *_linked(_MENU), *banner, *byline, *tabs, *previous])]


def card(paper: Paper, sheet: Sheet) -> Written:
    """Upvotes behind a check box, title, abstract, authors and date; a date that comments follow ends in a blank."""
    published = day(paper.published, sheet.captured_on)
    texts = [f" [-] {shown_upvotes(paper)}", login_url(paper), paper.title, paper.url, paper.abstract, paper.url]
    texts += [*_authors(paper), "·"]
    texts += [published] if paper.comments is None else [f"{published} ", str(paper.comments), f"{paper.url}#community"]
    return write(
        apart(texts),
        title_raw=paper.title,
        abstract_raw=paper.abstract,
        arxiv_id=paper.arxiv_id,
        paper_url=paper.url,
        upvotes=paper.upvotes,
        comments=paper.comments,
        n_authors=paper.n_authors,
        organisation=paper.organisation,
        published_raw=published,
    )


def footer(sheet: Sheet) -> list[str]:
    """The way to the day before, the site's footer, and a tooltip."""
    previous = ["Previous", day_before_url(sheet.captured_on)]
    return apart([*previous, "System theme", "Company", *_linked(_FOOTER), TOOLTIP])


def _linked(menu: dict[str, str]) -> list[str]:
    return [text for name, path in menu.items() for text in (name, HUB + path)]


def _authors(paper: Paper) -> list[str]:
    if paper.organisation is None:
        return ["[", f"{paper.n_authors} authors]({paper.url})"]
    return [" ", paper.url, f" {paper.organisation}", f"{HUB}/{paper.organisation_slug}"]
