"""The papers that a page carries for its search: JSON, deflated, in pieces, the newest papers first.

A page holds as many as fit; a browser unpacks them once somebody searches.
"""

import base64
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from paperlake.report.papers import describe_papers
from paperlake.report.view import View

MOST_PAPERS = 12_000
MOST_BYTES = 2_200_000
"""Of a page that stays under 3 MB, what its charts, tables and style leave for papers."""
_PIECE = 1_000
_LEVEL = 4
_NOT_CARRIED = ("abstract", "title_key", "first_seen_on", "last_seen_on", "n_dumps")


@dataclass(frozen=True, slots=True)
class SearchData:
    """Pieces of papers, each base64 of a deflated JSON list; and how many papers these are, of how many."""

    pieces: tuple[str, ...]
    n_papers: int
    n_all: int


def search_data(view: View, most_bytes: int = MOST_BYTES) -> SearchData:
    """What the page carries, at most so many bytes of it."""
    described = _describe_newest(view)
    pieces: list[str] = []
    for piece in _packed(described):
        most_bytes -= len(piece)
        if most_bytes < 0:
            break
        pieces.append(piece)
    n_papers = min(len(pieces) * _PIECE, described.height)
    return SearchData(tuple(pieces), n_papers, view.counts["papers"])


def _describe_newest(view: View) -> pl.DataFrame:
    carried = pl.exclude(_NOT_CARRIED)
    newest = view.scan("papers").select(carried).tail(MOST_PAPERS).collect().reverse()
    return describe_papers(view.tables, newest).select(carried)


def _packed(described: pl.DataFrame) -> Iterator[str]:
    for papers in described.iter_slices(_PIECE):
        yield base64.b64encode(zlib.compress(papers.write_json().encode(), _LEVEL)).decode()
