"""The tables of a release to come, cut as its files will be, so that they are read part by part.

A part lies in memory, or in a file: of a work folder, or of the release before, whose values are known already.
"""

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path

import polars as pl

from paperlake.errors import StoreError
from paperlake.frame_files import write_file
from paperlake.release.encoding import part_sizes, split_rows
from paperlake.release.reading import BRING_BACK
from paperlake.schemas import TABLES
from paperlake.stores import files

_LIST = "parts.json"


@dataclass(frozen=True, slots=True, eq=False)
class DraftPart:
    """Rows that become one file; `fingerprint` is of their values, where these are those of a part of the parent."""

    n_rows: int
    rows: pl.DataFrame | None = None
    file: str = ""
    """Path or URL of a Parquet file with just these rows, where they are not in memory."""
    fingerprint: str | None = None

    def read(self) -> pl.DataFrame:
        """The rows.

        Raises:
            StoreError: a file of the parent is missing or damaged.
        """
        if self.rows is not None:
            return self.rows
        try:
            return pl.read_parquet(self.file, glob=False)
        except (pl.exceptions.PolarsError, OSError) as error:
            if self.fingerprint is None:
                raise
            raise StoreError(self.file, [str(error)], BRING_BACK) from error


DraftTable = Sequence[DraftPart]
Draft = Mapping[str, DraftTable]
"""Table name to its parts in order: those of all nine, in contract order."""


def cut_frame(name: str, frame: pl.DataFrame) -> list[DraftPart]:
    """A table in memory, cut into its parts."""
    return [DraftPart(n_rows, frame.slice(start, n_rows)) for start, n_rows in cut_rows(name, frame.height)]


def cut_rows(name: str, n_rows: int) -> list[tuple[int, int]]:
    """First row and number of rows of each part of a table."""
    return split_rows(n_rows, part_sizes(name))


def draft_of(frames: Mapping[str, pl.DataFrame]) -> Draft:
    """Tables in memory as a draft."""
    return {name: cut_frame(name, frame) for name, frame in frames.items()}


def scan(parts: DraftTable) -> pl.LazyFrame:
    """A table, of which only what is asked for is read."""
    runs = groupby(parts, key=lambda part: "memory" if part.rows is not None else part.file.partition("://")[0])
    return pl.concat([_scan_alike(list(run)) for _, run in runs], rechunk=False)


def _scan_alike(parts: Sequence[DraftPart]) -> pl.LazyFrame:
    frames = [part.rows for part in parts if part.rows is not None]
    return pl.concat(frames, rechunk=False).lazy() if frames else pl.scan_parquet([p.file for p in parts], glob=False)


def scan_draft(draft: Draft) -> dict[str, pl.LazyFrame]:
    """All tables, of which only what is asked for is read."""
    return {name: scan(parts) for name, parts in draft.items()}


def read_frames(draft: Draft) -> dict[str, pl.DataFrame]:
    """All tables in memory."""
    return {name: scan(parts).collect() for name, parts in draft.items()}


def count_rows(parts: DraftTable) -> int:
    """Rows of a table."""
    return sum(part.n_rows for part in parts)


def write_draft(folder: Path, draft: Draft) -> None:
    """Nothing; a draft stands in a work folder: rows in memory in files of it, parts of the parent named."""
    for name, parts in draft.items():
        write_table(folder, name, parts)


def write_table(folder: Path, name: str, parts: Iterable[DraftPart]) -> None:
    """Nothing; one table of it does so."""
    _list_parts(folder, name, (_write_part(folder, name, *numbered) for numbered in enumerate(parts)))


def copy_draft(draft: Draft, folder: Path) -> None:
    """Nothing; the draft stands in another folder, whatever becomes of the first and of the parent.

    Files of the first are linked, or copied where the file system refuses.
    """
    for name, parts in draft.items():
        _list_parts(folder, name, (_copy_part(folder, name, *numbered) for numbered in enumerate(parts)))


def _list_parts(folder: Path, name: str, parts: Iterable[DraftPart]) -> None:
    (folder / name).mkdir(parents=True)
    listed = [_listed(part) for part in parts]
    with files.named(folder / name / _LIST):
        (folder / name / _LIST).write_text(json.dumps(listed), encoding="utf-8")


def _listed(part: DraftPart) -> dict[str, object]:
    return {"n_rows": part.n_rows, "file": part.file, "fingerprint": part.fingerprint}


def _write_part(folder: Path, name: str, number: int, part: DraftPart) -> DraftPart:
    return part if part.rows is None else _write_rows(folder, _file(name, number), part.rows)


def _write_rows(folder: Path, file: str, rows: pl.DataFrame) -> DraftPart:
    write_file(folder / file, partial(rows.write_parquet, compression="lz4"))
    return DraftPart(rows.height, file=file)


def _copy_part(folder: Path, name: str, number: int, part: DraftPart) -> DraftPart:
    file = _file(name, number)
    if part.rows is not None or part.fingerprint is not None:
        return _write_rows(folder, file, part.read())
    if not files.link_file(Path(part.file), folder / file):
        shutil.copyfile(part.file, folder / file)
    return DraftPart(part.n_rows, file=file)


def _file(name: str, number: int) -> str:
    return f"{name}/{number:05}.parquet"


def read_draft(folder: Path) -> Draft:
    """The draft of a work folder.

    Raises:
        OSError, ValueError: a list of parts is gone or damaged.
    """
    return {name: read_table(folder, name) for name in TABLES}


def count_tables(folder: Path) -> dict[str, int]:
    """Rows of the tables of a draft, by name; none where the folder holds no draft."""
    return {name: count_rows(read_table(folder, name)) for name in TABLES if (folder / name / _LIST).is_file()}


def read_table(folder: Path, name: str) -> list[DraftPart]:
    """One table of it; as `read_draft`."""
    listed = json.loads((folder / name / _LIST).read_text(encoding="utf-8"))
    parts = [DraftPart(**part) for part in listed]
    return [part if part.fingerprint else replace(part, file=str(folder / part.file)) for part in parts]
