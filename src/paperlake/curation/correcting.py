"""What corrections do to appearances, and which of them fit no longer.

A correction names a dump, a line and a column: that is the value of the record which stands on that line. Where a dump
has several records on one line, as JSON does, it is the one in which the words stand.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import polars as pl

from paperlake.curation.corrections import CORRECTIONS_FILE, TEXTS, Correction
from paperlake.curation.misfits import DONE_OR_ELSEWHERE, dump_fault, expected_words, shortened, words_fault
from paperlake.errors import CorrectionError

PLACE = ("dump_id", "line_start", "line_end")
"""Columns of appearances by which the record of a correction is found."""
_RAW = {"title": "title_raw", "abstract": "abstract_raw"}
"""Columns of appearances that have another name in the file."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the words of a correction stand: row of the value, the value as text, first character and end."""

    row: int
    shown: str
    start: int
    end: int


def correct(appearances: pl.DataFrame, corrections: Sequence[Correction]) -> pl.DataFrame:
    """The same rows in the same order, values corrected.

    Args:
        appearances: one row an appearance, values as read; of any dumps.
        corrections: placed and checked; those whose words do not stand in these rows do nothing.
    """
    edits: dict[tuple[str, int], list[tuple[_Place, str]]] = {}
    for correction, values in _find_values(appearances, corrections):
        places = _find_places(correction, values)
        if len(places) == 1:
            edits.setdefault((_column(correction), places[0].row), []).append((places[0], correction.right))
    changed: dict[str, dict[int, str]] = {}
    for (column, row), changes in edits.items():
        changed.setdefault(column, {})[row] = _edit(changes)
    return appearances.with_columns(_replace(appearances[column], values) for column, values in changed.items())


def check_corrections(
    appearances: pl.DataFrame, corrections: Sequence[Correction], paths: Collection[str] = ()
) -> None:
    """Nothing, when every correction fits: its dump, line and words are there, once, and not yet as it wants them.

    Args:
        appearances: values as read, of all the dumps that corrections speak of.
        corrections: placed.
        paths: of the dumps of the store, for suggestions.

    Raises:
        CorrectionError: some do not fit, or change the same words; all of them together.
    """
    faults: list[tuple[Correction, str]] = []
    taken: dict[tuple[str, int], list[tuple[_Place, Correction]]] = {}
    for correction, values in _find_values(appearances, corrections):
        places = _find_places(correction, values)
        fault = _find_fault(correction, values, places, paths)
        if fault:
            faults.append((correction, fault))
        else:
            taken.setdefault((_column(correction), places[0].row), []).append((places[0], correction))
    faults += [clash for claims in taken.values() for clash in _find_clashes(claims)]
    if faults:
        raise CorrectionError(CORRECTIONS_FILE, [f"{correction.place}: {fault}" for correction, fault in faults])


def find_corrected(
    appearances: pl.DataFrame, before: Sequence[Correction], after: Sequence[Correction]
) -> pl.DataFrame:
    """The appearances that have other values under the corrections of now than under those of before; as read."""
    changed = {effect[0] for effect in {c.effect for c in before} ^ {c.effect for c in after}}
    rows = appearances.filter(pl.col("dump_id").is_in(list(changed)))
    old, new = correct(rows, before), correct(rows, after)
    differs = [new[column].ne_missing(old[column]).alias(column) for column in rows.columns]
    return rows.filter(pl.DataFrame(differs).select(pl.any_horizontal(pl.all())).to_series())


def _column(correction: Correction) -> str:
    return _RAW.get(correction.column, correction.column)


def _find_values(
    appearances: pl.DataFrame, corrections: Sequence[Correction]
) -> Iterator[tuple[Correction, dict[int, str]]]:
    """Each correction with the values that it may speak of, by row: those of the records on its line, as text."""
    rows: dict[int, list[int]] = {}
    for number, row in _find_records(appearances, corrections).iter_rows():
        rows.setdefault(number, []).append(row)
    for number, correction in enumerate(corrections):
        column = _column(correction)
        yield correction, {row: _as_text(appearances.item(row, column)) for row in rows.get(number, ())}


def _find_records(appearances: pl.DataFrame, corrections: Sequence[Correction]) -> pl.DataFrame:
    """`number` of each correction and `row` of each appearance that holds its line."""
    wanted = pl.DataFrame(
        [(number, correction.dump_id, correction.line) for number, correction in enumerate(corrections)],
        schema={"number": pl.Int64, "dump_id": pl.String, "line": pl.Int64},
        orient="row",
    )
    lines = appearances.select(PLACE).with_row_index("row")
    near = lines.filter(pl.col("dump_id").is_in(wanted["dump_id"].drop_nulls().unique().to_list()))
    held = near.join(wanted, on="dump_id").filter(pl.col("line").is_between("line_start", "line_end"))
    return held.select("number", "row").sort("number", "row")


def _as_text(value: object) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _find_places(correction: Correction, values: dict[int, str]) -> list[_Place]:
    """Where the words stand: the only place, none, or some of many."""
    return [
        _Place(row, shown, start, start + len(correction.wrong))
        for row, shown in values.items()
        for start in _find_starts(correction, shown)
    ]


def _find_starts(correction: Correction, shown: str) -> list[int]:
    if correction.column not in TEXTS:
        return [0] if shown == correction.wrong else []
    starts = {shown.find(correction.wrong), shown.rfind(correction.wrong)}
    return sorted(starts - {-1})


def _edit(changes: Sequence[tuple[_Place, str]]) -> str:
    """The value after all its changes, each of other words of it."""
    text = changes[0][0].shown
    for place, right in sorted(changes, key=lambda change: change[0].start, reverse=True):
        text = text[: place.start] + right + text[place.end :]
    return text.strip()


def _replace(column: pl.Series, values: dict[int, str]) -> pl.Series:
    """The column with other values in some rows; no text is no value."""
    texts = pl.Series([value or None for value in values.values()], dtype=pl.String)
    new = texts.str.to_date() if column.dtype == pl.Date else texts.cast(column.dtype)
    return column.scatter(list(values), new)


def _find_fault(
    correction: Correction, values: dict[int, str], places: Sequence[_Place], paths: Collection[str]
) -> str | None:
    """Why a correction does not fit; None where it does."""
    wrong, column = correction.wrong, correction.column
    if correction.dump_id is None:
        return dump_fault(correction, paths)
    if not values:
        remedy = "`paperlake inspect` shows the lines of its records: mend `line`, or remove the entry."
        return f"expected a paper on line {correction.line} of '{correction.dump}', found none. {remedy}"
    if not places:
        return words_fault(correction, list(values.values()))
    if len(places) > 1 and column in TEXTS:
        return f"expected {shortened(wrong)} of `{column}` once, found it more often. Take more of the words around it."
    if len(places) > 1:
        expected = f"expected {shortened(wrong)} of `{column}` in one record on line {correction.line}"
        return f"{expected}, found it in {len(places)}. No key of an entry tells these records apart: remove the entry."
    if _is_done(correction, places[0]):
        return f"{expected_words(correction)}, found {shortened(correction.right)} already. {DONE_OR_ELSEWHERE}"
    if column == "title" and not _edit([(places[0], correction.right)]):
        return "expected a title with words, found that none are left. Papers are known by their titles: keep some."
    return None


def _is_done(correction: Correction, place: _Place) -> bool:
    """Whether the words stand inside of those that would replace them: they were replaced already."""
    offset = correction.right.find(correction.wrong) if correction.column in TEXTS else -1
    return 0 <= offset <= place.start and place.shown.startswith(correction.right, place.start - offset)


def _find_clashes(claims: Sequence[tuple[_Place, Correction]]) -> Iterator[tuple[Correction, str]]:
    """Corrections of one value that change words of one another."""
    in_order = sorted(claims, key=lambda claim: (claim[0].start, claim[0].end))
    for (earlier, first), (later, second) in pairwise(in_order):
        if later.start < earlier.end or later.start == earlier.start:
            yield (
                second,
                f"expected words that no other entry changes, found those of {first.place}. Make them one entry.",
            )
