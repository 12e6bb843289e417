"""Who runs the steps over partitions: threads of this machine, or the workers of a Dask cluster."""

import os
from argparse import ArgumentParser, Namespace
from typing import Any

from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from paperlake.errors import SettingsError

_EXTRA = "Install it: pip install 'paperlake[dask]'."


def task_runner(kind: str = "threads", scheduler: str = "", threads: int = 0) -> TaskRunner[Any]:
    """The task runner for a flow.

    Args:
        kind: `threads`, or `dask` (the extra of that name) for a cluster that shares the raw folder, store and work
            folder with this machine, under the same paths.
        scheduler: address of the Dask scheduler, such as `tcp://10.0.0.5:8786`.
        threads: how many, for `threads`; 0 for one a core.

    Raises:
        SettingsError: there is no such kind, the extra is missing, or Dask has no address.
    """
    if kind == "threads":
        return ThreadPoolTaskRunner(max_workers=threads or os.cpu_count() or 1)
    if kind != "dask":
        raise SettingsError("runner", kind, "threads or dask", "Set it with --runner or PAPERLAKE_RUNNER.")
    if not scheduler:
        remedy = "Name one with --scheduler or PAPERLAKE_SCHEDULER: tcp://HOST:8786."
        raise SettingsError("scheduler", scheduler, "the address of a Dask scheduler", remedy)
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ModuleNotFoundError as error:
        raise SettingsError("runner", kind, "the extra `dask`", _EXTRA) from error
    runner: TaskRunner[Any] = DaskTaskRunner(address=scheduler)
    return runner


def runner_of_environment() -> TaskRunner[Any]:
    """What `PAPERLAKE_RUNNER`, `PAPERLAKE_SCHEDULER` and `PAPERLAKE_THREADS` say: for workers of deployments."""
    threads = os.environ.get("PAPERLAKE_THREADS", "0")
    if not threads.isdigit():
        raise SettingsError("threads", threads, "a whole number", "Set PAPERLAKE_THREADS, or leave it out.")
    kind, scheduler = os.environ.get("PAPERLAKE_RUNNER", "threads"), os.environ.get("PAPERLAKE_SCHEDULER", "")
    return task_runner(kind, scheduler, int(threads))


def add_options(parser: ArgumentParser) -> None:
    """Nothing: the command line has the options of a runner; what is not given comes from the environment."""
    kind, scheduler = os.environ.get("PAPERLAKE_RUNNER", "threads"), os.environ.get("PAPERLAKE_SCHEDULER", "")
    parser.add_argument("--runner", choices=("threads", "dask"), default=kind)
    parser.add_argument("--scheduler", default=scheduler, help="tcp://HOST:8786, for dask")
    parser.add_argument("--threads", type=int, default=0, help="how many, for threads; one a core without it")


def pop_runner(given: Namespace) -> TaskRunner[Any]:
    """The task runner that the command line named; its options are taken out of what was given."""
    runner = task_runner(given.runner, given.scheduler, given.threads)
    for name in ("runner", "scheduler", "threads"):
        delattr(given, name)
    return runner
