"""From a frame to the bytes of its Parquet parts: same rows, same bytes."""

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from polars._typing import PolarsDataType

from paperlake.schemas import Table

PART_SIZES = (65_536, 8_192)
"""Rows of a closed part, large ones first; the rest of a table is one more, open part."""

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


def split_rows(n_rows: int) -> list[tuple[int, int]]:
    """First row and number of rows of each part: closed parts stay as they are while the table grows.

    >>> split_rows(8_192 * 9 + 5)
    [(0, 65536), (65536, 8192), (73728, 5)]
    >>> split_rows(0)
    [(0, 0)]
    """
    parts, start = [], 0
    for size in PART_SIZES:
        while n_rows - start >= size:
            parts.append((start, size))
            start += size
    return parts if parts and start == n_rows else [*parts, (start, n_rows - start)]


def to_arrow(rows: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    """The rows of one part in the schema of their table, each column one chunk.

    One chunk, because several change the bytes that PyArrow writes (measured).
    """
    return rows.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema).combine_chunks()


def encode_part(part: pa.Table) -> bytes:
    """One Parquet file, without times, ids or names of runs. zstd 6 is the knee between size and time (measured)."""
    sink = pa.BufferOutputStream()
    pq.write_table(
        part,
        sink,
        row_group_size=PART_SIZES[0],
        compression="zstd",
        compression_level=6,
        write_page_index=True,
        write_page_checksum=True,
    )
    return bytes(sink.getvalue())
