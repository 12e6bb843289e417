"""Unattended: the deployments of prefect.yaml on a real server, by a schedule, through a SIGKILL of the worker."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from paperlake import open_release, versions
from paperlake.errors import SettingsError
from paperlake.release.verify import verify_all
from paperlake.serve_commands import find_flows
from tests.conftest import SAMPLES, build_store
from tests.connection_watch import Watch
from tests.prefect_servers import PREFECT, PROJECT, free_port, kill_session, process, serving, wait_for

DUMPS = sorted(SAMPLES.glob("2026-04-2[0-8]*"))[:4]


def arrive(dump: Path, raw: Path) -> None:
    """A dump dropped into the raw folder as capture tools do it: a part first, the whole under its name then."""
    part = raw / f"{dump.name}.part"
    part.write_bytes(dump.read_bytes()[:100])
    time.sleep(0.1)
    part.write_bytes(dump.read_bytes())
    part.rename(raw / dump.name)


def dumps_in(store: Path) -> set[str]:
    return set(open_release(store).read("dumps")["path"]) if versions(store) else set()


@pytest.mark.slow
def test_a_schedule_publishes_what_arrives_through_a_killed_worker(tmp_path):
    raw, store = tmp_path / "raw", tmp_path / "store"
    raw.mkdir()
    with serving(tmp_path / "home") as server:
        server.run("work-pool", "create", "paperlake", "--type", "process")
        server.run("--no-prompt", "deploy", "--all")
        server.run("deployment", "schedule", "create", "build-papers/nightly", "--interval", "6")
        environment = server.environment | {"PAPERLAKE_RAW": str(raw), "PAPERLAKE_STORE": str(store)}
        start = [*PREFECT, "worker", "start", "--pool", "paperlake", "--type", "process"]
        with process(start, environment) as worker:
            for number, dump in enumerate(DUMPS[:2], start=1):
                arrive(dump, raw)
                wait_for(lambda name=dump.name: name in dumps_in(store), seconds=180)
                assert wait_for(lambda n=number: len(server.flow_runs("COMPLETED")) >= n)
            arrive(DUMPS[2], raw)
            assert wait_for(lambda: server.flow_runs("RUNNING"), seconds=120)
            kill_session(worker)
        with process(start, environment):
            arrive(DUMPS[3], raw)
            wait_for(lambda: {dump.name for dump in DUMPS} <= dumps_in(store), seconds=300)
            done = wait_for(lambda: server.flow_runs("COMPLETED"), lambda runs: len(runs) >= 3)
    assert len(done) >= 3
    commits = versions(store)
    assert [commit.version for commit in commits] == list(range(1, len(commits) + 1))
    prints = [open_release(store, commit.version).manifest["fingerprint"] for commit in commits]
    assert len(set(prints)) == len(prints) >= 3
    assert verify_all(store) == []
    build_store(raw, tmp_path / "whole")
    assert prints[-1] == open_release(tmp_path / "whole").manifest["fingerprint"]


@pytest.mark.slow
def test_serve_keeps_the_clock_and_leaves_nothing_running(tmp_path):
    from tests.prefect_servers import Server

    shutil.copytree(SAMPLES, tmp_path / "raw")
    port = free_port()
    server = Server(tmp_path / "home", port)
    environment = {name: value for name, value in server.environment.items() if name != "PREFECT_API_URL"}
    watch = Watch(tmp_path / "watch", environment)
    command = [sys.executable, "-m", "paperlake", "serve", "--port", str(port), "--cron", "0 4 * * *"]
    with process([*command, "--store", "store", "--raw", "raw"], watch.environment, cwd=tmp_path) as served:
        assert wait_for(server.is_up, seconds=120)
        runs = wait_for(lambda: server.flow_runs("SCHEDULED"), lambda runs: len({run["flow_id"] for run in runs}) == 2)
        given = {name: one["parameters"] for name, one in server.deployments().items()}
        os.kill(served.pid, signal.SIGTERM)
        served.wait(30)
    assert {run["parameters"]["store"] for run in runs} == {str(tmp_path / "store")}
    assert given["nightly"]["raw"] == str(tmp_path / "raw")
    assert set(given) == {"nightly", "weekly", "on-demand"}
    assert wait_for(lambda: not server.is_up(), seconds=20)
    assert watch.outside == set()


def test_serve_deploys_what_prefect_yaml_does():
    from flows.serving import make_deployments

    written = {one["name"]: one for one in yaml.safe_load((PROJECT / "prefect.yaml").read_text())["deployments"]}
    served = {one.name: one for one in make_deployments("0 3 * * *", "0 6 * * 0", Path("raw"), "store", 360)}
    assert set(served) == set(written)
    for name, one in served.items():
        crons = [schedule["cron"] for schedule in written[name]["schedules"]]
        assert [schedule.schedule.cron for schedule in one.schedules] == crons
        assert one.entrypoint.endswith(written[name]["entrypoint"])
        strategy = written[name]["concurrency_limit"]["collision_strategy"]
        assert (one.concurrency_limit, one.concurrency_options.collision_strategy) == (1, strategy)
        assert set(written[name]["parameters"]) <= set(one._parameter_openapi_schema.properties)


def test_parameters_are_typed_and_described_for_the_form():
    from flows.serving import make_deployments

    for one in make_deployments("0 3 * * *", "0 6 * * 0", Path("raw"), "store", 360):
        for name, parameter in one._parameter_openapi_schema.properties.items():
            assert parameter.get("type") or parameter.get("anyOf"), (one.name, name)
            assert parameter.get("description"), (one.name, name)


def test_the_versions_that_prefect_needs_are_installed():
    """Prefect 3.8.8 takes these in and breaks: its first flow with the one, every schedule with the other."""
    from importlib.metadata import version

    assert tuple(map(int, version("fastapi").split(".")[:2])) < (0, 151)
    assert tuple(map(int, version("sqlalchemy").split(".")[:2])) < (2, 1)


@pytest.mark.slow
def test_a_schedule_that_is_none_is_told_before_anything_starts():
    command = [sys.executable, "-m", "paperlake", "serve", "--port", "1", "--cron", "at dawn"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "expected two schedules as cron writes them, found \"'at dawn'" in done.stderr
    assert "Traceback" not in done.stderr


def test_places_of_runs_are_kept_on_disk():
    """In memory, the place of a run that dies together with its server is never free: all later ones are cancelled."""
    look = "from prefect.settings import get_current_settings as now; print(now().server.concurrency.lease_storage)"
    environment = {name: value for name, value in os.environ.items() if "LEASE_STORAGE" not in name}
    found = subprocess.run(
        [sys.executable, "-c", f"import flows; {look}"], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    assert found.stdout.strip().endswith("lease_storage.filesystem")


def test_flows_are_found_in_a_checkout_alone(tmp_path, monkeypatch):
    assert find_flows() == PROJECT
    monkeypatch.setattr("paperlake.serve_commands.__file__", str(tmp_path / "a/b/c/serve_commands.py"))
    monkeypatch.chdir(PROJECT)
    assert find_flows() == PROJECT
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="a checkout of paperlake"):
        find_flows()


@pytest.mark.slow
def test_a_port_that_something_else_has_is_told(tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
        environment |= {"PREFECT_HOME": str(tmp_path / "home"), "DO_NOT_TRACK": "1"}
        command = [sys.executable, "-m", "paperlake", "serve", "--port", port]
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "expected one that is free, or that a Prefect server answers on" in done.stderr
