"""The manifest of a release: each file with its hash, each table with its schema. Same content, same bytes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from paperlake.schemas import CONTRACT_VERSION, TABLES
from paperlake.tables import Table

FORMAT_VERSION = 2
"""Of the manifest and of the way tables are cut and parts are encoded; parts of another format are never reused.

Content that is cut otherwise has another fingerprint, so a store of an older format is published once more.
"""

NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of a table; `path` is relative to the release, `fingerprint` is of its values."""

    path: str
    n_rows: int
    n_bytes: int
    sha256: str
    fingerprint: str


def canonical_json(value: object) -> bytes:
    """UTF-8 JSON with sorted keys, no blanks and a newline at its end: equal values, equal bytes."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def hash_bytes(data: bytes) -> str:
    """sha256 in hex."""
    return hashlib.sha256(data).hexdigest()


def build_manifest(
    parts: Mapping[str, Sequence[Part]],
    schemas: Mapping[str, Mapping[str, str]],
    documents: Mapping[str, bytes],
    fingerprint: str,
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    """The manifest as plain values; nothing in it tells of time, run or version.

    Args:
        parts: table name to its parts in order.
        schemas: table name to its columns and their types.
        documents: the other files of the release, by name.
        fingerprint: of the content.
        facts: what else describes the content: input dumps, rules version, gate results, quality.
    """
    contract = documents.get("contract.yaml")
    return {
        "format_version": FORMAT_VERSION,
        "contract": {"version": CONTRACT_VERSION, "sha256": None if contract is None else hash_bytes(contract)},
        "fingerprint": fingerprint,
        "tables": {name: _describe_table(TABLES[name], parts[name], schemas[name]) for name in parts},
        "documents": {name: {"n_bytes": len(data), "sha256": hash_bytes(data)} for name, data in documents.items()},
        "facts": dict(facts),
    }


def hash_schema(table: Table) -> str:
    """sha256 over all that the footer of a part says of its columns: names, types, descriptions."""
    types = {name: str(dtype) for name, dtype in table.polars_schema.items()}
    return hash_bytes(canonical_json([[name, types[name], text] for name, text in table.descriptions.items()]))


def files_of(manifest: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """Path of every file that a manifest names, with its bytes and sha256."""
    parts = [part for table in manifest["tables"].values() for part in table["parts"]]
    named = {part["path"]: (part["n_bytes"], part["sha256"]) for part in parts}
    return named | {name: (entry["n_bytes"], entry["sha256"]) for name, entry in manifest["documents"].items()}


def _describe_table(table: Table, parts: Sequence[Part], schema: Mapping[str, str]) -> dict[str, Any]:
    return {
        "n_rows": sum(part.n_rows for part in parts),
        "key": list(table.key),
        "schema": dict(schema),
        "schema_sha256": hash_schema(table),
        "parts": [asdict(part) for part in parts],
    }
