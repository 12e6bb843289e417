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


def enter_rows(folder: Path, facts: pl.DataFrame) -> None:
    """Nothing: the rows of the index are these; those that it did not know yet wait for evidence.

    What the folder knows counts while its rows are the first of these, unchanged; else all rows wait.

    Args:
        folder: where the index is kept.
        facts: FACTS of all appearances in order of entry.
    """
    waiting, index = find_index(folder, WAITING), find_index(folder, STATE)
    if waiting is not None and _n_rows(waiting) == facts.height and _is_head(waiting, facts):
        return
    known = index if index is not None and _is_head(index, facts) else Index()
    with tidied(folder):
        if index is known and _n_rows(known) == facts.height:
            (folder / WAITING).unlink(missing_ok=True)
        else:
            write_state(folder, _extend(folder, known, facts[_n_rows(known) :]), WAITING)


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


def _is_head(index: Index, facts: pl.DataFrame) -> bool:
    """Whether the rows of the index are the first of these."""
    return index.facts.select(_GIVEN).equals(facts.head(_n_rows(index)).select(_GIVEN))


def _extend(folder: Path, index: Index, facts: pl.DataFrame) -> Index:
    """The index with rows that wait; their files are written, and mapped, as they are made."""
    for start in range(0, facts.height, _ROWS_AT_ONCE):
        new = facts[start : start + _ROWS_AT_ONCE]
        known = enter(index.known, new)
        index = Index((*index.segments, write_segment(folder, Segment.of(known, new))), known.vocabulary)
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
