"""A Dask cluster of separate processes on this machine, for tests and figures: a scheduler, workers of one thread."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from distributed import Client

PROJECT = Path(__file__).parent.parent
_QUIET = ["--host", "127.0.0.1", "--no-dashboard"]
_SECONDS = 60


@contextmanager
def dask_cluster(folder: Path, n_workers: int) -> Iterator[str]:
    """The address of the scheduler, once so many workers are there; in the end every process is gone.

    Args:
        folder: the workers' own; they run in it, so that a path which is not absolute leads nowhere.
        n_workers: how many; none of them is started again.
    """
    told = folder / "scheduler.json"
    started = [_start("dask_scheduler", folder, "--port", "0", "--scheduler-file", str(told))]
    try:
        alone = ["--scheduler-file", str(told), "--nthreads", "1", "--no-nanny"]
        started += [_start("dask_worker", folder, *alone) for _ in range(n_workers)]
        with Client(scheduler_file=str(told), timeout=_SECONDS) as client:
            client.wait_for_workers(n_workers, timeout=_SECONDS)
            address = client.scheduler.address
        yield address
    finally:
        for process in started:  # a worker that is asked to end waits for a scheduler that ends, too
            process.kill()
            process.wait()


def _start(program: str, folder: Path, *options: str) -> subprocess.Popen[bytes]:
    modules = os.pathsep.join([str(PROJECT / "src"), str(PROJECT)])
    with (folder / f"{program}.log").open("ab") as log:
        command = [sys.executable, "-m", f"distributed.cli.{program}", *_QUIET, *options]
        return subprocess.Popen(command, cwd=folder, env=os.environ | {"PYTHONPATH": modules}, stdout=log, stderr=log)
