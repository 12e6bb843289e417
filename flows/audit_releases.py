"""The look at what is published, as a Prefect flow: files, contract, gates, and old data pruned.

`python -m flows.audit_releases` exits with 0 where nothing is to be mended, else with 5.
"""

import argparse
import sys

from prefect import flow, get_run_logger, runtime
from prefect.artifacts import create_markdown_artifact

from flows.notices import tell_end
from flows.prefect_steps import PrefectSteps
from flows.time_limit import time_limit
from paperlake.auditing import AuditReport, audit, audit_markdown
from paperlake.errors import PaperlakeError
from paperlake.release.prune import GRACE_DAYS, KEEP
from paperlake.settings import Settings
from paperlake.stage_log import LoggedSteps


def _flow_run_name() -> str:
    return f"audit-{Settings.given(store=runtime.flow_run.parameters.get('store')).store}"


@flow(
    name="audit-releases",
    flow_run_name=_flow_run_name,
    log_prints=False,
    on_failure=[tell_end],
    on_crashed=[tell_end],
)
def audit_releases(
    store: str | None = None,
    prune: bool = False,
    keep: int = KEEP,
    grace_days: int = GRACE_DAYS,
    time_limit_minutes: float | None = None,
) -> AuditReport:
    """Check every file of every release, and contract and gates of the newest; fail where something is wrong.

    Args:
        store: folder of releases, or s3://bucket/prefix; without it PAPERLAKE_STORE, or data/processed.
        prune: delete the data of old releases, where no file is damaged; without it that is only told.
        keep: how many of the last releases keep their data.
        grace_days: days between the tombstone of a release and deleting its data.
        time_limit_minutes: after so many minutes the run is ended.
    """
    log = get_run_logger()
    steps = LoggedSteps(PrefectSteps(), log.info)
    with time_limit(time_limit_minutes):
        report = audit(Settings.given(store=store), steps, is_pruning=prune, keep=keep, grace_days=grace_days)
    text = audit_markdown(report)
    create_markdown_artifact(text, key="paperlake-audit", description="Whether what is published can be trusted.")
    log.info("release=%s faults=%s pruned=%s", report.version, len(report.faults), report.is_pruned)
    report.check()
    return report


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="audit_releases", description=__doc__)
    parser.add_argument("--store", help="folder of releases, or s3://bucket/prefix")
    parser.add_argument("--prune", action="store_true", help="delete the data of old releases")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.stdout.write(audit_markdown(audit_releases(**vars(_arguments()))))
    except PaperlakeError as error:
        sys.exit(error.exit_code)
