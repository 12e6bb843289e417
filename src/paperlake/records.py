"""What a layout makes of a dump: blocks of lines, each a paper, furniture or a reject."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines of a dump, numbered from 1, both ends inclusive."""

    line_start: int
    line_end: int


@dataclass(frozen=True, slots=True)
class RawPaper:
    """One paper as one dump shows it; values exactly as read, None where the page shows nothing."""

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


@dataclass(frozen=True, slots=True)
class Furniture:
    """Text we mean to ignore. Naming it keeps "ignored" and "not understood" apart."""

    block: Block
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """Text we could not read. Published beside the papers, never dropped."""

    block: Block
    reason: str
    detail: str


Piece = RawPaper | Furniture | Reject
"""One block, understood: the three kinds together cover every non-blank line of a dump exactly once."""
