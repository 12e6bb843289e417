"""clipper: Obsidian Web Clipper's Markdown of the daily page; no abstracts, and a paper's id only in its links.

The first number of a card is GitHub stars, not upvotes (checked against another snapshot of the same day).
"""

from collections.abc import Sequence

from paperlake.layouts.cards import gather
from paperlake.layouts.layout import Recognition
from paperlake.layouts.markdown import read_markdown
from paperlake.layouts.markdown_dialect import Dialect, unescape
from paperlake.layouts.signature import (
    BLOCKS_OF_LINES,
    NUMBERS_TO_PAPERS,
    PLAIN_HEADINGS,
    TAGGED_LINKS,
    recognise_marks,
)
from paperlake.records import Piece

_DIALECT = Dialect("none", unescape)
_ORDER = ("thumbnail", "submitter", "title", "authors|organisation", "stars", "comments")
_PROOF = ("arxiv_id", "n_authors", "organisation")
"""A card of an organisation without numbers links its paper nowhere."""


def recognise(lines: Sequence[str]) -> Recognition:
    """Whether headings are no links, blocks of authors or organisations are, and numbers link to papers' pages."""
    return recognise_marks(lines, {**PLAIN_HEADINGS, **BLOCKS_OF_LINES, **NUMBERS_TO_PAPERS}, TAGGED_LINKS)


def split(lines: Sequence[str]) -> list[Piece]:
    """The blocks of a clipper dump."""
    return gather(read_markdown(lines, _DIALECT), _ORDER, _PROOF)
