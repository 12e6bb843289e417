"""`paperlake build`: new dumps in, one release or none out; or, with `--dry-run`, what would come of it."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from paperlake.build_report import BuildReport
from paperlake.commands import RAW, STORE, Json, Raw, Store, err, exits, out
from paperlake.console import print_json
from paperlake.errors import GateError
from paperlake.pipeline import build
from paperlake.progress import ShownSteps
from paperlake.settings import Settings
from paperlake.shown_text import counted


@exits
def build_command(
    raw: Raw = RAW,
    store: Store = STORE,
    accept: Annotated[list[str] | None, typer.Option(help="A gate to let pass; may be repeated.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would come of it, and write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Read new dumps and publish one release, or none where nothing changed."""
    settings, accepted = Settings.given(raw, store), tuple(accept or ())
    if dry_run:
        _plan(settings, accepted, as_json)
        return
    with ShownSteps(err) as steps:
        report = build(settings, steps, accept=accepted)
    print_json(report.as_dict()) if as_json else show_report(report, out)


def show_report(report: BuildReport, console: Console) -> None:
    """Print what a build did: the release, its tables, and the dumps set aside or left."""
    said = (
        f"release {report.version} published" if report.is_new else f"nothing changed: release {report.version} stands"
    )
    console.print(f"{said} ({counted(report.n_dumps_new, 'new dump')})", highlight=False)
    table = Table("table", "rows")
    for name, n_rows in report.counts.items():
        table.add_row(name, f"{n_rows:,}")
    console.print(table)
    console.print(f"its page: {report.page}", markup=False, highlight=False, soft_wrap=True)
    for dump in report.dumps_with_rejects:
        console.print(
            f"{counted(dump['n_rejects'], 'reject')} in {dump['path']}: see `paperlake show rejects`", markup=False
        )
    for dump in report.rejected_dumps:
        console.print(f"set aside: {dump['path']}: {dump['reason']}", markup=False)
    for file in report.dumps_left:
        console.print(f"left for the next run: {file['path']}: {file['reason']}", markup=False, soft_wrap=True)


def _plan(settings: Settings, accepted: tuple[str, ...], as_json: bool) -> None:
    """Print the plan; a gate that would hold the release exits as the build would.

    What plans is imported here, for it imports all that a build may come to do, due or not.
    """
    from paperlake.planning.console import print_plan
    from paperlake.planning.plan import plan_build

    with ShownSteps(err) as steps:
        plan = plan_build(settings, steps, accepted)
    print_json(plan.as_dict()) if as_json else print_plan(plan, out)
    if plan.holding:
        raise typer.Exit(GateError.exit_code)
