"""What the files of a raw folder were hashed to, kept in the work folder: what did not change is not read again.

A file is the one that was hashed while its size and both its times are the same: of these the time of the last change
of its inode cannot be set by hand. Times have a coarsest step, so a file that was written just before it was hashed may
be written again and show the same; such a file is not remembered. Derived, and safe to delete.
"""

import json
import os
import time
from pathlib import Path

from paperlake.dumps import hash_dump
from paperlake.stores.files import replace_file

_NAME = "file-hashes.json"
_COARSEST_NS = 2_000_000_000
"""Nanoseconds between two times that a file system can tell apart, at most: those of FAT."""
_Mark = tuple[int, int, int]
"""Size in bytes; nanoseconds since 1970 of the last change of the content, and of the inode."""


class FileHashes:
    """sha256 of files, each read once as long as it does not change."""

    def __init__(self, folder: Path) -> None:
        """Those known in a work folder; none where nothing can be read there."""
        self._path = folder / _NAME
        self._known = _read(self._path)
        self._met: dict[str, tuple[_Mark, str]] = {}

    def hash(self, file: str, told: os.stat_result) -> str:
        """sha256 of a file's bytes, in hex.

        Args:
            file: its path.
            told: what the system just said of it.

        Raises:
            FileNotFoundError, SettingsError: as `hash_dump` does.
        """
        mark, now = (told.st_size, told.st_mtime_ns, told.st_ctime_ns), time.time_ns()
        place = os.path.abspath(file)  # noqa: PTH100  # of ten thousand files, a Path each would take a fifth of a second
        known = self._known.get(place)
        found = known[1] if known and known[0] == mark else hash_dump(file)
        if max(told.st_mtime_ns, told.st_ctime_ns) < now - _COARSEST_NS:
            self._met[place] = mark, found
        return found

    def keep(self) -> None:
        """Nothing; the next run knows the files that this one met.

        Raises:
            OSError: that cannot be written, say on a full disk.
        """
        if self._met == self._known or not self._path.parent.is_dir():
            return
        replace_file(self._path.parent, self._path, json.dumps(self._met).encode())


def _read(path: Path) -> dict[str, tuple[_Mark, str]]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {file: ((int(mark[0]), int(mark[1]), int(mark[2])), str(found)) for file, (mark, found) in told.items()}
    except (OSError, ValueError, TypeError, IndexError, AttributeError):
        return {}
