"""Where held candidates are kept: `held` of the work folder, one folder a candidate, whole or not there at all.

Each holds a folder of Parquet files a table, and `report.json`. Drafts, and what is being deleted, are named
`.staging-<uuid>` as in a store.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from paperlake.errors import HeldError
from paperlake.release.draft import Draft, copy_draft
from paperlake.release.held import Held
from paperlake.stores import files

_ID = re.compile(r"[0-9a-f]{12}")
_REPORT = "report.json"
_NEEDED = (
    "id",
    "when",
    "parent",
    "parent_manifest_sha256",
    "contract_version",
    "fingerprint",
    "tables",
    "gates",
    "facts",
)
"""What no report can do without."""
MOST_DAYS = 30
MOST_KEPT = 10
"""A build drops what is older than so many days, and all but the newest so many."""


def held_folder(work: Path) -> Path:
    """Folder of the held candidates, below a work folder; it need not be there."""
    return work / "held"


def keep(work: Path, draft: Draft, report: Mapping[str, Any]) -> Held:
    """The candidate, kept with its report; one that is held already stays as it is.

    It needs neither the build's files, which stay for a run that goes on, nor those of the release before.

    Args:
        work: folder of work files.
        draft: its tables.
        report: with its `id`.
    """
    folder = held_folder(work)
    target = folder / report["id"]
    if not target.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        place = files.scratch_path(folder)
        try:
            _write_held(place, draft, report)
            place.rename(target)
        except OSError:
            if not target.is_dir():  # nobody else kept it meanwhile: a real failure
                raise
        finally:
            files.discard(folder, place)
        files.sync_folder(folder)
    return read_held(work, report["id"])


def list_held(work: Path) -> list[Held]:
    """Every held candidate, the newest first; what cannot be read as one is left out."""
    found = [_read(path) for path in _candidates(work)]
    return sorted((one for one in found if one), key=lambda one: (one.report["when"], one.id), reverse=True)


def read_held(work: Path, held_id: str) -> Held:
    """One held candidate.

    Raises:
        HeldError: there is none of that id, or its report cannot be read.
    """
    path = _find(work, held_id)
    held = _read(path)
    if held is None:
        remedy = f"Delete it with `paperlake held drop {held_id}`, and build again."
        raise HeldError(held_id, f"its report in {path / _REPORT}", "none that can be read", remedy)
    return held


def drop(work: Path, held_id: str) -> None:
    """Nothing: the candidate is gone, whole or damaged.

    Raises:
        HeldError: there is none of that id.
    """
    files.discard(held_folder(work), _find(work, held_id))


def drop_all(work: Path) -> list[str]:
    """Ids of the candidates that are gone now: all there were."""
    dropped = [path.name for path in _candidates(work)]
    for held_id in dropped:
        drop(work, held_id)
    return dropped


def drop_old(work: Path, now: datetime, published: str) -> None:
    """Nothing: gone is what is old or beyond the newest few, what was published, drafts, and what cannot be read.

    Only for one who is alone in the work folder.

    Args:
        work: folder of work files.
        now: with a time zone.
        published: fingerprint of the newest release.
    """
    folder = held_folder(work)
    if not folder.is_dir():
        return
    files.sweep_staging(folder)
    since = (now - timedelta(days=MOST_DAYS)).isoformat()
    waiting = [one for one in list_held(work) if one.report["fingerprint"] != published]
    kept = {one.id for one in waiting[:MOST_KEPT] if one.report["when"] >= since}
    for path in _candidates(work):
        if path.name not in kept:
            files.discard(folder, path)


def _write_held(place: Path, draft: Draft, report: Mapping[str, Any]) -> None:
    place.mkdir()
    copy_draft(draft, place)
    files.write_sealed(place / _REPORT, json.dumps(report, indent=1, ensure_ascii=False).encode())
    files.sync_folder(place)


def _candidates(work: Path) -> list[Path]:
    folder = held_folder(work)
    return [path for path in sorted(folder.iterdir()) if _ID.fullmatch(path.name)] if folder.is_dir() else []


def _find(work: Path, held_id: str) -> Path:
    known = {path.name: path for path in _candidates(work)}
    if held_id not in known:
        expected = f"one of {', '.join(known)}" if known else f"a candidate in {held_folder(work)}"
        remedy = (
            "Name the store that it was built for (--store or PAPERLAKE_STORE), and see `paperlake held list`; it "
            "is kept on the machine that built it, until it is old."
        )
        raise HeldError(held_id, expected, "none of that id", remedy)
    return known[held_id]


def _read(path: Path) -> Held | None:
    """The candidate in a folder; None where its report is missing, damaged, or lacks what is needed."""
    try:
        report = json.loads((path / _REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    is_whole = isinstance(report, dict) and all(name in report for name in _NEEDED)
    return Held(path, report) if is_whole else None
