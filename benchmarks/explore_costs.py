"""What the explorer takes: CPU and wall seconds and peak memory of a first search, of later ones, and of one paper.

    python -m benchmarks.explore_costs                        100,000 papers
    python -m benchmarks.explore_costs --papers 1000000       as README tells them; takes minutes, to build the store

The floor is Polars reading the table of papers. The explorer has a process of its own.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.dump_generator import write_dumps
from benchmarks.history import record
from benchmarks.measuring import Cost, alone, by_name, measure
from paperlake import open_release
from paperlake.explore.answers import describe, find_all, search
from paperlake.explore.shelf import Shelf, shelve
from paperlake.pipeline import build
from paperlake.settings import Settings
from paperlake.steps import PlainSteps
from paperlake.stores import open_store

SEED = 7
_RECORDS_PER_PAPER = 4 / 3
"""Of the generator: a quarter of its records show a paper again."""
FLOOR = "floor"
_QUERIES = {
    "a search, few found": "sock kettle v2",
    "a search, many found": "the",
    "a search, single letters": "a e i o u",
}


def measure_size(n_papers: int) -> dict[str, Any]:
    """`papers` of a store of about so many, and `costs` by what is asked of the explorer, the floor last."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_dumps(folder / "raw", round(n_papers * _RECORDS_PER_PAPER), SEED)
        settings = Settings(raw=folder / "raw", store=folder / "store", settle_seconds=0)
        alone(build, settings, PlainSteps())
        costs = alone(_measure_answers, folder / "store")
        n_found = open_release(folder / "store").counts["papers"]
    return {"papers": n_found, "costs": by_name(costs, costs[-1].cpu_seconds)}


def _measure_answers(store: Path) -> list[Cost]:
    shelf = shelve(open_store(store))
    asked = [("the first search", search, "sock", 1)]
    asked += [(name, search, query, 1) for name, query in _QUERIES.items()]
    costs = [measure(name, answer, shelf, 1, *about)[1] for name, answer, *about in asked]
    costs.append(measure("one paper", describe, shelf, 1, _last_paper(shelf))[1])
    costs.append(measure("a download", find_all, shelf, 1, "the")[1])
    return [*costs, measure(FLOOR, shelf.release(1).read, "papers")[1]]


def _last_paper(shelf: Shelf) -> str:
    return str(shelf.release(1)["papers"].select("paper_id").tail(1).collect().item())


def main(arguments: Sequence[str]) -> None:
    """Print a row for each thing asked, and record them in results/explore_costs.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, nargs="+", default=[100_000])
    for n_papers in sorted(parser.parse_args(arguments).papers):
        found = measure_size(n_papers)
        record("explore_costs", {str(n_papers): found})
        table = Table("what", "CPU s", "wall s", "peak MiB", "times the floor", title=f"{found['papers']:,} papers")
        for name, cost in found["costs"].items():
            seconds = (f"{cost['cpu_seconds']:.2f}", f"{cost['wall_seconds']:.2f}")
            table.add_row(name, *seconds, f"{cost['peak_mib']:,.0f}", f"{cost['times_floor']:.2f}")
        Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
