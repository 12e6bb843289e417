"""Signatures: marks that a capture tool leaves in every record, and what a dump lacks of them."""

import re
from collections.abc import Mapping, Sequence

from paperlake.layouts.layout import Recognition

Marks = Mapping[str, re.Pattern[str]]
"""What a mark is in words, to a pattern that matches a line from its start."""

_HUB_PAPER = r"\]\(https?://(?:www\.)?(?:huggingface|hf)\.co/papers/"
LINKED_HEADINGS: Marks = {
    "headings that are links": re.compile(r"### \["),
    "links to papers' pages": re.compile(rf"[^\n]*{_HUB_PAPER}[\d.]+\)\s*$"),
}
PLAIN_HEADINGS: Marks = {"headings that are no links": re.compile(r"### (?!\[.*\]\(|\[[^\]]*$)")}
NUMBERS_TO_PAPERS: Marks = {"numbers that link to papers' pages": re.compile(rf"\[[\d.,]+[kKmM]?{_HUB_PAPER}")}
TAGGED_LINKS: Marks = {
    "links as `[LINK: GitHub 12]` or authors as `- 4 authors`": re.compile(r"\[LINK: GitHub\b|- \d+ authors\s*$")
}
BLOCKS_OF_LINES: Marks = {
    "blocks that end in a link to the hub": re.compile(r"\]\(https?://(?:www\.)?(?:huggingface|hf)\.co/")
}
SECTIONS: Marks = {"`[Upvote` blocks or anchors of sections": re.compile(r'\[Upvote\s*$|<a id="')}


def recognise_marks(lines: Sequence[str], marks: Marks, foreign: Marks = {}) -> Recognition:  # noqa: B006  # read only
    """Known when every mark stands in the lines, and none of those by which other layouts are known.

    >>> headings = {"headings": re.compile("# ")}
    >>> recognise_marks(["# Kettles"], headings)
    Recognition(is_known=True, why='headings')
    >>> recognise_marks(["Kettles"], headings).why
    'expected headings, found none'
    """
    for words, pattern in marks.items():
        if not any(map(pattern.match, lines)):
            return Recognition(False, f"expected {words}, found none")
    for words, pattern in foreign.items():
        if any(map(pattern.match, lines)):
            return Recognition(False, f"expected no {words}, found some")
    return Recognition(True, ", ".join(marks))
