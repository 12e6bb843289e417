"""Whether what is published can still be trusted: files, contract, gates; and what a prune would do.

    verify every release -> the newest against its contract -> and its gates -> prune

Where files are damaged, tables are not measured, and nothing is pruned: what is whole may be needed.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from paperlake.contract_check.bump import Comparison, compare_versions
from paperlake.contract_check.documents import parse_document
from paperlake.errors import AuditError, ContractError
from paperlake.release.contract import CONTRACT_FILE, contract_text
from paperlake.release.draft import draft_of
from paperlake.release.gates import GateResult, as_facts
from paperlake.release.lives import read_lives
from paperlake.release.prune import GRACE_DAYS, KEEP, PrunePlan, prune
from paperlake.release.reading import Release, open_release
from paperlake.release.taken_back import is_rollback
from paperlake.release.verify import verify_all
from paperlake.release_stages import check_draft
from paperlake.schemas import CONTRACT_VERSION
from paperlake.settings import Settings
from paperlake.steps import Steps
from paperlake.stores import Location


@dataclass(frozen=True)
class AuditReport:
    """What an audit found in a store."""

    store: str
    version: int
    """Of the newest release, whose tables were looked at."""
    damages: list[str]
    """What is missing, changed or too many in the whole store, in words."""
    contract: str
    """What today's paperlake would change about the contract of the newest release, in words."""
    broken: list[str]
    """Where the tables of the newest release break the models of today."""
    gates: list[dict[str, Any]]
    """Results of today's gates on it, accepted where they were when it was published."""
    prune: PrunePlan
    is_pruned: bool
    """Whether the plan was carried out."""

    @property
    def faults(self) -> list[str]:
        """Everything that should not be, in words; empty where what is published can be trusted."""
        held = [f"{one['gate']}: {one['finding']}" for one in self.gates if not (one["passed"] or one["is_accepted"])]
        return [*self.damages, *self.broken, *held]

    def check(self) -> None:
        """Nothing, when there is nothing to mend.

        Raises:
            AuditError: files are damaged, a table breaks its model, or a gate would hold the newest release today.
        """
        if self.faults:
            raise AuditError(self.store, self.faults)

    def as_dict(self) -> dict[str, Any]:
        """The report for machines."""
        return asdict(self) | {"faults": self.faults}


def audit(
    settings: Settings, steps: Steps, *, is_pruning: bool = False, keep: int = KEEP, grace_days: int = GRACE_DAYS
) -> AuditReport:
    """What is wrong with a store, and what a prune does or would do.

    Args:
        settings: where the store is.
        steps: how a step is run.
        is_pruning: whether to prune where no file is damaged.
        keep: how many of the last releases keep their data.
        grace_days: days between a tombstone and deleting.

    Raises:
        StoreError: there is no release, or the newest cannot be read at all.
    """
    store = settings.store
    release = open_release(store)
    damages = steps.call("verify", verify_all, store)
    contract = steps.call("contract", compare_contract, release)
    broken, gates = ([], []) if damages else steps.call("gates", check_release, store, release)
    prunes = is_pruning and not damages
    plan = steps.call("prune", _prune, store, keep, grace_days, prunes)
    return AuditReport(
        str(store), release.version, damages, describe_contract(contract), broken, as_facts(gates), plan, prunes
    )


def compare_contract(release: Release) -> Comparison:
    """The contract of a release beside that of this paperlake."""
    written, today = release.read_document(CONTRACT_FILE), contract_text()
    return compare_versions(parse_document(written, release.location), parse_document(today, "paperlake"))


def describe_contract(contract: Comparison) -> str:
    """What the next release would change about it, in one line."""
    versions = f"contract {contract.old_version}"
    if not contract.changes:
        return f"{versions}: the one of this paperlake"
    return (
        f"{versions}: {len(contract.changes)} change(s), {contract.found}, to {contract.new_version} of this paperlake"
    )


def check_release(store: Location, release: Release) -> tuple[list[str], list[GateResult]]:
    """Where the tables of a release break their models, and what today's gates find in them.

    A release of another contract is not measured by today's models and gates. Of a rollback, or where the release
    before was pruned, only the gates that look at one release are asked.
    """
    if release.manifest["contract"]["version"] != CONTRACT_VERSION:
        return [], []
    draft = draft_of({name: release.read(name) for name in release.tables})
    accepted = tuple(
        one["gate"] for one in release.manifest["facts"]["gates"] if one["is_accepted"] or "let_pass" in one
    )
    try:
        return [], check_draft(draft, store, _comparable_parent(store, release), accepted)
    except ContractError as error:
        return [f"{error.frame}: {failure}" for failure in error.failures], []


def _comparable_parent(store: Location, release: Release) -> int | None:
    parent = release.commit.parent
    is_gone = parent is not None and read_lives(store)[parent].pruned_on is not None
    return None if is_gone or is_rollback(release.commit) else parent


def _prune(store: Location, keep: int, grace_days: int, is_pruning: bool) -> PrunePlan:
    return prune(store, keep=keep, grace=timedelta(days=grace_days), apply=is_pruning)


def audit_markdown(report: AuditReport) -> str:
    """The report as Markdown, for logs and for Prefect's page of artifacts."""
    plan = report.prune
    told: dict[str, Iterable[int]] = {
        "kept": plan.kept,
        "get a tombstone": plan.to_mark,
        "wait": plan.waiting,
        "are deleted": plan.to_delete,
    }
    pruned = "".join(f"| {what} | {', '.join(map(str, sorted(those))) or 'none'} |\n" for what, those in told.items())
    faults = "".join(f"- {fault}\n" for fault in report.faults) or "- none\n"
    gates = "".join(f"- {one['gate']}: {one['finding']}\n" for one in report.gates) or "- not asked\n"
    verdict = f"{len(report.faults)} fault(s)" if report.faults else "as they should be"
    heading = f"Prune, {'done' if report.is_pruned else 'only told'}"
    return (
        f"# Releases of {report.store}: {verdict}\n\n"
        f"Newest: release {report.version}; {report.contract}.\n\n## Faults\n\n{faults}\n## Gates\n\n{gates}\n"
        f"## {heading}\n\n| data of releases that | versions |\n|---|---|\n{pruned}"
    )
