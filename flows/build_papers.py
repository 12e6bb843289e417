"""The main job as a Prefect flow: new dumps in, one release or none out."""

import argparse
from pathlib import Path

from prefect import flow, get_run_logger, runtime
from rich.console import Console

from flows import runners
from flows.artifacts import show_build
from flows.assets import record_release
from flows.command_line import make_parser, run_flow
from flows.notices import tell_end
from flows.prefect_steps import PrefectSteps
from flows.time_limit import time_limit
from paperlake.build_commands import show_report
from paperlake.build_report import BuildReport
from paperlake.pipeline import build
from paperlake.settings import Settings
from paperlake.stage_log import LoggedSteps


def _flow_run_name() -> str:
    raw = runtime.flow_run.parameters.get("raw")
    return f"build-{Settings.given(raw).raw}"


@flow(
    name="build-papers",
    flow_run_name=_flow_run_name,
    log_prints=False,
    task_runner=runners.runner_of_environment(),
    on_completion=[tell_end],
    on_failure=[tell_end],
    on_crashed=[tell_end],
)
def build_papers(
    raw: Path | None = None,
    store: str | None = None,
    accept: list[str] | None = None,
    time_limit_minutes: float | None = None,
) -> BuildReport:
    """Read new dumps and publish one release, or none where nothing changed.

    Args:
        raw: folder of dumps; without it PAPERLAKE_RAW, or data/raw.
        store: folder of releases, or s3://bucket/prefix; without it PAPERLAKE_STORE, or data/processed.
        accept: gates that a person lets pass in this run.
        time_limit_minutes: after so many minutes the run is ended; the next one goes on where it stopped.
    """
    settings, log = Settings.given(raw, store).absolute(), get_run_logger()
    steps = LoggedSteps(PrefectSteps(), log.info)
    with time_limit(time_limit_minutes):
        report = build(settings, steps, accept=tuple(accept or ()), run_id=str(runtime.flow_run.id))
    show_build(report, steps.stages)
    if report.is_new:
        record_release(settings.store, report)
    log.info("release=%s is_new=%s papers=%s", report.version, report.is_new, report.counts["papers"])
    return report


def _arguments() -> argparse.Namespace:
    return make_parser("build_papers", __doc__).parse_args()


if __name__ == "__main__":
    show_report(run_flow(build_papers, _arguments()), Console())
