"""A release written beside the others: planned from values, staged in a folder that nobody reads, then moved in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from paperlake.errors import ContractError, StoreError
from paperlake.release import encoding, storage
from paperlake.release.commits import Commit
from paperlake.release.fingerprint import fingerprint_content, fingerprint_values, type_name
from paperlake.release.manifest import (
    FORMAT_VERSION,
    NAME,
    Part,
    build_manifest,
    canonical_json,
    hash_bytes,
    hash_schema,
)
from paperlake.release.reading import open_commit
from paperlake.schemas import CONTRACT_VERSION, TABLES


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """Rows of a table that become one file."""

    path: str
    start: int
    n_rows: int
    fingerprint: str


@dataclass(frozen=True)
class Plan:
    """A release before anything is written: its frames, how they are cut, and what they say."""

    frames: Mapping[str, pl.DataFrame]
    parts: dict[str, list[PlannedPart]]
    fingerprint: str


Reusable = dict[tuple[str, str], tuple[Path, Part]]
"""(table, fingerprint of values) to a file of the parent that holds just that."""


def plan_release(frames: Mapping[str, pl.DataFrame]) -> Plan:
    """How the nine tables are cut into parts, and the fingerprint of their content.

    Raises:
        ContractError: a table is missing or unknown, or its columns are not those of the contract.
    """
    if set(frames) != set(TABLES):
        raise ContractError("release", [f"expected tables {sorted(TABLES)}, found {sorted(frames)}"], 1)
    parts = {name: list(_plan_table(name, frames[name])) for name in TABLES}
    names = [name for name, table in TABLES.items() if table.is_content]
    content = {name: [(part.fingerprint, part.n_rows) for part in parts[name]] for name in names}
    return Plan(frames, parts, fingerprint_content(CONTRACT_VERSION, content))


def _plan_table(name: str, frame: pl.DataFrame) -> Iterator[PlannedPart]:
    expected = TABLES[name].polars_schema
    if list(frame.schema.items()) != list(expected.items()):
        raise ContractError(name, [f"expected columns {dict(expected)}, found {dict(frame.schema)}"], 1)
    schema = encoding.arrow_schema(TABLES[name])
    for number, (start, n_rows) in enumerate(encoding.split_rows(frame.height)):
        values = fingerprint_values(encoding.to_arrow(frame.slice(start, n_rows), schema))
        yield PlannedPart(f"{name}/part-{number:05d}.parquet", start, n_rows, values)


def find_reusable(store: Path, parent: Commit | None) -> Reusable:
    """Files of the parent's release that need not be encoded again; none where it is missing or damaged."""
    if parent is None:
        return {}
    try:
        release = open_commit(store, parent)
    except StoreError:
        return {}
    if release.manifest["format_version"] != FORMAT_VERSION:
        return {}
    return {
        (name, part["fingerprint"]): (release.path / part["path"], Part(**part))
        for name, table in release.manifest["tables"].items()
        if name in TABLES and table["schema_sha256"] == hash_schema(TABLES[name])
        for part in table["parts"]
    }


def stage_release(
    folder: Path,
    plan: Plan,
    reusable: Reusable,
    documents: Mapping[str, str],
    facts: Mapping[str, Any],
    fault: Callable[[str], None],
) -> str:
    """sha256 of the manifest of a release that now stands whole in `folder`, safe on the disk."""
    folder.mkdir()
    parts = {name: _stage_table(folder, name, plan, reusable, fault) for name in plan.parts}
    texts = {name: text.encode() for name, text in documents.items()}
    schemas = {name: _column_types(name) for name in plan.parts}
    manifest = canonical_json(build_manifest(parts, schemas, texts, plan.fingerprint, facts))
    for name, data in {**texts, NAME: manifest}.items():
        fault(f"write {name}")
        storage.write_sealed(folder / name, data)
    fault("sync")
    storage.sync_folder(folder)
    return hash_bytes(manifest)


def _stage_table(folder: Path, name: str, plan: Plan, reusable: Reusable, fault: Callable[[str], None]) -> list[Part]:
    (folder / name).mkdir()
    parts = []
    for planned in plan.parts[name]:
        fault(f"write {planned.path}")
        old = reusable.get((name, planned.fingerprint))
        part = _reuse_part(folder, planned, *old) if old else None
        parts.append(part or _write_part(folder, name, planned, plan.frames[name]))
    storage.sync_folder(folder / name)
    return parts


def _reuse_part(folder: Path, planned: PlannedPart, source: Path, old: Part) -> Part | None:
    # Hashed before it is trusted: a damaged file must not spread. Hashing costs far less than encoding.
    if not source.is_file() or storage.hash_file(source) != old.sha256:
        return None
    if not storage.link_file(source, folder / planned.path):
        return None
    return Part(planned.path, planned.n_rows, old.n_bytes, old.sha256, old.fingerprint)


def _write_part(folder: Path, name: str, planned: PlannedPart, frame: pl.DataFrame) -> Part:
    rows = frame.slice(planned.start, planned.n_rows)
    data = encoding.encode_part(encoding.to_arrow(rows, encoding.arrow_schema(TABLES[name])))
    storage.write_sealed(folder / planned.path, data)
    return Part(planned.path, planned.n_rows, len(data), hash_bytes(data), planned.fingerprint)


def _column_types(name: str) -> dict[str, str]:
    return {field.name: type_name(field.type) for field in encoding.arrow_schema(TABLES[name])}
