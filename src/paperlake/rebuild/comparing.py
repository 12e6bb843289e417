"""A release against the same one built again: which parts say the same, which are the same bytes, which rows differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Literal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from paperlake.errors import StoreError
from paperlake.release.reading import Release
from paperlake.schemas import TABLES

CONTENT = tuple(name for name, table in TABLES.items() if table.is_content)
"""Tables of the content fingerprint; the others tell of the steps between releases, which one build has not."""
_MOST_KEYS = 5


@dataclass(frozen=True, slots=True)
class PartDifference:
    """A part that is not the same in both: other `values`, or the same ones in other `bytes`; None where there is none.

    `writer` and `rebuilt_writer` name the libraries that wrote the bytes, as Parquet footers do.
    """

    path: str
    differs_in: Literal["values", "bytes"]
    sha256: str | None
    rebuilt_sha256: str | None
    writer: str | None = None
    rebuilt_writer: str | None = None

    @property
    def is_explained(self) -> bool:
        """Whether other libraries wrote the same values: these may pack them otherwise."""
        return self.differs_in == "bytes" and self.writer != self.rebuilt_writer


@dataclass(frozen=True, slots=True)
class RowDifference:
    """Rows by key: those that only one of the two has, those with other values, in how many rows each column differs.

    `keys` are the first few of all of them, as text.
    """

    only_in_release: int
    only_rebuilt: int
    changed: int
    columns: dict[str, int] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TableComparison:
    """One table of both; `rows` only where its values differ and both can be read."""

    table: str
    n_rows: int
    n_rebuilt: int
    n_parts: int
    parts: list[PartDifference]
    rows: RowDifference | None = None


def compare_releases(release: Release, rebuilt: Release) -> list[TableComparison]:
    """The content tables of both, in contract order; a release of another contract may lack some.

    Args:
        release: as it was published; what its manifest says counts, so that a file changed since is not taken for it.
        rebuilt: the same, built again.
    """
    return [_compare_table(name, release, rebuilt) for name in CONTENT if name in release.tables]


def _compare_table(name: str, release: Release, rebuilt: Release) -> TableComparison:
    ours, theirs = (one.manifest["tables"][name] for one in (release, rebuilt))
    parts = list(_compare_parts(release, rebuilt, ours["parts"], theirs["parts"]))
    has_other_values = any(part.differs_in == "values" for part in parts)
    rows = compare_rows(name, release, rebuilt) if has_other_values else None
    return TableComparison(name, ours["n_rows"], theirs["n_rows"], len(ours["parts"]), parts, rows)


def _compare_parts(
    release: Release, rebuilt: Release, ours: list[dict[str, Any]], theirs: list[dict[str, Any]]
) -> Iterator[PartDifference]:
    for old, new in zip_longest(ours, theirs):
        if old is None or new is None or old["fingerprint"] != new["fingerprint"]:
            hashes = (part["sha256"] if part else None for part in (old, new))
            yield PartDifference((old or new)["path"], "values", *hashes)
        elif old["sha256"] != new["sha256"]:
            writers = (_read_writer(one, old["path"]) for one in (release, rebuilt))
            yield PartDifference(old["path"], "bytes", old["sha256"], new["sha256"], *writers)


def _read_writer(release: Release, path: str) -> str | None:
    """The library that wrote a part; None where it cannot be read."""
    try:
        data = release.store.read(f"{release.key}/{path}")
        return None if data is None else str(pq.read_metadata(pa.BufferReader(data)).created_by)
    except (OSError, pa.ArrowInvalid):
        return None


def compare_rows(name: str, release: Release, rebuilt: Release) -> RowDifference | None:
    """How the rows of a table differ; None where those of the release cannot be read."""
    try:
        old, new = release.read(name), rebuilt.read(name)
    except StoreError:
        return None
    key = list(TABLES[name].key)
    removed = old.join(new, on=key, how="anti", maintain_order="left")
    added = new.join(old, on=key, how="anti", maintain_order="left")
    both = new.join(old, on=key, how="inner", suffix="__old", maintain_order="left")
    shared = [column for column in new.columns if column not in key and old.schema.get(column) == new.schema[column]]
    differs = {column: both[column].ne_missing(both[f"{column}__old"]) for column in shared}
    columns = {column: int(mask.sum()) for column, mask in differs.items() if mask.any()}
    changed = both.filter(_any(differs, both.height))
    keys = [" ".join(map(str, row)) for rows in (removed, added, changed) for row in rows.select(key).rows()]
    return RowDifference(removed.height, added.height, changed.height, columns, keys[:_MOST_KEYS])


def _any(masks: Mapping[str, pl.Series], n_rows: int) -> pl.Series:
    if not masks:
        return pl.repeat(value=False, n=n_rows, dtype=pl.Boolean, eager=True)
    return pl.DataFrame(masks).select(pl.any_horizontal(pl.all())).to_series()
