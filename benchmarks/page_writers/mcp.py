"""Answers of the hub's Model Context Protocol tool `paper_search`.

Conventions: mcp-paper-search.txt, and paper-search.ts of huggingface/hf-mcp-server for the wording without upvotes, the
full stop behind them, and how many authors are named.
"""

from dataclasses import replace

from benchmarks.page_writers.cards import Sheet, Written, broken_abstract, broken_title, day_month, write
from benchmarks.page_writers.papers import Paper

_SHOWN_AUTHORS = 8
_OTHER_PAPERS = 34
_HUB = "https://hf.co"


def header(sheet: Sheet) -> list[str]:
    """How many papers matched the query, and the first rule."""
    n, query = sheet.n_papers, sheet.query
    return [f"{n + _OTHER_PAPERS} papers matched the query '{query}'. Here are the first {n} results.", "", "---", ""]


def card(paper: Paper, sheet: Sheet) -> Written:
    """Title, date, authors, abstract or summary, key words, counts and address, then the rule before the next card."""
    title, published = broken_title(paper, sheet.captured_on), f"{day_month(paper.published)}, {paper.published.year}"
    heading, abstract = _abstract(paper, sheet)
    url = f"{_HUB}/papers/{paper.arxiv_id}"
    lines = ["## " + "\n  ".join(title), "", f"Published on Published on {published}", _authors(paper), "", heading, ""]
    lines += [*abstract, "", "**AI Keywords**: lids, kettles" if paper.number % 3 else "", *_counts(paper)]
    lines.append(f"**Link to paper:** [{url}]({url})")
    written = write(
        "\n".join(lines).split("\n"),
        title_raw="\n".join(title),
        abstract_raw="\n".join(abstract),
        arxiv_id=paper.arxiv_id,
        paper_url=url,
        upvotes=paper.upvotes or None,
        comments=paper.comments,
        n_authors=len(paper.authors),
        published_raw=published,
    )
    return replace(written, lines=[*written.lines, "", "---", ""])


def _abstract(paper: Paper, sheet: Sheet) -> tuple[str, list[str]]:
    """Heading and lines of the abstract; of a summary where the tool has only that."""
    if paper.number % 5 == 0:
        return "### AI Generated Summary", [paper.abstract.partition(". ")[0].removesuffix(".") + "."]
    return "### Abstract", broken_abstract(paper, sheet.captured_on)


def _authors(paper: Paper) -> str:
    """The first eight, some with an account, and how many more there are."""
    names = paper.authors
    shown = [
        f"{name} ([{name.split()[-1].lower()}]({_HUB}/{name.split()[-1].lower()}))"
        if (paper.number + i) % 4 == 0
        else name
        for i, name in enumerate(names[:_SHOWN_AUTHORS])
    ]
    shown += [f"and {len(names) - _SHOWN_AUTHORS} more."] if len(names) > _SHOWN_AUTHORS else []
    return f"**Authors:** {', '.join(shown)}"


def _counts(paper: Paper) -> list[str]:
    upvotes = f"Upvoted {paper.upvotes} times" if paper.upvotes else ""
    if paper.comments is None:
        return [upvotes] if upvotes else []
    who = "The authors are participating in a" if paper.number % 2 else "There is a community"
    return [f"{upvotes}. {who} discussion with {paper.comments} comments."]
