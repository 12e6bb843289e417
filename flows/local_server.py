"""A Prefect server on this machine, for whoever has none: the embedded one of a single run keeps no clock."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from prefect.settings import PREFECT_API_URL, get_current_settings, temporary_settings

from paperlake.errors import SettingsError

_PATIENCE_SECONDS = 120
"""A cold server took 30 s where three started at once."""


_WANTED = "one that is free, or that a Prefect server answers on"


@contextmanager
def local_server(port: int) -> Iterator[str]:
    """Address of the API to speak to: the one that is set, one that answers on loopback already, or one started here.

    What is started here ends with this; it keeps its runs below PREFECT_HOME.

    Raises:
        SettingsError: something else listens on the port, or the server does not come up.
    """
    known = get_current_settings().api.url
    url = f"http://127.0.0.1:{port}/api"
    if known:
        yield known
        return
    with _started(url, port), temporary_settings({PREFECT_API_URL: url}):
        os.environ["PREFECT_API_URL"] = url  # for the processes that runs are
        yield url


@contextmanager
def _started(url: str, port: int) -> Iterator[None]:
    if _answers(url):
        yield
        return
    if _is_taken(port):
        remedy = "Something else listens there: name another port with --port."
        raise SettingsError("port", port, _WANTED, remedy)
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    # A session of its own: Ctrl-C ends the serving first, which still has something to tell the server.
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    try:
        _wait(server, url, port)
        yield
    finally:
        server.terminate()
        server.wait()


def _wait(server: "subprocess.Popen[bytes]", url: str, port: int) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not _answers(url):
        if server.poll() is not None or time.monotonic() > end:
            remedy = f"Name another with --port, or see why with `prefect server start --port {port}`."
            raise SettingsError("port", port, _WANTED, remedy)
        time.sleep(0.2)


def _is_taken(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def _answers(url: str) -> bool:
    """Whether a Prefect server is there."""
    try:
        return httpx.get(f"{url}/health", timeout=2).json() is True
    except (httpx.HTTPError, ValueError):
        return False
