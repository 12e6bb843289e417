"""What Prefect adds to a plain build, at few dumps and at many: CPU and wall seconds, and how many tasks a run has.

Each build is a process of its own, as a person starts it, into a store of its own; of the flow the CPU of the embedded
server counts, too, and its home is new. A second run finds nothing new.

    python -m benchmarks.prefect_costs                     100 and 10,000 dumps of ten papers each
"""

import argparse
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.dump_generator import write_dumps

SEED = 7
PAPERS_PER_DUMP = 10
MODULES = {"plain": "paperlake", "prefect": "flows.build_papers"}


@dataclass(frozen=True, slots=True)
class Run:
    """What one build took: CPU of all its processes, and wall clock."""

    cpu_seconds: float
    wall_seconds: float


def build(kind: str, raw: Path, store: Path, home: Path) -> Run:
    """One build in processes of its own."""
    command = [sys.executable, "-m", MODULES[kind], *(["build"] if kind == "plain" else [])]
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    before, start = _cpu_of_children(), time.perf_counter()
    subprocess.run(
        [*command, "--raw", str(raw), "--store", str(store)],
        env=environment | {"PREFECT_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return Run(_cpu_of_children() - before, time.perf_counter() - start)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def count_task_runs(home: Path) -> list[int]:
    """Task runs of each flow run that a server kept, the first one first."""
    query = "SELECT COUNT(task_run.id) FROM flow_run LEFT JOIN task_run ON task_run.flow_run_id = flow_run.id"
    with sqlite3.connect(home / "prefect.db") as kept:
        return [n for (n,) in kept.execute(f"{query} GROUP BY flow_run.id ORDER BY flow_run.start_time")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dumps", type=int, nargs="+", default=[100, 10_000])
    table = Table("dumps", "run", "plain CPU s", "prefect CPU s", "plain wall s", "prefect wall s", "task runs")
    for n_dumps in parser.parse_args(arguments).dumps:
        with tempfile.TemporaryDirectory() as folder:
            raw, home = Path(folder, "raw"), Path(folder, "home")
            write_dumps(raw, n_dumps * PAPERS_PER_DUMP, SEED, PAPERS_PER_DUMP)
            runs = [{kind: build(kind, raw, Path(folder, kind), home) for kind in MODULES} for _ in range(2)]
            for name, run, n_tasks in zip(("first", "nothing new"), runs, count_task_runs(home), strict=True):
                cpu = (f"{run[kind].cpu_seconds:.1f}" for kind in MODULES)
                wall = (f"{run[kind].wall_seconds:.1f}" for kind in MODULES)
                table.add_row(f"{n_dumps:,}", name, *cpu, *wall, str(n_tasks))
    Console().print(table)


if __name__ == "__main__":
    main()
