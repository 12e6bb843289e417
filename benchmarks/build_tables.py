"""The figures of builds as tables for a terminal: two for each size, and how CPU grows with the records."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.measuring import growth

WHOLE = "whole build"
LEAST_SECONDS = 0.02
"""CPU of a stage at the smallest size, below which its growth is noise."""
_MEASURES = {"cpu_seconds": ".2f", "times_floor": ".1f", "wall_seconds": ".2f", "peak_mib": ".0f", "written_mib": ".0f"}
_HEADINGS = ("CPU s", "times floor", "wall s", "peak MiB", "written MiB", "parts")

Facts = Mapping[str, Any]


def show(results: Sequence[Facts], console: Console) -> None:
    """Print the tables.

    Args:
        results: of `benchmarks.run.run`, by size.
        console: where to.
    """
    for result in results:
        console.print(_table(f"{result['records']:,} records", result["costs"]))
        console.print(", ".join(f"{name} {value:.4f}" for name, value in result["quality"].items()))
        for name, costs in result["later"].items():
            console.print(_table(f"{name}, {result['new_records']:,}", costs))
            console.print(f"{later_share(result, name):.1%} of the CPU of the whole build")
    if len(results) > 1:
        exponents = growth_exponents(results[0], results[-1])
        table = Table(
            "stage", "exponent", title=f"growth of CPU, {results[0]['records']:,} to {results[-1]['records']:,}"
        )
        for name, exponent in exponents.items():
            table.add_row(name, f"{exponent:.2f}")
        console.print(table)


def growth_exponents(small: Facts, large: Facts) -> dict[str, float]:
    """By stage the exponent of CPU over records between two sizes, 1 is linear; none of a stage that takes nothing."""
    sizes = small["records"], large["records"]
    return {
        name: growth((sizes[0], before), (sizes[1], after))
        for name, before, after in _seconds(small["costs"], large["costs"])
        if before >= LEAST_SECONDS
    }


def _seconds(small: Facts, large: Facts) -> Iterator[tuple[str, float, float]]:
    return ((name, small[name]["cpu_seconds"], cost["cpu_seconds"]) for name, cost in large.items() if name in small)


def later_share(result: Facts, name: str) -> float:
    """CPU of a later build as a share of the first one's."""
    return float(result["later"][name][name]["cpu_seconds"] / result["costs"][WHOLE]["cpu_seconds"])


def row(cost: Facts) -> list[str]:
    """CPU s, times the floor, wall s, peak MiB and written MiB as tables show them."""
    return [f"{cost[name]:,{form}}" for name, form in _MEASURES.items()]


def _table(title: str, costs: Facts) -> Table:
    table = Table("stage", *_HEADINGS, title=title)
    for name, cost in costs.items():
        table.add_row(name, *row(cost), str(cost["n_parts"]))
    return table
