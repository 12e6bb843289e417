"""Dumps on disk: which files there are, and their lines."""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pyarrow as pa

from paperlake.dump_notes import NOTES_FILE
from paperlake.encodings import decode
from paperlake.errors import ChangedDumpError, DumpError, SettingsError
from paperlake.settings import Settings

_NOT_DUMPS = {NOTES_FILE}
_NOT_DUMP_FOLDERS = {"curation"}
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp")
"""How names end that Firefox, old Edge, WinSCP, Chromium and many others give to what they still write."""
_ZERO_WIDTH = re.compile("(?m)^[\ufeff\u200b]+|[\ufeff\u200b]+$")
_DAY = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_Codec = Literal["gzip", "zstd"]
_CODECS: tuple[tuple[bytes, _Codec], ...] = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))
"""How an archive starts: RFC 1952 (2.3.1) and RFC 8878 (3.1.1)."""
_CHUNK_BYTES = 2**20
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


def hash_dump(path: Path, setting: str = "raw") -> str:
    """sha256 of a file's bytes, in hex.

    Args:
        path: of the file.
        setting: whose fault it is where that cannot be done.

    Raises:
        FileNotFoundError: it is gone.
        SettingsError: it cannot be read or named in UTF-8.
    """
    name = path.as_posix()
    shown = name.encode(errors="backslashreplace").decode()
    if shown != name:
        raise SettingsError(setting, shown, "file names in UTF-8", "Rename the file.")
    digest = hashlib.sha256()
    try:
        with path.open("rb", buffering=0) as stream:
            while chunk := stream.read(_HASHED_BYTES):
                digest.update(chunk)
        return digest.hexdigest()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise SettingsError(setting, shown, "files that can be read", _LOCKED.format(error.strerror)) from error


def read_lines(path: Path, name: str, settings: Settings, found: Dump | None = None) -> list[str]:
    r"""The lines of a dump without their ends; `\n`, `\r\n` and `\r` end a line, nothing else does.

    Byte order marks and zero-width blanks around a line go: files that were put together have them in their midst.
    A dump packed with gzip or zstd, whatever its name, is unpacked first.

    Args:
        path: of the file.
        name: of the dump in messages.
        settings: limits.
        found: the dump that the file was found to be; without it any bytes will do.

    Raises:
        ChangedDumpError: the file holds other bytes than `found`, or is gone.
        DumpError: empty, too large, too many or too long lines, damaged, or no text; `reason` says which.
    """
    content = _read_content(path, name, settings) if found is None else _read_found(path, found, settings)
    codec = next((codec for magic, codec in _CODECS if content.startswith(magic)), None)
    text = decode(_unpack(content, codec, name, settings.max_unpacked_bytes) if codec else content, name)
    if not text or text.isspace():
        raise DumpError(name, "empty", "expected text, found none")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\ufeff" in text or "\u200b" in text:
        text = _ZERO_WIDTH.sub("", text)
    lines = text.removesuffix("\n").split("\n")
    _check_lines(lines, len(text), name, settings)
    return lines


def _read_content(path: Path, name: str, settings: Settings) -> bytes:
    n_bytes, most = path.stat().st_size, settings.max_dump_bytes
    if n_bytes > most:
        raise DumpError(name, "too_large", f"expected at most {most:,} bytes (max_dump_bytes), found {n_bytes:,}")
    return path.read_bytes()


def _read_found(path: Path, found: Dump, settings: Settings) -> bytes:
    """The bytes that were found; of a file that is too large to read its size has to do."""
    try:
        n_bytes = path.stat().st_size
        if n_bytes != found.n_bytes:
            raise ChangedDumpError(found.path, f"it had {found.n_bytes:,} bytes and has {n_bytes:,} now")
        content = _read_content(path, found.path, settings)
    except FileNotFoundError as error:
        raise ChangedDumpError(found.path, "it is gone") from error
    if hashlib.sha256(content).hexdigest() != found.dump_id:
        raise ChangedDumpError(found.path, "it holds others of the same number, or more")
    return content


def _unpack(content: bytes, codec: _Codec, name: str, most: int) -> bytes:
    """What an archive holds, all its members in a row; stops at the limit, so that a bomb cannot fill the memory."""
    unpacked = bytearray()
    try:
        with pa.CompressedInputStream(pa.BufferReader(content), codec) as stream:
            while len(unpacked) <= most and (chunk := stream.read(_CHUNK_BYTES)):
                unpacked += chunk
    except OSError as error:
        detail = f"expected a whole {codec} archive, found a damaged one: {error}"
        raise DumpError(name, "damaged_archive", detail) from error
    if len(unpacked) > most:
        detail = f"expected at most {most:,} bytes once unpacked (max_unpacked_bytes), found more"
        raise DumpError(name, "too_large", detail)
    return bytes(unpacked)


def _check_lines(lines: Sequence[str], n_chars: int, name: str, settings: Settings) -> None:
    """Nothing, when they are within the limits."""
    most = settings.max_dump_lines
    if len(lines) > most:
        detail = f"expected at most {most:,} lines (max_dump_lines), found {len(lines):,}"
        raise DumpError(name, "too_many_lines", detail)
    longest = max(map(len, lines)) if n_chars > settings.max_line_chars else 0
    if longest > settings.max_line_chars:
        expected = f"lines of at most {settings.max_line_chars:,} characters (max_line_chars)"
        raise DumpError(name, "line_too_long", f"expected {expected}, found {longest:,}")


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
