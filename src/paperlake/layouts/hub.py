"""The hub's own addresses: what a link of a listing page says about a paper, by its address and its text."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from paperlake.layouts.values import read_count, read_n_authors
from paperlake.paper_ids import NEW_ARXIV_ID

_HUB = r"https?://(?:www\.)?(?:huggingface|hf)\.co"
_ADDRESS = re.compile(
    rf"{_HUB}/(?:papers/(?P<paper>{NEW_ARXIV_ID})(?P<comments>#community)?|login\?next=%2Fpapers%2F(?P<login>{NEW_ARXIV_ID})"
    r"|(?P<profile>[A-Za-z0-9][\w.-]*))"
    rf"|https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/(?P<arxiv>{NEW_ARXIV_ID})(?:v\d+)?(?:\.pdf)?"
    r"|(?P<github>(?i:https?://(?:www\.)?github\.com/)[\w.-]+/[^\s()]+)"
)
_LABEL = re.compile(r"(?:LINK: ?)?(?:(?P<github>GitHub)|Upvote|arXiv Page)?\s*")
_PICTURE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)|!?\[[^\[\]]*\]|<[^<>]*>")
_LONGEST_COUNT = 40
"""Characters of a count and its label."""
_BULLETS = "-*· \n"


class Address(NamedTuple):
    """What an address is, and the paper it belongs to."""

    kind: str
    """`paper`, `comments`, `login` (an upvote), `profile`, `arxiv`, `github` or `other`."""
    arxiv_id: str | None = None


@lru_cache(maxsize=1_000)  # a card has three or four links to its paper's page
def read_address(url: str) -> Address:
    """What a link of a listing page leads to.

    >>> read_address("https://huggingface.co/papers/2601.90001#community")
    Address(kind='comments', arxiv_id='2601.90001')
    >>> read_address("https://huggingface.co/login?next=%2Fpapers%2F2601.90001").kind
    'login'
    >>> read_address("https://huggingface.co/papers/2601.9000").kind
    'other'
    """
    found = _ADDRESS.fullmatch(url)
    if found is None:
        return Address("other")
    kind = "comments" if found["comments"] else str(found.lastgroup)
    return Address(kind, found["paper"] or found["login"] or found["arxiv"])


def read_linked(text: str, url: str) -> tuple[str, Mapping[str, Any]]:
    r"""Kind and values of what a link says on a card: the same number means another thing behind another address.

    Returns:
        The kind of element (`upvotes`, `comments`, `stars`, `authors`, `organisation`, `abstract`, `github`, `arxiv`,
        `thumbnail`, or `link` for what says nothing of a paper) and fields of RawPaper.

    >>> read_linked("Upvote\n22", "https://huggingface.co/login?next=%2Fpapers%2F2601.90001")
    ('upvotes', {'arxiv_id': '2601.90001', 'upvotes': 22})
    >>> read_linked("LINK: GitHub 1.5k", "https://github.com/example-lab/socks")
    ('github', {'github_url': 'https://github.com/example-lab/socks', 'github_stars': 1500})
    """
    address = read_address(url)
    label = _LABEL.match(text)
    count = read_count((text[label.end() :] if label else text).strip()) if len(text) <= _LONGEST_COUNT else None
    if address.kind == "github" and label and label["github"]:
        return "github", {"github_url": url, "github_stars": count}
    if address.kind == "profile":
        picture = _PICTURE.match(text)
        name = text[picture.end() if picture else 0 :].strip()
        return ("organisation", {"organisation": name}) if name else ("link", {})
    if address.arxiv_id is None:
        return "link", {}
    return _read_of_paper(text, count, address, url)


def _read_of_paper(text: str, count: int | None, address: Address, url: str) -> tuple[str, Mapping[str, Any]]:
    known: dict[str, Any] = {"arxiv_id": address.arxiv_id}
    if address.kind == "arxiv":
        return "arxiv", known
    if address.kind == "login":
        return ("upvotes", known | {"upvotes": count}) if count is not None else ("link", {})
    known["paper_url"] = url.removesuffix("#community")
    if address.kind == "comments":
        return ("comments", known | {"comments": count}) if count is not None else ("link", {})
    if count is not None:
        return "stars", known | {"github_stars": count}
    n_authors = read_n_authors(text.rsplit("\n", 1)[-1].strip())
    if n_authors is not None:
        return "authors", known | {"n_authors": n_authors}
    opening = text.lstrip(_BULLETS)
    if not opening or (opening[0] in "![<" and not _PICTURE.sub("", opening).strip(_BULLETS)):
        return "thumbnail", known
    return "abstract", known | {"abstract_raw": text}


def paper_url(arxiv_id: str) -> str:
    """Address of a paper's page."""
    return f"https://huggingface.co/papers/{arxiv_id}"
