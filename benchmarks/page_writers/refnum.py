"""Markdown whose links are numbers ("refnum"), of a search page, in a fence.

Conventions: refnum.txt. The reference list, cut off in every capture seen, is as html2text writes it.
"""

from urllib.parse import quote_plus

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
    wrap,
    write,
)
from benchmarks.page_writers.papers import Paper

_WIDTH = 120
_LOGO = "[[Hugging Face's logo] Hugging Face][1]"
_MENU = ("Models ", "Datasets ", "Spaces ", "Buckets new", "Docs ", "Enterprise ")
_MORE = {
    "  * Community": ("Blog", "Posts", "Daily Papers", "Learn", "Discord", "Forum", "GitHub"),
    "  * Solutions": (
        "Team & Enterprise", "Hugging Face PRO", "Enterprise Support", "Inference Providers", "Inference Endpoints",
        "Storage Buckets",
    ),
}  # fmt: skip
_WEBSITE = ("Tasks", "HuggingChat", "Collections", "Languages", "Organizations")
_PATHS = (
    "/", "/models", "/datasets", "/spaces", "/storage", "/docs", "/enterprise", "/pricing", "/tasks", "/chat",
    "/collections", "/languages", "/organizations", "/blog", "/posts", "/papers", "/learn", "/join/discord", "/forum",
    "/github", "/enterprise-hub", "/pro", "/support", "/inference/models", "/inference-endpoints", "/storage-buckets",
    "/login", "/join", "/login?next=%2Fpapers", "/akhaliq",
)  # fmt: skip
"""What the 30 numbers of the header stand for."""


def header(sheet: Sheet) -> list[str]:
    """The capture's own heading, the fence, the site's menu, banner, tabs and the page's day."""
    capture = [
        "# Web source",
        "",
        f"- URL: {HUB}/papers?q={quote_plus(sheet.query)}",
        f"- Title: {_LOGO}",
        f"- Captured (UTC): {sheet.captured_on}T09:08:07.000000001+00:00",
        "",
        "```text",
        _LOGO,
    ]
    banner = ["new", f"{BANNER} once a day!", f"{BANNER}!", "[Subscribe][29]", "# Daily Papers"]
    byline = "## by[AK][30] and the research community"
    tabs = ["* Daily", "* Weekly", "* Monthly", "", month_day(sheet.captured_on)]
    sheet.links.extend(HUB + path for path in _PATHS)
    return [*capture, *_menu(), *apart(banner), byline, *tabs]


def card(paper: Paper, sheet: Sheet) -> Written:
    """Upvotes, title, abstract, authors and date, each with the number of its link."""
    n = len(sheet.links)
    heading = wrap(f"[{paper.title}][{n + 2}]", _WIDTH - len("### "), cut=True)
    abstract = wrap(paper.abstract, _WIDTH, cut=True)
    published = day(paper.published, sheet.captured_on)
    lines = ["[", shown_upvotes(paper), f"][{n + 1}]", "", *(f"### {line}" for line in heading), ""]
    lines += ["[", "", *abstract, "", f"][{n + 3}]", *_authors(paper, n + 4), "·"]
    lines.append(published if paper.comments is None else f"{published} [ {paper.comments}][{n + 5}]")
    return write(
        lines,
        _links(paper),
        title_raw="\n".join(heading)[1 : -len(f"][{n + 2}]")],
        abstract_raw="\n".join(abstract),
        arxiv_id=paper.arxiv_id if sheet.reference_list else None,
        paper_url=paper.url if sheet.reference_list else None,
        upvotes=paper.upvotes,
        comments=paper.comments,
        n_authors=paper.n_authors,
        organisation=paper.organisation,
        published_raw=published,
    )


def footer(sheet: Sheet) -> list[str]:
    """The mark of the cut; or, where asked, the end of the page and the addresses of all its numbers."""
    if not sheet.reference_list:
        return ["", "[Content truncated]", "```"]
    links = [*sheet.links, day_before_url(sheet.captured_on)]
    references = [f"[{n}]: {link}" for n, link in enumerate(links, start=1)]
    return [f"[Previous][{len(links)}]", TOOLTIP, "", *references, "```"]


def _menu() -> list[str]:
    lines = [f"* [ {name}][{n}]" for n, name in enumerate(_MENU, start=2)]
    lines += ["* [Pricing][8]", "* * Website", *(f"    * [ {name}][{n}]" for n, name in enumerate(_WEBSITE, start=9))]
    n = 9 + len(_WEBSITE)
    for title, names in _MORE.items():
        lines += [title, *(f"    * [ {name}][{n + i}]" for i, name in enumerate(names))]
        n += len(names)
    return [*lines, f"* [Log In][{n}]", f"* [Sign Up][{n + 1}]"]


def _authors(paper: Paper, n: int) -> list[str]:
    if paper.organisation is None:
        return ["[", f"* {paper.n_authors} authors", f"][{n}]"]
    return [f"[[{paper.organisation_slug}] {paper.organisation}][{n}]"]


def _links(paper: Paper) -> tuple[str, ...]:
    authors = paper.url if paper.organisation is None else f"{HUB}/{paper.organisation_slug}"
    links = (login_url(paper), paper.url, paper.url, authors)
    return links if paper.comments is None else (*links, f"{paper.url}#community")
