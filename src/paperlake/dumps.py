"""Dumps on disk: which files there are, and their lines."""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from charset_normalizer import from_bytes

from paperlake.errors import DumpError, SettingsError
from paperlake.settings import Settings

_NOT_DUMPS = {"dumps.toml"}
_NOT_DUMP_FOLDERS = {"curation"}
_UNFINISHED = (".part", ".tmp", ".crdownload")
_DAY = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WEB_DEFAULT = "cp1252"
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_MOST_CONTROL = 0.05
_SAMPLE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Dump:
    """One raw text capture, as found: its path below the raw folder, the sha256 of its bytes, its size."""

    path: str
    dump_id: str
    n_bytes: int

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

    Every file counts, but hidden ones, unfinished ones (`.part`, `.tmp`), `dumps.toml` and the folder `curation`.

    Raises:
        SettingsError: the folder does not exist, or holds a file that cannot be read or named in UTF-8.
    """
    if not raw.is_dir():
        raise SettingsError(
            "raw", str(raw), "a folder of dumps", "Make it and put text captures into it, or name another with --raw."
        )
    found: dict[str, Dump] = {}
    for path in sorted(_files(raw), key=lambda file: file.relative_to(raw).as_posix()):
        dump_id = _hash_file(path)
        found.setdefault(dump_id, Dump(path.relative_to(raw).as_posix(), dump_id, path.stat().st_size))
    return list(found.values())


def _hash_file(path: Path) -> str:
    shown = path.as_posix().encode(errors="backslashreplace").decode()
    if shown != path.as_posix():
        raise SettingsError("raw", shown, "file names in UTF-8", "Rename the file.")
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        remedy = f"{error.strerror}: make it readable, or move it away."
        raise SettingsError("raw", shown, "files that can be read", remedy) from error


def read_lines(path: Path, name: str, settings: Settings) -> list[str]:
    r"""The lines of a dump without their ends; `\n`, `\r\n` and `\r` end a line, nothing else does.

    Raises:
        DumpError: empty, too large, too many or too long lines, or no text; `reason` says which.
    """
    size = path.stat().st_size
    if size > settings.max_dump_bytes:
        raise DumpError(name, "too_large", f"expected at most {settings.max_dump_bytes:,} bytes, found {size:,}")
    text = decode(path.read_bytes(), name)
    if not text.strip():
        raise DumpError(name, "empty", "expected text, found none")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    if len(lines) > settings.max_dump_lines:
        raise DumpError(
            name, "too_many_lines", f"expected at most {settings.max_dump_lines:,} lines, found {len(lines):,}"
        )
    longest = max(map(len, lines))
    if longest > settings.max_line_chars:
        raise DumpError(
            name,
            "line_too_long",
            f"expected lines of at most {settings.max_line_chars:,} characters, found {longest:,}",
        )
    return lines


def decode(content: bytes, name: str) -> str:
    """The text of a dump: by its byte order mark, as UTF-8, else in the legacy encoding that charset-normalizer finds.

    Raises:
        DumpError: `not_text`.
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _decode_as(content, encoding, name)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = _decode_damaged(content) or _decode_legacy(content, name)
    sample = text[:_SAMPLE_BYTES]
    if len(_CONTROL.findall(sample)) > _MOST_CONTROL * len(sample):
        raise DumpError(name, "not_text", "expected text, found bytes that are none in any known encoding")
    return text


def _decode_damaged(content: bytes) -> str | None:
    """UTF-8 with a few bad bytes, as when a capture was cut inside a character; each shows as U+FFFD. None for others.

    Text of a legacy encoding hardly ever holds a valid sequence of two bytes and more.
    """
    text = content.decode(errors="replace")
    n_bad = text.count("\ufffd")
    n_good = sum(not character.isascii() for character in text) - n_bad
    return text if n_good > n_bad else None


def _decode_legacy(content: bytes, name: str) -> str:
    guess = _guess_encoding(content[:_SAMPLE_BYTES])
    return _decode_as(content, guess, name) if guess else "\0"


def _guess_encoding(sample: bytes) -> str | None:
    """The likeliest legacy encoding; of equally clean ones the web's default, which a few accents cannot tell apart."""
    matches = list(from_bytes(sample))
    clean = [match for match in matches if match.chaos <= matches[0].chaos]
    western = [_WEB_DEFAULT for match in clean if _WEB_DEFAULT in match.could_be_from_charset]
    return next(iter([*western, *(match.encoding for match in matches)]), None)


def _decode_as(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise DumpError(name, "not_text", f"expected {encoding} text, found other bytes at {error.start:,}") from error


def _files(raw: Path) -> Iterator[Path]:
    for path in raw.rglob("*"):
        parts = path.relative_to(raw).parts
        hidden = any(part.startswith(".") for part in parts)
        ours = path.name in _NOT_DUMPS or parts[0] in _NOT_DUMP_FOLDERS
        if path.is_file() and not (hidden or ours or path.name.endswith(_UNFINISHED)):
            yield path
