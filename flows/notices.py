"""Notices to a webhook, off by default: a run failed, a gate holds a release, a new release came out.

`PAPERLAKE_WEBHOOK_URL` switches them on. Each is one POST of JSON:

    {"event": "released" | "held" | "failed", "at": "2026-07-21T03:00:12+00:00", "flow": "build-papers",
     "run": "build-data/raw", "run_id": "...", "state": "Completed", "message": "release 3 published: ...",
     "release": {"version": 3, "location": "...", "fingerprint": "...", "counts": {"papers": 120, ...},
                 "counts_before": {...}, "n_dumps_new": 2,
                 "dumps_set_aside": [{"path": "2026-07-20.txt", "reason": "no_papers"}],
                 "dumps_with_rejects": [{"path": "2026-07-21.txt", "n_rejects": 1}]},    of "released"
     "held": {"id": "...", "candidate": "...", "gates": [{"gate": "papers_shrink", "finding": "..."}]},    of "held"
     "error": {"type": "CorrectionError", "text": "..."}}          of "held" and "failed"

With `PAPERLAKE_WEBHOOK_SECRET` the header `X-Paperlake-Signature: sha256=...` is the HMAC of the body (RFC 2104), as
receivers of GitHub's webhooks check it. A notice that cannot be delivered is told in the log and fails no run.
"""

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime
from typing import Any

import httpx
from prefect import Flow
from prefect.client.schemas.objects import FlowRun, State
from prefect.logging import get_logger
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from paperlake.build_report import BuildReport
from paperlake.errors import GateError
from paperlake.shown_text import counted

_TRIES = 3
_PAUSE_SECONDS = 2.0
_TIMEOUT_SECONDS = 10


class Webhook(BaseSettings):
    """Where notices go; both may be secrets, and stand in no log."""

    model_config = SettingsConfigDict(env_prefix="PAPERLAKE_WEBHOOK_", frozen=True)

    url: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")


def tell_end(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Nothing: whoever listens knows how the run ended, where that is news; a hook of flows.

    A run that was killed can tell nothing itself: the console hears of it from here.
    """
    if state.is_crashed():
        get_logger("paperlake").error("run %s of %s crashed: %s", flow_run.name, flow.name, state.message)
    webhook = Webhook()
    if webhook.url.get_secret_value() and (news := describe_end(state)):
        about = {"at": _now(), "flow": flow.name, "run": flow_run.name}
        send({**about, "run_id": str(flow_run.id), "state": state.name, **news}, webhook)


def tell_timeout(flow: str, run: str, run_id: str, message: str) -> None:
    """Nothing: whoever listens knows that a run was ended for taking too long; its own hooks cannot run any more."""
    webhook = Webhook()
    if webhook.url.get_secret_value():
        error = {"type": "TimedOut", "text": message}
        about = {"at": _now(), "flow": flow, "run": run, "run_id": run_id, "state": "TimedOut"}
        send({**about, "event": "failed", "message": message, "error": error}, webhook)


def describe_end(state: State[Any]) -> dict[str, Any]:
    """Event, message and facts of how a run ended; empty where nothing is to be told."""
    ended = state.result(raise_on_failure=False) if state.data is not None else None
    if state.is_completed():
        return _describe_release(ended) if isinstance(ended, BuildReport) and ended.is_new else {}
    error = {"type": type(ended).__name__ if ended else str(state.name), "text": str(ended or state.message)}
    if isinstance(ended, GateError):
        gates = [{"gate": gate, "finding": finding} for gate, finding in ended.failures]
        held = {"id": ended.held, "candidate": ended.candidate, "gates": gates}
        return {
            "event": "held",
            "message": f"a release is held by {', '.join(gate for gate, _ in ended.failures)}",
            "held": held,
            "error": error,
        }
    return {"event": "failed", "message": _opening(error["text"]), "error": error}


def _opening(text: str) -> str:
    """The first line, and the second one where the first only announces it."""
    first, _, rest = text.partition("\n")
    return f"{first} {rest.partition(chr(10))[0].strip()}" if first.endswith(":") and rest else first


def _host(url: str) -> str:
    """The one part of the address that is no secret."""
    try:
        return httpx.URL(url).host or "no host"
    except httpx.InvalidURL:
        return "no host"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _describe_release(report: BuildReport) -> dict[str, Any]:
    names = ("version", "location", "fingerprint", "counts", "counts_before", "n_dumps_new", "dumps_with_rejects")
    release = {name: getattr(report, name) for name in names} | {"dumps_set_aside": report.rejected_dumps}
    aside = f", {counted(len(report.rejected_dumps), 'dump')} set aside" if report.rejected_dumps else ""
    moved = report.counts["papers"] - report.counts_before.get("papers", 0)
    message = f"release {report.version} published: {counted(report.counts['papers'], 'paper')} ({moved:+,}){aside}"
    return {"event": "released", "message": message, "release": release}


def send(notice: dict[str, Any], webhook: Webhook) -> None:
    """Nothing: the notice was delivered, or the log says that it was not."""
    body = json.dumps(notice, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json"}
    if secret := webhook.secret.get_secret_value():
        headers["X-Paperlake-Signature"] = f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
    url = webhook.url.get_secret_value()
    if failure := _deliver(url, body, headers):
        get_logger("paperlake").warning("the webhook at %s did not take '%s': %s", _host(url), notice["event"], failure)


def _deliver(url: str, body: bytes, headers: dict[str, str]) -> str:
    """Why it could not be delivered, in three tries; empty where it was."""
    failure = ""
    for number in range(_TRIES):
        time.sleep(number * _PAUSE_SECONDS)
        try:
            httpx.post(url, content=body, headers=headers, timeout=_TIMEOUT_SECONDS).raise_for_status()
        except httpx.HTTPStatusError as error:
            failure = f"status {error.response.status_code}"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            failure = type(error).__name__  # its words may hold the address, which may be a secret
        else:
            return ""
    return failure
