"""The command that runs everything by the clock on one machine: it hands over to `flows`, which know Prefect."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from paperlake.commands import RAW, STORE, Raw, Store, exits
from paperlake.errors import SettingsError
from paperlake.settings import Settings

_NIGHTLY, _WEEKLY = "0 3 * * *", "0 6 * * 0"
_MINUTES, _PORT = 360, 4200


@exits
def serve(
    cron: Annotated[str, typer.Option(help="When to build, in UTC.")] = _NIGHTLY,
    audit_cron: Annotated[str, typer.Option(help="When to audit, in UTC.")] = _WEEKLY,
    time_limit_minutes: Annotated[float, typer.Option(min=0, help="A run that takes longer is ended.")] = _MINUTES,
    port: Annotated[int, typer.Option(help="Of the Prefect server on loopback, where none is set.")] = _PORT,
    raw: Raw = RAW,
    store: Store = STORE,
) -> None:
    """Build and audit by the clock until stopped: a Prefect server and its runs, on this machine alone."""
    settings = Settings.given(raw, store)
    root, store = find_flows(), str(settings.store.resolve() if isinstance(settings.store, Path) else settings.store)
    clock = ["--cron", cron, "--audit-cron", audit_cron, "--time-limit-minutes", str(time_limit_minutes)]
    places = ["--port", str(port), "--raw", str(settings.raw.resolve()), "--store", store]
    os.chdir(root)
    os.execv(sys.executable, [sys.executable, "-m", "flows.serving", *clock, *places])  # noqa: S606


def find_flows() -> Path:
    """The checkout of paperlake that has the flows: the one that is installed, else the folder we are in.

    Raises:
        SettingsError: neither has them, as a package from an index has not.
    """
    for root in (Path(__file__).resolve().parents[2], Path.cwd()):
        if (root / "flows" / "serving.py").is_file():
            return root
    remedy = "Schedules run from a checkout: clone paperlake, `make setup`, and run `.venv/bin/paperlake serve` there."
    raise SettingsError("flows", str(Path.cwd()), "a checkout of paperlake", remedy)
