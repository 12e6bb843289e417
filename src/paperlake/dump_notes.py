"""What people wrote about dumps in `dumps.toml` of the raw folder: facts that the text of a dump does not hold."""

import filecmp
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

from paperlake.errors import SettingsError

NOTES_FILE = "dumps.toml"
_EXPECTED = {
    "captured_on": "a date without quotes and time, as 2026-03-14",
    "source_url": "an address that starts with http:// or https://, without passwords and tokens",
    "licence": "the name of a licence in quotes, as an SPDX identifier",
    "layout": "the name of a layout",
}
_URL = re.compile(r"https?://\S+")
_LEAST_LIKENESS = 0.85
"""Of two paths, as difflib measures it: all paths share the end `.txt`, so the usual 0.6 finds one for any name."""


@dataclass(frozen=True, slots=True)
class DumpNote:
    """Facts about one dump; None where nobody wrote one. They win over its file name and its text."""

    captured_on: date | None = None
    source_url: str | None = None
    licence: str | None = None
    layout: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """Its facts as JSON has them: the day in ISO 8601.

        >>> DumpNote(captured_on=date(2026, 3, 14), layout="compact").as_dict()
        {'captured_on': '2026-03-14', 'source_url': None, 'licence': None, 'layout': 'compact'}
        """
        day = self.captured_on.isoformat() if self.captured_on else None
        return {"captured_on": day, "source_url": self.source_url, "licence": self.licence, "layout": self.layout}


def read_notes(raw: Path, paths: Collection[str], layouts: Sequence[str]) -> dict[str, DumpNote]:
    """The note of each dump that has one, by its path; empty without the file.

    Args:
        raw: folder of dumps, which may hold `dumps.toml`.
        paths: paths of the dumps below the raw folder.
        layouts: names that `layout` may have, in the order in which messages list them.

    Raises:
        SettingsError: the file cannot be read, names a file that is no dump, or says of one what cannot be used.
    """
    entries = _read_toml(raw / NOTES_FILE)
    for path, entry in entries.items():
        if path not in paths:
            raise _misplaced(path, entry) or _unknown_path(path, raw, paths)
        _check_entry(path, entry, layouts)
    return {path: DumpNote(**entry) for path, entry in entries.items()}


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        # Editors on Windows put a byte order mark first, which TOML does not know.
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        remedy = f"{error.strerror}: make it readable, or move it away."
        raise SettingsError(NOTES_FILE, str(file), "a file that can be read", remedy) from error
    except UnicodeDecodeError as error:
        raise SettingsError(NOTES_FILE, str(error), "text in UTF-8", "Save it in UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(NOTES_FILE, str(error), "valid TOML", "Mend that line; see https://toml.io.") from error


def _check_entry(path: str, entry: object, layouts: Sequence[str]) -> None:
    """Nothing, when an entry is a table of known keys with values of their types."""
    if not isinstance(entry, Mapping):
        remedy = f'Write ["{path}"] on a line of its own, and the facts below it.'
        raise SettingsError(_place(path), entry, "a table", remedy)
    for key, value in entry.items():
        if key not in _EXPECTED:
            remedy = _suggest(key, _EXPECTED, "Remove it, or name it as one of these.")
            raise SettingsError(_place(path), key, f"keys out of {_listed(_EXPECTED)}", remedy)
        if not _is_usable(key, value):
            raise SettingsError(_place(path, key), _shown(value), _EXPECTED[key], "Write it so, or remove the line.")
    layout = entry.get("layout")
    if layout and layout not in layouts:
        remedy = _suggest(layout, layouts, "Name one of these, or remove the line: the layout is then recognised.")
        raise SettingsError(_place(path, "layout"), layout, f"one of {_listed(layouts)}", remedy)


def _is_usable(key: str, value: object) -> bool:
    if key == "captured_on":
        return type(value) is date  # an instant is a date to Python, too
    if not isinstance(value, str):
        return False
    if key == "source_url":
        from paperlake.links.credentials import mask_credentials  # its patterns take long to compile, and few write one

        return bool(_URL.fullmatch(value)) and mask_credentials(value) == value
    return bool(value.strip())


def _shown(value: object) -> object:
    """The value as its file has it, days and times in ISO 8601."""
    return value.isoformat() if isinstance(value, date | time) else value


def _misplaced(key: str, value: object) -> SettingsError | None:
    """The error for a fact above all entries and for a path without quotes; None where the key is neither."""
    if isinstance(value, Mapping):
        path = ".".join([key, *_inner_names(value)])
        remedy = f'Names with a dot need quotes: ["{path}"].'
        return SettingsError(NOTES_FILE, f"[{path}]", "paths in quotes", remedy) if path != key else None
    if key in _EXPECTED:
        remedy = 'Write it below an entry, as ["file.txt"].'
        return SettingsError(f"{NOTES_FILE} {key}", _shown(value), "a fact of one dump", remedy)
    return None


def _inner_names(table: Mapping[str, Any]) -> Iterator[str]:
    """Names of the tables inside of a table: without quotes, a dot in a path begins one."""
    name = next((name for name, value in table.items() if isinstance(value, Mapping)), None)
    if name is not None:
        yield name
        yield from _inner_names(table[name])


def _unknown_path(path: str, raw: Path, paths: Collection[str]) -> SettingsError:
    """The error for an entry whose file is not among the dumps: it does not exist, is another's copy, or is no dump."""
    file = raw / path
    if not file.is_file():
        remedy = f'Name a file below {raw.as_posix()}, in quotes, as ["trending.txt"].'
        return SettingsError(NOTES_FILE, path, "paths of dumps", _did_you_mean(_closest_path(path, paths), remedy))
    original = next((other for other in paths if filecmp.cmp(file, raw / other, shallow=False)), None)
    if original is not None:
        expected = f"paths of dumps ('{path}' has the same bytes as '{original}')"
        return SettingsError(NOTES_FILE, path, expected, f'Name the entry ["{original}"]: the first path counts.')
    expected = f"paths of dumps ('{path}' is hidden, unfinished, or otherwise no dump)"
    return SettingsError(NOTES_FILE, path, expected, "Rename the file, or remove the entry.")


def _suggest(found: str, known: Collection[str], remedy: str) -> str:
    return _did_you_mean(get_close_matches(found, known, n=1), remedy)


def _did_you_mean(close: Sequence[str], remedy: str) -> str:
    return f"Did you mean '{close[0]}'? {remedy}" if close else remedy


def _closest_path(path: str, paths: Collection[str]) -> list[str]:
    """The path that was most likely meant, at most one: of the same name in another folder, else one much like it."""
    name = PurePosixPath(path).name
    same = [other for other in sorted(paths) if PurePosixPath(other).name == name]
    return get_close_matches(path, same, n=1, cutoff=0) or get_close_matches(path, sorted(paths), 1, _LEAST_LIKENESS)


def _place(path: str, key: str | None = None) -> str:
    return f'{NOTES_FILE} ["{path}"]' + (f" {key}" if key else "")


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
