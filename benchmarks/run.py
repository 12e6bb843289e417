"""What a build costs: CPU seconds, peak memory and bytes written per stage, beside the floor; and how right it is.

The floor is Polars reading the release's Parquet and writing it again with the same compression. Figures are ratios to
it, measured in one run on one machine.

    make bench                                            10,000 records
    python -m benchmarks.run --records 10000 100000       growth as well
"""

import argparse
import json
import math
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks.dump_generator import Truth, write_dumps
from paperlake import open_release
from paperlake.pipeline import build
from paperlake.release.reading import Release
from paperlake.settings import Settings
from paperlake.steps import Made, Order, PlainSteps

RESULTS = Path(__file__).parent / "results"
SEED = 7


@dataclass(frozen=True, slots=True)
class Cost:
    """What one piece of work took."""

    name: str
    cpu_seconds: float
    peak_mib: float
    written_mib: float
    n_parts: int = 1
    """Steps of a stage that any process can take; 1 where one process does it all."""


class MeasuredSteps(PlainSteps):
    """Plain steps that note what each took."""

    def __init__(self) -> None:
        """No cost yet."""
        self.costs: list[Cost] = []

    def call(self, name: str, step: Callable[..., Made], *arguments: Any) -> Made:
        """What the step gives."""
        made, cost = measure(name, step, *arguments)
        self.costs.append(cost)
        return made

    def map(self, name: str, step: Callable[[Order], Made], orders: Sequence[Order]) -> list[Made]:
        """What the step gives for each order; one cost for all."""
        made = self.call(name, lambda: [step(order) for order in orders])
        self.costs[-1] = replace(self.costs[-1], n_parts=len(orders))
        return made


def measure(name: str, work: Callable[..., Made], *arguments: Any) -> tuple[Made, Cost]:
    """What the work gives, and its CPU seconds (all threads), peak resident memory and what it wrote to files."""
    Path("/proc/self/clear_refs").write_text("5")  # starts the high-water mark of memory anew
    start, before = time.process_time(), _told_of_process("io", "wchar")
    made = work(*arguments)
    written = _told_of_process("io", "wchar") - before
    peak = _told_of_process("status", "VmHWM") / 2**10
    return made, Cost(name, time.process_time() - start, peak, written / 2**20)


def _told_of_process(page: str, name: str) -> int:
    """A number that Linux keeps of this process."""
    lines = Path(f"/proc/self/{page}").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def read_and_write(release: Release, folder: Path) -> None:
    """The floor: every table of the release read by Polars and written again, zstd 6 as the release itself."""
    for name in release.tables:
        release[name].collect().write_parquet(folder / f"{name}.parquet", compression="zstd", compression_level=6)


def pair_scores(release: Release, truth: Truth) -> dict[str, float]:
    """Precision and recall, 0-1, of pairs of appearances put together, against the generator's truth."""
    paths = release["dumps"].select("dump_id", dump=pl.col("path"))
    found = release["appearances"].join(paths, on="dump_id").select("dump", "position", "paper_id").collect()
    both = found.join(truth.to_frame().cast({"position": pl.Int32}), on=["dump", "position"], how="inner")
    n_found, n_true, n_right = (_n_pairs(both, key) for key in (["paper_id"], ["paper"], ["paper_id", "paper"]))
    return {
        "records": both.height / len(truth.paper),
        "precision": n_right / max(n_found, 1),
        "recall": n_right / max(n_true, 1),
    }


def _n_pairs(frame: pl.DataFrame, key: list[str]) -> int:
    sizes = frame.group_by(key).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def run(n_records: int) -> dict[str, Any]:
    """Figures of one build of `n_records` generated records in a fresh store."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        truth = write_dumps(folder / "raw", n_records, SEED)
        steps = MeasuredSteps()
        settings = Settings(raw=folder / "raw", store=folder / "store")
        _, whole = measure("whole build", build, settings, steps)
        release = open_release(folder / "store")
        read_and_write(release, folder)  # once to warm up
        _, floor = measure("floor", read_and_write, release, folder)
        _, nothing = measure("second build, nothing new", build, settings, PlainSteps())
        costs = [*steps.costs, whole, nothing, floor]
        return {
            "records": n_records,
            "costs": [asdict(cost) | {"times_floor": cost.cpu_seconds / floor.cpu_seconds} for cost in costs],
            "quality": pair_scores(release, truth),
        }


def show(results: list[dict[str, Any]], console: Console) -> None:
    """Print one table a size, and the growth exponent between the smallest and the largest."""
    for result in results:
        table = Table(
            "stage", "CPU s", "times floor", "peak MiB", "written MiB", "parts", title=f"{result['records']:,} records"
        )
        for cost in result["costs"]:
            seconds, times = f"{cost['cpu_seconds']:.2f}", f"{cost['times_floor']:.1f}"
            sizes = [f"{cost[name]:.0f}" for name in ("peak_mib", "written_mib")]
            table.add_row(cost["name"], seconds, times, *sizes, str(cost["n_parts"]))
        console.print(table)
        console.print(", ".join(f"{name} {value:.4f}" for name, value in result["quality"].items()))
    if len(results) > 1:
        console.print(f"growth exponent of the whole build: {growth(results[0], results[-1]):.2f}")


def growth(small: dict[str, Any], large: dict[str, Any]) -> float:
    """Exponent of CPU seconds over records: 1 is linear."""
    seconds = [
        next(cost["cpu_seconds"] for cost in r["costs"] if cost["name"] == "whole build") for r in (small, large)
    ]
    return math.log(seconds[1] / seconds[0]) / math.log(large["records"] / small["records"])


def main(arguments: Sequence[str]) -> None:
    """Run the benchmark for each size asked for; print the figures and write them to results/build.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[10_000])
    results = [run(n_records) for n_records in parser.parse_args(arguments).records]
    show(results, Console())
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "build.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
