"""Nothing leaves the machine: what processes connect to is traced, flow, embedded server and all."""

import os
import subprocess
import sys

import pytest

from tests.conftest import SAMPLES
from tests.connection_watch import Watch
from tests.prefect_servers import PROJECT


def run(watch, *command):
    return subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=watch.environment, capture_output=True, text=True, check=False
    )


def bare(tmp_path):
    """An environment in which nobody switched anything off."""
    switches = ("DO_NOT_TRACK", "PREFECT_SERVER_ANALYTICS_ENABLED", "PREFECT_API_URL")
    environment = {name: value for name, value in os.environ.items() if name not in switches}
    return Watch(tmp_path / "watch", environment | {"PREFECT_HOME": str(tmp_path / "home")})


def test_the_watch_sees_and_refuses_what_goes_outside(tmp_path):
    watch = bare(tmp_path)
    done = run(watch, "-c", "import socket; socket.create_connection(('192.0.2.1', 80))")
    assert "refused: a connection to 192.0.2.1" in done.stderr
    done = run(watch, "-c", "import httpx; httpx.get('http://example.invalid')")
    assert done.returncode == 1
    assert watch.outside == {"192.0.2.1", "example.invalid"}


@pytest.mark.slow
def test_the_flow_and_its_server_speak_to_this_machine_alone(tmp_path):
    watch = bare(tmp_path)
    done = run(watch, "-m", "flows.build_papers", "--raw", str(SAMPLES), "--store", str(tmp_path / "store"))
    assert done.returncode == 0, done.stderr
    assert "127.0.0.1" in watch.hosts  # the flow and its server did speak to one another
    assert watch.outside == set()


def test_a_plain_build_speaks_to_nobody(tmp_path):
    watch = bare(tmp_path)
    done = run(watch, "-m", "paperlake", "build", "--raw", str(SAMPLES), "--store", str(tmp_path / "store"))
    assert done.returncode == 0, done.stderr
    assert watch.hosts == set()
