"""The main job as a Prefect flow: new dumps in, one release or none out."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

# Nothing leaves the machine: Prefect reads these when it is imported.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")

from prefect import Task, flow, get_run_logger, runtime, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from rich.console import Console

from paperlake.cli import show_report
from paperlake.errors import PaperlakeError
from paperlake.pipeline import BuildReport, Made, Order, build
from paperlake.settings import Settings


def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a retry can help: a disk may come back, a held gate or a bug of ours never does."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) and not isinstance(error, PaperlakeError)


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
        """What the task gives."""
        return _as_task(name, name, step)(*arguments)

    def map(self, name: str, step: Callable[[Order], Made], orders: Sequence[Order]) -> list[Made]:
        """What one task a batch gives, in order."""
        futures = [
            _as_task(name, f"{name}-{number:04d}", step).submit(order) for number, order in enumerate(orders, start=1)
        ]
        return [future.result() for future in futures]


def _flow_run_name() -> str:
    raw = runtime.flow_run.parameters.get("raw")
    return f"build-{Settings.given(raw).raw}"


@flow(name="build-papers", flow_run_name=_flow_run_name, log_prints=False)
def build_papers(raw: Path | None = None, store: Path | None = None, accept: list[str] | None = None) -> BuildReport:
    """Read new dumps and publish one release, or none where nothing changed.

    Args:
        raw: folder of dumps; without it PAPERLAKE_RAW, or data/raw.
        store: folder of releases; without it PAPERLAKE_STORE, or data/processed.
        accept: gates that a person lets pass in this run.
    """
    run_id = str(runtime.flow_run.id)
    report = build(Settings.given(raw, store), PrefectSteps(), accept=tuple(accept or ()), run_id=run_id)
    create_markdown_artifact(report_markdown(report), key="paperlake-build", description="What the build published.")
    get_run_logger().info("release %s, new: %s, papers: %s", report.version, report.is_new, report.counts["papers"])
    return report


def report_markdown(report: BuildReport) -> str:
    """The counts of a build as Markdown for Prefect's page of artifacts."""
    said = "published" if report.is_new else "unchanged"
    rows = "\n".join(f"| {name} | {n_rows:,} |" for name, n_rows in report.counts.items())
    gates = "\n".join(
        f"- {'passed' if gate['passed'] else 'accepted'}: {gate['gate']}: {gate['finding']}" for gate in report.gates
    )
    aside = "\n".join(f"- `{dump['path']}`: {dump['reason']}" for dump in report.rejected_dumps) or "- none"
    return (
        f"# Release {report.version} {said}\n\n{report.n_dumps_new} new dumps\n\n"
        f"| table | rows |\n|---|---|\n{rows}\n\n"
        f"## Gates\n\n{gates}\n\n## Dumps set aside\n\n{aside}\n"
    )


if __name__ == "__main__":
    try:
        show_report(build_papers(), Console())
    except PaperlakeError as error:
        sys.exit(error.exit_code)
