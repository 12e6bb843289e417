"""Commit records: `_log/000013.json` exists, so release 13 does. Its appearance is the commit."""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from paperlake.errors import ReleaseConflictError, StoreError
from paperlake.release import storage
from paperlake.release.manifest import canonical_json

_RECORD = re.compile(r"(\d{6,})\.json")
_FOLDER = re.compile(r"v(\d{6,})-[0-9a-f]{12}")
_DAMAGED = "Bring `_log` back from a copy of the store; never edit it by hand."


def no_fault(step: str) -> None:
    """Nothing; tests pass a function that dies before the step they choose."""


@dataclass(frozen=True)
class Commit:
    """What is known of a release beside its content.

    `release` is its folder relative to the store, `time` UTC in ISO 8601, `facts` what the publisher added (run id,
    code revision, operation, ...).
    """

    version: int
    parent: int | None
    time: str
    nonce: str
    release: str
    fingerprint: str
    manifest_sha256: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def pointer(self) -> dict[str, Any]:
        """Content of `latest.json` when it points here."""
        names = ("version", "release", "fingerprint", "manifest_sha256")
        return {name: getattr(self, name) for name in names}


def release_name(version: int, manifest_sha256: str) -> str:
    """Folder of a release, relative to the store.

    >>> release_name(13, "ab" * 32)
    'releases/v000013-abababababab'
    """
    return f"releases/v{version:06d}-{manifest_sha256[:12]}"


def list_versions(store: Path) -> list[int]:
    """Every committed version, oldest first; empty for a store without releases."""
    log = store / "_log"
    names = [_RECORD.fullmatch(path.name) for path in log.iterdir()] if log.is_dir() else []
    return sorted(int(match[1]) for match in names if match)


def read_commit(store: Path, version: int) -> Commit:
    """The commit record of a version.

    Raises:
        StoreError: it is missing, or no commit record of that version.
    """
    path = store / "_log" / f"{version:06d}.json"
    try:
        record = json.loads(path.read_bytes())
        known = {name: record.pop(name) for name in Commit.__dataclass_fields__ if name != "facts"}
        commit = Commit(**known, facts=record)
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise StoreError(store, [f"_log/{path.name}: expected a commit record, found {error!r}"], _DAMAGED) from error
    if commit.version != version:
        raise StoreError(store, [f"_log/{path.name}: expected version {version}, found {commit.version}"], _DAMAGED)
    return commit


def find_head(store: Path) -> Commit | None:
    """The newest commit; None for a store without releases. The log decides it, never a pointer."""
    known = list_versions(store)
    return read_commit(store, known[-1]) if known else None


def write_commit(
    store: Path, parent: Commit | None, pointer: dict[str, Any], facts: dict[str, Any], fault: Callable[[str], None]
) -> Commit:
    """The release made real: whoever creates the record of a version first has published it.

    Raises:
        ReleaseConflictError: another publisher was first.
    """
    now, nonce = datetime.now(UTC).isoformat(), str(uuid.uuid4())
    commit = Commit(**pointer, parent=parent.version if parent else None, time=now, nonce=nonce, facts=facts)
    record = {**facts, **commit.pointer, "parent": commit.parent, "time": now, "nonce": nonce}
    temporary = storage.scratch_path(store)
    fault("write commit")
    try:
        storage.write_sealed(temporary, canonical_json(record))
        fault("commit")
        storage.put_if_absent(temporary, store / "_log" / f"{commit.version:06d}.json")
    except (FileExistsError, FileNotFoundError) as error:
        raise ReleaseConflictError(commit.version) from error
    return commit


def remove_orphans(store: Path) -> None:
    """A store without folders of releases that were never committed and never can be.

    Only versions up to the head are judged: their records exist, so nobody can commit another folder under that number.
    That needs no lock.
    """
    committed = set(list_versions(store))
    for folder in sorted((store / "releases").iterdir()):
        match = _FOLDER.fullmatch(folder.name)
        if match and int(match[1]) in committed and _names_another(store, int(match[1]), folder):
            storage.discard(store, folder)


def _names_another(store: Path, version: int, folder: Path) -> bool:
    try:
        return read_commit(store, version).release != f"releases/{folder.name}"
    except StoreError:
        return False  # a damaged record judges nobody; `verify` tells of it
