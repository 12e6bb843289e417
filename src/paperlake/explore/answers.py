"""What is asked of a release: papers that match a query, and all that is known of one."""

from math import ceil
from typing import Any

import polars as pl

from paperlake.explore.fates import unknown_paper
from paperlake.explore.queries import read_query
from paperlake.explore.rows import read_papers
from paperlake.explore.shelf import Shelf
from paperlake.report.papers import describe_papers

ON_A_PAGE = 50
MOST_DOWNLOADED = 100_000
_SHOWN = ("paper_id", "title", "repository", "arxiv_id", "published_on")
_DOWNLOADED = (
    "paper_id", "title", "arxiv_id", "doi", "paper_url", "published_on", "organisation", "repository",
    "repository_confidence",
)  # fmt: skip


def search(shelf: Shelf, version: int, asked: str, page: int) -> dict[str, Any]:
    """One page of the papers that match, for machines; the pages count from 1.

    Raises:
        RefusedError: the release is not there, or cannot be read.
    """
    rows = shelf.haystack(version).find(read_query(asked))
    with shelf.reading(version):
        papers = read_papers(shelf.release(version), rows.slice((page - 1) * ON_A_PAGE, ON_A_PAGE), _SHOWN)
    return {
        "release": version,
        "query": asked,
        "n_found": rows.len(),
        "page": page,
        "n_pages": ceil(rows.len() / ON_A_PAGE),
        "papers": papers.with_columns(pl.col("published_on").cast(pl.String)).to_dicts(),
    }


def find_all(shelf: Shelf, version: int, asked: str) -> tuple[pl.DataFrame, int]:
    """The papers that match, at most `MOST_DOWNLOADED`, for people's own tables; and how many there are.

    Raises:
        RefusedError: the release is not there, or cannot be read.
    """
    rows = shelf.haystack(version).find(read_query(asked))
    with shelf.reading(version):
        return read_papers(shelf.release(version), rows.head(MOST_DOWNLOADED), _DOWNLOADED), rows.len()


def describe(shelf: Shelf, version: int, paper_id: str) -> str:
    """All that is known of one paper, as JSON.

    Raises:
        RefusedError: the release has no such paper, is not there, or cannot be read.
    """
    release = shelf.release(version)
    with shelf.reading(version):
        paper = release.read("papers", where=pl.col("paper_id") == paper_id)
        if not paper.is_empty():
            return describe_papers({name: release[name] for name in release.tables}, paper).write_json()[1:-1]
        raise unknown_paper(release, paper_id)
