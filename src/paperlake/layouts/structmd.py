"""structmd: text of structured HTML of the trending page; linked headings below anchors, the abstract a paragraph.

Every paper stands twice, since the page renders a narrow and a wide card; each is an appearance of its own.
"""

from collections.abc import Sequence

from paperlake.layouts.cards import gather
from paperlake.layouts.layout import Recognition
from paperlake.layouts.markdown import read_markdown
from paperlake.layouts.markdown_dialect import Dialect
from paperlake.layouts.signature import LINKED_HEADINGS, SECTIONS, recognise_marks
from paperlake.records import Piece

_DIALECT = Dialect("paragraphs")
_ORDER = (
    "thumbnail", "submitter", "anchor", "title", "abstract", "authors|organisation", "published", "upvotes", "github",
    "arxiv", "stars|comments",
)  # fmt: skip
_PROOF = ("arxiv_id",)
"""Titles are links: a heading that is none is no paper's."""


def recognise(lines: Sequence[str]) -> Recognition:
    """Whether headings link to papers' pages, with `[Upvote` blocks or anchors beside them."""
    return recognise_marks(lines, {**LINKED_HEADINGS, **SECTIONS})


def split(lines: Sequence[str]) -> list[Piece]:
    """The blocks of a structmd dump."""
    return gather(read_markdown(lines, _DIALECT), _ORDER, _PROOF)
