"""The two layouts of the trending page: `[LINK: ...]` text ("linktag") and structured HTML ("structmd").

Both show every card twice. Conventions: linktag.txt, structmd.txt. Where the card of structmd has no repository, only
the link to arXiv stands on its last line: as described to us, not as seen.
"""

from benchmarks.page_writers.cards import (
    BANNER,
    HUB,
    Sheet,
    Written,
    apart,
    broken_abstract,
    broken_title,
    github_url,
    login_url,
    month_day,
    shown_stars,
    write,
)
from benchmarks.page_writers.papers import Paper

_RULE = "-" * 20
_NO_ALT = "[图片：无替代文本]"
_FIRST_SECTION = 3
_MOST_BULLETS = 5


def linktag_header(_sheet: Sheet) -> list[str]:
    """Somebody's question, the page's address and title, the banner."""
    question = ["# Where Do the Kettle Papers Live?", "**URL:** https://paperswithcode.com"]
    banner = [f"{BANNER} once a day!", f"{BANNER}!", ""]
    headings = apart(["## Trending Papers", "## by AK and the research community"])
    return [*question, "**Page Title:** Trending Papers - Hugging Face", _RULE, "", *banner, *headings]


def linktag_card(paper: Paper, sheet: Sheet) -> Written:
    """Title, abstract, authors unless there is an organisation, repository if there is one."""
    title, abstract = broken_title(paper, sheet.captured_on), broken_abstract(paper, sheet.captured_on)
    stars, n_stars = shown_stars(paper)
    repository = github_url(paper)
    lines = ["### " + "\n  ".join(title), "", *abstract]
    lines += [f"- {paper.n_authors} authors"] if paper.n_authors else []
    lines += [f"[LINK: GitHub {stars}]({repository})"] if repository else []
    return write(
        "\n".join([*lines, ""]).split("\n"),
        title_raw="\n".join(title),
        abstract_raw="\n".join(abstract),
        github_url=repository,
        github_stars=n_stars,
        n_authors=paper.n_authors,
    )


def linktag_footer(_sheet: Sheet) -> list[str]:
    """A rule."""
    return [_RULE]


def structmd_header(sheet: Sheet) -> list[str]:
    """The capture's own heading, banner and tabs."""
    name = f"Kettle Notes - {sheet.captured_on.year} - Trending Papers"
    capture = [
        f"# {name}",
        "",
        f"- Source HTML: `raw/html/{name}.html`",
        f"- Source SHA256: `{'0123456789abcdef' * 4}`",
    ]
    capture += [f"- Source URL: {HUB}/papers/trending", "- Generated from: `scripts/kettle_text.py`"]
    capture += ["- Extraction: `structured-html-v2` (headings and links)"]
    banner = [
        "new",
        "",
        "",
        f"{BANNER} once a day!",
        "",
        "",
        f"{BANNER}!",
        "",
        f"[Subscribe]({HUB}/login?next=%2Fpapers)",
    ]
    headings = [_anchor(1), "", "# Trending Papers", "", "", _anchor(2), ""]
    headings += [f"## by[{_NO_ALT} AK]({HUB}/akhaliq) and the research community", "", ""]
    tabs = ["-", "", "-", "", "-", "", "", "Trending Papers", "", ""]
    return [*capture, "", "## Extracted Text", "", _anchor(0), "", *banner, "", "", *headings, *tabs]


def structmd_card(paper: Paper, sheet: Sheet) -> Written:
    """Picture and submitter where there are any, title, abstract, authors with the date, upvotes, links."""
    title, abstract = broken_title(paper, sheet.captured_on), _abstract(paper)
    published = f"{month_day(paper.published)}, {paper.published.year}"  # this page leaves out no year
    stars, n_stars = shown_stars(paper)
    repository = github_url(paper)
    section = _FIRST_SECTION + 2 * sheet.position + sheet.copy - 1
    heading = "\n".join(title)
    lines = [*_picture_and_submitter(paper), _anchor(section), "", f"### [{heading}]({paper.url})", "", ""]
    lines += ["\n".join(abstract), "", "", *_authors(paper, published, sheet.copy), "", ""]
    lines += ["[Upvote", "", f"{paper.upvotes}]({login_url(paper)})", "", *([""] if sheet.copy == 2 else [])]
    github = f"[GitHub {stars}]({repository}) " if repository else ""
    lines += [f"{github}[arXiv Page](https://arxiv.org/abs/{paper.arxiv_id})", "", ""]
    return write(
        "\n".join(lines).split("\n"),
        title_raw="\n".join(title),
        abstract_raw="\n".join(abstract),
        arxiv_id=paper.arxiv_id,
        paper_url=paper.url,
        upvotes=paper.upvotes,
        github_url=repository,
        github_stars=n_stars,
        n_authors=paper.n_authors,
        organisation=paper.organisation,
        submitted_by=paper.submitted_by,
        published_raw=published,
    )


def _anchor(section: int) -> str:
    return f'<a id="source-section-{section}"></a>'


def _abstract(paper: Paper) -> list[str]:
    """One line; two for some papers, as abstracts of several paragraphs are."""
    return paper.abstract.replace(". ", ".\n", 1).split("\n") if paper.number % 6 == 0 else [paper.abstract]


def _picture_and_submitter(paper: Paper) -> list[str]:
    lines = [] if paper.number % 4 == 0 else [f"[{_NO_ALT}]({paper.url})", ""]  # a film has no picture
    lines += apart(["Submitted by", _NO_ALT, paper.submitted_by]) if paper.submitted_by else []
    return [*lines, ""] if lines else []


def _authors(paper: Paper, published: str, copy: int) -> list[str]:
    date = f"· Published on {published}" if copy == 1 else f"· {published}"
    if paper.organisation:
        return [f"[[图片：{paper.organisation_slug}] {paper.organisation}]({HUB}/{paper.organisation_slug}) {date}"]
    n_authors = paper.n_authors or 0
    bullet = f"- {_NO_ALT}" if paper.number % 3 == 0 else "-"
    return [*apart([bullet] * min(n_authors, _MOST_BULLETS)), f"- {n_authors} authors", "", date]
