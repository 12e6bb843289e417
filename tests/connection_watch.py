"""A watch on what processes connect to: every Python process that is started with it writes down hosts it asks for.

Whoever asks for another machine is refused, so that no test reaches one. Only Python's own sockets are seen: Prefect,
its server and its clients use no others (`uvloop`, which would, is not installed).
"""

from collections.abc import Mapping
from pathlib import Path

_HOOK = """
import os, sys

def _watch(event, arguments, log=os.environ["CONNECTION_LOG"]):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        host = arguments[1][0] if isinstance(arguments[1], tuple) else "a socket of this machine"
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    with open(log, "a") as lines:
        lines.write(f"{host}\\n")
    if host not in ("127.0.0.1", "::1", "localhost", "", None, "0.0.0.0", "a socket of this machine"):
        raise OSError(f"refused: a connection to {host}")

sys.addaudithook(_watch)
"""
LOOPBACK = {"127.0.0.1", "::1", "localhost", "", "None", "0.0.0.0", "a socket of this machine"}


class Watch:
    """Environment for the processes to watch, and what they asked for."""

    def __init__(self, folder: Path, environment: Mapping[str, str]):
        folder.mkdir(parents=True)
        (folder / "sitecustomize.py").write_text(_HOOK)
        self._log = folder / "connections.log"
        self._log.touch()
        self.environment = {**environment, "PYTHONPATH": str(folder), "CONNECTION_LOG": str(self._log)}

    @property
    def hosts(self) -> set[str]:
        return set(self._log.read_text().splitlines())

    @property
    def outside(self) -> set[str]:
        return self.hosts - LOOPBACK
