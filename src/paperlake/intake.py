"""What the raw folder offers a run: dumps that are whole, and files that it leaves for the next one.

Nothing says that a file is whole but that it holds still. So each is looked at twice, when it is hashed and at the end,
and one that is new and was changed in the last few seconds has to hold still for as long. What changes after that is
found when it is read (`dump_lines.read_lines`), for its bytes are others then.

Paths are plain strings here: with ten thousand files, making a `Path` of each took as long as hashing them.
"""

import os
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from paperlake.dumps import Dump, hash_dump, is_unfinished, list_names
from paperlake.file_hashes import FileHashes


@dataclass(frozen=True, slots=True)
class LeftFile:
    """A file that a run leaves for the next one, and why; `dump` is what it was found to be, if it was read at all."""

    path: str
    reason: str
    dump: Dump | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """Dumps in the order of their paths, each with bytes of its own, and the files that are left."""

    dumps: tuple[Dump, ...]
    left: tuple[LeftFile, ...] = ()

    def leave(self, path: str, reason: str) -> "Intake":
        """The same with one dump more left for the next run."""
        left = [LeftFile(path, reason, dump) for dump in self.dumps if dump.path == path]
        return Intake(tuple(dump for dump in self.dumps if dump.path != path), (*self.left, *left))

    def left_as_facts(self) -> list[dict[str, str]]:
        """The files that are left, for machines."""
        return [{"path": file.path, "reason": file.reason} for file in self.left]


class _Mark(NamedTuple):
    """What is another once a file was written to; inodes are not, for some network file systems renumber them."""

    n_bytes: int
    written: int


class _Seen(NamedTuple):
    """A file as it was hashed, and when on the monotonic clock it will have held still for long enough."""

    file: str
    mark: _Mark
    dump: Dump
    still_at: float


def take_in(
    raw: Path, known: Collection[str] = (), settle_seconds: float = 0.0, hashes: FileHashes | None = None
) -> Intake:
    """The dumps below a folder, and what is left; waits `settle_seconds` at most, and only for young files.

    A file is young where it was changed less than `settle_seconds` ago. A date in the future is one of now: where
    clocks differ it may be young indeed, and it costs each run that wait only until its dump is known.

    Args:
        raw: folder of dumps.
        known: ids of dumps that are known to be whole; for these nobody waits.
        settle_seconds: how long a young file has to hold still.
        hashes: what files were hashed to before; all are hashed without it.

    Raises:
        SettingsError: the folder does not exist, or holds a file that cannot be read or named in UTF-8.
    """
    names = list_names(raw)
    left = [LeftFile(_in_utf8(name), f"its name ends in {Path(name).suffix}") for name in names if is_unfinished(name)]
    files = {name: f"{raw}/{name}" for name in names if not is_unfinished(name)}
    seen = [_see(name, file, settle_seconds, hashes) for name, file in files.items()]
    there = [one for one in seen if isinstance(one, _Seen)]
    _wait_until(max((one.still_at for one in there if one.dump.dump_id not in known), default=0.0))
    changes = {one.dump.path: change for one in there if (change := _find_change(one))}
    left += [one for one in seen if isinstance(one, LeftFile)]
    left += [LeftFile(one.dump.path, changes[one.dump.path], one.dump) for one in there if one.dump.path in changes]
    whole = [one.dump for one in there if one.dump.path not in changes]
    return Intake(_distinct(whole), tuple(sorted(left, key=lambda one: one.path)))


def _see(name: str, file: str, settle_seconds: float, hashes: FileHashes | None) -> _Seen | LeftFile:
    try:
        told = _look(file)
        age = time.time() - max(told.st_mtime, told.st_ctime)
        still_at = time.monotonic() + settle_seconds - max(age, 0.0)
        mark = _Mark(told.st_size, told.st_mtime_ns)
        dump_id = hashes.hash(file, told) if hashes else hash_dump(file)
        return _Seen(file, mark, Dump(name, dump_id, told.st_size), still_at)
    except FileNotFoundError:
        return LeftFile(_in_utf8(name), "it went away meanwhile")


def _look(file: str) -> os.stat_result:
    return os.stat(file)  # noqa: PTH116  # as the module says


def _wait_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def _find_change(seen: _Seen) -> str | None:
    """What happened to a file since it was hashed; None where it held still."""
    try:
        told = _look(seen.file)
    except FileNotFoundError:
        return "it went away meanwhile"
    if told.st_size != seen.mark.n_bytes:
        return f"it is still written: {seen.mark.n_bytes:,} bytes, a moment later {told.st_size:,}"
    return "it is still written" if told.st_mtime_ns != seen.mark.written else None


def _distinct(dumps: Sequence[Dump]) -> tuple[Dump, ...]:
    """The first dump of each content."""
    firsts: dict[str, Dump] = {}
    for dump in dumps:
        firsts.setdefault(dump.dump_id, dump)
    return tuple(firsts.values())


def _in_utf8(name: str) -> str:
    """The path below the raw folder; what is no UTF-8 is escaped."""
    return name.encode(errors="backslashreplace").decode()
