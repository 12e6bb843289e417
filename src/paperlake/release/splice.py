"""A table of the next release spliced out of one that stands and new rows: what stays as it is is never read."""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from paperlake.release.draft import DraftPart, DraftTable, cut_rows, scan
from paperlake.release.fingerprint import fingerprint_rows
from paperlake.release.reading import Release, damaged
from paperlake.schemas import TABLES


def parts_of(release: Release, name: str) -> list[DraftPart]:
    """The parts of a table of a release, as parts of a draft."""
    parts = release.manifest["tables"][name]["parts"]
    files = zip(parts, release.files(name), strict=True)
    return [DraftPart(part["n_rows"], file=file, fingerprint=part["fingerprint"]) for part, file in files]


def read_rows(release: Release, name: str, rows: pl.Series, columns: Sequence[str] = ()) -> pl.DataFrame:
    """Some rows of a table, in its order; of their files only what it takes to find them is decoded.

    Args:
        release: that has it.
        name: of the table.
        rows: their numbers.
        columns: those to read; all without them.

    Raises:
        StoreError: a file of the table is missing or damaged.
    """
    if rows.is_empty():
        return TABLES[name].polars_schema.to_frame().select(columns or pl.all())
    key, parts = TABLES[name].key[0], parts_of(release, name)
    wanted = np.unique(rows.to_numpy())
    keys = release.read(name, key)[key].gather(wanted)
    met = [parts[number] for number in np.unique(_part_of(_starts(parts), wanted))]
    try:
        return scan(met).filter(pl.col(key).is_in(keys.implode())).select(columns or pl.all()).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise damaged(release.location, name, error) from error


def splice(name: str, old: DraftTable, sources: pl.Series, new: pl.DataFrame) -> Iterator[DraftPart]:
    """The parts of a table: those of the old one where they hold the same rows, the others made of old and new rows.

    Args:
        name: of the table.
        old: its parts as they are.
        sources: for each row the number of a row of the old table, null where it is the next one of `new`.
        new: rows that are new, or others than they were.
    """
    numbers, is_new = sources.fill_null(-1).to_numpy(), sources.is_null().to_numpy()
    starts, n_new_before = _starts(old), np.concatenate([[0], np.cumsum(is_new)])
    same = {(start, part.n_rows): part for start, part in zip(starts.tolist(), old, strict=False)}
    for start, n_rows in cut_rows(name, len(sources)):
        rows, first = numbers[start : start + n_rows], n_new_before[start]
        kept = same.get((int(rows[0]), n_rows)) if n_rows and _are_in_a_row(rows) else None
        yield kept or DraftPart(n_rows, _interleave(old, starts, rows, new[first : n_new_before[start + n_rows]]))


def keep_same(old: DraftTable, parts: DraftTable) -> list[DraftPart]:
    """The parts of a table that was made anew; those whose values are those of an old part are that part."""
    known = {part.fingerprint: part for part in old}
    return [known.get(fingerprint_rows(part.read()), part) for part in parts]


def _starts(parts: DraftTable) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Number of the first row of each part, and behind them that of all rows."""
    return np.cumsum([0, *(part.n_rows for part in parts)], dtype=np.int64)


def _part_of(starts: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.searchsorted(starts, rows, side="right") - 1


def _are_in_a_row(rows: np.ndarray) -> bool:
    return bool(rows[0] >= 0 and (np.diff(rows) == 1).all())


def _interleave(old: DraftTable, starts: np.ndarray, rows: np.ndarray, new: pl.DataFrame) -> pl.DataFrame:
    """Rows of the old table in the order of their numbers given, and where that is -1 the next new one."""
    of = _part_of(starts, rows[rows >= 0])
    met = np.unique(of)
    frames = [old[number].read() for number in met]
    offsets = np.cumsum([0, *(frame.height for frame in frames)])
    places = np.empty(len(rows), dtype=np.int64)
    places[rows >= 0] = rows[rows >= 0] - starts[of] + offsets[np.searchsorted(met, of)]
    places[rows < 0] = offsets[-1] + np.arange(new.height)
    joined: pl.DataFrame = pl.concat([*frames, new])
    return joined.select(pl.all().gather(places))
