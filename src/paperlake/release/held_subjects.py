"""What each gate is about: the first rows that a person has to look at before saying that they are right."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

Tables = Mapping[str, pl.DataFrame]
Subject = dict[str, Any]
"""`about`: what the rows are, in words; `n_rows`: how many there are; `rows`: the first of them."""

_MOST_ROWS = 5
_SHOWN_TEXT = 200
_TAKEN_BACK = ("retraction", "judgement")
"""Causes that the gate counts as no loss."""


def find_subjects(gate: str, tables: Tables, before: Tables | None) -> list[Subject]:
    """What a gate that failed is about; empty where its finding says it all.

    Args:
        gate: its name.
        tables: all nine of the candidate.
        before: `papers`, `links` and `dumps` of the release before; None in the first.
    """
    if gate in _OF_ONE:
        return _OF_ONE[gate](tables)
    return _OF_TWO[gate](tables, before) if gate in _OF_TWO and before is not None else []


def _subject(about: str, frame: pl.DataFrame) -> Subject:
    return {"about": about, "n_rows": frame.height, "rows": frame.head(_MOST_ROWS).to_dicts()}


def _rejects(tables: Tables) -> list[Subject]:
    """Those of the worst dumps first."""
    worst = tables["dumps"].select("dump_id", "path", n="n_rejects")
    first_line = pl.col("text").str.extract(r"^([^\n]*)").str.head(_SHOWN_TEXT)
    rejects = (
        tables["rejects"]
        .join(worst, on="dump_id", maintain_order="left")
        .sort("n", descending=True, maintain_order=True)
    )
    return [_subject("rejects", rejects.select("path", "line_start", "reason", "detail", text=first_line))]


def _most_frequent(column: str, links: pl.DataFrame, tables: Tables) -> list[Subject]:
    counts = links.group_by(column).agg(n_papers=pl.col("paper_id").n_unique())
    most = counts.drop_nulls().sort("n_papers", column, descending=[True, False]).head(1)
    of_it = tables["papers"].join(
        links.join(most, on=column, how="semi"), on="paper_id", how="semi", maintain_order="left"
    )
    return [_subject(f"the most frequent {column}", most), _subject(f"papers with that {column}", _named(of_it))]


def _one_url(tables: Tables) -> list[Subject]:
    return _most_frequent("url", tables["links"], tables)


def _one_repository(tables: Tables) -> list[Subject]:
    return _most_frequent("repository", tables["links"].filter(pl.col("kind") == "github_repository"), tables)


def _papers_gone(tables: Tables, before: Tables) -> list[Subject]:
    removed = tables["changes"].filter(pl.col("table") == "papers", pl.col("change") == "removed")
    told = removed.select("cause", paper_id="key")
    gone = _less(before["papers"], tables["papers"]).join(told, on="paper_id", how="left", maintain_order="left")
    lost = gone.filter(~pl.col("cause").is_in(_TAKEN_BACK).fill_null(value=False))
    return [_subject("papers that went", lost.select("paper_id", "title", "cause"))]


def _abstracts_gone(tables: Tables, before: Tables) -> list[Subject]:
    without, had_none = (each["papers"].filter(pl.col("abstract").is_null()) for each in (tables, before))
    return [_subject("papers without an abstract that had one or are new", _named(_less(without, had_none)))]


def _links_gone(tables: Tables, before: Tables) -> list[Subject]:
    """New papers without a link, and those with fewer links than before, in the order of papers."""
    counts = [
        each["links"].group_by("paper_id").len(name) for each, name in ((tables, "n_links"), (before, "n_before"))
    ]
    papers = tables["papers"].select("paper_id", "title")
    for count in counts:
        papers = papers.join(count, on="paper_id", how="left", maintain_order="left")
    papers = papers.with_columns(pl.col("n_links", "n_before").fill_null(0))
    new = _less(papers, before["papers"]).filter(pl.col("n_links") == 0)
    fewer = papers.filter(pl.col("n_links") < pl.col("n_before"))
    return [_subject("papers with fewer links than before", fewer), _subject("new papers without a link", _named(new))]


def _less(papers: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    return papers.join(others, on="paper_id", how="anti", maintain_order="left")


def _named(papers: pl.DataFrame) -> pl.DataFrame:
    return papers.select("paper_id", "title")


_OF_ONE: dict[str, Callable[[Tables], list[Subject]]] = {
    "reject_share": _rejects,
    "page_furniture": _one_url,
    "one_repository": _one_repository,
}
_OF_TWO: dict[str, Callable[[Tables, Tables], list[Subject]]] = {
    "papers_shrink": _papers_gone,
    "abstract_share": _abstracts_gone,
    "links_per_paper": _links_gone,
}
