"""People's repairs of known bad values: entries of `curation/corrections.toml`, each of one value of one record."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from paperlake.curation.text import is_day, read_curated
from paperlake.errors import CorrectionError
from paperlake.paper_ids import find_arxiv_id

CORRECTIONS_FILE = "curation/corrections.toml"
TEXTS = ("title", "abstract")
"""Columns of which `from` names some words; of the others it is the whole value."""

_KEYS = ("dump", "line", "column", "from", "to", "why")
_HEADER = re.compile(r"[ \t]*\[\[[ \t]*correction[ \t]*\]\]")
_DUMP_ID = re.compile(r"[0-9a-f]{16,64}")
_URL = re.compile(r"https?://\S+")
_COUNT_DIGITS = 9
"""Counts are Int32."""


def _is_name(text: str) -> bool:
    return text.split() != [] and text == text.strip()


def _is_url(text: str) -> bool:
    return _URL.fullmatch(text) is not None


def _is_count(text: str) -> bool:
    return re.fullmatch(rf"0|[1-9][0-9]{{0,{_COUNT_DIGITS - 1}}}", text) is not None


def _is_count_from_1(text: str) -> bool:
    return _is_count(text) and text != "0"


def _is_arxiv_id(text: str) -> bool:
    return find_arxiv_id(text) == text


_COUNT = (_is_count, "a whole number in digits")
_ADDRESS = (_is_url, "an address that starts with http:// or https://")
_NAME = (_is_name, "text without blanks around it")
_FORMS: dict[str, tuple[Callable[[str], bool], str]] = {
    "title": (bool, "words"),
    "abstract": (bool, "words"),
    "arxiv_id": (_is_arxiv_id, "an arXiv id without version, as 2601.90001"),
    "paper_url": _ADDRESS,
    "github_url": _ADDRESS,
    "organisation": _NAME,
    "submitted_by": _NAME,
    "published_on": (is_day, "a day as 2026-03-14"),
    "n_authors": (_is_count_from_1, "a whole number from 1 in digits"),
    "upvotes": _COUNT,
    "comments": _COUNT,
    "github_stars": _COUNT,
}
"""What each column can be corrected to, beside nothing at all."""
_COUNTS = ("n_authors", "upvotes", "comments", "github_stars")
_MEANINGS = {"dump": "which dump, by its path or sha256", "why": "how you know that the value is wrong"}


@dataclass(frozen=True, slots=True)
class Correction:
    """One repair: the words `wrong` of a value (the whole value, outside of TEXTS) become `right`."""

    dump: str
    """As written: a path below the raw folder, or the sha256 of its bytes, or the first 16 digits of it or more."""
    line: int
    column: str
    wrong: str
    right: str
    why: str
    dump_ids: tuple[str, ...] = ()
    """The dumps that `dump` names: none, one, or those that bore one name after another."""
    place: str = field(default="", compare=False)
    """Where it stands in the file, for messages."""

    @property
    def dump_id(self) -> str | None:
        """The dump that it speaks of; None where `dump` does not name exactly one."""
        return self.dump_ids[0] if len(self.dump_ids) == 1 else None

    @property
    def effect(self) -> tuple[str, int, str, str, str]:
        """What it does, for whatever reason: dump, line, column, words, words instead."""
        return (self.dump_id or "", self.line, self.column, self.wrong, self.right)

    def as_dict(self) -> dict[str, Any]:
        """It as a manifest has it, with the dump by its sha256."""
        return dict(zip(("dump_id", *_KEYS[1:]), (*self.effect, self.why), strict=True))


def read_corrections(raw: Path) -> tuple[Correction, ...]:
    """The corrections in the order of the file, not yet with their dumps; empty without the file.

    Args:
        raw: folder of dumps, which may hold `curation/corrections.toml`.

    Raises:
        CorrectionError: the file cannot be read, or has entries that cannot be used; all of them together.
    """
    text = read_curated(raw, CORRECTIONS_FILE) or ""
    entries = _read_entries(text)
    places = _find_places(text, len(entries))
    faults = [
        f"{place}: {fault}" for place, entry in zip(places, entries, strict=True) for fault in _find_faults(entry)
    ]
    if faults:
        raise CorrectionError(CORRECTIONS_FILE, faults)
    return tuple(_as_correction(entry, place) for place, entry in zip(places, entries, strict=True))


def recall_corrections(facts: Iterable[Mapping[str, Any]]) -> tuple[Correction, ...]:
    """The corrections that a manifest tells of, as `as_dict` gave them."""
    return tuple(
        Correction(
            fact["dump_id"], fact["line"], fact["column"], fact["from"], fact["to"], fact["why"], (fact["dump_id"],)
        )
        for fact in facts
    )


def place_corrections(corrections: Collection[Correction], dumps: Iterable[tuple[str, str]]) -> tuple[Correction, ...]:
    """The corrections with the dumps they speak of, in an order that does not depend on that of the file.

    Args:
        corrections: as read.
        dumps: path and sha256 of every dump of the store and of the raw folder.
    """
    if not corrections:
        return ()
    known: dict[str, set[str]] = {}
    for path, dump_id in dumps:
        known.setdefault(path, set()).add(dump_id)
        known.setdefault(dump_id[:16], set()).add(dump_id)
    placed = [replace(correction, dump_ids=_find_dumps(correction.dump, known)) for correction in corrections]
    return tuple(sorted(placed, key=lambda correction: correction.effect))


def _find_dumps(name: str, known: Mapping[str, set[str]]) -> tuple[str, ...]:
    named = set(known.get(name, ()))
    if _DUMP_ID.fullmatch(name):
        named |= {dump_id for dump_id in known.get(name[:16], ()) if dump_id.startswith(name)}
    return tuple(sorted(named))


def _read_entries(text: str) -> list[Any]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        fault = f"expected valid TOML, found: {error}. Mend that line; see https://toml.io."
        raise CorrectionError(CORRECTIONS_FILE, [fault]) from error
    entries = document.pop("correction", [])
    faults = [f"expected [[correction]] above every key, found '{key}'. Move it below one." for key in document]
    if not isinstance(entries, list):
        faults.append("expected [[correction]] in two pairs of brackets, found one. Write both.")
    if faults:
        raise CorrectionError(CORRECTIONS_FILE, faults)
    return list(entries)


def _find_places(text: str, n_entries: int) -> list[str]:
    """Where each entry stands, with its line where the headers tell it."""
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if _HEADER.match(line)]
    if len(lines) != n_entries:
        return [f"correction {number}" for number in range(1, n_entries + 1)]
    return [f"correction {number} (line {line})" for number, line in enumerate(lines, start=1)]


def _find_faults(entry: object) -> Iterator[str]:
    """What is wrong with an entry: expected, found, and what to do."""
    if not isinstance(entry, Mapping):
        yield f"expected a table, found {entry!r}. Write [[correction]] on a line of its own, and its keys below it."
        return
    for key in entry:
        if key not in _KEYS:
            close = get_close_matches(key, _KEYS, n=1)
            hint = f"Did you mean '{close[0]}'? " if close else ""
            yield f"expected keys out of {', '.join(_KEYS)}, found '{key}'. {hint}Rename or remove it."
    missing = [key for key in _KEYS if key not in entry]
    if missing:
        yield f"expected all of {', '.join(_KEYS)}, found no {', '.join(missing)}. Add what is missing."
        return
    yield from _find_wrong_values(entry)


def _find_wrong_values(entry: Mapping[str, Any]) -> Iterator[str]:
    column, line = entry["column"], entry["line"]
    for key in ("dump", "why"):
        if not isinstance(entry[key], str) or not entry[key].strip():
            yield f"expected text in quotes in `{key}`, found {entry[key]!r}. Say {_MEANINGS[key]}."
    if type(line) is not int or line < 1:
        remedy = "Write it without quotes." if isinstance(line, str) else "`paperlake inspect` shows the lines."
        yield f"expected a line of the dump, counted from 1, in `line`, found {line!r}. {remedy}"
    if not isinstance(column, str) or column not in _FORMS:
        yield f"expected one of {', '.join(_FORMS)} in `column`, found {column!r}. Name one of these."
        return
    wrong, right = (_as_text(column, entry[key]) for key in ("from", "to"))
    if wrong is None or (column in TEXTS and not wrong):
        yield f"expected {_FORMS[column][1]} of `{column}` in `from`, found {entry['from']!r}. Copy what stands there."
    if right is None or not (right == "" or _FORMS[column][0](right)):
        remedy = 'Write it so, or "" for no value.'
        yield f"expected {_FORMS[column][1]} for `{column}` in `to`, found {entry['to']!r}. {remedy}"
    if wrong is not None and wrong == right:
        yield f"expected another value in `to` than in `from`, found {right!r} in both. Remove the entry."


def _as_text(column: str, value: object) -> str | None:
    """A value as text: a number or a day may stand without quotes where the column holds such; None for all else."""
    if type(value) is int and column in _COUNTS:
        return str(value)
    if isinstance(value, date) and not isinstance(value, datetime) and column == "published_on":
        return value.isoformat()
    return value if isinstance(value, str) else None


def _as_correction(entry: Mapping[str, Any], place: str) -> Correction:
    column = entry["column"]
    wrong, right = (_as_text(column, entry[key]) or "" for key in ("from", "to"))
    return Correction(entry["dump"], entry["line"], column, wrong, right, entry["why"], place=place)
