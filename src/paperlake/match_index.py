"""What matching knows of the rows of a store, kept on disk beside it: derived, versioned, and safe to delete.

    matching-<rules>/state.json          the segments that count, in order
    matching-<rules>/<segment>/*.arrow   facts, keys and evidence of consecutive rows
    matching-<rules>/<vocabulary>.arrow  words of all of them

Files are Arrow IPC without compression, so that they are mapped into memory and only what is asked for is read.
"""

import json
import shutil
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import ipc

from paperlake.frame_files import write_file
from paperlake.identity.decisions import EVIDENCE
from paperlake.identity.facts import FACTS
from paperlake.identity.matching import Known, match
from paperlake.identity.vocabulary import LEVELS, Vocabulary
from paperlake.stores.files import replace_file
from paperlake.work import work_name

_ROWS_AT_ONCE = 2_000_000
_STATE = "state.json"
_PARTS = ("facts", "keys", "evidence")
_UNREADABLE = (OSError, ValueError, KeyError, TypeError)
"""What a file raises that is gone or damaged; Arrow's own errors are ValueErrors."""
_GIVEN = [name for name in FACTS if name not in ("title_key", "numbers", "sentences")]
"""What facts are made of; the others follow from these."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """Some consecutive rows that were matched."""

    name: str
    facts: pl.DataFrame
    keys: pl.DataFrame
    evidence: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Index:
    """Everything that was matched."""

    segments: tuple[_Segment, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary.empty)

    @property
    def known(self) -> Known:
        """The same for matching."""
        facts = pl.concat([pl.DataFrame(schema=FACTS), *(one.facts for one in self.segments)], rechunk=False)
        return Known(facts, tuple(one.keys["key"].to_numpy() for one in self.segments), self.vocabulary)

    @property
    def evidence(self) -> pl.DataFrame:
        """EVIDENCE of all of it."""
        return pl.concat([pl.DataFrame(schema=EVIDENCE), *(one.evidence for one in self.segments)], rechunk=False)


def matching_folder(work: Path) -> Path:
    """Where the index is kept, below the work folder of a store: another one for other rules."""
    return work / work_name("matching")


def match_all(folder: Path, facts: pl.DataFrame) -> pl.DataFrame:
    """EVIDENCE of the pairs of all rows; only those are matched that the folder does not know yet.

    What the folder knows counts while its rows are the first of these, unchanged; else all is matched again.

    Args:
        folder: where the index is kept.
        facts: FACTS of all appearances in order of entry.
    """
    index = _read(folder)
    known = index.known
    if not known.facts.select(_GIVEN).equals(facts.head(known.facts.height).select(_GIVEN)):
        index, known = _Index(), Known()
    if known.facts.height < facts.height or not facts.height:
        index = _extend(folder, index, known, facts[known.facts.height :])
    return index.evidence


def _extend(folder: Path, index: _Index, known: Known, facts: pl.DataFrame) -> _Index:
    segments = list(index.segments)
    for start in range(0, facts.height, _ROWS_AT_ONCE):
        new = facts[start : start + _ROWS_AT_ONCE]
        known, evidence = match(known, new)
        segments.append(_Segment(uuid.uuid4().hex, new, pl.DataFrame({"key": known.keys[-1]}), evidence))
    extended = _Index(_merge(segments), known.vocabulary)
    _write(folder, extended)
    return extended


def _merge(segments: Sequence[_Segment]) -> tuple[_Segment, ...]:
    """The segments with each larger than the next: few, and each row written again but some twenty times for ever."""
    merged: list[_Segment] = []
    for segment in segments:
        merged.append(segment)
        while len(merged) > 1 and merged[-2].facts.height <= merged[-1].facts.height:
            merged[-2:] = [_join(*merged[-2:])]
    return tuple(merged)


def _join(first: _Segment, second: _Segment) -> _Segment:
    keys = np.concatenate([first.keys["key"].to_numpy(), second.keys["key"].to_numpy()])
    keys.sort()
    facts, evidence = (pl.concat(pair) for pair in ((first.facts, second.facts), (first.evidence, second.evidence)))
    return _Segment(uuid.uuid4().hex, facts, pl.DataFrame({"key": keys}), evidence)


def _read(folder: Path) -> _Index:
    """What the folder holds; nothing where a file is gone or damaged, as all of it can be made again."""
    try:
        return _read_state(folder, json.loads((folder / _STATE).read_text(encoding="utf-8")))
    except _UNREADABLE:
        return _Index()


def _read_state(folder: Path, state: dict[str, Any]) -> _Index:
    segments = [
        _Segment(name, *(_mapped(folder / name / f"{part}.arrow") for part in _PARTS)) for name in state["segments"]
    ]
    if [_heights(segment) for segment in segments] != state["heights"]:
        raise ValueError("expected the rows that were written")
    words = _mapped(folder / f"{state['vocabulary']}.arrow")
    risen = words.select(str(level) for level in LEVELS).to_numpy()
    return _Index(tuple(segments), Vocabulary(words["hash"].to_numpy(), words["count"].to_numpy(), risen))


def _heights(segment: _Segment) -> list[int]:
    return [getattr(segment, part).height for part in _PARTS]


def _write(folder: Path, index: _Index) -> None:
    """New files first, then the state that names them; at the end, whatever came, away with what it does not name."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for segment in index.segments:
            _write_segment(folder / segment.name, segment)
        name = _write_words(folder, index.vocabulary)
        names, heights = [one.name for one in index.segments], [_heights(one) for one in index.segments]
        state = {"segments": names, "heights": heights, "vocabulary": name}
        replace_file(folder, folder / _STATE, json.dumps(state).encode())
    finally:
        _remove_unnamed(folder)


def _write_segment(folder: Path, segment: _Segment) -> None:
    if folder.exists():
        return
    folder.mkdir()
    for part in _PARTS:
        _write_mappable(getattr(segment, part), folder / f"{part}.arrow")


def _write_words(folder: Path, words: Vocabulary) -> str:
    """Name of the new vocabulary."""
    name = uuid.uuid4().hex
    risen = {str(level): words.risen[:, at] for at, level in enumerate(LEVELS)}
    _write_mappable(pl.DataFrame({"hash": words.hashes, "count": words.counts, **risen}), folder / f"{name}.arrow")
    return name


def _remove_unnamed(folder: Path) -> None:
    keep: set[str] = set()
    with suppress(*_UNREADABLE):
        state = json.loads((folder / _STATE).read_text(encoding="utf-8"))
        keep = {*state["segments"], f"{state['vocabulary']}.arrow", _STATE}
    for path in folder.iterdir():
        if path.name not in keep:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _write_mappable(frame: pl.DataFrame, path: Path) -> None:
    """In one batch, so that NumPy takes a column from the mapped file as it lies there."""
    write_file(path, partial(frame.write_ipc, record_batch_size=max(frame.height, 1)))


def _mapped(path: Path) -> pl.DataFrame:
    """The frame of a file, mapped: by PyArrow, since Polars 2 reads the whole file."""
    table = ipc.open_file(pa.memory_map(str(path))).read_all()
    return pl.DataFrame(pl.from_arrow(table, rechunk=False))
