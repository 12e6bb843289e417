"""Prose with web addresses in it: where these begin and end, so that rules for prose leave them alone."""

import re
from collections.abc import Callable

# An address runs to the next white space. Rules for prose stop here: `~user`, `a--b` and `v1.The` are names of things.
_ADDRESS = re.compile(
    r"((?:[Hh]ttps?://|ftp://|git://|www\.|(?:github|gitlab|huggingface|bitbucket|arxiv|doi)\.(?:com|org|co)/)\S+)"
)
# What an address may begin with. Found as plain strings, thirty times faster than by the pattern, which then reads on.
_BEGINNINGS = (
    "http", "Http", "ftp:", "git:", "www.", "github.", "gitlab.", "huggingface.", "bitbucket.", "arxiv.", "doi.",
)  # fmt: skip
_LONGEST_BEFORE_SLASH = len("huggingface.com")


def outside_addresses(text: str, repair: Callable[[str], str], within: Callable[[str], str] = str) -> str:
    """The text, repaired everywhere but in its web addresses; `within` serves those.

    >>> outside_addresses("a~b at https://a.example/~b", lambda part: part.replace("~", " "))
    'a b at https://a.example/~b'
    """
    first = _first_place(text)
    places = [place for beginning in _BEGINNINGS if (place := text.find(beginning, first)) >= 0]
    if not places:
        return repair(text)
    start = min(places)
    head, *parts = _ADDRESS.split(text[start:])
    others = [repair(part) if i % 2 else within(part) for i, part in enumerate(parts)]
    return repair(text[:start] + head) + "".join(others)


def _first_place(text: str) -> int:
    """Where an address can begin at the earliest: shortly before a slash, or at `www.`; the end where it cannot."""
    slash, www = text.find("/"), text.find("www.")
    first = len(text) if slash < 0 else max(0, slash - _LONGEST_BEFORE_SLASH)
    return first if www < 0 else min(first, www)
