"""From a frame to the bytes of its Parquet parts: same rows, same bytes."""

from collections.abc import Sequence

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from polars._typing import PolarsDataType

from paperlake.tables import Table

PART_SIZES = (16_384, 4_096, 1_024)
"""Rows of a closed part, large ones first; the rest of a table is one more, open part.

The smallest decides what open parts cost a store that grows little by little, the largest what it costs when small
parts become a large one, and the steps between them how many files a small store has. Of a store of 100,000 papers that
grew twenty times by 1 %, the dearest release took some 45 % of the CPU of a full one with 65,536, 8,192 and 1,024 rows,
and some 20 % with these; with 65,536 and 8,192 alone the store took 2.7 times its last release instead of 2.3.
"""
_SHORT_LIVED = frozenset(("metrics", "links", "repositories", "changes"))
"""Tables whose parts change nearly all with every release, since papers that are seen again lie anywhere in them."""
_LASTING = "appearances"
"""The table whose closed parts stay for ever; a row of any other is another once a later dump shows something of it."""
_LEVEL, _LIGHT_LEVEL = 6, 3
"""Of zstd. 3 takes a third of the time of 6 for 3 % more bytes; beyond 6 time grows and size hardly (measured)."""

# Plain string, not string_view or large_string: every reader knows it, and no part comes near 2 GiB of text.
_ARROW_TYPES: dict[PolarsDataType, pa.DataType] = {
    pl.String: pa.string(),
    pl.Int32: pa.int32(),
    pl.Int64: pa.int64(),
    pl.Float32: pa.float32(),
    pl.Date: pa.date32(),
    pl.Boolean: pa.bool_(),
}


def arrow_type(dtype: PolarsDataType) -> pa.DataType:
    """Arrow type of a contract column.

    Raises:
        TypeError: the contract does not use this type.
    """
    if isinstance(dtype, pl.List):
        return pa.list_(arrow_type(dtype.inner))
    if dtype not in _ARROW_TYPES:
        raise TypeError(f"type {dtype} has no Parquet form in paperlake/release/encoding.py")
    return _ARROW_TYPES[dtype]


def arrow_schema(table: Table) -> pa.Schema:
    """Arrow schema of a table; each field carries its description."""
    descriptions = table.descriptions
    return pa.schema(
        pa.field(name, arrow_type(dtype), metadata={"description": descriptions[name]})
        for name, dtype in table.polars_schema.items()
    )


def part_sizes(table: str) -> tuple[int, ...]:
    """Rows of the closed parts of a table: no small ones where none of them would be used again.

    >>> part_sizes("papers"), part_sizes("metrics")
    ((16384, 4096, 1024), (16384,))
    """
    return PART_SIZES[:1] if table in _SHORT_LIVED else PART_SIZES


def split_rows(n_rows: int, sizes: Sequence[int]) -> list[tuple[int, int]]:
    """First row and number of rows of each part: closed parts stay as they are while the table grows.

    >>> split_rows(28, (16, 4))
    [(0, 16), (16, 4), (20, 4), (24, 4)]
    >>> split_rows(21, (16, 4))
    [(0, 16), (16, 4), (20, 1)]
    >>> split_rows(0, (16, 4))
    [(0, 0)]
    """
    parts, start = [], 0
    for size in sizes:
        while n_rows - start >= size:
            parts.append((start, size))
            start += size
    return parts if parts and start == n_rows else [*parts, (start, n_rows - start)]


def to_arrow(rows: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    """The rows of one part in the schema of their table, each column one chunk.

    One chunk, because several change the bytes that PyArrow writes (measured). Lists are gathered first: a slice of
    them holds the values of the whole table, and Polars would convert these for every part.
    """
    own = rows.with_columns(pl.col(pl.List(pl.String)).gather(pl.int_range(pl.len())))
    return own.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema).combine_chunks()


def compression_level(table: str, n_rows: int) -> int:
    """Level of zstd for a part: lighter where a later release will write it again, for it changes or grows.

    >>> [compression_level(*part) for part in (("appearances", 16_384), ("appearances", 4_096), ("papers", 16_384))]
    [6, 3, 3]
    """
    stays = table == _LASTING and n_rows == PART_SIZES[0]
    return _LEVEL if stays else _LIGHT_LEVEL


def encode_part(part: pa.Table, level: int = _LEVEL) -> bytes:
    """One Parquet file of one row group, without times, ids or names of runs; `level` is of zstd."""
    sink = pa.BufferOutputStream()
    pq.write_table(
        part,
        sink,
        row_group_size=PART_SIZES[0],
        compression="zstd",
        compression_level=level,
        write_page_index=True,
        write_page_checksum=True,
    )
    return bytes(sink.getvalue())
