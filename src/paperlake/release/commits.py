"""Commit records: `_log/000013.json` exists, so release 13 does. Its appearance is the commit."""

import json
import re
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from paperlake.errors import ReleaseConflictError, StoreError
from paperlake.release.manifest import canonical_json
from paperlake.stores import Store

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


def release_version(folder: str) -> int | None:
    """The version that the name of a release's folder tells; None for other names.

    >>> release_version("v000013-abababababab"), release_version("socks")
    (13, None)
    """
    match = _FOLDER.fullmatch(folder)
    return int(match[1]) if match else None


def record_key(version: int) -> str:
    """Where the commit record of a version stands."""
    return f"_log/{version:06d}.json"


def list_versions(store: Store) -> list[int]:
    """Every committed version, oldest first; empty for a store without releases."""
    names = [_RECORD.fullmatch(name) for name in store.names("_log")]
    return sorted(int(match[1]) for match in names if match)


def read_commit(store: Store, version: int) -> Commit:
    """The commit record of a version.

    Raises:
        StoreError: it is missing, or no commit record of that version.
    """
    key = record_key(version)
    try:
        record = json.loads(store.read(key) or b"")
        known = {name: record.pop(name) for name in Commit.__dataclass_fields__ if name != "facts"}
        commit = Commit(**known, facts=record)
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise StoreError(store.location, [f"{key}: expected a commit record, found {error!r}"], _DAMAGED) from error
    if commit.version != version:
        raise StoreError(store.location, [f"{key}: expected version {version}, found {commit.version}"], _DAMAGED)
    return commit


def find_head(store: Store) -> Commit | None:
    """The newest commit; None for a store without releases. The log decides it, never a pointer."""
    known = list_versions(store)
    return read_commit(store, known[-1]) if known else None


def write_commit(
    store: Store, parent: Commit | None, pointer: dict[str, Any], facts: dict[str, Any], fault: Callable[[str], None]
) -> Commit:
    """The release made real: whoever creates the record of a version first has published it.

    Raises:
        ReleaseConflictError: another publisher was first.
    """
    now, nonce = datetime.now(UTC).isoformat(), str(uuid.uuid4())
    commit = Commit(**pointer, parent=parent.version if parent else None, time=now, nonce=nonce, facts=facts)
    record = {**facts, **commit.pointer, "parent": commit.parent, "time": now, "nonce": nonce}
    key, data = record_key(commit.version), canonical_json(record)
    fault("commit")
    try:
        store.create(key, data)
    except (FileExistsError, FileNotFoundError) as error:
        # A request may be answered with a failure after it was carried out, and asked again: then the record is ours.
        if store.read(key) != data:
            raise ReleaseConflictError(commit.version) from error
    return commit


def remove_orphans(store: Store) -> None:
    """A store without folders of releases that were never committed and never can be.

    Only versions up to the head are judged: their records exist, so nobody can commit another folder under that number.
    That needs no lock. A folder that stands alone is the one that was committed.
    """
    committed = set(list_versions(store))
    found = [match for name in store.names("releases") if (match := _FOLDER.fullmatch(name))]
    n_folders = Counter(int(match[1]) for match in found)
    for match in found:
        version = int(match[1])
        if n_folders[version] > 1 and version in committed and _names_another(store, version, match[0]):
            store.remove(f"releases/{match[0]}")


def _names_another(store: Store, version: int, folder: str) -> bool:
    try:
        return read_commit(store, version).release != f"releases/{folder}"
    except StoreError:
        return False  # a damaged record judges nobody; `verify` tells of it
