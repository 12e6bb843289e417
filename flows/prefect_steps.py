"""Steps as Prefect tasks: named, tried again where that can help, run by threads or by a Dask cluster."""

from collections.abc import Callable, Sequence
from typing import Any

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from paperlake.errors import PaperlakeError
from paperlake.steps import Made, Order


def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a retry can help: a disk or a server may come back, a held gate or a bug of ours never does."""
    error = state.result(raise_on_failure=False)
    return error.may_pass if isinstance(error, PaperlakeError) else isinstance(error, OSError)


def _as_task(name: str, run_name: str, step: Callable[..., Made]) -> Task[..., Made]:
    decorate = task(
        name=name,
        task_run_name=run_name,
        retries=2,
        retry_delay_seconds=5,
        retry_condition_fn=_may_pass,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    return decorate(step)


class PrefectSteps:
    """Steps as Prefect tasks, which exchange paths and never frames. The work files are the cache."""

    def call(self, name: str, step: Callable[..., Made], *arguments: Any) -> Made:
        """What the task gives; it runs where the flow does."""
        return _as_task(name, name, step)(*arguments)

    def map(self, name: str, step: Callable[[Order], Made], orders: Sequence[Order]) -> list[Made]:
        """What one task a batch gives, in order; they run where the flow's task runner says."""
        futures = [
            _as_task(name, f"{name}-{number:04d}", step).submit(order) for number, order in enumerate(orders, start=1)
        ]
        return [future.result() for future in futures]
