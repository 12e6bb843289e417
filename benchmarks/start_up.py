"""What commands cost before they do anything: CPU and wall seconds of whole processes, from start to exit.

    python -m benchmarks.start_up                10,000 dumps in the raw folder of the run that finds nothing new

Each is run five times and counts with its quickest run. Python alone, importing nothing, is the floor.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from rich.console import Console
from rich.table import Table

from benchmarks.dump_generator import write_dumps
from benchmarks.history import record

SEED = 7
PAPERS_PER_DUMP = 10
PAPERS_OF_ONE = 200
N_RUNS = 5
_AT_ONCE = {"PAPERLAKE_SETTLE_SECONDS": "0"}
"""Nobody waits for new files to hold still, which takes two seconds whatever a build costs."""


def cost_of(*arguments: str, n_runs: int = N_RUNS) -> tuple[float, float]:
    """CPU and wall seconds of a Python process, each the least of its runs."""
    found = [_run(arguments) for _ in range(n_runs)]
    return min(cpu for cpu, _ in found), min(wall for _, wall in found)


def _run(arguments: Sequence[str]) -> tuple[float, float]:
    before, start = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": os.environ | _AT_ONCE}
    subprocess.run([sys.executable, *arguments], check=True, **quiet)
    wall, after = time.perf_counter() - start, getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def measure(folder: Path, n_dumps: int, n_runs: int = N_RUNS) -> dict[str, tuple[float, float]]:
    """CPU and wall seconds by what is done.

    Args:
        folder: an empty one, for dumps and stores.
        n_dumps: how many the run finds that finds nothing new.
        n_runs: of each.
    """
    small, one, many = (folder / name for name in ("small", "one", "many"))
    write_dumps(small, PAPERS_OF_ONE, SEED, PAPERS_OF_ONE)
    write_dumps(many, n_dumps * PAPERS_PER_DUMP, SEED, PAPERS_PER_DUMP)
    paperlake = ("-m", "paperlake")
    stores = {raw: ("--raw", str(raw), "--store", str(folder / f"store-{raw.name}")) for raw in (small, many)}
    for raw in (small, many):
        _run([*paperlake, "build", *stores[raw]])
    costs = {
        "Python alone": cost_of("-c", "pass", n_runs=n_runs),
        "paperlake --help": cost_of(*paperlake, "--help", n_runs=n_runs),
        "paperlake show papers": cost_of(*paperlake, "show", "papers", *stores[small][2:], n_runs=n_runs),
        f"paperlake build, nothing new in {n_dumps:,} dumps": cost_of(
            *paperlake, "build", *stores[many], n_runs=n_runs
        ),
    }
    return costs | {f"paperlake build, one new dump of {PAPERS_OF_ONE} papers": _new_dumps(one, folder, n_runs)}


def _new_dumps(raw: Path, folder: Path, n_runs: int) -> tuple[float, float]:
    """The same of builds that each read one more dump into one store."""
    found = []
    for seed in range(n_runs + 1):
        write_dumps(folder / f"seed-{seed}", PAPERS_OF_ONE, seed, PAPERS_OF_ONE)
        raw.mkdir(exist_ok=True)
        for path in (folder / f"seed-{seed}").iterdir():
            path.rename(raw / f"{seed}-{path.name}")
        found.append(_run(["-m", "paperlake", "build", "--raw", str(raw), "--store", str(folder / "store-one")]))
    return min(cpu for cpu, _ in found[1:]), min(wall for _, wall in found[1:])


def main(arguments: Sequence[str]) -> None:
    """Print a row each, and record them in results/start_up.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dumps", type=int, default=10_000)
    table = Table("what", "CPU s", "wall s")
    with tempfile.TemporaryDirectory() as name:
        costs = measure(Path(name), parser.parse_args(arguments).dumps)
    for what, (cpu, wall) in costs.items():
        table.add_row(what, f"{cpu:.2f}", f"{wall:.2f}")
    record("start_up", {what: {"cpu_seconds": cpu, "wall_seconds": wall} for what, (cpu, wall) in costs.items()})
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
