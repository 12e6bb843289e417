"""What a layout makes of a dump: blocks of lines, each a paper, furniture or a reject.

Named tuples, since a run makes one for every block: they cost a third of frozen dataclasses.
"""

from typing import NamedTuple


class Block(NamedTuple):
    """A run of lines of a dump, numbered from 1, both ends inclusive."""

    line_start: int
    line_end: int


class RawPaper(NamedTuple):
    """One paper as one dump shows it; values as the page showed them, None where it shows nothing.

    What the capture tool put around a value is undone: Markdown escapes, HTML entities, JSON escapes. Lines of a
    wrapped value are joined by one newline.
    """

    block: Block
    title_raw: str
    abstract_raw: str | None = None
    arxiv_id: str | None = None
    paper_url: str | None = None
    upvotes: int | None = None
    comments: int | None = None
    github_url: str | None = None
    github_stars: int | None = None
    n_authors: int | None = None
    organisation: str | None = None
    submitted_by: str | None = None
    published_raw: str | None = None
    is_cut: bool = False
    """Whether the dump ends inside the paper, so that its last value may be cut."""


class Furniture(NamedTuple):
    """Text we mean to ignore. Naming it keeps "ignored" and "not understood" apart."""

    block: Block
    name: str
    text: str = ""


class Reject(NamedTuple):
    """Text we could not read. Published beside the papers, never dropped."""

    block: Block
    reason: str
    detail: str


Piece = RawPaper | Furniture | Reject
"""One block, understood: the three kinds together cover every non-blank line of a dump at least once, and exactly once
unless its layout writes several papers on one line."""
