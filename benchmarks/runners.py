"""What Prefect and Dask add to a build: seconds by the clock of the same work under each runner, on this machine.

    python -m benchmarks.runners                          1,000 and 50,000 records
    python -m benchmarks.runners --records 200000

Every build reads the same generated dumps into a fresh store, and all must end in the same release. The Prefect server
runs already, and so do the scheduler and two workers of the cluster. Workers on this machine share its cores: what they
bring on others is to be measured there.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.dask_cluster import dask_cluster
from benchmarks.dump_generator import write_dumps
from paperlake.build_report import BuildReport
from paperlake.pipeline import build
from paperlake.settings import Settings
from paperlake.steps import PlainSteps

SEED = 7
Build = Callable[[Settings], BuildReport]


@contextmanager
def runners(folder: Path) -> Iterator[dict[str, Build]]:
    """By name how to build: plain calls, Prefect with threads, Prefect with a cluster of two workers."""
    import flows  # noqa: F401 (sets Prefect's variables before Prefect is imported)
    from flows.build_papers import build_papers
    from flows.runners import task_runner
    from prefect.testing.utilities import prefect_test_harness

    def under(kind: str, **options: object) -> Build:
        run = build_papers.with_options(task_runner=task_runner(kind, **options))
        return lambda settings: run(raw=settings.raw, store=str(settings.store))

    with prefect_test_harness(server_startup_timeout=120), dask_cluster(folder, n_workers=2) as address:
        yield {
            "plain calls": lambda settings: build(settings, PlainSteps()),
            "Prefect, 1 thread": under("threads", threads=1),
            "Prefect, 2 threads": under("threads", threads=2),
            "Prefect, Dask, 2 workers": under("dask", scheduler=address),
        }


def time_builds(builds: dict[str, Build], n_records: int, folder: Path) -> dict[str, float]:
    """By name the seconds of each build of as many records.

    Raises:
        ValueError: they end in different releases.
    """
    write_dumps(folder / "raw", n_records, SEED)
    seconds, found = {}, set()
    for name, run in builds.items():
        start = time.perf_counter()
        report = run(Settings(raw=folder / "raw", store=folder / name))
        seconds[name] = time.perf_counter() - start
        found.add(report.release)
    if len(found) != 1:
        raise ValueError(f"expected one release from all runners, found {sorted(found)}")
    return seconds


def main(arguments: Sequence[str]) -> None:
    """Print a row a runner."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[1_000, 50_000])
    sizes = parser.parse_args(arguments).records
    with tempfile.TemporaryDirectory() as name, runners(Path(name)) as builds:
        time_builds(builds, 10, Path(name, "first"))  # imports, and tables of the server
        told = {n_records: time_builds(builds, n_records, Path(name, str(n_records))) for n_records in sizes}
    table = Table("runner", *(f"{n_records:,} records" for n_records in sizes), title="seconds by the clock")
    for runner in builds:
        table.add_row(runner, *(f"{told[n_records][runner]:.1f}" for n_records in sizes))
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
