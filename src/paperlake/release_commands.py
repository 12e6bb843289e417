"""The commands that show what is published: the releases of a store, and the tables and the page of one."""

import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.table import Table

from paperlake.commands import STORE, Json, Store, err, exits, out
from paperlake.console import print_columns, print_frame, print_json
from paperlake.release import reading
from paperlake.release.lives import read_lives
from paperlake.report import PAGE
from paperlake.settings import Settings
from paperlake.stores.files import named

_SHOWN_ROWS = 10


@exits
def versions(store: Store = STORE, as_json: Json = False) -> None:
    """List the releases of a store, the newest last, with their tags and what became of their data."""
    commits, lives = reading.versions(store), read_lives(store)
    if as_json:
        print_json([asdict(commit) | lives[commit.version].as_dict() for commit in commits])
        return
    if not commits:
        err.print(f"no release yet in {store}: `paperlake build` makes the first", markup=False, highlight=False)
        return
    table = Table("version", "release", "committed", "operation", "tags", "data")
    for commit in commits:
        life, operation = lives[commit.version], str(commit.facts.get("operation", ""))
        table.add_row(str(commit.version), commit.release, commit.time[:19], operation, ", ".join(life.tags), life.data)
    out.print(table)


@exits
def show(
    table: Annotated[str, typer.Argument(help="Table to show; all with their row counts without one.")] = "",
    at: Annotated[str | None, typer.Option(metavar="N|TAG", help="Version or tag; the newest without one.")] = None,
    rows: Annotated[int, typer.Option(min=0, help="Most rows to show; 0 for all.")] = _SHOWN_ROWS,
    columns: Annotated[str, typer.Option(metavar="A,B,C", help="Columns to show, all that fit without it.")] = "",
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Show a table of a release, or the list of its tables."""
    release = reading.open_release(store, at)
    if table and table not in release.tables:
        raise typer.BadParameter(f"expected one of {', '.join(release.tables)}, found {table!r}")
    if columns and not table:
        raise typer.BadParameter("expected a TABLE that has these columns, found none", param_hint="--columns")
    counts = [{"table": name, "rows": n_rows} for name, n_rows in release.counts.items()]
    frame = release.read(table) if table else pl.DataFrame(counts)
    shown = frame.head(rows) if table and rows else frame
    wanted = _named_columns(columns, frame.columns)
    if as_json:
        sys.stdout.write((shown.select(wanted) if wanted else shown).write_json() + "\n")
    elif wanted and not shown.is_empty():
        print_columns(shown.select(wanted), out)
    else:
        print_frame(shown, out, err)


def _named_columns(columns: str, known: Sequence[str]) -> list[str]:
    """The columns that somebody named, each once, in that order.

    Raises:
        BadParameter: there is no such column.
    """
    names = [name.strip() for name in columns.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown:
        found = ", ".join(map(repr, unknown))
        raise typer.BadParameter(f"expected some of {', '.join(known)}, found {found}", param_hint="--columns")
    return list(dict.fromkeys(names))


@exits
def report(
    release: Annotated[str | None, typer.Argument(metavar="[N|TAG]", help="The newest without one.")] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Show it in a browser.")] = False,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Say where the page of a release is: what is in it, what changed, and where a paper is."""
    opened = reading.open_release(store, release)
    page = _find_page(opened, Settings.given(store=store).work)
    if as_json:
        print_json({"version": opened.version, "page": str(page)})
    else:
        out.print(str(page), markup=False, highlight=False, soft_wrap=True)
    if open_it and not webbrowser.open(page.as_uri()):
        err.print("no browser could be started: open the page by hand")


def _find_page(release: reading.Release, work: Path) -> Path:
    """The page where it stands on this disk, whole; of a bucket, or of a release without one, a copy of it."""
    from paperlake.release.pages import read_page

    text = read_page(release)
    if release.store.has_links and PAGE in release.manifest["documents"]:
        return (release.path / PAGE).absolute()
    work.mkdir(parents=True, exist_ok=True)
    copy = (work / f"report-{release.version:06d}.html").absolute()
    with named(copy):
        copy.write_text(text, encoding="utf-8")
    return copy
