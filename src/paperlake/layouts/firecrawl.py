"""firecrawl: Markdown of the search page; upvotes, title, abstract and authors are each one link, the date is not."""

from collections.abc import Sequence

from paperlake.layouts.cards import gather
from paperlake.layouts.layout import Recognition
from paperlake.layouts.markdown import read_markdown
from paperlake.layouts.markdown_dialect import Dialect, unescape
from paperlake.layouts.signature import LINKED_HEADINGS, SECTIONS, recognise_marks
from paperlake.records import Piece

_DIALECT = Dialect("link", unescape)
_ORDER = (
    "thumbnail",
    "submitter",
    "upvotes",
    "title",
    "abstract",
    "authors|organisation",
    "published",
    "stars|comments",
)
_PROOF = ("arxiv_id",)
"""Titles are links: a heading that is none is no paper's."""


def recognise(lines: Sequence[str]) -> Recognition:
    """Whether headings and the texts below them are links to papers' pages."""
    return recognise_marks(lines, LINKED_HEADINGS, SECTIONS)


def split(lines: Sequence[str]) -> list[Piece]:
    """The blocks of a firecrawl dump."""
    return gather(read_markdown(lines, _DIALECT), _ORDER, _PROOF)
