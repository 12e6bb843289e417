"""The proof that raw dumps give the release, as a Prefect flow: all is read and built again, and compared.

`python -m flows.rebuild_papers --check` publishes nothing and exits with 0 where the release comes out again, else
with 5; without `--check` a rebuilt release whose content differs is published.
"""

import argparse
import sys
from pathlib import Path

from prefect import flow, get_run_logger, runtime
from prefect.artifacts import create_markdown_artifact

from flows import runners
from flows.command_line import make_parser, run_flow
from flows.notices import tell_end
from flows.prefect_steps import PrefectSteps
from flows.time_limit import time_limit
from paperlake.rebuild.rebuilding import rebuild
from paperlake.rebuild.report import RebuildReport, report_markdown
from paperlake.settings import Settings
from paperlake.stage_log import LoggedSteps


def _flow_run_name() -> str:
    given = runtime.flow_run.parameters
    return f"{'check' if given.get('check') else 'rebuild'}-{Settings.given(store=given.get('store')).store}"


@flow(
    name="rebuild-papers",
    flow_run_name=_flow_run_name,
    log_prints=False,
    task_runner=runners.runner_of_environment(),
    on_failure=[tell_end],
    on_crashed=[tell_end],
)
def rebuild_papers(
    raw: Path | None = None,
    store: str | None = None,
    to: Path | None = None,
    check: bool = False,
    accept: list[str] | None = None,
    time_limit_minutes: float | None = None,
) -> RebuildReport:
    """Build the newest release again from the raw dumps and compare; publish what differs, or fail with `check`.

    Args:
        raw: folder of dumps; without it PAPERLAKE_RAW, or data/raw.
        store: folder or bucket of releases; without it PAPERLAKE_STORE, or data/processed.
        to: folder for a store with the rebuilt release; without it that is thrown away.
        check: publish nothing, and fail where the raw dumps do not give the release.
        accept: gates that a person lets pass in this run.
        time_limit_minutes: after so many minutes the run is ended.
    """
    settings, gates, log = Settings.given(raw, store).absolute(), tuple(accept or ()), get_run_logger()
    steps, run_id = LoggedSteps(PrefectSteps(), log.info), str(runtime.flow_run.id)
    with time_limit(time_limit_minutes):
        report = rebuild(settings, steps, to=to and to.absolute(), is_check=check, accept=gates, run_id=run_id)
    text = report_markdown(report)
    create_markdown_artifact(text, key="paperlake-rebuild", description="Whether the release comes out again.")
    log.info("release=%s same=%s faults=%s", report.version, report.has_same_content, len(report.faults))
    if report.published is None:
        report.check()
    return report


def _arguments() -> argparse.Namespace:
    parser = make_parser("rebuild_papers", __doc__)
    parser.add_argument("--to", type=Path, help="folder to keep the rebuilt release in, as a store")
    parser.add_argument("--check", action="store_true", help="publish nothing; exit with 5 where it differs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.stdout.write(report_markdown(run_flow(rebuild_papers, _arguments())))
