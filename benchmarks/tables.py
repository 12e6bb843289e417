"""Writes the tables of figures into the README files, from the committed results: `make bench-tables`.

Of every figure the newest entry counts that has it.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.build_tables import WHOLE, growth_exponents, later_share, row
from benchmarks.history import newest
from benchmarks.identity_growth import WHOLE as MATCHING
from benchmarks.marked_tables import fill
from benchmarks.measuring import growth
from benchmarks.run import NEW, NEXT

ROOT = Path(__file__).parents[1]
COMMAND = "make bench-tables"
_COSTS = ("CPU s", "times the floor", "wall s", "peak MiB", "written MiB")

Facts = dict[str, Any]


def stages_table() -> str:
    """Cost of each stage at the largest size, and how its CPU grew since the smallest."""
    entries, sizes = _by_size("build")
    large = sizes[-1]
    exponents = growth_exponents(sizes[0], large) if len(sizes) > 1 else {}
    rows = [[name, *row(cost), _exponent(exponents.get(name))] for name, cost in large["costs"].items()]
    later = {f"{name}, {large['new_records']:,}": costs[name] for name, costs in large["later"].items()}
    rows += [[name, *row(cost), ""] for name, cost in later.items()]
    return _markdown([f"{large['records']:,} records", *_COSTS, "growth"], rows) + _measured(entries[-1])


def sizes_table() -> str:
    """The whole build at each size: cost, growth of its CPU since the size before, and what new records cost."""
    entries, sizes = _by_size("build")
    exponents = [None, *(growth_exponents(small, large)[WHOLE] for small, large in pairwise(sizes))]
    rows = [
        [
            f"{size['records']:,}",
            *row(size["costs"][WHOLE]),
            _exponent(exponent),
            f"{size['new_records']:,}",
            *(f"{later_share(size, name):.1%}" for name in (NEW, NEXT)),
            entry["date"],
        ]
        for entry, size, exponent in zip(entries, sizes, exponents, strict=True)
    ]
    return _markdown(["records", *_COSTS, "growth", "new records", "share of CPU", "the next time", "measured"], rows)


def start_up_table() -> str:
    """Whole processes that do little."""
    found = newest("start_up")
    rows = [[what, f"{cost['cpu_seconds']:.2f}", f"{cost['wall_seconds']:.2f}"] for what, (_, cost) in found.items()]
    return _markdown(["process", "CPU s", "wall s"], rows) + _measured(next(reversed(found.values()))[0])


def pages_table() -> str:
    """What the page of a release costs beside its build."""
    entries, sizes = _by_size("page_costs")
    rows = [
        [
            f"{size['papers']:,}",
            f"{size['build_cpu_seconds']:.2f}",
            f"{size['page_cpu_seconds']:.2f}",
            f"{size['share']:.1%}",
            f"{size['n_bytes'] / 1e6:.2f}",
        ]
        for size in sizes
    ]
    return _markdown(["papers", "build CPU s", "page CPU s", "share", "page MB"], rows) + _measured(entries[-1])


def layouts_table() -> str:
    """What reading costs, layout by layout."""
    found = {name: told for name, told in newest("read_layouts").items() if name != "peak_mib"}
    rows = [[name, f"{ratio['n_bytes'] / 1e6:.1f}", f"{ratio['times']:.1f}"] for name, (_, ratio) in found.items()]
    return _markdown(["layout", "MB", "times the floor"], rows) + _measured(next(reversed(found.values()))[0])


def identity_table() -> str:
    """Matching alone at each size: cost, growth of its CPU since the size before, pairs, how right it is."""
    entries, sizes = _by_size("identity_growth")
    seconds = [(size["records"], size["costs"][MATCHING]["cpu_seconds"]) for size in sizes]
    exponents = [None, *(growth(small, large) for small, large in pairwise(seconds))]
    rows = [
        [
            f"{size['records']:,}",
            *row(size["costs"][MATCHING]),
            _exponent(exponent),
            *(f"{size[name]:,}" for name in ("pairs", "evidence")),
            *(f"{size[name]:.4f}" for name in ("precision", "recall")),
            entry["date"],
        ]
        for entry, size, exponent in zip(entries, sizes, exponents, strict=True)
    ]
    headings = ["records", *_COSTS, "growth", "pairs met", "weighed", "precision", "recall", "measured"]
    return _markdown(headings, rows)


def _by_size(benchmark: str) -> tuple[list[Facts], list[Facts]]:
    """Entries and figures of a benchmark whose figures are named by a number of records, the smallest first."""
    found = newest(benchmark)
    sizes = sorted((name for name in found if name.isdecimal()), key=int)
    return [found[size][0] for size in sizes], [found[size][1] for size in sizes]


def _exponent(exponent: float | None) -> str:
    return "" if exponent is None else f"{exponent:.2f}"


def _markdown(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _measured(entry: Facts) -> str:
    versions = ", ".join(f"{name} {entry[key]}" for name, key in (("Python", "python"), ("Polars", "polars")))
    return f"\nMeasured {entry['date']} on {entry['cpus']} CPUs: {versions}, rules `{entry['rules']}`.\n"


_TABLES: dict[str, Callable[[], str]] = {
    "costs of stages": stages_table,
    "costs by size": sizes_table,
    "costs of processes": start_up_table,
    "costs of pages": pages_table,
    "costs of layouts": layouts_table,
    "costs of identity": identity_table,
}
PAGES = {
    ROOT / "README.md": ("costs of stages", "costs by size", "costs of processes", "costs of pages"),
    ROOT / "benchmarks/README.md": tuple(_TABLES),
}
"""By page the tables in it."""


def with_tables(page: Path) -> str:
    """The text of a page with its tables as the results have them."""
    return fill(page.read_text(), {name: _TABLES[name]() for name in PAGES[page]}, COMMAND)


if __name__ == "__main__":
    for each in PAGES:
        each.write_text(with_tables(each))
