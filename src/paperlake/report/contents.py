"""The first section: how much there is of everything, and what the release changed."""

import polars as pl

from paperlake.report.section import Column, Grid, Section, without_marks
from paperlake.report.view import View
from paperlake.schemas import TABLES
from paperlake.vocabularies import CHANGE_CAUSES

Tile = tuple[str, str, str]
"""A figure, what it counts, and how it differs from the release before."""

_TILES = {
    "papers": "papers",
    "appearances": "appearances in dumps",
    "links": "links",
    "repositories": "GitHub repositories",
    "dumps": "dumps",
    "rejects": "rejects",
}
_SHARES = {"abstract_share": "of papers have an abstract", "reject_share": "of records were rejected"}
_FIRST = "This is the first release of its store: everything in it is new."
_WHERE = "Single values stand in the table “changes”."
_NOTHING = "No paper and no link differs from the release before: other tables do, or the contract."
_KINDS = ("added", "removed", "changed")


def headline(view: View) -> list[Tile]:
    """The figures at the top of the page, each with its change since the release before."""
    before = view.before
    counts = before.counts if before else {}
    tiles = [
        (f"{view.counts[name]:,}", words, _difference(view.counts[name], counts.get(name)))
        for name, words in _TILES.items()
    ]
    quality, then = view.facts.get("quality", {}), before.quality if before else {}
    named = named_share(view)
    tiles.append((f"{named:.1%}", "of papers have an official repository", ""))
    tiles += [
        (f"{quality[name]:.1%}", words, _difference_of_shares(quality[name], then.get(name)))
        for name, words in _SHARES.items()
        if name in quality
    ]
    return tiles


def named_share(view: View) -> float:
    """The share, 0-1, of papers with an official repository."""
    n_named = view.scan("papers").select(pl.col("repository").count()).collect().item()
    return int(n_named) / max(view.counts["papers"], 1)


def changes_section(view: View) -> Section:
    """What the release changed in papers and links, by cause, and how many rows its tables have."""
    if view.release == 1:
        return Section("changes", "What changed", (_FIRST,), grids=(_tables(view),))
    changes = view.read("changes", "table", "key", "change", "cause")
    against = f"Against release {view.release - 1}, rows of papers and links that differ, by cause."
    sentences = (f"{against} {_WHERE}",) if changes.height else (_NOTHING,)
    grids = (_by_cause(changes), _tables(view)) if changes.height else (_tables(view),)
    return Section("changes", "What changed", sentences, grids=grids)


def _by_cause(changes: pl.DataFrame) -> Grid:
    counted = changes.group_by("cause", "table", "change").agg(n=pl.col("key").n_unique())
    found = {(cause, table, change): n for cause, table, change, n in counted.iter_rows()}
    rows = [
        (words, table, *(found.get((cause, table, kind), 0) for kind in _KINDS))
        for cause, words in CHANGE_CAUSES.items()
        for table in ("papers", "links")
        if any((cause, table, kind) in found for kind in _KINDS)
    ]
    columns = (Column("cause"), Column("table"), *(Column(kind, "number") for kind in _KINDS))
    return Grid("Rows that differ, by cause", columns, rows)


def _tables(view: View) -> Grid:
    before = view.before.counts if view.before else {}
    rows = [
        (
            name,
            view.counts[name],
            view.counts[name] - before[name] if name in before else None,
            without_marks(table.description),
        )
        for name, table in TABLES.items()
    ]
    columns = (Column("table"), Column("rows", "number"), Column("change", "difference"), Column("one row is"))
    return Grid("Tables", columns, rows)


def _difference(now: int, then: int | None) -> str:
    if then is None:
        return ""
    return f"{now - then:+,} since the release before" if now != then else "as in the release before"


def _difference_of_shares(now: float, then: float | None) -> str:
    if then is None:
        return ""
    points = round(round(now * 100, 1) - round(then * 100, 1), 1)  # of what is shown
    return f"{points:+} points since the release before" if points else "as in the release before"
