"""The flow on a real, embedded Prefect server: one harness for all flow tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from paperlake import open_release
from tests.conftest import SAMPLES

pytestmark = pytest.mark.slow
PROJECT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def prefect_server():
    from flows import build_papers  # sets Prefect's variables before Prefect is imported
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with (
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield build_papers


def test_the_flow_gives_the_release_of_a_plain_build(prefect_server, sample_store, tmp_path):
    report = prefect_server.build_papers(raw=SAMPLES, store=tmp_path / "store")
    assert report.is_new
    assert open_release(tmp_path / "store").manifest == open_release(sample_store).manifest
    again = prefect_server.build_papers(raw=SAMPLES, store=tmp_path / "store")
    assert (again.is_new, again.version) == (False, 1)


def test_the_flow_leaves_an_artifact_and_named_runs(prefect_server, tmp_path):
    from prefect.client.orchestration import get_client

    prefect_server.build_papers(raw=SAMPLES, store=tmp_path / "store")
    with get_client(sync_client=True) as client:
        artifacts = [a for a in client.read_artifacts() if a.key == "paperlake-build"]
        names = {run.name for run in client.read_task_runs()}
    assert any("| papers |" in artifact.data and "submitters-only" in artifact.data for artifact in artifacts)
    assert {"extract-0001", "normalise-0001", "resolve", "assemble", "check", "publish"} <= names


def test_a_gate_is_not_tried_again(prefect_server, tmp_path):
    from prefect.client.orchestration import get_client

    from paperlake.errors import GateError

    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "page.txt").write_text("Get trending papers in your email inbox!\nSubscribe")
    with pytest.raises(GateError):
        prefect_server.build_papers(raw=tmp_path / "raw", store=tmp_path / "store")
    with get_client(sync_client=True) as client:
        checks = [run for run in client.read_task_runs() if run.name == "check" and run.state.is_failed()]
    assert [run.run_count for run in checks] == [1]


def test_the_library_does_not_import_prefect():
    code = "import sys, paperlake, paperlake.cli; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=os.environ).returncode == 0
