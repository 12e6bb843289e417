"""What reading costs, layout by layout: CPU against decoding the same files and splitting them into lines.

The floor is to decode the files and to split their text at newlines. Measured is everything from bytes to frames
(`extract_dumps`), best of several runs of one process. Memory is the peak of the extract stage over few and many dumps.

    python -m benchmarks.read_layouts
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.history import record
from benchmarks.measuring import alone, measure
from benchmarks.page_writers import WRITERS, invent
from benchmarks.page_writers.folders import write_pages
from paperlake import stages
from paperlake.dumps import find_dumps
from paperlake.extract import extract_dumps
from paperlake.making import batches
from paperlake.settings import Settings

PLAIN = ("compact", "spaced")
MOST_TIMES = {"plain": 6.0, "others": 20.0}
"""Times the floor that reading may cost, all pages of a class together: a card of the mail has 90 characters and one of
the clipper 240, so that their floor is nearly nothing and no reader comes near it."""
SEED = 7


@dataclass(frozen=True, slots=True)
class Ratio:
    """What reading one layout costs, beside its floor; CPU seconds per million bytes."""

    layout: str
    n_papers: int
    n_bytes: int
    floor: float
    cost: float

    @property
    def times(self) -> float:
        """Times the floor."""
        return self.cost / self.floor

    @property
    def kind(self) -> str:
        """Its class in `MOST_TIMES`."""
        return "plain" if self.layout in PLAIN else "others"


def read_and_split(folder: Path) -> int:
    """The floor: how many lines the files have."""
    return sum(len(path.read_bytes().decode().split("\n")) for path in sorted(folder.iterdir()))


def best_cpu_seconds(work: Callable[[], object], n_runs: int = 7) -> float:
    """CPU seconds of the fastest run."""
    seconds = []
    for _ in range(n_runs):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def measure_layout(layout: str, n_pages: int = 20, papers_per_page: int = 100) -> Ratio:
    """The cost of reading pages of one layout."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_pages(folder, layout, invent(n_pages * papers_per_page, SEED), papers_per_page)
        dumps, settings = find_dumps(folder), Settings()
        found = extract_dumps(dumps, folder, settings)["appearances"].height
        floor = best_cpu_seconds(lambda: read_and_split(folder))
        cost = best_cpu_seconds(lambda: extract_dumps(dumps, folder, settings))
        return Ratio(layout, found, sum(dump.n_bytes for dump in dumps), floor, cost)


def peak_mib(n_pages: int) -> float:
    """Peak memory of the extract stage over pages of a plain layout, in batches of 4 MiB and a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_pages(folder / "raw", "compact", invent(n_pages * 100, SEED), 100)
        return alone(extract_peak_mib, folder)


def extract_peak_mib(folder: Path) -> float:
    """Peak memory of the extract stage over the folder's `raw`."""
    settings = Settings(raw=folder / "raw", store=folder / "store", batch_bytes=4 * 2**20)
    settings.work.mkdir(parents=True)

    def extract_all() -> None:
        for batch in batches(find_dumps(settings.raw), settings.batch_bytes):
            stages.extract(stages.ExtractOrder(batch, settings, {}))

    return measure("extract", extract_all)[1].peak_mib


def times_together(ratios: Sequence[Ratio], kind: str) -> float:
    """Times the floor that the pages of a class cost together; 0 without one."""
    costs = [(ratio.cost, ratio.floor) for ratio in ratios if ratio.kind == kind]
    return sum(cost for cost, _ in costs) / sum(floor for _, floor in costs) if costs else 0.0


def show(ratios: Sequence[Ratio], console: Console) -> None:
    """Print a row a layout, and one for each class."""
    table = Table("layout", "papers", "MB", "times floor", "at most", title="bytes to frames")
    for ratio in ratios:
        table.add_row(ratio.layout, f"{ratio.n_papers:,}", f"{ratio.n_bytes / 1e6:.1f}", f"{ratio.times:.1f}", "")
    for kind, most in MOST_TIMES.items():
        table.add_row(f"{kind} together", "", "", f"{times_together(ratios, kind):.1f}", f"{most:.0f}")
    console.print(table)


def main(arguments: Sequence[str]) -> int:
    """1 when a class costs more than it may; prints the figures and records them in results/read_layouts.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layouts", nargs="+", default=list(WRITERS), choices=list(WRITERS))
    ratios = [measure_layout(layout) for layout in parser.parse_args(arguments).layouts]
    console = Console()
    show(ratios, console)
    few, many = peak_mib(120), peak_mib(960)
    console.print(f"peak memory: {few:.0f} MiB over 120 dumps, {many:.0f} MiB over 960, in batches of 4 MiB")
    told = {ratio.layout: asdict(ratio) | {"times": ratio.times} for ratio in ratios}
    record("read_layouts", {**told, "peak_mib": {"120": few, "960": many}})
    return int(any(times_together(ratios, kind) > most for kind, most in MOST_TIMES.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
