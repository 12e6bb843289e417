"""The raw folder: whether a build may read all of it, and whether files in it are never finished."""

import os
import time
from pathlib import Path

from paperlake.doctor.finding import Finding
from paperlake.dumps import is_unfinished, list_names

_MOST_SHOWN = 5
_UNFINISHED_SECONDS = 86_400
"""A capture that was not written to for a day is one that nobody finishes."""


def check_raw(raw: Path) -> Finding:
    """Whether the folder is there, and all of it can be read."""
    if not raw.is_dir():
        remedy = "Make it and put dumps into it, or name another with --raw."
        return Finding("raw", False, f"expected a folder at {raw}, found none", remedy)
    if closed := [str(path) for path in (raw, *raw.rglob("*")) if not _may_read(path)]:
        message = f"expected files and folders that can be read, found {_listed(closed)}"
        return Finding("raw", False, message, f"Make them readable: chmod -R u+rX {raw}; or move them away.")
    sizes = [(raw / name).stat().st_size for name in list_names(raw)]
    return Finding("raw", True, f"{raw}: {len(sizes):,} files, {sum(sizes) / 2**20:,.1f} MiB")


def check_unfinished(raw: Path) -> Finding:
    """Files that builds leave since their names say that somebody still writes them."""
    unfinished = [name for name in list_names(raw) if is_unfinished(name)] if raw.is_dir() else []
    since = time.time() - _UNFINISHED_SECONDS
    old = [name for name in unfinished if (raw / name).stat().st_mtime < since]
    if old:
        message = f"expected captures to be finished within a day, found {_listed(old)}"
        return Finding("unfinished files", False, message, "Finish and rename them, or delete them; builds leave them.")
    shown = _listed(unfinished)
    return Finding("unfinished files", True, f"builds leave {shown}" if shown else "none")


def _may_read(path: Path) -> bool:
    return os.access(path, os.R_OK | os.X_OK if path.is_dir() else os.R_OK)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_MOST_SHOWN]) + (f" and {len(names) - _MOST_SHOWN:,} more" * (len(names) > _MOST_SHOWN))
