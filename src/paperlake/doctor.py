"""What may be wrong with an installation, each finding with what to do about it."""

import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from paperlake.errors import PaperlakeError
from paperlake.release.pointers import check_log
from paperlake.release.reading import versions
from paperlake.release.verify import verify
from paperlake.settings import Settings
from paperlake.stores import open_store

_PACKAGES = ("polars", "pyarrow", "pandera", "rapidfuzz", "prefect", "fastapi")
_FIRST_BROKEN_FASTAPI = (0, 151)
_LEAST_FREE_BYTES = 2**30
_EARLIEST_CLOCK = 1_780_000_000
"""2026-05-28 in seconds since 1970: no release is older, so a clock before it is wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    subject: str
    is_ok: bool
    message: str

    def as_dict(self) -> dict[str, Any]:
        """The finding for machines."""
        return asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """Everything that was looked at, in a fixed order; nothing is changed."""
    checks: tuple[Callable[[Settings], Finding], ...] = (_python, _packages, _fastapi, _raw, _store, _disk, _clock)
    return [check(settings) for check in checks]


def _python(_settings: Settings) -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", sys.version_info >= (3, 11), f"expected 3.11 or later, found {found}")


def _packages(_settings: Settings) -> Finding:
    found = {name: _installed(name) for name in _PACKAGES}
    missing = [name for name, number in found.items() if number is None]
    shown = ", ".join(f"{name} {number}" for name, number in found.items() if number)
    return Finding("packages", not missing, f"missing {', '.join(missing)}: run `make setup`" if missing else shown)


def _fastapi(_settings: Settings) -> Finding:
    found = _installed("fastapi") or "none"
    numbers = tuple(int(part) for part in found.split(".")[:2] if part.isdigit())
    is_ok = numbers < _FIRST_BROKEN_FASTAPI
    remedy = "" if is_ok else ": Prefect's first flow fails with it; install the locked versions with `make setup`"
    return Finding("fastapi", is_ok, f"expected below 0.151, found {found}{remedy}")


def _raw(settings: Settings) -> Finding:
    is_ok = settings.raw.is_dir()
    return Finding(
        "raw",
        is_ok,
        f"{settings.raw}"
        if is_ok
        else f"expected a folder at {settings.raw}, found none: make it and put dumps into it",
    )


def _store(settings: Settings) -> Finding:
    store = settings.store
    if isinstance(store, Path) and store.exists() and not os.access(store, os.W_OK | os.X_OK):
        return Finding(
            "store", False, f"expected a folder to write to at {store}, found one we may not: mend its permissions"
        )
    try:
        if isinstance(store, str):
            open_store(store).prepare()
        check_log(store)
        known = versions(store)
    except PaperlakeError as error:
        return Finding("store", False, str(error))
    if not known:
        return Finding("store", True, f"{store}: no release yet; `paperlake build` makes the first")
    damages = verify(store)
    return Finding("store", not damages, "; ".join(damages) or f"{store}: release {known[-1].version} is whole")


def _disk(settings: Settings) -> Finding:
    work = settings.work.resolve()
    folder = next(path for path in (work, *work.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    return Finding(
        "disk",
        free >= _LEAST_FREE_BYTES,
        f"expected {_LEAST_FREE_BYTES / 2**30:.0f} GiB free, found {free / 2**30:.1f} GiB",
    )


def _clock(_settings: Settings) -> Finding:
    now = time.time()
    return Finding("clock", now >= _EARLIEST_CLOCK, f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(now))}")


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
