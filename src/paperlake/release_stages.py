"""The last stages: a candidate's tables through the gates, and out as a release."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from paperlake import validate
from paperlake.errors import GateError
from paperlake.release import cards, contract, gates
from paperlake.release.commits import no_fault
from paperlake.release.coverage import as_facts, measure_coverage
from paperlake.release.publish import Published, publish
from paperlake.release.reading import open_release
from paperlake.schemas import TABLES
from paperlake.stages import ReleaseOrder
from paperlake.work import read_work, rules_version


def check(order: ReleaseOrder, candidate: Path) -> list[gates.GateResult]:
    """The result of every gate.

    Raises:
        ContractError: a table breaks its model.
        GateError: a gate holds the release and nobody accepted it; the candidate stays where it is.
    """
    tables = _read_tables(candidate)
    if not tables["papers"].is_empty():
        for name, table in TABLES.items():
            validate.check_frame(tables[name], table.model)
    results = gates.check_gates(tables, gates.measure_quality(tables), _before(order), order.accept)
    held = [result for result in results if result.holds]
    if held:
        final = [result.gate for result in held if result.is_final]
        raise GateError([(result.gate, result.finding) for result in held], final, str(candidate))
    return results


def release(
    order: ReleaseOrder,
    candidate: Path,
    results: list[gates.GateResult],
    run_id: str,
    fault: Callable[[str], None] = no_fault,
) -> Published:
    """The published release, or the one before where the content is the same.

    Raises:
        ReleaseConflictError: another publisher was faster.
    """
    tables = _read_tables(candidate)
    quality = gates.measure_quality(tables)
    facts: dict[str, Any] = {
        "dumps": tables["dumps"].select("dump_id", "path", "status", "n_papers").to_dicts(),
        "rules_version": rules_version(),
        "limits": order.settings.limits,
        **order.curation.as_facts(),
        "gates": gates.as_facts(results),
        "coverage": as_facts(measure_coverage(tables)),
        "quality": quality,
    }
    documents = {
        contract.CONTRACT_FILE: contract.contract_text(),
        "datapackage.json": cards.datapackage_text({name: frame.height for name, frame in tables.items()}),
        "README.md": cards.readme_text(quality, tables["dumps"].height),
    }
    commit = {"run_id": run_id, "operation": "build", "code_revision": rules_version()}
    return publish(
        tables, order.settings.store, parent=order.parent, facts=facts, commit=commit, documents=documents, fault=fault
    )


def _before(order: ReleaseOrder) -> gates.Before | None:
    if order.parent is None:
        return None
    parent = open_release(order.settings.store, order.parent)
    return gates.Before(parent.manifest["facts"]["quality"], frozenset(parent.read("dumps")["dump_id"]))


def _read_tables(folder: Path) -> dict[str, pl.DataFrame]:
    return {name: read_work(folder, name) for name in TABLES}
