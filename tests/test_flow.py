"""The flow on a real, embedded Prefect server: one harness for all flow tests."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from paperlake import open_release
from paperlake.dumps import find_dumps
from tests.conftest import SAMPLES

pytestmark = pytest.mark.slow
DRAWS_CHARTS = True
PROJECT = Path(__file__).parent.parent


def test_the_flow_gives_the_release_of_a_plain_build(prefect_server, sample_store, tmp_path):
    from flows.build_papers import build_papers

    report = build_papers(raw=SAMPLES, store=str(tmp_path / "store"))
    assert report.is_new
    assert open_release(tmp_path / "store").manifest == open_release(sample_store).manifest
    again = build_papers(raw=SAMPLES, store=str(tmp_path / "store"))
    assert (again.is_new, again.version) == (False, 1)


def test_the_flow_takes_folders_from_the_environment(prefect_server, tmp_path, monkeypatch):
    from flows.build_papers import build_papers

    monkeypatch.setenv("PAPERLAKE_RAW", str(SAMPLES))
    monkeypatch.setenv("PAPERLAKE_STORE", str(tmp_path / "store"))
    assert build_papers().is_new
    assert open_release(tmp_path / "store").version == 1


def wait_for(look, wanted, seconds=20):
    """What `look` gives once it holds what is wanted: the server records task runs a moment after they end."""
    end = time.monotonic() + seconds
    while not wanted(found := look()) and time.monotonic() < end:
        time.sleep(0.2)
    return found


def test_the_flow_leaves_an_artifact_and_named_runs(prefect_server, tmp_path):
    from flows.build_papers import build_papers
    from prefect.client.orchestration import get_client

    build_papers(raw=SAMPLES, store=str(tmp_path / "store"))
    partitioned = {"extract-0001", "normalise-0001", "pair-0001", "match-0001"}
    expected = {*partitioned, "enter", "index", "resolve", "assemble", "check", "publish"}
    with get_client(sync_client=True) as client:
        artifacts = [a for a in client.read_artifacts() if a.key == "paperlake-build"]
        names = wait_for(lambda: {run.name for run in client.read_task_runs()}, expected.issubset)
    assert any("| papers |" in artifact.data and "submitters-only" in artifact.data for artifact in artifacts)
    assert expected <= names


def test_a_gate_is_not_tried_again_and_a_disk_is(prefect_server, tmp_path):
    from flows.build_papers import build_papers
    from flows.prefect_steps import _as_task
    from prefect.client.orchestration import get_client

    from paperlake.errors import CorrectionError, GateError, UnreachableError

    def count(step, error):
        calls = []

        def fails():
            calls.append(1)
            raise error

        with pytest.raises(type(error)):
            _as_task(step, step, fails).with_options(retry_delay_seconds=0)()
        return len(calls)

    assert count("gate", GateError([("has_papers", "none")], ["has_papers"], "x")) == 1
    assert count("corrections", CorrectionError("corrections.toml", ["stale"])) == 1
    assert count("disk", OSError("disk away")) == 3
    assert count("server", UnreachableError("s3://a-bucket", ["_log: GenericError"], "Run again.")) == 3
    (tmp_path / "raw").mkdir()
    with pytest.raises(GateError):
        build_papers(raw=tmp_path / "raw", store=str(tmp_path / "store"))
    with get_client(sync_client=True) as client:
        failed = wait_for(
            lambda: [r for r in client.read_task_runs() if r.name == "check" and r.state_name == "Failed"], len
        )
    assert {run.run_count for run in failed} == {1}


def test_the_rebuild_flow_tells_what_differs_and_fails_with_check(prefect_server, sample_store, tmp_path):
    from flows.rebuild_papers import rebuild_papers
    from prefect.client.orchestration import get_client

    from paperlake.errors import StoreError

    raw = shutil.copytree(SAMPLES, tmp_path / "raw")
    report = rebuild_papers(raw=raw, store=str(sample_store), check=True)
    assert (report.faults, report.published) == ([], None)
    expected = {"extract-0001", "enter", "resolve", "assemble", "write", "compare"}
    with get_client(sync_client=True) as client:
        names = wait_for(lambda: {run.name for run in client.read_task_runs()}, expected.issubset)
        told = [a.data for a in client.read_artifacts() if a.key == "paperlake-rebuild"]
    assert expected <= names
    assert any("comes out again: the same content, the same bytes" in text for text in told)
    gone = next(dump.path for dump in find_dumps(raw) if dump.path not in (raw / "dumps.toml").read_text())
    (raw / gone).unlink()
    with pytest.raises(StoreError, match="expected the dump with sha256 .*, found no such file"):
        rebuild_papers(raw=raw, store=str(sample_store), check=True)


def test_the_rebuild_command_exits_with_5_where_raw_files_are_gone(prefect_server, sample_store, tmp_path):
    raw = shutil.copytree(SAMPLES, tmp_path / "raw")
    (raw / find_dumps(raw)[0].path).unlink()
    from prefect.settings import PREFECT_API_URL

    command = [sys.executable, "-m", "flows.rebuild_papers", "--check", "--raw", str(raw), "--store", str(sample_store)]
    environment = os.environ | {"PREFECT_API_URL": PREFECT_API_URL.value()}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert done.returncode == 5, done.stderr
    assert done.stderr.count("Bring the raw files back under any name") == 1
    assert "Traceback" not in done.stderr


def test_the_library_does_not_import_prefect():
    code = "import sys, paperlake, paperlake.cli; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=os.environ).returncode == 0


def test_a_runner_that_cannot_be_used_is_told_before_anything_starts():
    command = [sys.executable, "-m", "flows.build_papers", "--runner", "dask"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "expected the address of a Dask scheduler" in done.stderr
    assert "--scheduler or PAPERLAKE_SCHEDULER" in done.stderr
