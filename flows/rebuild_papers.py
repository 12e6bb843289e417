"""The proof that raw dumps give the release, as a Prefect flow: all is read and built again, and compared.

`python -m flows.rebuild_papers --check` publishes nothing and exits with 0 where the release comes out again, else
with 5; without `--check` a rebuilt release whose content differs is published.
"""

import argparse
import sys
from pathlib import Path

from flows.build_papers import PrefectSteps  # sets Prefect's variables before Prefect is imported

# isort: split
from prefect import flow, get_run_logger, runtime
from prefect.artifacts import create_markdown_artifact

from paperlake.errors import PaperlakeError
from paperlake.rebuild.rebuilding import rebuild
from paperlake.rebuild.report import RebuildReport, report_markdown
from paperlake.settings import Settings


def _flow_run_name() -> str:
    given = runtime.flow_run.parameters
    return f"{'check' if given.get('check') else 'rebuild'}-{Settings.given(store=given.get('store')).store}"


@flow(name="rebuild-papers", flow_run_name=_flow_run_name, log_prints=False)
def rebuild_papers(
    raw: Path | None = None,
    store: str | None = None,
    to: Path | None = None,
    check: bool = False,
    accept: list[str] | None = None,
) -> RebuildReport:
    """Build the newest release again from the raw dumps and compare; publish what differs, or fail with `check`.

    Args:
        raw: folder of dumps; without it PAPERLAKE_RAW, or data/raw.
        store: folder or bucket of releases; without it PAPERLAKE_STORE, or data/processed.
        to: folder for a store with the rebuilt release; without it that is thrown away.
        check: publish nothing, and fail where the raw dumps do not give the release.
        accept: gates that a person lets pass in this run.
    """
    settings, run_id = Settings.given(raw, store), str(runtime.flow_run.id)
    gates = tuple(accept or ())
    report = rebuild(settings, PrefectSteps(), to=to, is_check=check, accept=gates, run_id=run_id)
    text = report_markdown(report)
    create_markdown_artifact(text, key="paperlake-rebuild", description="Whether the release comes out again.")
    get_run_logger().info(text)
    if report.published is None:
        report.check()
    return report


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rebuild_papers", description=__doc__)
    parser.add_argument("--raw", type=Path, help="folder of dumps")
    parser.add_argument("--store", help="folder of releases, or s3://bucket/prefix")
    parser.add_argument("--to", type=Path, help="folder to keep the rebuilt release in, as a store")
    parser.add_argument("--check", action="store_true", help="publish nothing; exit with 5 where it differs")
    parser.add_argument("--accept", action="append", help="a gate to let pass; may be repeated")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        rebuild_papers(**vars(_arguments()))
    except PaperlakeError as error:
        sys.exit(error.exit_code)
