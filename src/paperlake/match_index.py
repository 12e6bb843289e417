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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import ipc

from paperlake.identity.decisions import EVIDENCE
from paperlake.identity.facts import FACTS
from paperlake.identity.matching import Known, match
from paperlake.identity.vocabulary import LEVELS, Vocabulary
from paperlake.work import work_name

_ROWS_AT_ONCE = 2_000_000
_STATE = "state.json"
_PARTS = ("facts", "keys", "evidence")
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
    except (OSError, ValueError, KeyError, TypeError):  # Arrow's own errors are ValueErrors
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
    """New files first, then the state that names them, then away with those that it names no longer."""
    folder.mkdir(parents=True, exist_ok=True)
    for segment in index.segments:
        if not (folder / segment.name).exists():
            (folder / segment.name).mkdir()
            for part in _PARTS:
                _write_mappable(getattr(segment, part), folder / segment.name / f"{part}.arrow")
    words = index.vocabulary
    risen = {str(level): words.risen[:, at] for at, level in enumerate(LEVELS)}
    name = uuid.uuid4().hex
    counted = pl.DataFrame({"hash": words.hashes, "count": words.counts, **risen})
    _write_mappable(counted, folder / f"{name}.arrow")
    segments = [segment.name for segment in index.segments]
    state = {"segments": segments, "heights": [_heights(segment) for segment in index.segments], "vocabulary": name}
    draft = folder / f".{name}.json"
    draft.write_text(json.dumps(state), encoding="utf-8")
    draft.replace(folder / _STATE)
    _remove_others(folder, {*segments, f"{name}.arrow", _STATE})


def _remove_others(folder: Path, keep: set[str]) -> None:
    for path in folder.iterdir():
        if path.name not in keep:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _write_mappable(frame: pl.DataFrame, path: Path) -> None:
    """In one batch, so that NumPy takes a column from the mapped file as it lies there."""
    frame.write_ipc(path, record_batch_size=max(frame.height, 1))


def _mapped(path: Path) -> pl.DataFrame:
    """The frame of a file, mapped: by PyArrow, since Polars 2 reads the whole file."""
    table = ipc.open_file(pa.memory_map(str(path))).read_all()
    return pl.DataFrame(pl.from_arrow(table, rechunk=False))
