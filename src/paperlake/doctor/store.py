"""The store: whether its newest release is whole, and whether publishers can rely on it."""

import os
from pathlib import Path

from paperlake.doctor.finding import Finding
from paperlake.doctor.probe import Probe
from paperlake.errors import PaperlakeError
from paperlake.release.pointers import check_log
from paperlake.release.reading import versions
from paperlake.release.verify import verify
from paperlake.stores import Location

_MEND = "`paperlake verify --all` names every damage, `paperlake repair` what of it can be mended."


def check_store(store: Location) -> Finding:
    """Whether the newest release is whole, file by file."""
    if isinstance(store, Path) and (closed := _find_closed(store)):
        message = f"expected a folder to write to at {closed}, found one we may not"
        return Finding(
            "store", False, message, f"Mend its permissions: chmod u+rwX {closed}; or name another: --store."
        )
    try:
        check_log(store)
        known = versions(store)
        damages = verify(store) if known else []
    except PaperlakeError as error:
        damage, _, remedy = str(error).rpartition("\n")
        return Finding("store", False, damage, remedy)
    if not known:
        return Finding("store", True, f"{store}: no release yet; `paperlake build` makes the first")
    return Finding("store", not damages, "; ".join(damages) or f"{store}: release {known[-1].version} is whole", _MEND)


def check_writes(store: Location, probe: Probe) -> Finding:
    """Whether of many who create one file exactly one succeeds, without which a release may be lost."""
    if probe.damage is not None:
        remedy = (
            "Two publishers would overwrite one another here. Use a bucket that keeps If-None-Match, or a folder on a "
            "file system with hard links (ext4, xfs, btrfs, zfs, apfs)."
        )
        return Finding("conditional writes", False, probe.damage, remedy)
    if probe.seconds_ahead is None:
        return Finding("conditional writes", True, f"{store}: no folder yet, so nothing was written to try")
    return Finding("conditional writes", True, "creating a file twice fails, replacing one does not")


def _find_closed(store: Path) -> Path | None:
    """The store, or the folder that it would be made in, where we may not write."""
    there = next(path for path in (store.resolve(), *store.resolve().parents) if path.exists())
    return None if os.access(there, os.W_OK | os.X_OK) else there
