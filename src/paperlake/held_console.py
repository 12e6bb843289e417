"""What people are shown of held candidates on a terminal, as wide as that is.

Text of dumps goes in as `Text`: in a plain string rich would take `[b]` for markup and `:kettle:` for an emoji.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from paperlake.release.held import Held
from paperlake.shown_text import printable, shorten

_MOST_ROWS = 20
"""Of dumps, and of fields that fell; `--json` has all."""
_SHOWN_VALUE = 160
_INDENT = 2
_DUMP = ("path", "status", "reason", "layout", "n_papers", "n_rejects")
_DRIFT = ("path", "layout", "field", "usual", "found")
_BY_PEOPLE = ("notes", "corrections", "aliases", "judgements", "retractions")

Row = Mapping[str, Any]


def print_held_list(rows: Sequence[Row], out: Console) -> None:
    """Print candidates, one a row.

    Args:
        rows: `id`, `when`, `parent`, `failing`, and `why_not` of each.
        out: where to print it.
    """
    shown = [
        {
            "id": row["id"],
            "held": _day(row["when"]),
            "based on": _release(row["parent"]),
            "failing gates": ", ".join(row["failing"]),
            "can be published": f"no: {row['why_not']}" if row["why_not"] else "if accepted",
        }
        for row in rows
    ]
    _print_rows(out, "held candidates", shown)


def print_held(held: Held, why_not: str | None, out: Console) -> None:
    """Print the report of a candidate.

    Args:
        held: the candidate.
        why_not: why it cannot be published, whatever a person accepts.
        out: where to print it.
    """
    report = held.report
    _print_line(out, f"candidate {held.id}", style="bold")
    for line in _opening(held, why_not):
        _print_line(out, f"  {line}")
    _print_line(out, "")
    for gate in report["gates"]:
        if not gate["passed"]:
            _print_failing(out, gate)
    _print_rows(out, "gates that passed", [_gate_row(gate) for gate in report["gates"] if gate["passed"]])
    _print_first(out, "new dumps", report["new_dumps"], _DUMP)
    _print_first(out, "dumps set aside", report["dumps_set_aside"], ("path", "reason"))
    _print_first(out, "coverage that fell", report["coverage_drops"], _DRIFT)
    _print_rows(out, "rows", [{"table": name, **sides} for name, sides in report["counts"].items()])
    before, after = report["quality"]["before"] or {}, report["quality"]["after"]
    figures = [{"figure": name, "before": before.get(name), "after": value} for name, value in after.items()]
    _print_rows(out, "quality", figures)


def _opening(held: Held, why_not: str | None) -> Iterator[str]:
    facts = held.report["facts"]
    entries = [f"{len(facts[name])} {name}" for name in _BY_PEOPLE if facts.get(name)]
    yield f"held {_day(held.report['when'])}, based on {_release(held.parent)}, rules {held.report['rules_version']}"
    yield f"by people: {', '.join(entries) or 'nothing'}"
    accept = " ".join(f"--accept {gate}" for gate in held.failing)
    yield f"cannot be published: {why_not}" if why_not else f"if it is right: paperlake held publish {held.id} {accept}"


def _print_failing(out: Console, gate: Row) -> None:
    """What a gate expected and found, and what that is about."""
    _print_rows(out, "gate that holds it" + (", for good" if gate["is_final"] else ""), [_gate_row(gate)])
    for subject in gate["subjects"]:
        _print_rows(out, _counted(subject["about"], len(subject["rows"]), subject["n_rows"]), subject["rows"])


def _gate_row(gate: Row) -> Row:
    expected, _, found = gate["finding"].removeprefix("expected ").partition(", found ")
    return {"gate": gate["gate"], "expected": expected, "found": found}


def _print_first(out: Console, heading: str, rows: Sequence[Row], columns: Sequence[str]) -> None:
    first = [{name: row[name] for name in columns} for row in rows[:_MOST_ROWS]]
    _print_rows(out, _counted(heading, len(first), len(rows)), first)


def _print_rows(out: Console, heading: str, rows: Sequence[Row]) -> None:
    """Print rows below a heading, names of columns first, cells wrapped; nothing at all without rows."""
    if not rows:
        return
    table = Table(*(Column(name, overflow="fold") for name in rows[0]), box=None, padding=(0, 2, 0, 0))
    for row in rows:
        table.add_row(*(Text(printable(_as_text(value))) for value in row.values()))
    _print_line(out, heading, style="bold")
    out.print(Padding(table, (0, 0, 1, _INDENT)))


def _print_line(out: Console, text: str, style: str = "") -> None:
    out.print(Text(printable(text), style=style), soft_wrap=True)


def _counted(heading: str, n_shown: int, n_all: int) -> str:
    return heading if n_shown == n_all else f"{heading} (the first {n_shown} of {n_all:,})"


def _as_text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.3f}"
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None else shorten(str(value), _SHOWN_VALUE)


def _day(when: str) -> str:
    return f"{when[:16].replace('T', ' ')} UTC"


def _release(version: int | None) -> str:
    return "no release" if version is None else f"release {version}"
