"""A plan of a build for people."""

from typing import Any

from rich.console import Console
from rich.table import Table

from paperlake.planning.plan import BuildPlan
from paperlake.shown_text import counted

_MOST_DUMPS = 20


def print_plan(plan: BuildPlan, console: Console) -> None:
    """Print what a build would do: the release, its tables, the dumps, and the gates that would hold it."""
    console.print(_opening(plan), highlight=False, soft_wrap=True)
    _print_tables(plan, console)
    for table, causes in plan.causes.items():
        told = ", ".join(f"{cause} {n:,}" for cause, n in causes.items())
        _print_line(console, f"changes in {table} by cause: {told}")
    for dump in plan.dumps[:_MOST_DUMPS]:
        _print_line(console, f"{dump['what']}: {dump['path']}: {_told(dump)}")
    if len(plan.dumps) > _MOST_DUMPS:
        _print_line(console, f"and {len(plan.dumps) - _MOST_DUMPS:,} dumps more: --json has all of them")
    for file in plan.dumps_left:
        _print_line(console, f"left for the next run: {file['path']}: {file['reason']}")
    for gate in plan.holding:
        _print_line(console, f"gate {gate['gate']}{' (nobody can accept it)' * gate['is_final']}: {gate['finding']}")


def _opening(plan: BuildPlan) -> str:
    said = f"nothing would change: release {plan.version} stands"
    if plan.holding:
        said = f"{counted(len(plan.holding), 'gate')} would hold release {plan.version}"
    elif plan.is_new:
        said = f"release {plan.version} would be published"
    return f"{said} ({counted(plan.n_dumps_new, 'dump')} to read); nothing was written"


def _print_tables(plan: BuildPlan, console: Console) -> None:
    """Print a row a table; of those that tell of the step between releases no row is compared."""
    table = Table("table")
    for name in ("rows", "would be", "new", "changed", "gone"):
        table.add_column(name, justify="right")
    for one in plan.tables:
        figures = (one.before, one.after, one.new, one.changed, one.gone)
        table.add_row(one.table, *("" if figure is None else f"{figure:,}" for figure in figures))
    console.print(table)


def _told(dump: dict[str, Any]) -> str:
    if dump["status"] == "rejected":
        return f"set aside: {dump['reason']}"
    if dump["status"] == "retracted":
        return "its papers go"
    return f"{dump['layout']}, papers {dump['n_papers']}, rejects {dump['n_rejects']}"


def _print_line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
