"""What a store recorded and the raw folder cannot say: which dumps it holds, under which paths, in which order.

Their bytes are found by their sha256, so a file that was moved or renamed since is found where it stands today.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from paperlake.dumps import Dump
from paperlake.release.reading import Release


@dataclass(frozen=True, slots=True)
class Missing:
    """A dump of the release whose bytes are not in the raw folder; `found` is what stands at its path."""

    path: str
    dump_id: str
    found: str

    def __str__(self) -> str:
        """Which dump, and what was found instead."""
        return f"{self.path}: expected the dump with sha256 {self.dump_id}, found {self.found}"


@dataclass(frozen=True, slots=True)
class Record:
    """The dumps of a release against those of the raw folder."""

    to_read: tuple[Dump, ...]
    """In order of entry, under the paths by which they entered."""
    missing: tuple[Missing, ...]
    """Their rows stay as they are recorded, and prove nothing."""
    set_down: tuple[Dump, ...]
    """Retracted dumps whose files are gone: of these the release holds one row and no content."""
    others: tuple[Dump, ...]
    """Dumps of the raw folder that the release does not hold: new ones, and those that a rollback took back."""


def recall_dumps(release: Release, found: Sequence[Dump]) -> Record:
    """The dumps of a release against those found in the raw folder."""
    rows = release.read("dumps").sort("sequence").select("path", "dump_id", "n_bytes", "status").rows()
    known = {dump_id for _, dump_id, _, _ in rows}
    by_id, paths = {dump.dump_id: dump for dump in found}, {dump.path for dump in found}
    gone = [row for row in rows if row[1] not in by_id]
    return Record(
        tuple(Dump(path, one, n, by_id[one].path) for path, one, n, _ in rows if one in by_id),
        tuple(Missing(path, one, _found_at(path, paths)) for path, one, _, status in gone if status != "retracted"),
        tuple(Dump(path, one, n) for path, one, n, status in gone if status == "retracted"),
        tuple(dump for dump in found if dump.dump_id not in known),
    )


def _found_at(path: str, paths: Collection[str]) -> str:
    return "other bytes at that path" if path in paths else "no such file"
