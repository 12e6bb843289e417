"""Fingerprints of Arrow values: what a table says, however it lies in memory.

Chunks, slices, offsets, what stands under a null, and string against large_string or string_view make no difference;
a null against an empty string, an order, a boundary between two lists do.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from paperlake.release.manifest import canonical_json

_WIDTHS = {pa.bool_(): pa.uint8(), pa.date32(): pa.int32()}
"""Types that are hashed as numbers of another type."""
_RUN_BYTES = 1 << 20
"""Text that is laid out and hashed at a time, about: so much stays in the cache of a processor, and in memory that is
used again. Whole columns of abstracts took a quarter more CPU, most of it for fresh pages (measured)."""


class _Digest(Protocol):
    def update(self, data: bytes | memoryview, /) -> None: ...


def fingerprint_values(table: pa.Table) -> str:
    """sha256, in hex, over the names, types and values of the columns in order."""
    digest = hashlib.sha256()
    for name, column in zip(table.column_names, table.columns, strict=True):
        digest.update(canonical_json({"column": name, "type": type_name(column.type), "n_rows": table.num_rows}))
        _add_values(digest, _one_array(column))
    return digest.hexdigest()


def fingerprint_rows(rows: pl.DataFrame) -> str:
    """The same of a frame, which is not copied."""
    return fingerprint_values(rows.to_arrow(compat_level=pl.CompatLevel.newest()))


def fingerprint_content(contract_version: str, parts: Mapping[str, Sequence[tuple[str, int]]]) -> str:
    """sha256, in hex, of a release: its contract version, and of each content table the parts in order.

    Args:
        contract_version: of `schemas.CONTRACT_VERSION`.
        parts: table name to (fingerprint, rows) of each part, tables in contract order.
    """
    tables = [[name, [list(part) for part in entries]] for name, entries in parts.items()]
    return hashlib.sha256(canonical_json({"contract": contract_version, "tables": tables})).hexdigest()


def type_name(dtype: pa.DataType) -> str:
    """Name of an Arrow type, the same for all its layouts in memory.

    >>> type_name(pa.large_list(pa.string_view()))
    'list<string>'
    """
    if _is_text(dtype):
        return "string"
    if isinstance(dtype, pa.ListType | pa.LargeListType):
        return f"list<{type_name(dtype.value_type)}>"
    return str(dtype)


def _is_text(dtype: pa.DataType) -> bool:
    return pa.types.is_string(dtype) or pa.types.is_large_string(dtype) or pa.types.is_string_view(dtype)


def _one_array(column: "pa.ChunkedArray[Any]") -> "pa.Array[Any]":
    """All values; those of a single chunk as they lie, not copied."""
    if column.num_chunks == 1:
        return column.chunks[0]
    combined = column.combine_chunks()
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined


def _add_values(digest: _Digest, values: "pa.Array[Any]") -> None:
    digest.update(_validity(values))
    if isinstance(values, pa.ListArray | pa.LargeListArray):
        digest.update(_fixed_bytes(pc.list_value_length(values).cast(pa.int64())))
        _add_values(digest, values.flatten())  # flatten leaves out what lies under null lists
    elif _is_text(values.type):
        _add_text(digest, values)
    else:
        digest.update(_fixed_bytes(values))


def _validity(values: "pa.Array[Any]") -> bytes:
    """One byte a value: 1, or 0 for null."""
    return _fixed_bytes(values.is_valid()) if values.null_count else b"\x01" * len(values)


def _fixed_bytes(values: "pa.Array[Any]") -> bytes:
    """Little-endian values of one width, 0 for null."""
    numbers = values.cast(_WIDTHS.get(values.type, values.type))
    filled = numbers.fill_null(0) if numbers.null_count else numbers
    return _little_endian(filled.to_numpy(zero_copy_only=False))


def _add_text(digest: _Digest, values: "pa.Array[Any]") -> None:
    """The lengths in bytes (int64), then the text of all values; nulls count as empty."""
    views = values.cast(pa.string_view())
    lengths = _text_lengths(views)
    digest.update(_little_endian(lengths))
    run = len(views) * _RUN_BYTES // max(int(lengths.sum()), 1) + 1
    for start in range(0, len(views), run):
        digest.update(_plain_text(views.slice(start, run)))


def _text_lengths(views: "pa.Array[Any]") -> "np.ndarray[Any, Any]":
    """Bytes of each text; 0 for null. A view is 16 bytes, its length the first four. Source: Arrow columnar format."""
    buffer = views.buffers()[1]
    if buffer is None or not len(views):
        return np.zeros(0, dtype=np.int64)
    words = np.frombuffer(memoryview(buffer), dtype=np.int32)
    lengths = words[::4][views.offset : views.offset + len(views)].astype(np.int64)
    return lengths * views.is_valid().to_numpy(zero_copy_only=False) if views.null_count else lengths


def _plain_text(views: "pa.Array[Any]") -> memoryview:
    """The UTF-8 of all values, one after the other; of nulls nothing, since the cast gives them none."""
    plain = views.cast(pa.large_string())
    _, offsets, data = plain.buffers()
    if offsets is None or data is None:
        return memoryview(b"")
    return memoryview(data)[: np.frombuffer(memoryview(offsets), dtype=np.int64)[len(plain)]]


def _little_endian(numbers: "np.ndarray[Any, Any]") -> bytes:
    return numbers.astype(numbers.dtype.newbyteorder("<"), copy=False).tobytes()
