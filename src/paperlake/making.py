"""What a build does once something is due: a candidate of new and old dumps, and the release that comes of it.

    extract -> enter -> check corrections -> normalise (what was corrected)
      -> index -> pair -> match -> resolve identity -> assemble -> check -> publish

extract, normalise, pair and match are steps over partitions; every other is one step. Where new dumps alone are due and
the ledger of the release before is enough, only what is new goes through them, and the rest is taken from that release.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from paperlake import ledger_stages, match_parts, match_stages, release_stages, stages, table_stages
from paperlake.curation.reading import Curation
from paperlake.due import Start, settled_mark
from paperlake.dumps import Dump
from paperlake.ledger import find_ledger
from paperlake.match_index import matching_folder
from paperlake.release.held_folder import drop_old, held_folder
from paperlake.release.reading import Release, open_release
from paperlake.settings import Settings
from paperlake.steps import Steps
from paperlake.work import make_once


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release before its gates: the order that it was made by, and the folder of its nine tables."""

    order: stages.ReleaseOrder
    tables: Path


def make(start: Start, settings: Settings, steps: Steps, accept: tuple[str, ...]) -> Candidate:
    """What comes of a start, in the work folder.

    Raises:
        ChangedDumpError: a dump holds other bytes by now.
        CorrectionError, JudgementConflictError: as `pipeline.build` does.
    """
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


def publish(
    made: Candidate, start: Start, settings: Settings, steps: Steps, run_id: str, fault: Callable[[str], None]
) -> Release:
    """The release of a candidate, or the one that stands where it holds the same; the work folder is tidy then.

    Raises:
        GateError, ContractError, ReleaseConflictError: as `pipeline.build` does.
    """
    order, tables = made.order, made.tables
    results = steps.call("check", release_stages.check, order, tables)
    published = steps.call("publish", release_stages.release, order, tables, results, run_id, fault)
    release = open_release(settings.store, published.version)
    settled = [] if published.is_new else [make_once(settled_mark(release, start.curation, settings), dict)]
    cleaned = [order.folder for order in normalise_orders(release, [], start.curation, settings)]
    ledger = ledger_stages.keep(order, tables, release)
    _tidy(settings.work, keep={*cleaned, *settled, ledger, matching_folder(settings.work), held_folder(settings.work)})
    drop_old(settings.work, datetime.now(UTC), published.fingerprint)
    return release


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
