"""The report of a held candidate: what holds it, against what release, and what is new in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from paperlake.release.coverage import find_drift
from paperlake.release.draft import Draft, read_frames
from paperlake.release.gates import GateResult, as_facts
from paperlake.release.held import fingerprint_tables
from paperlake.release.held_subjects import find_subjects
from paperlake.release.manifest import canonical_json, hash_bytes
from paperlake.release.reading import Release
from paperlake.release.staging import plan_release
from paperlake.schemas import CONTRACT_VERSION

Tables = Mapping[str, pl.DataFrame]

_COMPARED = ("papers", "links", "dumps")
"""Tables of the release before that the report needs."""
_DUMP = ("dump_id", "path", "status", "reason", "layout", "n_papers", "n_rejects")


def make_report(
    draft: Draft, results: Sequence[GateResult], facts: Mapping[str, Any], parent: Release | None, now: datetime
) -> dict[str, Any]:
    """The report as plain values; its `id` is 12 hex of the sha256 of what would be published, and on what.

    Args:
        draft: all nine tables of the candidate.
        results: of every gate; what a person accepted in this run is left out, since publishing asks again.
        facts: what the manifest would say.
        parent: the release it was built on.
        now: in UTC.
    """
    results = [replace(result, is_accepted=False) for result in results]
    content, tables = _content(draft, dict(facts) | {"gates": as_facts(results)}, parent), read_frames(draft)
    before = None if parent is None else {name: parent.read(name) for name in _COMPARED}
    return {
        "id": hash_bytes(canonical_json(content))[:12],
        "when": now.isoformat(),
        "is_acceptable": not any(result.is_final for result in results if not result.passed),
        "rules_version": facts["rules_version"],
        "gates": [_gate(result, tables, before) for result in results],
        "quality": {"before": parent.manifest["facts"]["quality"] if parent else None, "after": facts["quality"]},
        "counts": _counts(tables, parent),
        "new_dumps": _new_dumps(tables, before),
        "dumps_set_aside": _dumps(tables["dumps"].filter(pl.col("status") == "rejected")),
        "coverage_drops": [drift._asdict() for drift in find_drift(tables, _known(before))],
        **content,
    }


def _content(draft: Draft, facts: dict[str, Any], parent: Release | None) -> dict[str, Any]:
    """What decides the id: equal values, one candidate."""
    plan = plan_release(draft)
    return {
        "parent": None if parent is None else parent.version,
        "parent_manifest_sha256": None if parent is None else parent.commit.manifest_sha256,
        "contract_version": CONTRACT_VERSION,
        "fingerprint": plan.fingerprint,
        "tables": fingerprint_tables(plan),
        "facts": facts,
    }


def _gate(result: GateResult, tables: Tables, before: Tables | None) -> dict[str, Any]:
    subjects = [] if result.passed else find_subjects(result.gate, tables, before)
    return {
        "gate": result.gate,
        "passed": result.passed,
        "is_final": result.is_final,
        "finding": result.finding,
        "subjects": [subject for subject in subjects if subject["n_rows"]],
    }


def _counts(tables: Tables, parent: Release | None) -> dict[str, dict[str, int | None]]:
    told = {} if parent is None else parent.manifest["tables"]
    return {
        name: {"before": told[name]["n_rows"] if name in told else None, "after": frame.height}
        for name, frame in tables.items()
    }


def _new_dumps(tables: Tables, before: Tables | None) -> list[dict[str, Any]]:
    """Dumps that the release before does not know, or knows in another state."""
    dumps = tables["dumps"]
    if before is not None:
        dumps = dumps.join(before["dumps"], on=["dump_id", "status"], how="anti", maintain_order="left")
    return _dumps(dumps)


def _dumps(dumps: pl.DataFrame) -> list[dict[str, Any]]:
    return dumps.select(_DUMP).to_dicts()


def _known(before: Tables | None) -> frozenset[str]:
    return frozenset() if before is None else frozenset(before["dumps"]["dump_id"])
