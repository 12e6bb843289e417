"""Tombstones: `_tombstones/000013.json` says that release 13 is to go, `_pruned/000013.json` that deleting has begun.

Between the two lies a grace, for readers that hold the release. From the second on its data count as gone, whether all
of them are or not; its commit record stays.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime

from paperlake.errors import StoreError
from paperlake.release.manifest import canonical_json
from paperlake.stores import Store

_MARKS, _DELETIONS = "_tombstones", "_pruned"
_RECORD = re.compile(r"(\d{6,})\.json")


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What was said of a release, when (UTC), and why."""

    version: int
    time: datetime
    why: str

    @property
    def told(self) -> str:
        """Of one that says that deleting has begun: a sentence for people."""
        return f"release {self.version} was pruned on {self.time:%Y-%m-%d}; its commit record is kept"


def mark(store: Store, stone: Tombstone) -> None:
    """Nothing: it is said that a release is to go; what was said before stands."""
    _create(store, _MARKS, stone)


def begin_deletion(store: Store, stone: Tombstone) -> None:
    """Nothing: it is said that the data of a release are deleted from now on; what was said before stands."""
    _create(store, _DELETIONS, stone)


def unmark(store: Store, version: int) -> None:
    """Nothing: a release that is there stays."""
    for folder in (_MARKS, _DELETIONS):
        store.remove(_key(folder, version))


def read_marks(store: Store) -> dict[int, Tombstone]:
    """The tombstones, by version.

    Raises:
        StoreError: one is damaged.
    """
    return _read_all(store, _MARKS)


def read_deletions(store: Store) -> dict[int, Tombstone]:
    """Releases whose data are gone or going, by version.

    Raises:
        StoreError: a record of them is damaged.
    """
    return _read_all(store, _DELETIONS)


def read_deletion(store: Store, version: int) -> Tombstone | None:
    """When and why the data of a release went; None where they did not.

    Raises:
        StoreError: the record is damaged.
    """
    return _read(store, _DELETIONS, version)


def _create(store: Store, folder: str, stone: Tombstone) -> None:
    record = {"version": stone.version, "time": stone.time.isoformat(), "why": stone.why}
    try:
        store.create(_key(folder, stone.version), canonical_json(record))
    except FileExistsError:
        return  # another prune was first


def _read_all(store: Store, folder: str) -> dict[int, Tombstone]:
    versions = [int(match[1]) for name in store.names(folder) if (match := _RECORD.fullmatch(name))]
    return {version: stone for version in versions if (stone := _read(store, folder, version))}


def _read(store: Store, folder: str, version: int) -> Tombstone | None:
    key = _key(folder, version)
    data = store.read(key)
    if data is None:
        return None
    try:
        record = json.loads(data)
        return Tombstone(version, datetime.fromisoformat(record["time"]), str(record["why"]))
    except (ValueError, KeyError, TypeError) as error:
        remedy = f"Delete {store.url(key)}; the next prune writes it anew."
        raise StoreError(store.location, [f"{key}: expected a tombstone, found {error!r}"], remedy) from error


def _key(folder: str, version: int) -> str:
    return f"{folder}/{version:06d}.json"
