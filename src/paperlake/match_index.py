"""What matching knows of the rows of a store, kept on disk beside it: derived, versioned, and safe to delete.

Rows enter first; they wait until evidence of their pairs was found, in parts (`match_parts`), and is gathered. A run
that dies in between leaves what counted before and the rows that wait, and the next one goes on with both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from paperlake.identity.decisions import EVIDENCE
from paperlake.identity.facts import FACTS
from paperlake.identity.matching import enter
from paperlake.match_files import (
    STATE,
    WAITING,
    Index,
    Segment,
    find_index,
    new_name,
    read_index,
    tidied,
    write_segment,
    write_state,
)
from paperlake.work import work_name

_ROWS_AT_ONCE = 2_000_000
_GIVEN = [name for name in FACTS if name not in ("title_key", "numbers", "sentences")]
"""What facts are made of; the others follow from these."""


def matching_folder(work: Path) -> Path:
    """Where the index is kept, below the work folder of a store: another one for other rules."""
    return work / work_name("matching")


def enter_rows(folder: Path, facts: pl.DataFrame, name: str = "", n_known: int = 0) -> None:
    """Nothing: the rows of the index are these; those that it did not know yet wait for evidence.

    What the folder knows counts while its rows are the first of these, unchanged; else all rows wait.

    Args:
        folder: where the index is kept.
        facts: FACTS of all appearances in order of entry, but for the first ones that are known.
        name: of all these rows; another one for others.
        n_known: how many appearances before these are known, as `knows_rows` says, to be the first rows of the index.
    """
    waiting, index = find_index(folder, WAITING), find_index(folder, STATE)
    n_rows = n_known + facts.height
    with tidied(folder):
        if waiting is not None and _n_rows(waiting) == n_rows and _is_head(waiting, facts, n_known):
            write_state(folder, _named(waiting, name), WAITING)
            return
        known = index if index is not None and _is_head(index, facts, n_known) else Index()
        if index is known and _n_rows(known) == n_rows:
            (folder / WAITING).unlink(missing_ok=True)
            write_state(folder, _named(known, name), STATE)
        else:
            new = facts[_n_rows(known) - n_known :]
            write_state(folder, _named(_extend(folder, known, new), name), WAITING)


def knows_rows(folder: Path, n_rows: int, name: str, later: str) -> bool:
    """Whether the first rows of the index have this name, and there are no others but those with the later one."""
    index = find_index(folder, STATE)
    if index is None or index.marks.get(n_rows) != name:
        return False
    return _n_rows(index) == n_rows or index.marks.get(_n_rows(index)) == later


def waiting_index(folder: Path) -> Index | None:
    """The index with the rows that wait; None where none does.

    Raises:
        OSError, ValueError: something of it is gone or damaged since these rows entered; a new run makes it again.
    """
    return read_index(folder, WAITING) if (folder / WAITING).exists() else None


def gather(folder: Path, found: Sequence[pl.DataFrame]) -> Index:
    """The index, whose rows wait no more. Once it was gathered, evidence of these rows is not looked at again.

    Args:
        folder: where the index is kept.
        found: EVIDENCE of all pairs of the rows that wait, in parts, by the later row.
    """
    waiting = waiting_index(folder)
    if waiting is None:
        return read_index(folder, STATE)
    evidence = pl.concat([pl.DataFrame(schema=EVIDENCE), *found])
    with tidied(folder):
        index = replace(waiting, segments=_merge(_weighed(waiting, evidence)))
        write_state(folder, index, STATE)
        (folder / WAITING).unlink()
    return index


def _n_rows(index: Index) -> int:
    return sum(one.facts.height for one in index.segments)


def _is_head(index: Index, facts: pl.DataFrame, n_known: int) -> bool:
    """Whether the rows of the index behind the known ones are the first of these."""
    rows = index.facts[n_known:].select(_GIVEN)
    return _n_rows(index) >= n_known and rows.equals(facts.head(rows.height).select(_GIVEN))


def _named(index: Index, name: str) -> Index:
    """The index, all its rows by a name."""
    return replace(index, marks=index.marks | {_n_rows(index): name})


def _extend(folder: Path, index: Index, facts: pl.DataFrame) -> Index:
    """The index with rows that wait; their files are written, and mapped, as they are made."""
    for start in range(0, facts.height, _ROWS_AT_ONCE):
        new = facts[start : start + _ROWS_AT_ONCE]
        known = enter(index.known, new)
        segment = write_segment(folder, Segment.of(known, new))
        index = Index((*index.segments, segment), known.vocabulary, marks=index.marks)
    return index


def _weighed(index: Index, evidence: pl.DataFrame) -> Iterator[Segment]:
    """The segments, each with the evidence of its rows."""
    start = 0
    for segment in index.segments:
        stop = start + segment.facts.height
        of_rows = pl.col("right").is_between(start, stop, closed="left")
        yield segment if segment.evidence is not None else replace(segment, evidence=evidence.filter(of_rows))
        start = stop


def _merge(segments: Iterator[Segment]) -> tuple[Segment, ...]:
    """The segments with each larger than the next: few, and each row written again but some twenty times for ever."""
    merged: list[Segment] = []
    for segment in segments:
        merged.append(segment)
        while len(merged) > 1 and merged[-2].facts.height <= merged[-1].facts.height:
            merged[-2:] = [_join(*merged[-2:])]
    return tuple(merged)


def _join(first: Segment, second: Segment) -> Segment:
    keys = np.concatenate([first.keys["key"].to_numpy(), second.keys["key"].to_numpy()])
    keys.sort()
    both = (first, second)
    evidence = pl.concat(one.evidence for one in both if one.evidence is not None)
    facts, sketches = pl.concat(one.facts for one in both), pl.concat(one.sketches for one in both)
    return Segment(new_name(), facts, pl.DataFrame({"key": keys}), sketches, evidence)
