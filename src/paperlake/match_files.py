"""The files of the match index: segments of consecutive rows, and the state that says which of them count.

    <state>.json             names of the segments in order, their numbers of rows, the name of the vocabulary, marks
    <segment>/*.arrow        facts, keys and sketches of rows; their evidence once it was gathered
    <vocabulary>.arrow       words of all of them

Files are Arrow IPC without compression, so that they are mapped into memory and only what is asked for is read, by
however many processes.
"""

import json
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow import ipc

from paperlake.frame_files import write_file
from paperlake.identity.decisions import EVIDENCE
from paperlake.identity.facts import FACTS
from paperlake.identity.matching import Known
from paperlake.identity.sketches import WIDTH
from paperlake.identity.vocabulary import LEVELS, Vocabulary
from paperlake.stores.files import replace_file

STATE = "state.json"
"""Names rows whose pairs were all weighed."""
WAITING = "waiting.json"
"""Names the same rows and some that entered since, whose pairs are not weighed yet, or not gathered."""
_UNREADABLE = (OSError, ValueError, KeyError, TypeError)
"""What a file raises that is gone or damaged; Arrow's own errors are ValueErrors."""
_PARTS = ("facts", "keys", "sketches", "evidence")


def new_name() -> str:
    """Name that no other segment or vocabulary has."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Segment:
    """Some consecutive rows; their pairs were not weighed where `evidence` is None."""

    name: str
    facts: pl.DataFrame
    keys: pl.DataFrame
    sketches: pl.DataFrame
    """All words of one row, then those of the next."""
    evidence: pl.DataFrame | None = None

    @classmethod
    def of(cls, known: Known, facts: pl.DataFrame) -> "Segment":
        """The rows that entered last."""
        sketches = pl.DataFrame({"word": known.sketches[-1].ravel()})
        return cls(new_name(), facts, pl.DataFrame({"key": known.keys[-1]}), sketches)

    @property
    def heights(self) -> list[int | None]:
        """Rows of each of its files, None for one that it has not."""
        parts = (getattr(self, part) for part in _PARTS)
        return [None if part is None else part.height for part in parts]


@dataclass(frozen=True, slots=True)
class Index:
    """Segments in the order of their rows, those that wait for evidence last; and the vocabulary of all of them."""

    segments: tuple[Segment, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary.empty)
    words: str = field(default_factory=new_name)
    """Name of the vocabulary."""
    marks: dict[int, str] = field(default_factory=dict)
    """Names of the first rows, by how many they are, for each number of rows that there once was."""

    @property
    def facts(self) -> pl.DataFrame:
        """FACTS of all rows."""
        return pl.concat([pl.DataFrame(schema=FACTS), *(one.facts for one in self.segments)], rechunk=False)

    @property
    def known(self) -> Known:
        """The same for matching."""
        keys = tuple(one.keys["key"].to_numpy() for one in self.segments)
        sketches = tuple(one.sketches["word"].to_numpy().reshape(-1, WIDTH) for one in self.segments)
        return Known(self.facts, keys, sketches, self.vocabulary)

    @property
    def n_weighed(self) -> int:
        """How many segments, the first ones, wait for nothing."""
        return sum(one.evidence is not None for one in self.segments)

    @property
    def evidence(self) -> pl.DataFrame:
        """EVIDENCE of all that was weighed."""
        weighed = [one.evidence for one in self.segments if one.evidence is not None]
        return pl.concat([pl.DataFrame(schema=EVIDENCE), *weighed], rechunk=False)


def read_index(folder: Path, state: str) -> Index:
    """What a state of the folder names.

    Raises:
        OSError, ValueError, KeyError, TypeError: it is not there, or something of it is gone or damaged.
    """
    told = json.loads((folder / state).read_text(encoding="utf-8"))
    segments = [
        _read_segment(folder, name, heights) for name, heights in zip(told["segments"], told["heights"], strict=True)
    ]
    words = map_frame(folder / f"{told['vocabulary']}.arrow")
    risen = words.select(str(level) for level in LEVELS).to_numpy()
    return Index(
        tuple(segments),
        Vocabulary(words["hash"].to_numpy(), words["count"].to_numpy(), risen),
        told["vocabulary"],
        {int(n_rows): mark for n_rows, mark in told["marks"].items()},
    )


def find_index(folder: Path, state: str) -> Index | None:
    """The same; None where it cannot be read, as all of it can be made again."""
    try:
        return read_index(folder, state)
    except _UNREADABLE:
        return None


@contextmanager
def tidied(folder: Path) -> Iterator[None]:
    """A folder to write into, which is made where it is missing; in the end what no state names is gone."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        _remove_unnamed(folder)


def write_state(folder: Path, index: Index, state: str) -> None:
    """Nothing: files that are not there yet first, then the state that names them all."""
    for segment in index.segments:
        write_segment(folder, segment)
    _write_words(folder / f"{index.words}.arrow", index.vocabulary)
    names, heights = [one.name for one in index.segments], [one.heights for one in index.segments]
    told = {"segments": names, "heights": heights, "vocabulary": index.words, "marks": index.marks}
    replace_file(folder, folder / state, json.dumps(told).encode())


def write_segment(folder: Path, segment: Segment) -> Segment:
    """The segment with its files on disk, mapped; those that stand are whole, and stay."""
    (folder / segment.name).mkdir(exist_ok=True)
    for part, height in zip(_PARTS, segment.heights, strict=True):
        path = _path(folder, segment.name, part)
        if height is not None and not path.exists():
            write_mappable(getattr(segment, part), path)
    return _read_segment(folder, segment.name, segment.heights)


def write_mappable(frame: pl.DataFrame, path: Path) -> None:
    """Nothing; the file stands, whole: in one batch, so that NumPy takes a column from it as it lies there."""
    draft = path.with_suffix(".part")
    write_file(draft, partial(frame.write_ipc, record_batch_size=max(frame.height, 1)))
    draft.replace(path)


def map_frame(path: Path) -> pl.DataFrame:
    """The frame of a file, mapped: by PyArrow, since Polars 2 reads the whole file."""
    table = ipc.open_file(pa.memory_map(str(path))).read_all()
    return pl.DataFrame(pl.from_arrow(table, rechunk=False))


def _path(folder: Path, segment: str, part: str) -> Path:
    return folder / segment / f"{part}.arrow"


def _read_segment(folder: Path, name: str, heights: Sequence[int | None]) -> Segment:
    parts = [
        None if height is None else map_frame(_path(folder, name, part))
        for part, height in zip(_PARTS, heights, strict=True)
    ]
    segment = Segment(name, *parts)  # type: ignore[arg-type]
    if segment.heights != heights:
        raise ValueError(f"{folder / name}: expected {heights} rows, found {segment.heights}")
    return segment


def _write_words(path: Path, words: Vocabulary) -> None:
    if not path.exists():
        risen = {str(level): words.risen[:, at] for at, level in enumerate(LEVELS)}
        write_mappable(pl.DataFrame({"hash": words.hashes, "count": words.counts, **risen}), path)


def _remove_unnamed(folder: Path) -> None:
    keep = {name for state in (STATE, WAITING) for name in _named(folder, state)}
    for path in folder.iterdir():
        if path.name not in keep:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _named(folder: Path, state: str) -> set[str]:
    with suppress(*_UNREADABLE):
        told = json.loads((folder / state).read_text(encoding="utf-8"))
        return {*told["segments"], f"{told['vocabulary']}.arrow", state}
    return set()
