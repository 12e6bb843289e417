"""Prefect as flows will find it: its server, its home, its analytics.

A process of its own is asked: the library knows no orchestrator, and a Prefect that cannot be imported is a finding.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from paperlake.doctor.finding import Finding

_QUESTION = """
import json
from prefect.settings import get_current_settings
found = get_current_settings()
print(json.dumps({
    "url": found.api.url, "home": str(found.home), "analytics": found.server.analytics_enabled,
    "ephemeral": found.server.ephemeral.enabled,
}))
"""
_AS_FLOWS_SET = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
"""What the modules of `flows` set where nobody did."""
_IMPORT_SECONDS = 120
_ANSWER_SECONDS = 2.0
_OFF = "Set PREFECT_SERVER_ANALYTICS_ENABLED=false"


def check_prefect() -> Iterator[Finding]:
    """Findings on Prefect's settings; none where it is not installed."""
    if find_spec("prefect") is None:
        return
    told = _ask()
    if isinstance(told, Finding):
        yield told
        return
    yield _check_server(told["url"], is_ephemeral=told["ephemeral"])
    yield _check_home(Path(told["home"]))
    yield _check_analytics(told["url"], is_on=told["analytics"])


def _ask() -> dict[str, Any] | Finding:
    """Prefect's settings as a flow has them, or why nobody can tell."""
    command, variables = [sys.executable, "-c", _QUESTION], _AS_FLOWS_SET | os.environ
    try:
        answer = subprocess.check_output(command, env=variables, stderr=subprocess.DEVNULL, timeout=_IMPORT_SECONDS)  # noqa: S603
        told: dict[str, Any] = json.loads(answer)
    except (subprocess.SubprocessError, ValueError):
        message = "expected Prefect to tell its settings, found that it does not"
        remedy = f"See why: {sys.executable} -m prefect config view. Or install the locked versions: make setup."
        return Finding("prefect", False, message, remedy)
    return told


def _check_server(url: str | None, *, is_ephemeral: bool) -> Finding:
    subject = "prefect server"
    if url is None and is_ephemeral:
        return Finding(
            subject,
            True,
            "none set: each flow, and `paperlake serve`, starts one of its own; workers need PREFECT_API_URL",
        )
    if url is None:
        remedy = "Set PREFECT_API_URL, or PREFECT_SERVER_EPHEMERAL_ENABLED=true."
        return Finding(subject, False, "expected a server, found none set, and flows may not start one", remedy)
    failure = _find_failure(url)
    message = f"expected an answer of {_shown(url)} within {_ANSWER_SECONDS:.0f} s, found {failure}"
    remedy = "Start it (`prefect server start`), or mend PREFECT_API_URL, which ends in /api."
    return Finding(subject, failure is None, message if failure else f"{_shown(url)} answers", remedy)


def _check_home(home: Path) -> Finding:
    there = next(path for path in (home, *home.parents) if path.exists())
    is_ok = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    message = str(home) if is_ok else f"expected a folder to write to at {home}, found none"
    return Finding("prefect home", is_ok, message, "Name another: PREFECT_HOME=FOLDER; or mend its permissions.")


def _check_analytics(url: str | None, *, is_on: bool) -> Finding:
    subject = "prefect analytics"
    if is_on:
        return Finding(subject, False, "expected them to be off, found them on in the environment", f"{_OFF}.")
    if url is not None and _server_tells(url):
        remedy = f"{_OFF} where the server runs, and start it again."
        return Finding(subject, False, f"expected them to be off, found them on at {_shown(url)}", remedy)
    return Finding(subject, True, "off")


def _find_failure(url: str) -> str | None:
    """Why a server is of no use; None where it answers, be it that it wants credentials, which flows have."""
    try:
        _get(f"{url.rstrip('/')}/health")
    except urllib.error.HTTPError as error:
        return None if error.code in (401, 403) else f"HTTP status {error.code}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error))
    return None


def _server_tells(url: str) -> bool:
    """Whether a server says that it sends analytics; one that does not answer or refuses to tell says nothing."""
    try:
        told = json.loads(_get(f"{url.rstrip('/')}/admin/settings"))
        return bool(told["server"]["analytics_enabled"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _get(url: str) -> bytes:
    """What a server answers.

    Raises:
        ValueError: that is no URL of a server.
        OSError: it does not answer, or with an error.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("no address that begins with http:// or https://")
    with urllib.request.urlopen(_shown(url), timeout=_ANSWER_SECONDS) as answer:  # noqa: S310
        content: bytes = answer.read()
    return content


def _shown(url: str) -> str:
    """The URL without users and passwords.

    >>> _shown("http://mira:secret@kettle.example:4200/api")
    'http://kettle.example:4200/api'
    """
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
