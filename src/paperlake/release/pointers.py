"""`latest.json` for programs and the symlink `latest` for people: signposts to the head, moved forward only."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from paperlake.release import storage
from paperlake.release.commits import Commit, find_head, no_fault
from paperlake.release.manifest import canonical_json

_TARGET = re.compile(r"releases/v(\d{6,})-[0-9a-f]{12}")


def heal(store: Path, fault: Callable[[str], None] = no_fault) -> None:
    """Pointers that lead to the head, after a crash between a commit and its pointers, or a lost or broken pointer.

    Forward only: a pointer to a newer version stays. The head is read again at the end, for one that was committed
    meanwhile.
    """
    head = find_head(store)
    while head is not None:
        _move_pointers(store, head, fault)
        newest = find_head(store)
        if newest == head:
            return
        head = newest


def find_pointer_damages(store: Path, head: Commit) -> list[str]:
    """What is wrong with the pointers of a store, in words; empty when both lead to the head."""
    damages = []
    if (pointer := read_pointer(store)) != head.pointer:
        found = f"version {pointer.get('version')}" if pointer else "nothing that can be read"
        damages.append(f"latest.json: expected version {head.version}, found {found}")
    if (target := _read_symlink(store)) != head.release:
        damages.append(f"latest: expected a symlink to {head.release}, found {target}")
    return damages


def read_pointer(store: Path) -> dict[str, Any] | None:
    """Content of `latest.json`; None where it is missing or no pointer."""
    try:
        pointer = json.loads(storage.read_bytes(store / "latest.json") or b"")
    except ValueError:
        return None
    return pointer if isinstance(pointer, dict) and isinstance(pointer.get("version"), int) else None


def _read_symlink(store: Path) -> str | None:
    link = store / "latest"
    return link.readlink().as_posix() if link.is_symlink() else None


def _move_pointers(store: Path, head: Commit, fault: Callable[[str], None]) -> None:
    # A temporary file can vanish only when another publisher sweeps the store, and that one heals right after.
    with suppress(FileNotFoundError):
        pointer = read_pointer(store)
        if pointer is None or (pointer != head.pointer and pointer["version"] <= head.version):
            fault("latest.json")
            storage.replace_file(store, store / "latest.json", canonical_json(head.pointer))
        target = _read_symlink(store)
        known = _TARGET.fullmatch(target or "")
        if target != head.release and (known is None or int(known[1]) <= head.version):
            fault("latest")
            storage.replace_symlink(store, store / "latest", head.release)
