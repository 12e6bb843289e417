"""The command line: data on stdout, messages on stderr, exit codes that mean something.

0 done, 1 our error, 2 usage, 3 a gate held the release, 4 contract broken, 5 store damaged.
"""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.table import Table

from paperlake import (
    build_commands,
    contract_commands,
    curation_commands,
    diff_commands,
    doctor_commands,
    held_commands,
    life_commands,
    serve_commands,
)
from paperlake.commands import RAW, STORE, Json, Raw, Store, err, exits, out
from paperlake.console import print_columns, print_frame, print_inspection, print_json, print_page
from paperlake.explain.console import print_explanation
from paperlake.explain.explanation import MOST_PAPERS, explain
from paperlake.inspection import inspect_dump
from paperlake.layouts import LAYOUTS
from paperlake.release.lives import read_lives
from paperlake.release.reading import open_release, versions
from paperlake.settings import Settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Raw captures of paper listings, as versioned Parquet."
)
_SHOWN_ROWS = 10
_SHOWN_BLOCKS = 30
_SHOWN_RECORDS = 3


@app.command("versions")
@exits
def versions_command(store: Store = STORE, as_json: Json = False) -> None:
    """List the releases of a store, the newest last, with their tags and what became of their data."""
    commits, lives = versions(store), read_lives(store)
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


@app.command("show")
@exits
def show_command(
    table: Annotated[str, typer.Argument(help="Table to show; all with their row counts without one.")] = "",
    at: Annotated[str | None, typer.Option(metavar="N|TAG", help="Version or tag; the newest without one.")] = None,
    rows: Annotated[int, typer.Option(min=0, help="Most rows to show; 0 for all.")] = _SHOWN_ROWS,
    columns: Annotated[str, typer.Option(metavar="A,B,C", help="Columns to show, all that fit without it.")] = "",
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Show a table of a release, or the list of its tables."""
    release = open_release(store, at)
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


@app.command("inspect")
@exits
def inspect_command(
    dump: Annotated[Path, typer.Argument(help="A text capture, in the raw folder or anywhere else.")],
    layout: Annotated[str | None, typer.Option(help="Layout to read it with, whatever it looks like.")] = None,
    blocks: Annotated[int, typer.Option(min=0, help="Most rows of blocks, and of rejects; 0 for all.")] = _SHOWN_BLOCKS,
    records: Annotated[int, typer.Option(min=0, help="Records to show.")] = _SHOWN_RECORDS,
    raw: Raw = RAW,
    as_json: Json = False,
) -> None:
    """Show what a build would make of one text capture; nothing is published."""
    names = [known.name for known in LAYOUTS]
    if layout and layout not in names:
        raise typer.BadParameter(f"expected one of {', '.join(names)}, found {layout!r}", param_hint="--layout")
    seen = inspect_dump(dump, Settings.given(raw), layout, records)
    print_json(seen.as_dict()) if as_json else print_page(lambda page: print_inspection(seen, blocks, page))


@app.command("explain")
@exits
def explain_command(
    asked: Annotated[
        str,
        typer.Argument(
            metavar="PAPER|URL|TITLE",
            help="A paper id, an appearance id, an arXiv id, a DOI, an address, owner/name, or a title.",
        ),
    ],
    at: Annotated[str | None, typer.Option(metavar="N|TAG", help="Version or tag; the newest without one.")] = None,
    papers: Annotated[int, typer.Option(min=0, help="Most papers to explain; 0 for all.")] = MOST_PAPERS,
    raw: Raw = RAW,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Show where every value of a paper comes from: dump, line, raw text, steps, rules, and what lost."""
    explained = explain(asked, Settings.given(raw, store), at, papers)
    print_json(explained.as_dict()) if as_json else print_page(lambda page: print_explanation(explained, page))


app.command("build")(build_commands.build_command)
app.command("doctor")(doctor_commands.doctor)
app.command("review")(curation_commands.review)
app.command("judge")(curation_commands.judge)
app.command("retract")(curation_commands.retract)
app.add_typer(contract_commands.app, name="contract")
app.add_typer(held_commands.app, name="held")
app.command("diff")(diff_commands.diff)
app.command("rollback")(life_commands.rollback)
app.command("tag")(life_commands.tag)
app.command("prune")(life_commands.prune)
app.command("repair")(life_commands.repair)
app.command("verify")(life_commands.verify)
app.command("serve")(serve_commands.serve)


def main() -> None:
    """Run the command line."""
    app()
