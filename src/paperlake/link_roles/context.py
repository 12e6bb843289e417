"""The words around a link: what its author says about it stands in the same sentence, mostly just before."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from paperlake.links.finding import Link

_REACH = 260
"""Letters that are looked at on either side of a link: what stands farther away says nothing about it."""
_FEW_WORDS = 4
"""Behind a link, at most, that make it the last thing which a text says."""
# A stop ends a sentence before a capital or a mark that opens one, but for the stops of abbreviations and initials.
# The marks come first, together: Python then skips to the next of them.
_SENTENCE_END = re.compile(
    r"[.!?\n。！？](?:(?<=[.!?])(?<!\bal\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bcf\.)(?<!\bvs\.)(?<!\b[DM]r\.)(?<!\bFig\.)"
    r"(?<!\bSec\.)(?<!\b[A-Z]\.)['\")\]”’]*\s+(?=[\"'“(\[*]*(?:[A-Z\d]|https?:|$))|(?<=\n)\s*\n|(?<=[。！？]))"
)
_LABEL = re.compile(r"!?\[([^\[\]]*)\]\(|\\?href\s?\{[^{}]*\}\s?\{([^{}]*)\}|<a\s[^<>]*>([^<]*)</a>")
_WORDS = re.compile(r"[^\W_]{2,}")


class Context(NamedTuple):
    """What stands around a link, in lower case."""

    label: str
    """The link's own text, in Markdown, HTML or LaTeX."""
    clause: str
    """The words since the link before, or since the sentence began."""
    sentence: str
    """The whole sentence up to the link, without other links; of a link that stands alone, the sentence before."""
    after: str
    """The rest of its sentence, up to the next link."""
    is_last: bool
    """Hardly a word follows in the whole text."""
    is_early: bool
    """It stands in the first half of the text."""


def read_contexts(text: str, links: Sequence[Link]) -> list[Context]:
    """The context of each link of a text, in their order.

    >>> from paperlake.links.finding import find_links
    >>> text = "It pours. Our code builds on https://github.com/kettle-lab/pot and is here."
    >>> [(context.clause, context.after) for context in read_contexts(text, find_links(text))]
    [('our code builds on', 'and is here.')]
    """
    return [_read_context(text, links, number) for number in range(len(links))]


def _read_context(text: str, links: Sequence[Link], number: int) -> Context:
    link, before = links[number], links[:number]
    label, after = _label(link.raw), _rest_of_sentence(text, links, number)
    starts = _sentence_starts(text, link, before)
    says_nothing = not (label or _WORDS.search(text[starts[-1] : link.start]) or _WORDS.search(after))
    start = starts[-2] if says_nothing and len(starts) > 1 else starts[-1]
    return Context(
        label=_folded(label),
        clause=_folded(text[max([start, *(other.end for other in before)]) : link.start]),
        sentence=_folded(_without(text, before, start, link.start)),
        after=_folded(after),
        is_last=len(_WORDS.findall(text[link.end : link.end + _REACH])) <= _FEW_WORDS,
        is_early=link.end * 2 < len(text),
    )


def _sentence_starts(text: str, link: Link, before: Sequence[Link]) -> list[int]:
    """Where the sentences in reach begin, that of the link last. A stop may stand in the span of a link before."""
    begin = max(0, link.start - _REACH)
    ends = [found.end() for found in _SENTENCE_END.finditer(text, begin, link.start)]
    ends += [other.end for other in before if other.end > begin and _ends_sentence(other)]
    return [begin, *sorted(ends)]


def _rest_of_sentence(text: str, links: Sequence[Link], number: int) -> str:
    link = links[number]
    if _ends_sentence(link):
        return ""
    until = min([link.end + _REACH, *(other.start for other in links[number + 1 : number + 2])])
    found = _SENTENCE_END.search(text, link.end, until)
    return text[link.end : found.start() if found else until]


def _label(raw: str) -> str:
    found = _LABEL.search(raw) if "[" in raw or "{" in raw or "<" in raw else None
    return next(filter(None, found.groups()), "") if found else ""


def _ends_sentence(link: Link) -> bool:
    return link.raw[-1:] in ".!?。" and link.url[-1:] not in ".!?"


def _without(text: str, links: Sequence[Link], start: int, end: int) -> str:
    parts = []
    for link in links:
        if link.end > start:
            parts.append(text[start : max(start, link.start)])
            start = link.end
    return " ".join([*parts, text[start:end]])


def _folded(text: str) -> str:
    return " ".join(text.lower().split())
