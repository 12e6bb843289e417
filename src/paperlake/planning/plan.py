"""The plan of a build: the stages of a real one up to the gates, and what they say of the release to come."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

from paperlake.due import Start
from paperlake.making import Candidate
from paperlake.pipeline import make_candidate
from paperlake.planning.work_apart import work_apart
from paperlake.release.draft import read_draft, read_frames
from paperlake.release.gate_names import check_gate_names
from paperlake.release.gates import GateResult
from paperlake.release.pointers import check_log
from paperlake.release.reading import Release
from paperlake.release.staging import plan_release
from paperlake.release_stages import check_contract, check_draft
from paperlake.schemas import TABLES
from paperlake.settings import Settings
from paperlake.steps import Steps

Tables = Mapping[str, pl.DataFrame]
_OLD = "__old"
_DUMP = ("path", "layout", "status", "reason", "n_papers", "n_rejects")


@dataclass(frozen=True)
class TablePlan:
    """What becomes of a table: its rows before and after, and how many of them are new, have other values, or go.

    These are None of tables that tell of the step between releases.
    """

    table: str
    before: int
    after: int
    new: int | None = None
    changed: int | None = None
    gone: int | None = None


@dataclass(frozen=True)
class BuildPlan:
    """What a build would do now.

    `is_new` says whether it would publish a release. `version` and `fingerprint` are those of that release, be it that
    the gates in `holding` would hold it, or of the one that stands where nothing would change. Each of `dumps` is
    `new`, `read again` or `taken back` (`what`), with what would stand in the table; `dumps_left` are for a later run.
    """

    parent: int | None
    version: int
    is_new: bool
    fingerprint: str
    n_dumps_new: int
    tables: list[TablePlan]
    dumps: list[dict[str, Any]] = field(default_factory=list)
    dumps_left: list[dict[str, str]] = field(default_factory=list)
    causes: dict[str, dict[str, int]] = field(default_factory=dict)
    gates: list[dict[str, Any]] = field(default_factory=list)

    @property
    def holding(self) -> list[dict[str, Any]]:
        """The gates that would hold the release."""
        return [gate for gate in self.gates if gate["holds"]]

    @property
    def counts(self) -> dict[str, int]:
        """Rows of each table, as the report of the build would give them."""
        return {one.table: one.after for one in self.tables}

    def as_dict(self) -> dict[str, Any]:
        """The plan for machines."""
        return asdict(self) | {"counts": self.counts, "is_held": bool(self.holding)}


def plan_build(settings: Settings, steps: Steps, accept: tuple[str, ...] = ()) -> BuildPlan:
    """What a build would do; nothing is written but into a temporary folder, which is gone in the end.

    The stages of a real build run up to the gates, so the figures are those that it would come to.

    Args:
        settings: as of the build.
        steps: how a step is run; none gets further than this machine's temporary folder.
        accept: gates that a person would let pass.

    Raises:
        ContractError: a table breaks the contract.
        BreakingContractError: the contract differs more than its version says.
        SettingsError, StoreError, CorrectionError, JudgementConflictError: as `pipeline.build` does.
    """
    check_gate_names(accept)
    check_log(settings.store)
    with work_apart(settings.work) as folder:
        apart = settings.model_copy(update={"work_folder": folder})
        start, made = make_candidate(apart, steps, accept)
        if isinstance(made, Release):
            return _standing(made, start)
        return steps.call("plan", _foresee, start, made)


def _standing(release: Release, start: Start) -> BuildPlan:
    """The plan of a build that finds nothing to do, or nothing that differs."""
    rows = {name: release.manifest["tables"][name]["n_rows"] for name in release.tables}
    return BuildPlan(
        parent=release.version,
        version=release.version,
        is_new=False,
        fingerprint=release.manifest["fingerprint"],
        n_dumps_new=len(start.due),
        tables=[TablePlan(name, n_rows, n_rows, *_no_changes(name)) for name, n_rows in rows.items()],
        dumps_left=start.intake.left_as_facts(),
    )


def _no_changes(name: str) -> tuple[int, ...]:
    return (0, 0, 0) if name in TABLES and TABLES[name].is_content else ()


def _foresee(start: Start, made: Candidate) -> BuildPlan:
    parent, order = start.parent, made.order
    draft = read_draft(made.tables)
    results = check_draft(draft, order.settings.store, order.parent, order.accept)
    is_held, fingerprint = any(result.holds for result in results), plan_release(draft).fingerprint
    if not is_held:
        check_contract(order.settings.store, order.parent)
        if parent is not None and fingerprint == parent.manifest["fingerprint"]:
            return _standing(parent, start)
    known, tables = () if parent is None else parent.tables, read_frames(draft)
    before = {name: parent.read(name) if parent and name in known else tables[name].clear() for name in TABLES}
    return BuildPlan(
        parent=order.parent,
        version=(order.parent or 0) + 1,
        is_new=not is_held,
        fingerprint=fingerprint,
        n_dumps_new=len(start.due),
        tables=[_compare(name, before[name], tables[name]) for name in TABLES],
        dumps=_tell_dumps(start, before["dumps"], tables["dumps"]),
        dumps_left=start.intake.left_as_facts(),
        causes=_count_causes(tables["changes"]),
        gates=[_gate(result) for result in results],
    )


def _compare(name: str, before: pl.DataFrame, after: pl.DataFrame) -> TablePlan:
    """By the key of the table; columns that only one side has are not compared."""
    if not TABLES[name].is_content:
        return TablePlan(name, before.height, after.height)
    key = list(TABLES[name].key)
    both = after.join(before, on=key, suffix=_OLD)
    values = [column for column, dtype in after.schema.items() if before.schema.get(column) == dtype]
    differs = pl.any_horizontal(pl.col(one).ne_missing(pl.col(one + _OLD)) for one in values if one not in key)
    new, gone = after.height - both.height, before.height - both.height
    return TablePlan(name, before.height, after.height, new, both.filter(differs).height, gone)


def _count_causes(changes: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Rows of `papers` and `links` that would be others, by cause."""
    counts = changes.group_by("table", "cause", maintain_order=True).agg(n=pl.col("key").n_unique())
    causes: dict[str, dict[str, int]] = {}
    for table, cause, n_rows in counts.iter_rows():
        causes.setdefault(table, {})[cause] = n_rows
    return causes


def _tell_dumps(start: Start, before: pl.DataFrame, after: pl.DataFrame) -> list[dict[str, Any]]:
    """The dumps that are due, and those with another status than before, in order of entry."""
    due, known = {dump.dump_id for dump in start.due}, dict(before.select("dump_id", "status").iter_rows())
    return [
        {"what": _what(row["dump_id"] in known, row["status"])} | {name: row[name] for name in _DUMP}
        for row in after.iter_rows(named=True)
        if row["dump_id"] in due or known.get(row["dump_id"]) != row["status"]
    ]


def _what(is_known: bool, status: str) -> str:
    if status == "retracted":
        return "taken back"
    return "read again" if is_known else "new"


def _gate(result: GateResult) -> dict[str, Any]:
    return asdict(result) | {"holds": result.holds}
