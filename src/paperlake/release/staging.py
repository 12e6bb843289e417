"""A release written beside the others: planned from values, staged in a folder that nobody reads, then moved in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from paperlake.errors import ContractError, StoreError
from paperlake.release import encoding
from paperlake.release.commits import Commit
from paperlake.release.draft import Draft, DraftPart, DraftTable
from paperlake.release.fingerprint import fingerprint_content, fingerprint_rows, type_name
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
from paperlake.stores import Store
from paperlake.stores.files import write_sealed
from paperlake.stores.interface import Staging


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """Rows of a table that become one file, and the fingerprint of their values."""

    path: str
    draft: DraftPart
    fingerprint: str

    @property
    def n_rows(self) -> int:
        """How many rows."""
        return self.draft.n_rows


@dataclass(frozen=True)
class Plan:
    """A release before anything is written: its parts, and what they say."""

    parts: dict[str, list[PlannedPart]]
    fingerprint: str


Reusable = dict[tuple[str, str], tuple[str, Part]]
"""(table, fingerprint of values) to the key of a file of the parent that holds just that."""

Documents = Callable[[Mapping[str, Sequence[Part]], str], Mapping[str, str]]
"""The other files of a release, name to text, made from the files of its tables and the fingerprint of its content."""


def plan_release(draft: Draft) -> Plan:
    """What becomes of the parts of the nine tables, and the fingerprint of their content.

    Raises:
        ContractError: a table is missing or unknown, or its columns are not those of the contract.
    """
    if set(draft) != set(TABLES):
        raise ContractError("release", [f"expected tables {sorted(TABLES)}, found {sorted(draft)}"], 1)
    parts = {name: list(_plan_table(name, draft[name])) for name in TABLES}
    names = [name for name, table in TABLES.items() if table.is_content]
    content = {name: [(part.fingerprint, part.n_rows) for part in parts[name]] for name in names}
    return Plan(parts, fingerprint_content(CONTRACT_VERSION, content))


def _plan_table(name: str, parts: DraftTable) -> Iterator[PlannedPart]:
    for number, part in enumerate(parts):
        fingerprint = part.fingerprint or _fingerprint(name, part.read())
        yield PlannedPart(f"{name}/part-{number:05d}.parquet", part, fingerprint)


def _fingerprint(name: str, rows: pl.DataFrame) -> str:
    expected = TABLES[name].polars_schema
    if list(rows.schema.items()) != list(expected.items()):
        raise ContractError(name, [f"expected columns {dict(expected)}, found {dict(rows.schema)}"], 1)
    return fingerprint_rows(rows)


def find_reusable(store: Store, parent: Commit | None) -> Reusable:
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
        (name, part["fingerprint"]): (f"{release.key}/{part['path']}", Part(**part))
        for name, table in release.manifest["tables"].items()
        if name in TABLES and table["schema_sha256"] == hash_schema(TABLES[name])
        for part in table["parts"]
    }


def stage_release(
    staging: Staging,
    plan: Plan,
    reusable: Reusable,
    documents: Documents,
    facts: Mapping[str, Any],
    fault: Callable[[str], None],
) -> str:
    """sha256 of the manifest of a release that now stands whole in its staging."""
    parts = {name: _stage_table(staging, name, plan, reusable, fault) for name in plan.parts}
    texts = {name: text.encode() for name, text in documents(parts, plan.fingerprint).items()}
    schemas = {name: _column_types(name) for name in plan.parts}
    manifest = canonical_json(build_manifest(parts, schemas, texts, plan.fingerprint, facts))
    for name, data in {**texts, NAME: manifest}.items():
        fault(f"write {name}")
        write_sealed(staging.folder / name, data)
    return hash_bytes(manifest)


def _stage_table(
    staging: Staging, name: str, plan: Plan, reusable: Reusable, fault: Callable[[str], None]
) -> list[Part]:
    (staging.folder / name).mkdir()
    parts = []
    for planned in plan.parts[name]:
        fault(f"write {planned.path}")
        old = reusable.get((name, planned.fingerprint))
        part = _reuse_part(staging, planned, *old) if old else None
        parts.append(part or _write_part(staging, name, planned))
    return parts


def _reuse_part(staging: Staging, planned: PlannedPart, key: str, old: Part) -> Part | None:
    if not staging.reuse(key, planned.path, old.n_bytes, old.sha256):
        return None
    return Part(planned.path, planned.n_rows, old.n_bytes, old.sha256, old.fingerprint)


def _write_part(staging: Staging, name: str, planned: PlannedPart) -> Part:
    arrow = encoding.to_arrow(planned.draft.read(), encoding.arrow_schema(TABLES[name]))
    data = encoding.encode_part(arrow, encoding.compression_level(name, planned.n_rows))
    write_sealed(staging.folder / planned.path, data)
    return Part(planned.path, planned.n_rows, len(data), hash_bytes(data), planned.fingerprint)


def _column_types(name: str) -> dict[str, str]:
    return {field.name: type_name(field.type) for field in encoding.arrow_schema(TABLES[name])}
