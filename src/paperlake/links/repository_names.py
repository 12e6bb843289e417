"""Names of owners and repositories on GitHub: what they may look like, and how addresses write them.

Source: GitHub's own limits: an owner has up to 39 letters, digits and inner hyphens; a repository up to 100
of `[A-Za-z0-9._-]`, and neither `.` nor `..`; `name.wiki` is the wiki of `name`.
"""

import re
from typing import NamedTuple

from github_reserved_names import ALL as LISTED_NAMES

# Pages of the site that the package does not list. Names that are real owners (`actions`, `git`, `skills`) stay out.
UNLISTED_NAMES = frozenset(
    {
        "accelerator",
        "assets",
        "customer-terms",
        "logged-out",
        "models",
        "premium-support",
        "session",
        "solutions",
        "spark",
        "stafftools",
    }
)
RESERVED_NAMES = frozenset(LISTED_NAMES) | UNLISTED_NAMES

_OWNER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")  # Most names: nothing in them can mean something else.
_NAME = re.compile(r"[A-Za-z0-9._-]*")
_NAME_END = re.compile(r"(?:\.git|\.)+$", re.IGNORECASE)
_DOT_GIT = re.compile(r"\.git\.*$", re.IGNORECASE)
_DOT_WIKI = re.compile(r"(?<=.)\.wiki$", re.IGNORECASE)
_PIN = re.compile(r"@(?P<ref>[\w.+-]+)")
# Marks that no name holds and no writer of names would type: the name surely ends before them. After any other foreign
# letter (`dripnét`, `drip+net`) it may go on, and half a name is another repository.
_SURE_END = re.compile(
    r"[@:,;!()]|%(?:0[9AD]|2[0-3789CF]|3[ABCEF]|40|5[B-D]|60|7[B-D]|E2%80(?!%9[2-5][A-Z\d])|E3%80|E[4-9]%[89AB]|EF%BC)|%(?![\dA-F]{2})|"
    r"&\w+=",
    re.IGNORECASE,
)


class WrittenName(NamedTuple):
    """A repository's name as one segment of a path writes it, and what stood behind it there."""

    name: str
    ref: str | None
    is_wiki: bool
    is_cut: bool
    repairs: tuple[str, ...]


def is_owner(name: str) -> bool:
    """Whether a name can belong to a person or an organisation on GitHub.

    >>> is_owner("kettle-lab"), is_owner("-kettle"), is_owner("topics")
    (True, False, False)
    """
    return _OWNER.fullmatch(name) is not None and name.lower() not in RESERVED_NAMES


def is_repository_name(name: str) -> bool:
    """Whether a name can be that of a repository.

    >>> is_repository_name("next.js"), is_repository_name(".."), is_repository_name("a" * 101)
    (True, False, False)
    """
    return 0 < len(name) <= 100 and _NAME.fullmatch(name) is not None and name.strip(".") != ""


def trim_repository_name(text: str) -> str:
    """The repository's name at the start of a path segment, without `.git` and without full stops at its end.

    >>> trim_repository_name("dripnet.git."), trim_repository_name("next.js"), trim_repository_name("dripnet:main")
    ('dripnet', 'next.js', 'dripnet')
    """
    start = _NAME.match(text)
    return _NAME_END.sub("", start[0] if start else "")


def read_repository_name(segment: str) -> WrittenName | None:
    """The name that a segment of a path writes; None where it writes none, or the name has no sure end.

    >>> read_repository_name("dripnet.git@v1")
    WrittenName(name='dripnet', ref='v1', is_wiki=False, is_cut=False, repairs=('pinned_reference', 'dot_git_suffix'))
    >>> read_repository_name("drip+net") is None
    True
    """
    if _PLAIN_NAME.fullmatch(segment):
        return WrittenName(segment, None, False, False, ())
    start = _NAME.match(segment)
    written = start[0] if start else ""
    after = segment[len(written) :]
    trimmed = trim_repository_name(written)
    name = _DOT_WIKI.sub("", trimmed)
    if not is_repository_name(name) or (after and not _SURE_END.match(after)):
        return None
    pin = _PIN.fullmatch(after)
    is_cut = after != "" and pin is None
    is_wiki = name != trimmed
    steps = {
        "foreign_character": is_cut,
        "pinned_reference": pin is not None,
        "wiki_address": is_wiki,
        "dot_git_suffix": _DOT_GIT.search(written) is not None and not is_cut,
    }
    repairs = tuple(step for step, was_made in steps.items() if was_made)
    return WrittenName(name, pin["ref"] if pin else None, is_wiki, is_cut, repairs)
