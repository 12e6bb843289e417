"""Small releases put into stores of both kinds, and harm done to their files."""

import json
from pathlib import Path

import pytest

from paperlake.release.commits import record_key
from paperlake.release.reading import versions
from paperlake.stores import is_remote
from tests.release_frames import frame_of, publish_tables, tables_of

on_both = pytest.mark.parametrize("store", ["disk", "bucket"], indirect=True)
"""Of a test that takes a bucket even where slow ones are left out."""


def fill(store, n_releases: int, days: dict[int, str] | None = None):
    """Releases 1 to n whose `papers` differ and whose other tables are the same, committed on the days told."""
    for number in range(1, n_releases + 1):
        publish_tables(store, tables_of(3, papers=frame_of("papers", 3 + number)))
    for version, day in (days or {}).items():
        date_commit(store, version, day)
    return versions(store)


def date_commit(store, version: int, day: str) -> None:
    record = json.loads(store.read(record_key(version)))
    store.replace(record_key(version), json.dumps(record | {"time": f"{day}T12:00:00+00:00"}).encode())


def snapshot(store) -> dict[str, tuple]:
    """Every file of a store, with all that a change of it would change."""
    files = store.files("." if not is_remote(store.location) else "")
    return {name: tuple(file)[:2] for name, file in files.items() if name != ".lock"}


def spoil(store, key: str, data: bytes) -> None:
    """Other bytes at a key, and on a disk at all of its hard links, with the mode that it had."""
    if is_remote(store.location):
        store.replace(key, data)
        return
    path = Path(store.url(key))
    mode = path.stat().st_mode
    path.chmod(0o644)
    path.write_bytes(data)
    path.chmod(mode)


def replace_alone(store, key: str, data: bytes) -> None:
    """Other bytes at a key alone: on a disk a file of its own."""
    store.remove(key)
    store.create(key, data)


def flip(data: bytes, where: int) -> bytes:
    return data[:where] + bytes([data[where] ^ 1]) + data[where + 1 :]
