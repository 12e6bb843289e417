"""Dumps that people took back, in `curation/retractions.csv`: what they show counts no longer."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from paperlake.curation.csv_rows import add_row, find_unsigned, read_rows
from paperlake.errors import CorrectionError

RETRACTIONS_FILE = "curation/retractions.csv"
_COLUMNS = ("when", "who", "dump", "why")
_LEAST_DIGITS = 12
_SHOWN_DIGITS = 16
"""Of a sha256; appearance ids begin with as many."""
_DIGITS = re.compile(r"[0-9a-f]{1,64}")
_LIKENESS = 0.85
"""Of two paths, as difflib measures it: the least for a suggestion."""


@dataclass(frozen=True, slots=True)
class Retraction:
    """That a dump is taken back; who said so, when, and why."""

    when: date
    who: str
    dump: str
    """A path as `dumps.path`, or the sha256 of its bytes, or the first 12 digits of it or more."""
    why: str
    line: int = field(default=0, compare=False)
    """Line of the file, for messages; 0 for one that is not written yet."""

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"line {self.line}" if self.line else "the new line"

    def as_dict(self) -> dict[str, str]:
        """It as JSON has it: the day in ISO 8601.

        >>> Retraction(date(2026, 3, 14), "mira", "2026-03.txt", "a test").as_dict()
        {'when': '2026-03-14', 'who': 'mira', 'dump': '2026-03.txt', 'why': 'a test'}
        """
        return dict(zip(_COLUMNS, (self.when.isoformat(), self.who, self.dump, self.why), strict=True))


def read_retractions(raw: Path) -> tuple[Retraction, ...]:
    """The retractions in the order of the file, not yet with their dumps; empty without the file.

    Args:
        raw: folder of dumps, which may hold `curation/retractions.csv`.

    Raises:
        CorrectionError: the file cannot be read, or a line is no retraction; all such lines together.
    """
    rows, faults = read_rows(raw, RETRACTIONS_FILE, _COLUMNS, find_faults)
    if faults:
        raise CorrectionError(RETRACTIONS_FILE, faults)
    return tuple(_as_retraction(cells, number) for number, cells in rows)


def recall_retractions(facts: Iterable[Mapping[str, str]]) -> tuple[Retraction, ...]:
    """The retractions that a manifest tells of, as `as_dict` gave them."""
    return tuple(_as_retraction([fact[column] for column in _COLUMNS]) for fact in facts)


def place_retractions(retractions: Collection[Retraction], paths: Iterable[tuple[str, str]]) -> dict[str, Retraction]:
    """The retraction of each dump that is taken back, by its sha256, which `dump` of each becomes.

    Args:
        retractions: as read, or as recalled.
        paths: path and sha256 of every dump of the store and of the raw folder.

    Raises:
        CorrectionError: some name no dump, several, or one that another line names; all such lines together.
    """
    if not retractions:
        return {}
    known: dict[str, set[str]] = {}
    for path, dump_id in paths:
        known.setdefault(path, set()).add(dump_id)
    placed: dict[str, Retraction] = {}
    faults: list[str] = []
    for retraction in retractions:
        dump_ids = _find_dumps(retraction.dump, known)
        other = placed.get(dump_ids[0]) if len(dump_ids) == 1 else None
        if len(dump_ids) != 1:
            faults.append(f"{retraction.place}: {_dump_fault(retraction.dump, dump_ids, known)}")
        elif other:
            faults.append(f"{retraction.place}: expected one line for a dump, found {other.place}, too. Keep one.")
        else:
            placed[dump_ids[0]] = replace(retraction, dump=dump_ids[0])
    if faults:
        raise CorrectionError(RETRACTIONS_FILE, faults)
    return placed


def add_retraction(raw: Path, retraction: Retraction) -> int:
    """The number of the line that now holds it, at the end of the file."""
    return add_row(raw, RETRACTIONS_FILE, _COLUMNS, list(retraction.as_dict().values()))


def find_faults(when: str, who: str, dump: str, why: str) -> Iterator[str]:
    """What is wrong with the values of a line: expected, found, and what to do."""
    yield from find_unsigned(when, who, why)
    if not dump:
        yield "a dump in `dump`, found nothing. Name its path below the raw folder, or its sha256."


def _find_dumps(name: str, known: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The dumps that a path or the digits of a sha256 name."""
    named = set(known.get(name, ()))
    if len(name) >= _LEAST_DIGITS and _DIGITS.fullmatch(name):
        named |= {dump_id for dump_ids in known.values() for dump_id in dump_ids if dump_id.startswith(name)}
    return tuple(sorted(named))


def _dump_fault(name: str, dump_ids: Sequence[str], paths: Collection[str]) -> str:
    """Why a name is not that of one dump."""
    if dump_ids:
        ids = ", ".join(dump_id[:_SHOWN_DIGITS] for dump_id in dump_ids)
        return f"expected one dump, found {len(dump_ids)} named {name!r}. Name it by sha256: {ids}."
    expected = "expected a dump of the store or the raw folder"
    if len(name) < _LEAST_DIGITS and _DIGITS.fullmatch(name):
        return f"{expected}, found {name!r}. Of a sha256, write {_LEAST_DIGITS} digits or more."
    close = get_close_matches(name, paths, n=1, cutoff=_LIKENESS)
    hint = f"Did you mean {close[0]!r}? " if close else ""
    return f"{expected}, found {name!r}. {hint}Mend it, or remove the line."


def _as_retraction(cells: Sequence[str], line: int = 0) -> Retraction:
    when, who, dump, why = cells
    return Retraction(date.fromisoformat(when), who, dump, why, line)
