"""The order of the work, stated once, and free of any orchestrator.

    find dumps -> extract -> enter -> check corrections -> normalise (what was corrected)
      -> index -> pair -> match -> resolve identity -> assemble -> check -> publish

extract, normalise, pair and match are steps over partitions; every other is one step.

Whoever runs it gives it its Steps: Prefect tasks in `flows/`, plain calls on the command line.
"""

import shutil
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from paperlake import ledger_stages, match_parts, match_stages, release_stages, stages, table_stages
from paperlake.build_report import BuildReport, describe_build
from paperlake.curation.reading import Curation
from paperlake.due import Start, begin, find_standing, open_head, settled_mark, take_in_dumps
from paperlake.dumps import Dump
from paperlake.errors import ChangedDumpError, ReleaseConflictError
from paperlake.ledger import find_ledger
from paperlake.match_index import matching_folder
from paperlake.release.commits import no_fault
from paperlake.release.gates import check_gate_names
from paperlake.release.held_folder import drop_old, held_folder
from paperlake.release.pointers import heal
from paperlake.release.reading import Release, open_release
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release before its gates: the order that it was made by, and the folder of its nine tables."""

    order: stages.ReleaseOrder
    tables: Path


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
    start, made = make_candidate(settings, steps, run.accept)
    if isinstance(made, Release):
        return describe_build(made, start)
    order, tables = made.order, made.tables
    results = steps.call("check", release_stages.check, order, tables)
    published = steps.call("publish", release_stages.release, order, tables, results, run.run_id, run.fault)
    release = open_release(settings.store, published.version)
    settled = [] if published.is_new else [make_once(settled_mark(release, start.curation, settings), dict)]
    cleaned = [order.folder for order in normalise_orders(release, [], start.curation, settings)]
    ledger = ledger_stages.keep(order, tables, release)
    _tidy(settings.work, keep={*cleaned, *settled, ledger, matching_folder(settings.work), held_folder(settings.work)})
    drop_old(settings.work, datetime.now(UTC), published.fingerprint)
    return describe_build(release, start)


def make_candidate(settings: Settings, steps: Steps, accept: tuple[str, ...]) -> tuple[Start, Candidate | Release]:
    """What a run begins with, and what comes of it: a candidate, or the newest release where nothing is to do.

    It writes into the work folder alone. A dump that changes before it is read is left for the next run.

    Raises:
        SettingsError, StoreError, CorrectionError, JudgementConflictError: as `build` does.
    """
    parent = open_head(settings)
    intake = take_in_dumps(settings, parent)
    while True:
        start = begin(settings, parent, intake)
        if standing := find_standing(start, settings):
            return start, standing
        try:
            return start, _make_candidate(settings, steps, start, accept)
        except ChangedDumpError as error:
            intake = intake.leave(error.path, error.change)


def _make_candidate(settings: Settings, steps: Steps, start: Start, accept: tuple[str, ...]) -> Candidate:
    parent, curation = start.parent, start.curation
    to_read = [
        stages.ExtractOrder(batch, settings, curation.notes) for batch in batches(start.due, settings.batch_bytes)
    ]
    extracted = steps.map("extract", stages.extract, to_read)
    version = parent.version if parent else None
    order = stages.ReleaseOrder(tuple(extracted), (), version, accept, settings, curation)
    order = replace(order, ledger=find_ledger(parent, curation, settings, start.due))
    if order.ledger and not steps.call("ledger", ledger_stages.adds_only, order):
        order = replace(order, ledger=None)
    entered = steps.call("enter", stages.enter, order)
    steps.call("corrections", stages.check_corrections, order, entered)
    to_clean = normalise_orders(None if order.ledger else parent, extracted, curation, settings)
    order = replace(order, normalised=tuple(steps.map("normalise", stages.normalise, to_clean)))
    matches = find_matches(order, entered, steps)
    return Candidate(order, steps.call("assemble", table_stages.assemble, order, entered, matches))


def find_matches(order: stages.ReleaseOrder, entered: Path, steps: Steps) -> Path:
    """Folder with the paper of every appearance that entered."""
    waiting = steps.call("index", match_stages.index, order, entered)
    paired = steps.map("pair", match_parts.find_part, waiting.to_pair)
    matched = steps.map("match", match_parts.match_part, waiting.to_match(paired))
    return steps.call("resolve", match_stages.resolve, order, entered, tuple(matched))


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
