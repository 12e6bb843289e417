"""`paperlake diff`: what differs between two releases, and why."""

from typing import Annotated

import typer

from paperlake.commands import STORE, Json, Store, exits
from paperlake.console import print_json
from paperlake.diff.console import print_page, print_rows, print_summary
from paperlake.diff.difference import CONTENT, compare_releases, find_names
from paperlake.settings import Settings

_SHOWN_ROWS = 10


@exits
def diff(
    before: Annotated[int | None, typer.Argument(metavar="A", help="Version; the one before the newest.")] = None,
    after: Annotated[int | None, typer.Argument(metavar="B", help="Another version; the newest without one.")] = None,
    table: Annotated[str, typer.Option(metavar="TABLE", help="Table whose rows to list.")] = "",
    rows: Annotated[
        int | None, typer.Option(min=0, help="Most rows to list, 10 without it; 0 for all, as with --json.")
    ] = None,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Show what differs between two releases, and why."""
    if table and table not in CONTENT:
        raise typer.BadParameter(f"expected one of {', '.join(CONTENT)}, found {table!r}", param_hint="--table")
    folder = Settings.given(store=store).store
    difference = compare_releases(folder, before, after, (table,) if table else CONTENT)
    if as_json:
        print_json(difference.as_dict(rows or 0))
        return
    print_page(lambda page: print_summary(difference, page))
    if table and not difference.rows.is_empty():
        most = _SHOWN_ROWS if rows is None else rows
        names = find_names(difference, table, difference.rows_of(table, most))
        print_page(lambda page: print_rows(difference, table, most, names, page))
