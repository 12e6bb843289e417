"""A file that is written into a store, looked at and taken away: does it keep its promises, and what is its time?"""

import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from paperlake.errors import PaperlakeError
from paperlake.stores import Location, Store, open_store

_LOG = "_log"


@dataclass(frozen=True, slots=True)
class Probe:
    """What a probe told: what is wrong, in words, or by how many seconds the store's clock is ahead of ours.

    Both are None where there is no folder yet to write a probe into.
    """

    damage: str | None = None
    seconds_ahead: float | None = None


def probe_store(location: Location) -> Probe:
    """What a file tells that was created twice, of which the second time must fail, and replaced once."""
    try:
        store = open_store(location)
        if store.has_links and not Path(store.location).is_dir():
            return Probe()
        return _write_probe(store)
    except (PaperlakeError, OSError) as error:
        return Probe(str(error))


def _write_probe(store: Store) -> Probe:
    """A bucket's probe stands where `repair` looks for what was left; a folder may have no log yet."""
    name = f".probe-{uuid.uuid4().hex}"
    key = name if store.has_links else f"{_LOG}/{name}"
    try:
        asked = time.time()
        store.create(key, b"1")
        with suppress(FileExistsError):
            store.create(key, b"2")
            return Probe("expected that creating a file twice fails, found that it does not")
        written = Path(store.url(key)).stat().st_mtime if store.has_links else store.files(_LOG)[name].written
        store.replace(key, b"3")
        if (found := store.read(key)) != b"3":
            return Probe(f"expected that a file can be replaced, found {found!r}")
        return Probe(seconds_ahead=written - asked)
    finally:
        store.remove(key)
