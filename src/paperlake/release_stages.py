"""The last stages: a candidate's tables through the gates, and out as a release, now or once a person looked at it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import polars as pl

from paperlake import validate
from paperlake.contract_check.bump import refuse_undeclared
from paperlake.errors import GateError
from paperlake.ledger import BESIDE
from paperlake.near_misses import read_near
from paperlake.release import gates
from paperlake.release.commits import find_head, no_fault
from paperlake.release.contract import CONTRACT_FILE, contract_text
from paperlake.release.coverage import as_facts, measure_coverage
from paperlake.release.documents import make_documents
from paperlake.release.draft import Draft, DraftTable, count_rows, read_draft, scan_draft
from paperlake.release.earlier import read_earlier
from paperlake.release.gate_names import check_gate_names
from paperlake.release.held import Held
from paperlake.release.held_folder import keep
from paperlake.release.held_report import make_report
from paperlake.release.publish import Published, publish
from paperlake.release.quality import measure_quality
from paperlake.release.reading import open_release
from paperlake.release.taken_back import read_taken_back
from paperlake.settings import Settings
from paperlake.stages import ReleaseOrder
from paperlake.stores import Location, open_store
from paperlake.work import rules_version

Shown = dict[str, pl.LazyFrame]
"""Under the name `shown` what `release.coverage.count_shown` gives of the appearances."""


def check(order: ReleaseOrder, candidate: Path) -> list[gates.GateResult]:
    """The result of every gate.

    Raises:
        ContractError: a table breaks its model.
        GateError: a gate holds the release and nobody accepted it; the candidate is kept with a report.
    """
    draft, store, shown = read_draft(candidate), order.settings.store, _scan_shown(candidate)
    near = read_near(candidate)
    results = check_draft(draft, store, order.parent, order.accept, shown)
    if any(result.holds for result in results):
        parent = None if order.parent is None else open_release(store, order.parent)
        report = make_report(
            draft, results, manifest_facts(order, draft, results, shown, near), parent, datetime.now(UTC)
        )
        raise _gate_error(results, keep(order.settings.work, draft, report), store)
    return results


def release(
    order: ReleaseOrder,
    candidate: Path,
    results: list[gates.GateResult],
    run_id: str,
    fault: Callable[[str], None] = no_fault,
    operation: str = "build",
) -> Published:
    """The published release, or the one before where the content is the same.

    Raises:
        ReleaseConflictError: another publisher was faster.
    """
    draft = read_draft(candidate)
    facts = manifest_facts(order, draft, results, _scan_shown(candidate), read_near(candidate))
    commit = {"run_id": run_id, "operation": operation, "code_revision": rules_version()}
    return _publish(draft, order.settings.store, order.parent, facts, commit, fault)


def release_held(
    held: Held,
    settings: Settings,
    accept: tuple[str, ...],
    run_id: str,
    fault: Callable[[str], None] = no_fault,
) -> Published:
    """The release that holds exactly what was held: all is checked again, and nothing made anew.

    Args:
        held: the candidate; it stays where it is.
        settings: with the store that it was built on.
        accept: every gate that holds it.
        run_id: name of the run in the commit record.
        fault: called with the name of each step of publishing; for tests.

    Raises:
        HeldError: it was built on another release than the newest, for another contract, or is damaged.
        ContractError: a table breaks its model.
        GateError: a gate that nobody accepted still holds it.
        ReleaseConflictError: another publisher was faster.
    """
    check_gate_names(accept)
    held.check_obstacles(find_head(open_store(settings.store)))
    draft = held.read_draft()
    results = check_draft(draft, settings.store, held.parent, accept)
    if any(result.holds for result in results):
        raise _gate_error(results, held, settings.store)
    facts = {**held.report["facts"], "gates": gates.as_facts(results)}
    commit = {"run_id": run_id, "operation": "publish_held", "code_revision": rules_version(), "held": held.id}
    return _publish(draft, settings.store, held.parent, facts, commit, fault)


def check_draft(
    draft: Draft, store: Location, parent: int | None, accept: tuple[str, ...], shown: Shown | None = None
) -> list[gates.GateResult]:
    """The result of every gate for tables that keep the contract; parts of the release before kept it then.

    Args:
        draft: all nine tables.
        store: with the release before.
        parent: its version; None in the first.
        accept: gates that a person lets pass.
        shown: what `count_shown` gives of the appearances; counted without it.

    Raises:
        ContractError: a table breaks its model.
    """
    tables = scan_draft(draft) | (shown or {})
    if count_rows(draft["papers"]):
        for name, parts in draft.items():
            validate.check_parts(_to_check(parts), tables[name], name)
    return gates.check_gates(tables, measure_quality(tables), _before(store, parent), accept)


def _to_check(parts: DraftTable) -> Iterator[tuple[int, pl.DataFrame]]:
    """First row and rows of each part that no release holds."""
    firsts = accumulate((part.n_rows for part in parts), initial=0)
    return ((first, part.read()) for first, part in zip(firsts, parts, strict=False) if part.fingerprint is None)


def check_contract(store: Location, parent: int | None) -> None:
    """Nothing, when the contract differs from that of the release before by no more than its version says.

    Raises:
        BreakingContractError: it does.
    """
    if parent is not None:
        written = open_release(store, parent).read_document(CONTRACT_FILE)
        refuse_undeclared(written, contract_text())


def _gate_error(results: Sequence[gates.GateResult], held: Held, store: Location) -> GateError:
    holding = [result for result in results if result.holds]
    final = [result.gate for result in holding if result.is_final]
    accepted = [result.gate for result in results if result.is_accepted]
    failures = [(result.gate, result.finding) for result in holding]
    return GateError(failures, final, str(held.folder), accepted, store=str(store))


def manifest_facts(
    order: ReleaseOrder,
    draft: Draft,
    results: list[gates.GateResult],
    shown: Shown | None = None,
    near_misses: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """What the manifest says beside tables and files."""
    tables = scan_draft(draft) | (shown or {})
    return {
        "dumps": tables["dumps"].select("dump_id", "path", "status", "n_papers").collect().to_dicts(),
        "rules_version": rules_version(),
        "limits": order.settings.limits,
        **order.curation.as_facts(),
        "gates": gates.as_facts(results),
        "coverage": as_facts(measure_coverage(tables)),
        "quality": measure_quality(tables),
        **({"near_misses": near_misses} if near_misses else {}),
    }


def _publish(
    draft: Draft,
    store: Location,
    parent: int | None,
    facts: dict[str, Any],
    commit: dict[str, Any],
    fault: Callable[[str], None],
) -> Published:
    check_contract(store, parent)
    tables = scan_draft(draft)
    commit = {**commit, **_carried(store, parent, tables["dumps"].collect())}
    documents = partial(make_documents, tables, facts, (parent or 0) + 1, read_earlier(store, parent))
    return publish(draft, store, parent=parent, facts=facts, commit=commit, documents=documents, fault=fault)


def _carried(store: Location, parent: int | None, dumps: pl.DataFrame) -> dict[str, Any]:
    """What a rollback before took back, and this release has not either, for its commit record."""
    taken = None if parent is None else read_taken_back(open_release(store, parent).commit)
    still = taken and taken.still(dumps, rules_version())
    return still.as_carried() if still else {}


def _before(store: Location, version: int | None) -> gates.Before | None:
    if version is None:
        return None
    parent = open_release(store, version)
    known = frozenset(parent.read("dumps")["dump_id"])
    facts, taken_back = parent.manifest["facts"], read_taken_back(parent.commit)
    return gates.Before(facts["quality"], known, taken_back, gates.read_let_pass(facts["gates"]))


def _scan_shown(candidate: Path) -> Shown:
    return {"shown": pl.scan_parquet(candidate / BESIDE / "shown.parquet", glob=False)}
