"""Dumps on disk: which files there are. What is in them `dump_lines` reads, with more to import."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import FileIO
from pathlib import Path

from paperlake.dump_notes import NOTES_FILE
from paperlake.errors import SettingsError
from paperlake.settings import Settings

_NOT_DUMPS = {NOTES_FILE}
_NOT_DUMP_FOLDERS = {"curation"}
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp")
"""How names end that Firefox, old Edge, WinSCP, Chromium and many others give to what they still write."""
_DAY = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_LOCKED = "{}: make it readable, or move it away."
_HASHED_BYTES = 2**17
"""At once: `hashlib.file_digest` clears a quarter of a MiB for every file, which small ones pay half of their time."""


@dataclass(frozen=True, slots=True)
class Dump:
    """One raw text capture, as found: its path below the raw folder, the sha256 of its bytes, its size."""

    path: str
    dump_id: str
    n_bytes: int
    moved_to: str | None = None
    """Where its bytes stand below the raw folder today, of one that entered a store under `path`."""

    @property
    def file(self) -> str:
        """The path below the raw folder to read it from."""
        return self.moved_to or self.path

    @property
    def captured_on(self) -> date | None:
        """The day in its file name, which is what people write there; None without one."""
        found = _DAY.search(self.path.rsplit("/", 1)[-1])
        try:
            return date(*map(int, found.groups())) if found else None
        except ValueError:
            return None


def find_dumps(raw: Path) -> list[Dump]:
    """The dumps below a folder in the order of their paths; the same bytes under two paths are one dump, the first.

    Raises:
        SettingsError: the folder does not exist, or holds a file that cannot be read or named in UTF-8.
    """
    found: dict[str, Dump] = {}
    for name in list_names(raw):
        if not is_unfinished(name):
            dump_id = hash_dump(raw / name)
            found.setdefault(dump_id, Dump(name, dump_id, (raw / name).stat().st_size))
    return list(found.values())


def list_names(raw: Path) -> list[str]:
    """The paths below a folder, with `/` and sorted, of the files that are or will be dumps.

    Every file counts, but hidden ones, `dumps.toml` and the folder `curation`.

    Raises:
        SettingsError: the folder does not exist, or one below it cannot be read.
    """
    if not raw.is_dir():
        raise SettingsError(
            "raw", str(raw), "a folder of dumps", "Make it and put text captures into it, or name another with --raw."
        )
    return sorted(_names(str(raw)))


def is_unfinished(name: str) -> bool:
    """Whether a file's name says that somebody still writes it.

    >>> is_unfinished("socks.txt.part"), is_unfinished("socks.txt")
    (True, False)
    """
    return name.endswith(_UNFINISHED)


def describe_dump(path: Path, settings: Settings) -> tuple[Path, Dump]:
    """The folder that a file counts as lying in, and the dump that it is there.

    That is the raw folder where it lies below it, else its own folder; a link counts where it lies.

    Raises:
        SettingsError: there is no such file, or it cannot be read or named in UTF-8.
    """
    if not path.is_file():
        shown = path.as_posix().encode(errors="backslashreplace").decode()
        raise SettingsError("dump", shown, "a file", "Name a text capture that exists.")
    raw, folder = settings.raw.resolve(), path.parent.resolve()
    raw = raw if folder.is_relative_to(raw) else folder
    return raw, Dump((folder / path.name).relative_to(raw).as_posix(), hash_dump(path, "dump"), path.stat().st_size)


def hash_dump(path: str | Path, setting: str = "raw") -> str:
    """sha256 of a file's bytes, in hex.

    Args:
        path: of the file.
        setting: whose fault it is where that cannot be done.

    Raises:
        FileNotFoundError: it is gone.
        SettingsError: it cannot be read or named in UTF-8.
    """
    name = os.fspath(path)
    shown = name.encode(errors="backslashreplace").decode()
    if shown != name:
        raise SettingsError(setting, shown, "file names in UTF-8", "Rename the file.")
    digest = hashlib.sha256()
    try:
        with FileIO(path) as stream:
            while chunk := stream.read(_HASHED_BYTES):
                digest.update(chunk)
        return digest.hexdigest()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise SettingsError(setting, shown, "files that can be read", _LOCKED.format(error.strerror)) from error


def _names(folder: str, above: str = "") -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except PermissionError as error:
        raise SettingsError("raw", folder, "folders that can be read", _LOCKED.format(error.strerror)) from error
    for entry in entries:
        name = above + entry.name
        if entry.name.startswith(".") or name in _NOT_DUMP_FOLDERS:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _names(entry.path, f"{name}/")
        elif entry.name not in _NOT_DUMPS and entry.is_file():
            yield name
