"""One process that runs the flows by the clock: for one machine, without a work pool. `paperlake serve` starts it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from prefect import Flow, serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from pydantic import ValidationError

from flows.audit_releases import audit_releases
from flows.build_papers import build_papers
from flows.local_server import local_server
from flows.rebuild_papers import rebuild_papers
from paperlake.errors import PaperlakeError, SettingsError

_ONE_RUN = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
"""Whoever comes while a run is on has nothing to add: the next run takes what there is by then."""


def make_deployments(
    cron: str, audit_cron: str, raw: Path, store: str, time_limit_minutes: float
) -> list[RunnerDeployment]:
    """The three deployments of prefect.yaml, served by one process: build and audit by the clock, rebuild on demand."""
    stores: dict[str, Any] = {"store": store, "time_limit_minutes": time_limit_minutes}
    both = {"raw": str(raw), **stores}
    return [
        _make("nightly", build_papers, both, cron),
        _make("weekly", audit_releases, stores, audit_cron),
        _make("on-demand", rebuild_papers, {"check": True, **both}),
    ]


def _make(name: str, flow: Flow[..., Any], given: dict[str, Any], cron: str | None = None) -> RunnerDeployment:
    deployment = flow.to_deployment(name, cron=cron, parameters=given, concurrency_limit=_ONE_RUN, tags=["paperlake"])
    return cast("RunnerDeployment", deployment)  # a coroutine for callers that are one


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until somebody stops it."""
    parser = argparse.ArgumentParser(prog="paperlake serve", description=__doc__)
    parser.add_argument("--cron", required=True)
    parser.add_argument("--audit-cron", required=True)
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--time-limit-minutes", type=float, required=True)
    parser.add_argument("--port", type=int, required=True)
    given = vars(parser.parse_args(arguments))
    port, deployments = given.pop("port"), _make_all(given)
    with local_server(port) as url:
        sys.stderr.write(f"runs, schedules and logs: {url.removesuffix('/api')}\n")
        serve(*deployments)


def _make_all(given: dict[str, Any]) -> list[RunnerDeployment]:
    try:
        return make_deployments(**given)
    except ValidationError as error:
        crons = f"{given['cron']!r} and {given['audit_cron']!r}"
        remedy = "Minute, hour, day, month, weekday: '0 3 * * *' is every night at three."
        raise SettingsError("cron", crons, "two schedules as cron writes them", remedy) from error


if __name__ == "__main__":
    try:
        main()
    except PaperlakeError as error:
        sys.stderr.write(f"{type(error).__name__} {error}\n")
        sys.exit(error.exit_code)
