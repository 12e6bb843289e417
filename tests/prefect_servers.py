"""Real Prefect servers and workers for tests, each in processes and a home of its own, on loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

PROJECT = Path(__file__).parent.parent
PREFECT = [sys.executable, "-m", "prefect"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(look, wanted=bool, seconds=60):
    """What `look` gives once it holds what is wanted; the last it gave, where that does not come."""
    end = time.monotonic() + seconds
    while not wanted(found := look()) and time.monotonic() < end:
        time.sleep(0.2)
    return found


class Server:
    """The API of a running server, and the environment for whoever speaks to it."""

    def __init__(self, home: Path, port: int):
        self.url = f"http://127.0.0.1:{port}/api"
        self.environment = os.environ | {
            "PREFECT_HOME": str(home),
            "PREFECT_API_URL": self.url,
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
        }

    def is_up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=2).json() is True
        except (httpx.HTTPError, ValueError):
            return False

    def run(self, *command: str) -> str:
        """What a command of Prefect's prints."""
        done = subprocess.run(
            [*PREFECT, *command], cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def flow_runs(self, *states: str) -> list[dict]:
        """Runs in these states, all without any."""
        chosen = {"flow_runs": {"state": {"type": {"any_": list(states)}}}} if states else {}
        return httpx.post(f"{self.url}/flow_runs/filter", json=chosen, timeout=30).json()

    def deployments(self) -> dict[str, dict]:
        return {one["name"]: one for one in httpx.post(f"{self.url}/deployments/filter", json={}, timeout=30).json()}


@contextmanager
def serving(home: Path) -> Iterator[Server]:
    """A server with its own scheduler."""
    port = free_port()
    server = Server(home, port)
    with process([*PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port)], server.environment):
        assert wait_for(server.is_up, seconds=120), "the server did not come up"
        yield server


@contextmanager
def process(command: list[str], environment: dict[str, str], cwd: Path = PROJECT) -> Iterator[subprocess.Popen]:
    """A process in a session of its own, of which nothing is left at the end."""
    log = subprocess.DEVNULL
    one = subprocess.Popen(command, cwd=cwd, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        yield one
    finally:
        one.terminate()
        try:
            one.wait(20)
        except subprocess.TimeoutExpired:
            kill_session(one)


def kill_session(one: subprocess.Popen) -> None:
    """SIGKILL to a process and all that it started."""
    os.killpg(one.pid, signal.SIGKILL)
    one.wait()
