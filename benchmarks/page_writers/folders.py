"""Folders of invented pages, each page a file, with the truth of every card."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.page_writers.cards import FIELDS
from benchmarks.page_writers.page import WRITERS, CardWriter, write_page
from benchmarks.page_writers.papers import CAPTURE_YEAR, Paper, invent

CAPTURED_ON = dt.date(CAPTURE_YEAR, 7, 1)
_COUNTS = ("upvotes", "comments", "github_stars", "n_authors")
TRUTH = pl.Schema(
    {"dump": pl.String(), "layout": pl.String(), "position": pl.Int32(), "paper": pl.Int32()}
    | {"line_start": pl.Int32(), "line_end": pl.Int32()}
    | {name: pl.Int32() if name in _COUNTS else pl.String() for name in FIELDS}
)
"""A row a card: file, layout, position in the file from 1, number of the paper from 0, lines, and the values shown."""


def write_every_layout(folder: Path, n_papers: int, seed: int, papers_per_page: int = 50) -> pl.DataFrame:
    """TRUTH of the pages that it writes: in every layout all of the papers, which so are seen a dozen times."""
    papers = invent(n_papers, seed)
    rows = [row for layout in WRITERS for row in write_pages(folder, layout, papers, papers_per_page)]
    return pl.DataFrame(rows, schema=TRUTH)


def write_pages(folder: Path, layout: str, papers: Sequence[Paper], papers_per_page: int) -> list[dict[str, Any]]:
    """Rows of TRUTH of the pages of one layout that it writes as files of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = WRITERS[layout]
    n_copies = writer.n_copies if isinstance(writer, CardWriter) else 1
    rows: list[dict[str, Any]] = []
    for number, first in enumerate(range(0, len(papers), papers_per_page)):
        page = write_page(layout, papers[first : first + papers_per_page], captured_on=CAPTURED_ON)
        name = f"{layout}-{number:04}.txt"
        (folder / name).write_text(page.text, encoding="utf-8", newline="")
        for at, card in enumerate(page.expected):
            rows.append({"dump": name, "layout": layout, "position": at + 1, "paper": first + at // n_copies, **card})
    return rows
