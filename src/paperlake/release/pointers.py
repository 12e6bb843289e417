"""`latest.json` for programs and the symlink `latest` for people: signposts to the head, moved forward only."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from paperlake.errors import StoreError
from paperlake.release.commits import Commit, find_head, list_versions, no_fault
from paperlake.release.manifest import canonical_json
from paperlake.stores import Location, Store, open_store

_TARGET = re.compile(r"releases/v(\d{6,})-[0-9a-f]{12}")


def heal(location: Location, fault: Callable[[str], None] = no_fault) -> None:
    """Pointers that lead to the head, after a crash between a commit and its pointers, or a lost or broken pointer.

    Forward only. The head is read again at the end, for one that was committed meanwhile.

    Raises:
        StoreError: a pointer is ahead of the log, so records of `_log` are lost; building on would bury their releases.
    """
    store = open_store(location)
    check_log(store)
    head = find_head(store)
    while head is not None:
        _move_pointers(store, head, fault)
        newest = find_head(store)
        if newest == head:
            return
        head = newest


def check_log(location: Location) -> None:
    """Nothing, when every release that a pointer names is in the log.

    Raises:
        StoreError: as `heal` does.
    """
    store = open_store(location)
    pointed = _pointed_version(store)  # read first: a commit always comes before the pointers to it
    known = list_versions(store)
    if pointed > (newest := known[-1] if known else 0):
        damage = f"_log: expected a record of release {pointed}, which latest.json names, found {newest or 'none'}"
        raise StoreError(store.location, [damage], "Bring `_log` back from a copy of the store; nothing was changed.")


def _pointed_version(store: Store) -> int:
    pointer = read_pointer(store) or {}
    linked = _TARGET.fullmatch(store.read_link() or "")
    return max(int(pointer.get("version", 0)), int(linked[1]) if linked else 0)


def find_pointer_damages(store: Store, head: Commit) -> list[str]:
    """What is wrong with the pointers of a store, in words; empty when both lead to the head."""
    damages = []
    if (pointer := read_pointer(store)) != head.pointer:
        found = f"version {pointer.get('version')}" if pointer else "nothing that can be read"
        damages.append(f"latest.json: expected version {head.version}, found {found}")
    if store.has_links and (target := store.read_link()) != head.release:
        damages.append(f"latest: expected a symlink to {head.release}, found {target}")
    return damages


def read_pointer(store: Store) -> dict[str, Any] | None:
    """Content of `latest.json`; None where it is missing or no pointer."""
    try:
        pointer = json.loads(store.read("latest.json") or b"")
    except ValueError:
        return None
    return pointer if isinstance(pointer, dict) and isinstance(pointer.get("version"), int) else None


def _move_pointers(store: Store, head: Commit, fault: Callable[[str], None]) -> None:
    # A temporary file can vanish only when another publisher sweeps the store, and that one heals right after.
    with suppress(FileNotFoundError):
        pointer = read_pointer(store)
        if pointer is None or (pointer != head.pointer and pointer["version"] <= head.version):
            fault("latest.json")
            store.replace("latest.json", canonical_json(head.pointer))
        target = store.read_link()
        known = _TARGET.fullmatch(target or "")
        if store.has_links and target != head.release and (known is None or int(known[1]) <= head.version):
            fault("latest")
            store.replace_link(head.release)
