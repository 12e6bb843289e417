"""The order of the work, stated once, and free of any orchestrator.

    find dumps -> extract -> enter -> check corrections -> normalise (what was corrected) -> resolve identity
      -> assemble -> check -> publish

Whoever runs it gives it its Steps: Prefect tasks in `flows/`, plain calls on the command line.
"""

import shutil
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import polars as pl

from paperlake import release_stages, stages
from paperlake.curation.reading import Curation, read_curation, recall_curation
from paperlake.due import due_dumps, is_settled, settled_mark
from paperlake.dumps import Dump, find_dumps
from paperlake.errors import ReleaseConflictError, StoreError
from paperlake.layouts import LAYOUTS
from paperlake.match_index import matching_folder
from paperlake.near_misses import read_near_misses
from paperlake.release.commits import no_fault
from paperlake.release.gates import check_gate_names
from paperlake.release.held_folder import drop_old, held_folder
from paperlake.release.pointers import heal
from paperlake.release.reading import Release, open_release, versions
from paperlake.schemas import CONTRACT_VERSION
from paperlake.settings import Settings
from paperlake.work import make_once, take_turn

_TRIES = 10
"""Builds begun again because another publisher was faster."""

Order = TypeVar("Order")
Made = TypeVar("Made")


class Steps(Protocol):
    """How a step is run: at once, or as a task somewhere."""

    def call(self, name: str, step: Callable[..., Made], *arguments: Any) -> Made:
        """What the step gives."""

    def map(self, name: str, step: Callable[[Order], Made], orders: Sequence[Order]) -> list[Made]:
        """What the step gives for each order, in their order."""


class PlainSteps:
    """Steps that are simply called, one after the other."""

    def call(self, name: str, step: Callable[..., Made], *arguments: Any) -> Made:  # noqa: ARG002
        """What the step gives."""
        return step(*arguments)

    def map(self, name: str, step: Callable[[Order], Made], orders: Sequence[Order]) -> list[Made]:
        """What the step gives for each order."""
        return [self.call(name, step, order) for order in orders]


@dataclass(frozen=True, slots=True)
class Run:
    """What is asked of one run, beside the settings."""

    accept: tuple[str, ...]
    run_id: str
    fault: Callable[[str], None]


@dataclass(frozen=True)
class BuildReport:
    """What a build did, in figures; of the dumps, only those that were new to it."""

    version: int
    release: str
    location: str
    """Folder of the release, or its URL in a bucket."""
    is_new: bool
    fingerprint: str
    n_dumps_new: int
    counts: dict[str, int]
    rejected_dumps: list[dict[str, Any]] = field(default_factory=list)
    dumps_with_rejects: list[dict[str, Any]] = field(default_factory=list)
    gates: list[dict[str, Any]] = field(default_factory=list)
    counts_before: dict[str, int] = field(default_factory=dict)
    """Rows of the tables of the release before this build; empty where there was none."""
    rejects: dict[str, int] = field(default_factory=dict)
    """Rejects of the release by reason, the most frequent first."""

    def as_dict(self) -> dict[str, Any]:
        """The report for machines."""
        return asdict(self)


def build(
    settings: Settings,
    steps: Steps,
    *,
    accept: tuple[str, ...] = (),
    run_id: str | None = None,
    fault: Callable[[str], None] = no_fault,
) -> BuildReport:
    """New dumps in, one release or none out.

    Builds into one store take turns, since they share its work folder; publishing itself is safe without that.

    Args:
        settings: where to read and write, and limits.
        steps: how a step is run.
        accept: gates that a person lets pass in this run.
        run_id: name of the run in the commit record; a random one without it.
        fault: called with the name of each step of publishing; for tests.

    Raises:
        GateError: a gate holds the release.
        ContractError: a table breaks the contract.
        SettingsError: `dumps.toml` cannot be used.
        CorrectionError: a file in `curation` cannot be used, or an entry fits no longer.
        JudgementConflictError: judgements contradict one another.
        ReleaseConflictError: other publishers were faster ten times in a row.
    """
    check_gate_names(accept)
    run = Run(accept, run_id or uuid.uuid4().hex, fault)
    with take_turn(settings.work):
        for _ in range(_TRIES - 1):
            with suppress(ReleaseConflictError):
                return _build_once(settings, steps, run)
        return _build_once(settings, steps, run)


def _build_once(settings: Settings, steps: Steps, run: Run) -> BuildReport:
    heal(settings.store)
    parent = open_head(settings)
    found = find_dumps(settings.raw)
    curation = _read_curation(found, settings, parent)
    new = due_dumps(found, curation, settings, parent)
    is_reviewed = read_near_misses(settings.work) is not None
    if parent is not None and not new and is_reviewed and is_settled(parent, curation, settings):
        return _report(parent, parent, [])
    to_read = [stages.ExtractOrder(batch, settings, curation.notes) for batch in batches(new, settings.batch_bytes)]
    extracted = steps.map("extract", stages.extract, to_read)
    version = parent.version if parent else None
    order = stages.ReleaseOrder(tuple(extracted), (), version, run.accept, settings, curation)
    entered = steps.call("enter", stages.enter, order)
    steps.call("corrections", stages.check_corrections, order, entered)
    to_clean = normalise_orders(parent, extracted, curation, settings)
    order = replace(order, normalised=tuple(steps.map("normalise", stages.normalise, to_clean)))
    matches = steps.call("resolve", stages.resolve, order, entered)
    candidate = steps.call("assemble", stages.assemble, order, entered, matches)
    results = steps.call("check", release_stages.check, order, candidate)
    published = steps.call("publish", release_stages.release, order, candidate, results, run.run_id, run.fault)
    release = open_release(settings.store, published.version)
    settled = [] if published.is_new else [make_once(settled_mark(release, curation, settings), dict)]
    cleaned = [order.folder for order in normalise_orders(release, [], curation, settings)]
    _tidy(settings.work, keep={*cleaned, *settled, matching_folder(settings.work), held_folder(settings.work)})
    drop_old(settings.work, datetime.now(UTC), published.fingerprint)
    return _report(release, parent, new)


def open_head(settings: Settings) -> Release | None:
    """The newest release, if there is one to build on.

    Raises:
        StoreError: it was published under a contract that a reader of today's could break on.
    """
    if not versions(settings.store):
        return None
    release = open_release(settings.store)
    version = release.manifest["contract"]["version"]
    if version.partition(".")[0] != CONTRACT_VERSION.partition(".")[0]:
        damage = f"release {release.version} expected contract {CONTRACT_VERSION}, found {version}"
        raise StoreError(release.location, [damage], "Build into a new store from the same dumps: --store FOLDER.")
    return release


def _read_curation(found: Sequence[Dump], settings: Settings, parent: Release | None) -> Curation:
    """What people wrote; notes on dumps whose files are gone stay as the release before has them."""
    known = [] if parent is None else parent.read("dumps").select("path", "dump_id").rows()
    kept = {} if parent is None else recall_curation(parent.manifest["facts"]).written
    return read_curation(settings.raw, found, known, kept, [layout.name for layout in LAYOUTS])


def batches(dumps: Sequence[Dump], most_bytes: int) -> list[tuple[Dump, ...]]:
    """Dumps in their order, about `most_bytes` together: one task a batch, never a task for a small dump."""
    batches: list[list[Dump]] = []
    size = most_bytes
    for dump in dumps:
        if size + dump.n_bytes > most_bytes:
            batches.append([])
            size = 0
        batches[-1].append(dump)
        size += dump.n_bytes
    return [tuple(batch) for batch in batches]


def normalise_orders(
    parent: Release | None, extracted: Sequence[Path], curation: Curation, settings: Settings
) -> list[stages.NormaliseOrder]:
    """The parts of the release before, then the new batches: what is old was cleaned by an earlier run or is again."""
    old = [] if parent is None else parent.manifest["tables"]["appearances"]["parts"]
    urls = parent.files("appearances") if parent else []
    files = [(url, part["fingerprint"]) for url, part in zip(urls, old, strict=True)]
    files += [(str(folder / "appearances.parquet"), folder.name) for folder in extracted]
    return [stages.order_normalising(file, content, curation.corrections, settings.work) for file, content in files]


def _tidy(work: Path, keep: set[Path]) -> None:
    """Remove work files of this and of interrupted runs; those of parts that the next run will meet again stay."""
    for folder in work.iterdir():
        if folder.is_dir() and folder not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def _report(release: Release, parent: Release | None, new: Sequence[Dump]) -> BuildReport:
    seen = release.read("dumps").filter(pl.col("dump_id").is_in([dump.dump_id for dump in new]))
    return BuildReport(
        version=release.version,
        release=release.key.rpartition("/")[-1],
        location=release.location,
        is_new=parent is None or release.version != parent.version,
        fingerprint=release.manifest["fingerprint"],
        n_dumps_new=len(new),
        counts=release.counts,
        rejected_dumps=seen.filter(pl.col("status") == "rejected").select("path", "reason").to_dicts(),
        dumps_with_rejects=seen.filter(pl.col("status") == "read", pl.col("n_rejects") > 0)
        .select("path", "n_rejects")
        .to_dicts(),
        gates=release.manifest["facts"]["gates"],
        counts_before={} if parent is None else parent.counts,
        rejects=_count_rejects(release),
    )


def _count_rejects(release: Release) -> dict[str, int]:
    counted = release.read("rejects").group_by("reason").len().sort("len", "reason", descending=[True, False])
    return dict(counted.iter_rows())
