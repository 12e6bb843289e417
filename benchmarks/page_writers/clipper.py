"""Obsidian Web Clipper's Markdown of a daily page: no abstract, no upvotes, no date.

Conventions: clipper.txt. What is escaped: turndown, the library that the clipper calls. Pictures and the link at the
end are as described to us, not as seen.
"""

from benchmarks.page_writers.cards import (
    BANNER,
    HUB,
    Sheet,
    Written,
    apart,
    day_before_url,
    month_day,
    shown_stars,
    write,
)
from benchmarks.page_writers.firecrawl import ESCAPES
from benchmarks.page_writers.papers import Paper

_LOADED_PICTURES = 15
"""Cards whose picture was loaded when the page was captured."""


def header(sheet: Sheet) -> list[str]:
    """Front matter, banner and the page's day."""
    front = [
        "---",
        'title: "Daily Papers - Hugging Face"',
        f'source: "{HUB}/papers/date/{sheet.captured_on}"',
        "author:",
        "published:",
        f"created: {sheet.captured_on}",
        'description: "Your daily dose of AI research from AK"',
        "tags:",
        '  - "clippings"',
        "---",
    ]
    headings = ["## Daily Papers", "## byAK and the research community"]
    return [*front, *apart(["new", f"{BANNER} once a day!", *headings, month_day(sheet.captured_on)])]


def card(paper: Paper, sheet: Sheet) -> Written:
    """Picture on the first cards, submitter, title, authors, stars and comments: each only where there is any.

    The id shows in the links of a picture, of authors and of numbers: a card without them shows none.
    """
    picture, numbers = _picture(paper, sheet.position), _numbers(paper)
    is_known = picture.startswith("[") or paper.n_authors is not None or bool(numbers)
    submitter = f"Submitted by {paper.submitted_by}" if paper.submitted_by else ""
    blocks = [picture, submitter, f"### {paper.title.translate(ESCAPES)}", _authors(paper), numbers]
    return write(
        "\n".join(apart(filter(None, blocks))).split("\n"),
        title_raw=paper.title,
        arxiv_id=paper.arxiv_id if is_known else None,
        paper_url=paper.url if is_known else None,
        comments=paper.comments,
        github_stars=shown_stars(paper)[1],
        n_authors=paper.n_authors,
        organisation=paper.organisation,
        submitted_by=paper.submitted_by,
    )


def footer(sheet: Sheet) -> list[str]:
    """The way to the day before."""
    return [f"[Previous]({day_before_url(sheet.captured_on)})"]


def _picture(paper: Paper, position: int) -> str:
    if position >= _LOADED_PICTURES:
        return ""
    if paper.number % 5 == 0:
        return f'<video src="https://cdn-uploads.huggingface.co/{paper.number:032x}.mp4" title="View paper"></video>'
    thumbnail = f"https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/{paper.arxiv_id}.png"
    return f"[![]({thumbnail})]({paper.url})"


def _authors(paper: Paper) -> str:
    if paper.organisation is None:
        return f"[\n- ·\n\t{paper.n_authors} authors\n]({paper.url})"
    return f"[\n\n{paper.organisation.translate(ESCAPES)}\n\n]({HUB}/{paper.organisation_slug})"


def _numbers(paper: Paper) -> str:
    """Stars of the repository, then comments: told apart by their addresses alone."""
    stars, _ = shown_stars(paper)
    links = [f"[{stars}]({paper.url})"] if stars else []
    links += [f"[{paper.comments}]({paper.url}#community)"] if paper.comments is not None else []
    return " ".join(links)
