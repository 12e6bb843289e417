"""The lines of a dump, whatever it is packed in and however it is encoded."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pyarrow as pa

from paperlake.dumps import Dump
from paperlake.encodings import decode
from paperlake.errors import ChangedDumpError, DumpError
from paperlake.settings import Settings

_ZERO_WIDTH = re.compile("(?m)^[\ufeff\u200b]+|[\ufeff\u200b]+$")
_Codec = Literal["gzip", "zstd"]
_CODECS: tuple[tuple[bytes, _Codec], ...] = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))
"""How an archive starts: RFC 1952 (2.3.1) and RFC 8878 (3.1.1)."""
_CHUNK_BYTES = 2**20


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
