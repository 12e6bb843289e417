"""Why the values of one paper are what they are: which appearance gave each, from what, and which others lost."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from paperlake.abstracts import trace_abstract
from paperlake.curation.correcting import correct
from paperlake.curation.corrections import Correction
from paperlake.explain.source_lines import Source, SourceLines
from paperlake.explain.text_changes import Change, Step, trace_changes
from paperlake.extract import EXTRACTED_APPEARANCES
from paperlake.identity.merging import METRIC_RULES, RULES
from paperlake.layouts.values import read_day
from paperlake.normalise import normalise_appearances
from paperlake.titles import trace_title

ALL_RULES = {"paper_id": "first", **RULES, "first_appearance_id": "first", "flags": "longest", **METRIC_RULES}
"""The rule of every column of `papers` and `metrics` but those that come from links."""
RULES_SAY = {
    "first": "the first appearance that has one",
    "longest": "the appearance with the longest abstract; of equals the first",
    "latest": "the latest capture that shows one; without days of capture, the latest entry",
    "earliest": "the earliest day of capture",
    "counted": "all appearances together",
}
"""What each rule takes."""
_RAW_COLUMNS = {
    "title": ("title_raw",),
    "title_key": ("title_raw",),
    "abstract": ("abstract_raw",),
    "arxiv_id": ("arxiv_id", "paper_url"),
    "doi": ("paper_url",),
    "published_on": ("published_raw",),
    **{name: (name,) for name in ("paper_url", "organisation", "submitted_by", "n_authors")},
    **{name: (name,) for name in ("upvotes", "comments", "github_stars")},
}
"""The columns of `appearances` that a value is made from; of several, the first one that holds something."""
_TRACES: dict[str, Callable[[str], list[tuple[str, str]]]] = {"title": trace_title, "abstract": trace_abstract}
_FLAGS = "those of its abstract, and `no_abstract` and `conflicting_ids` where they are true of all appearances"
_OTHER_RULES = "the rules that are installed give no such value: other rules made it, and the steps are not theirs"


@dataclass(frozen=True, slots=True)
class SeenAppearance:
    """One appearance: its row as read, the row after corrections, the clean values, and what corrected which column."""

    row: dict[str, Any]
    corrected: dict[str, Any]
    values: dict[str, Any]
    corrections: tuple[Correction, ...]

    @property
    def order_of_capture(self) -> tuple[bool, date]:
        """What "latest" goes by: without a day of capture first."""
        day = self.row["captured_on"]
        return day is not None, day or date.min


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another value, which lost, and where it stands."""

    value: Any
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ExplainedValue:
    """One value of `papers` or `metrics`: where it comes from, and how.

    Attributes:
        table: its table.
        column: its column.
        value: as published.
        rule: which appearance gives it.
        rule_says: the same in words.
        source: where it stands; None for what is counted.
        raw: what was read there; None for what no page writes.
        steps: what was done to it, in order.
        corrections: people's repairs of it, as a manifest has them.
        candidates: other values of other appearances.
        notes: what else there is to know.
    """

    table: str
    column: str
    value: Any
    rule: str
    rule_says: str
    source: Source | None = None
    raw: Any = None
    steps: tuple[Step, ...] = ()
    corrections: tuple[dict[str, Any], ...] = ()
    candidates: tuple[Candidate, ...] = ()
    notes: tuple[str, ...] = ()


def see_appearances(rows: pl.DataFrame, corrections: Sequence[Correction]) -> list[SeenAppearance]:
    """The appearances of one paper with what today's rules make of them.

    Args:
        rows: of `appearances` in order of entry, with `path` and `captured_on` of their dumps.
        corrections: those of the release.
    """
    dumps = set(rows["dump_id"])
    own = [one for one in corrections if one.dump_id in dumps]
    corrected = correct(rows, own)
    clean = normalise_appearances(corrected.select(EXTRACTED_APPEARANCES.names()))
    acted = [correct(rows, [one]) for one in own]
    return [
        SeenAppearance(
            row,
            mended,
            mended | values | {"first_seen_on": row["captured_on"], "last_seen_on": row["captured_on"]},
            tuple(one for one, frame in zip(own, acted, strict=True) if not frame[at].equals(rows[at])),
        )
        for at, (row, mended, values) in enumerate(
            zip(rows.to_dicts(), corrected.to_dicts(), clean.to_dicts(), strict=True)
        )
    ]


def explain_values(
    table: str, row: Mapping[str, Any], seen: Sequence[SeenAppearance], sources: SourceLines
) -> list[ExplainedValue]:
    """Every value of a paper's row that is there, in the order of the columns; those from links are not among them.

    Args:
        table: `papers` or `metrics`.
        row: its row of that table.
        seen: its appearances in order of entry.
        sources: where lines are read.
    """
    columns = [name for name, value in row.items() if name in ALL_RULES and value not in (None, [])]
    if table == "metrics":
        columns.remove("paper_id")
    return [_explain(table, column, row[column], seen, sources) for column in columns]


def _explain(
    table: str, column: str, value: Any, seen: Sequence[SeenAppearance], sources: SourceLines
) -> ExplainedValue:
    rule = ALL_RULES[column]
    said = (table, column, value, rule, _FLAGS if column == "flags" else RULES_SAY[rule])
    if rule == "counted":
        return ExplainedValue(*said)
    if column not in _RAW_COLUMNS:
        return _explain_unwritten(said, column, value, seen, sources)
    giver = _choose(rule, column, value, seen)
    if giver is None:
        return ExplainedValue(*said, notes=(_OTHER_RULES,))
    raw_column = _raw_column(column, giver)
    raw = giver.row[raw_column]
    return ExplainedValue(
        *said,
        source=sources.locate(giver.row, raw_column, raw),
        raw=raw,
        steps=tuple(_steps(column, value, giver, raw_column)),
        corrections=tuple(_corrections(column, raw_column, giver)),
        candidates=tuple(_losers(column, value, seen, sources)),
        notes=() if giver.values[column] == value else (_OTHER_RULES,),
    )


def _explain_unwritten(
    said: tuple[str, str, Any, str, str], column: str, value: Any, seen: Sequence[SeenAppearance], sources: SourceLines
) -> ExplainedValue:
    """A value that no line holds: an id, flags, a day of capture."""
    if column in METRIC_RULES:
        giver = next((one for one in seen if one.row["captured_on"] == value), seen[0])
        note = f"the day of capture of {giver.row['path']}, from {giver.row['captured_from']}"
        return ExplainedValue(*said, source=sources.locate(giver.row), notes=(note,))
    if column == "flags":
        return ExplainedValue(*said, source=sources.locate(_longest(seen).row))
    note = "a hash of `first_appearance_id`" if column == "paper_id" else "sha256 of the dump, and position in it"
    return ExplainedValue(*said, source=sources.locate(seen[0].row), notes=(note,))


def _choose(rule: str, column: str, value: Any, seen: Sequence[SeenAppearance]) -> SeenAppearance | None:
    """The appearance that gives a value: the one whose value it is, else the one that the rule takes."""
    in_order = sorted(seen, key=lambda one: one.order_of_capture)[::-1] if rule == "latest" else seen
    having = [one for one in in_order if one.values[column] is not None]
    equal = next((one for one in having if one.values[column] == value), None)
    if equal or not having:
        return equal
    return _longest(having) if rule == "longest" else having[0]


def _longest(seen: Sequence[SeenAppearance]) -> SeenAppearance:
    return max(seen, key=lambda one: len(one.values["abstract"] or ""))


def _raw_column(column: str, giver: SeenAppearance) -> str:
    names = _RAW_COLUMNS[column]
    return next((name for name in names if giver.corrected[name] is not None), names[0])


def _steps(column: str, value: Any, giver: SeenAppearance, raw_column: str) -> Iterator[Step]:
    """What was done to a raw value, after corrections, until it was clean."""
    raw = giver.corrected[raw_column]
    if column in _TRACES:
        yield from trace_changes(raw, _TRACES[column](raw))
    elif column == "published_on":
        if giver.corrected["published_on"] == giver.row["published_on"]:
            name = "read_day" if read_day(raw) else "year_of_capture"
            yield Step(name, (Change(raw, str(value)),))
    elif raw is not None and str(raw) != str(value):
        name = {"arxiv_id": "find_arxiv_id", "doi": "find_doi"}.get(column, column)
        yield Step(name, (Change(str(raw), str(value)),))


def _corrections(column: str, raw_column: str, giver: SeenAppearance) -> Iterator[dict[str, Any]]:
    own = {column, raw_column, raw_column.removesuffix("_raw")}
    return (one.as_dict() for one in giver.corrections if one.column in own)


def _losers(column: str, value: Any, seen: Sequence[SeenAppearance], sources: SourceLines) -> Iterator[Candidate]:
    others: dict[Any, list[SeenAppearance]] = {}
    for one in seen:
        if one.values[column] not in (None, value):
            others.setdefault(one.values[column], []).append(one)
    for other, giving in others.items():
        raws = ((one.row, _raw_column(column, one)) for one in giving)
        yield Candidate(other, tuple(sources.locate(row, name, row[name]) for row, name in raws))
