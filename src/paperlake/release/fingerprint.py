"""Fingerprints of Arrow values: what a table says, however it lies in memory.

Chunks, slices, offsets, what stands under a null, and string against large_string or string_view make no difference;
a null against an empty string, an order, a boundary between two lists do.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from paperlake.release.manifest import canonical_json


class _Digest(Protocol):
    def update(self, data: bytes | memoryview, /) -> None: ...


def fingerprint_values(table: pa.Table) -> str:
    """sha256, in hex, over the names, types and values of the columns in order."""
    digest = hashlib.sha256()
    for name, column in zip(table.column_names, table.columns, strict=True):
        digest.update(canonical_json({"column": name, "type": type_name(column.type), "n_rows": table.num_rows}))
        chunks = column.combine_chunks()
        _add_values(digest, pa.concat_arrays(chunks.chunks) if isinstance(chunks, pa.ChunkedArray) else chunks)
    return digest.hexdigest()


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


def _add_values(digest: _Digest, values: "pa.Array[Any]") -> None:
    digest.update(_fixed_bytes(values.is_valid()))
    if isinstance(values, pa.ListArray | pa.LargeListArray):
        digest.update(_fixed_bytes(pc.list_value_length(values).cast(pa.int64())))
        _add_values(digest, values.flatten())  # flatten leaves out what lies under null lists
    elif _is_text(values.type):
        _add_text(digest, values)
    else:
        digest.update(_fixed_bytes(values))


def _fixed_bytes(values: "pa.Array[Any]") -> bytes:
    """Little-endian values of one width, 0 for null."""
    width = {pa.bool_(): pa.uint8(), pa.date32(): pa.int32()}.get(values.type, values.type)
    return _little_endian(values.cast(width).fill_null(0).to_numpy(zero_copy_only=False))


def _add_text(digest: _Digest, values: "pa.Array[Any]") -> None:
    """The lengths, then the text of all values; nulls count as empty."""
    filled = values.cast(pa.large_string()).cast(pa.large_binary()).fill_null(b"")
    _, offsets, data = filled.buffers()
    if offsets is None or not len(filled):
        return
    bounds = np.frombuffer(memoryview(offsets), dtype=np.int64)[filled.offset : filled.offset + len(filled) + 1]
    digest.update(_little_endian(np.diff(bounds)))
    if data is not None:
        digest.update(memoryview(data)[bounds[0] : bounds[-1]])


def _little_endian(numbers: "np.ndarray[Any, Any]") -> bytes:
    return numbers.astype(numbers.dtype.newbyteorder("<"), copy=False).tobytes()
