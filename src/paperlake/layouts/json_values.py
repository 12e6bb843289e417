"""Values of a paper in decoded JSON; what has another type than it should is none."""

import re
from typing import Any

from paperlake.paper_ids import find_arxiv_id
from paperlake.records import Block, RawPaper, Reject

_MOST_COUNT = 2**31 - 1


def read_paper(value: dict[str, Any], block: Block) -> RawPaper | Reject:
    """The paper that a decoded record holds; a reject where its id or title is no text.

    Args:
        value: an object with the member `paper`, or a paper itself.
        block: the lines it stands on.
    """
    wrapped = value.get("paper")
    paper = wrapped if isinstance(wrapped, dict) else value
    title, name = _text(paper.get("title")), paper.get("id")
    if title is None or not isinstance(name, str | None):
        found = f"{type(name).__name__} and {type(paper.get('title')).__name__}"
        return Reject(block, "damaged_record", f"expected an id and a title that are text, found {found}")
    arxiv_id = find_arxiv_id(name) if name else None
    authors = paper.get("authors")
    return RawPaper(
        block,
        title_raw=title,
        abstract_raw=_text(paper.get("summary")) or _text(paper.get("ai_summary")),
        arxiv_id=arxiv_id,
        paper_url=f"https://huggingface.co/papers/{arxiv_id}" if arxiv_id else None,
        upvotes=_count(paper.get("upvotes")),
        comments=_count(value.get("numComments")),
        github_url=_text(paper.get("githubRepo")),
        github_stars=_count(paper.get("githubStars")),
        n_authors=len(authors) or None if isinstance(authors, list) else None,
        organisation=_member(paper, "organization", "fullname") or _member(paper, "organization", "name"),
        submitted_by=_member(paper, "submittedOnDailyBy", "user"),
        published_raw=_text(paper.get("publishedAt")),
    )


def _member(paper: dict[str, Any], key: str, name: str) -> str | None:
    whole = paper.get(key)
    return _text(whole.get(name)) if isinstance(whole, dict) else None


def _text(value: object) -> str | None:
    r"""A text without blanks around its lines; None for a blank one and for values that are no text.

    Half of a surrogate pair, which JSON can write and no file can hold, becomes U+FFFD.

    >>> _text(" On Socks\n  and Snails \ud83d"), _text(12)
    ('On Socks\nand Snails �', None)
    """
    if not isinstance(value, str):
        return None
    text = "\n".join(filter(None, map(str.strip, value.split("\n"))))
    try:
        text.encode()
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", "\ufffd", text)
    return text or None


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= _MOST_COUNT else None
