"""The hub's own addresses: what a link of a listing page says about a paper, by its address and its text."""

import re
from collections.abc import Mapping, Sequence
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
_COMMON_COUNT = r"-|[0-9]{1,6}|[0-9]{1,3}\.[0-9]{1,3}[kKmM]"
_COMMON_PICTURE = r"(?>!\[[^\[\]\\\n]*+\]\([^()\\\n]*+\)|!?\[[^\[\]\\\n]*+\])"
_COMMON_LINK = re.compile(
    rf"\[\s*+(?:(?:LINK: )?(?:arXiv Page|(?P<label>GitHub |Upvote\s+)?(?P<count>{_COMMON_COUNT}))"
    r"|(?:- !\[\]\([^()\s]*+\)\\\\\n)*+(?:- |- ·\n\s*+)?(?P<n_authors>[1-9][0-9]{0,4}) authors?"
    rf"|(?:(?<=\[)(?P<picture>{_COMMON_PICTURE}))?+(?P<name>(?!Submitted by|\#)[^\[\]\\<\n]{{0,60}}+))\s*+\]\("
    rf"(?:(?P<url>https://huggingface\.co/papers/(?P<paper>{NEW_ARXIV_ID}))(?P<comments>\#community)?"
    rf"|https://huggingface\.co/login\?next=%2Fpapers%2F(?P<login>{NEW_ARXIV_ID})"
    rf"|https://arxiv\.org/abs/(?P<arxiv>{NEW_ARXIV_ID})|(?P<github>https://github\.com/[\w.-]++/[^\s()]++)"
    r"|(?P<profile>https://huggingface\.co/[A-Za-z0-9][\w.-]*+))\)(?=\s*+(?:[\[·]|\Z)|\n)"
)
"""The links of most cards, any text with any address; behind one stands another, a bullet or nothing."""
_COMMON_BLOCKS = ("[- ![](", "[Upvote")
"""How common links open that run over lines, unless their bracket stands alone."""
_MOST_BLOCK_LINES = 8
"""A list of authors shows a few pictures, then their number."""
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


def read_common_link(text: str, start: int = 0) -> tuple[str, Mapping[str, Any], int] | None:
    """What `read_linked` says of the link that opens at `text[start]`, and the place behind it; None for other links.

    The rules are those of `read_linked`; it takes a third of the time.

    >>> read_common_link("[GitHub 12](https://github.com/example-lab/socks) [arXiv Page](https://arxiv.org/abs/2601.90001)")
    ('github', {'github_url': 'https://github.com/example-lab/socks', 'github_stars': 12}, 49)
    >>> read_common_link("[socks](https://github.com/example-lab/socks)")
    """
    found = _COMMON_LINK.match(text, start)
    said = _say(*found.groups()) if found else None
    return (*said, found.end()) if found and said else None


def read_common_block(lines: Sequence[str], at: int) -> tuple[str, Mapping[str, Any], int, int] | None:
    """The same of a link that opens the line `at` and ends a later one, and the index of that; None for other links."""
    if lines[at] != "[" and not lines[at].startswith(_COMMON_BLOCKS):
        return None
    text = "\n".join(lines[at : at + _MOST_BLOCK_LINES])
    common = read_common_link(text)
    if common is None or text[common[2] : common[2] + 1] not in ("", "\n"):
        return None
    return (*common, at + text.count("\n", 0, common[2]))


def _say(
    label: str | None, count: str | None, n_authors: str | None, picture: str | None, name: str | None,
    url: str | None, paper: str | None, comments: str | None, login: str | None, arxiv: str | None, github: str | None,
    profile: str | None,
) -> tuple[str, Mapping[str, Any]] | None:  # fmt: skip
    """Kind and values by the groups of `_COMMON_LINK`; None where text and address are no common pair."""
    if count:
        number = int(count) if count.isdecimal() else read_count(count)
        if login:
            return "upvotes", {"arxiv_id": login, "upvotes": number}
        if paper:
            name, field = ("comments", "comments") if comments else ("stars", "github_stars")
            return name, {"arxiv_id": paper, "paper_url": url, field: number}
        if github and label == "GitHub ":
            return "github", {"github_url": github, "github_stars": number}
    if arxiv:
        return "arxiv", {"arxiv_id": arxiv}
    if profile and name:
        return "organisation", {"organisation": name.strip()}
    if paper and n_authors and not comments:
        return "authors", {"arxiv_id": paper, "paper_url": url, "n_authors": int(n_authors)}
    if paper and picture and not name and not comments:
        return "thumbnail", {"arxiv_id": paper, "paper_url": url}
    return None


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
    if address.kind == "profile":
        return _read_profile(text)
    is_short = len(text) <= _LONGEST_COUNT
    label = _LABEL.match(text) if is_short or address.kind == "github" else None
    count = read_count(text[label.end() :].strip()) if label and is_short else None
    if address.kind == "github" and label and label["github"]:
        return "github", {"github_url": url, "github_stars": count}
    if address.arxiv_id is None:
        return "link", {}
    return _read_of_paper(text, count, address, url)


def _read_profile(text: str) -> tuple[str, Mapping[str, Any]]:
    picture = _PICTURE.match(text)
    name = text[picture.end() if picture else 0 :].strip()
    return ("organisation", {"organisation": name}) if name else ("link", {})


def _read_of_paper(text: str, count: int | None, address: Address, url: str) -> tuple[str, Mapping[str, Any]]:
    known: dict[str, Any] = {"arxiv_id": address.arxiv_id}
    if address.kind == "arxiv":
        return "arxiv", known
    if address.kind == "login":
        return ("upvotes", {**known, "upvotes": count}) if count is not None else ("link", {})
    known["paper_url"] = url.removesuffix("#community")
    if address.kind == "comments":
        return ("comments", {**known, "comments": count}) if count is not None else ("link", {})
    if count is not None:
        return "stars", {**known, "github_stars": count}
    n_authors = read_n_authors(text[text.rfind("\n") + 1 :].strip())
    if n_authors is not None:
        return "authors", {**known, "n_authors": n_authors}
    opening = text.lstrip(_BULLETS)
    if not opening or (opening[0] in "![<" and not _PICTURE.sub("", opening).strip(_BULLETS)):
        return "thumbnail", known
    return "abstract", {**known, "abstract_raw": text}
