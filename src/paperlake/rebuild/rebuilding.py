"""The order of a rebuild: a build that reads every dump of the newest release again, in a work folder of its own.

    check the record -> extract -> enter -> check corrections -> normalise -> index -> pair -> match
      -> resolve identity -> assemble -> write apart -> compare [-> assemble -> check -> publish]

From the raw folder come all values. From the store comes what the raw folder cannot say: which dumps entered, under
which paths and in which order, and the ids that papers have. An id comes from the first appearance that its paper had
once, which merges, partings and retractions of many releases may have moved; so papers take their ids from the
appearances of the release, as in every build. Replaying the releases would say the same only as long as none is pruned
and all were made by today's rules.
"""

import shutil
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from paperlake import release_stages, stages, table_stages
from paperlake.curation.reading import Curation, read_curation, recall_curation
from paperlake.due import open_head
from paperlake.dump_notes import DumpNote
from paperlake.dumps import Dump, find_dumps
from paperlake.errors import SettingsError, StoreError
from paperlake.making import batches, find_matches, normalise_orders
from paperlake.rebuild import stages as rebuild_stages
from paperlake.rebuild.reasons import find_reasons
from paperlake.rebuild.record import Record, recall_dumps
from paperlake.rebuild.report import RebuildReport
from paperlake.release.commits import no_fault
from paperlake.release.file_damages import check_files
from paperlake.release.gate_names import check_gate_names
from paperlake.release.reading import Release, open_release, versions
from paperlake.settings import Settings
from paperlake.steps import Steps
from paperlake.vocabularies import LAYOUT_NAMES

_RECORD = ("appearances", "dumps", "rejects", "id_history")
"""Tables that a rebuild builds on."""
_BROKEN_RECORD = "A rebuild builds on these. `paperlake repair` says what can be mended; roll back to a whole release."


@dataclass(frozen=True, slots=True)
class _Candidate:
    """The release built again: the order that made it, and the folders of what entered and how it matched."""

    order: stages.ReleaseOrder
    entered: Path
    matches: Path


def rebuild(
    settings: Settings,
    steps: Steps,
    *,
    to: Path | None = None,
    is_check: bool = True,
    accept: tuple[str, ...] = (),
    run_id: str | None = None,
) -> RebuildReport:
    """What differs between the newest release and the same built again from the raw folder.

    Args:
        settings: where the raw folder and the store are, and limits.
        steps: how a step is run.
        to: folder for a store with the rebuilt release; without it that is thrown away.
        is_check: whether nothing is published. Else the rebuilt release is, where its content differs and nothing is
            missing or damaged.
        accept: gates that a person lets pass where it is published.
        run_id: name of the run in commit records; a random one without it.

    Raises:
        StoreError: there is no release, or what a rebuild builds on is damaged.
        SettingsError: `to` holds releases or lies in the raw folder, or `dumps.toml` cannot be used.
        CorrectionError: a file in `curation` cannot be used, or an entry fits no longer.
        JudgementConflictError: judgements contradict one another.
        ContractError: a rebuilt table breaks the contract.
        GateError: a gate holds what is to be published.
        ReleaseConflictError: another publisher was faster.
    """
    check_gate_names(accept)
    run_id = run_id or uuid.uuid4().hex
    release = open_head(settings) or open_release(settings.store)
    damages = _check_record(release)
    record = recall_dumps(release, find_dumps(settings.raw))
    with _store_apart(settings, to) as apart:
        order = _order(release, record, settings, apart, accept)
        made = _read_again(release, record, order, steps)
        candidate = steps.call("assemble", rebuild_stages.assemble_apart, made.order, made.entered, made.matches)
        steps.call("write", rebuild_stages.release_apart, made.order, candidate, apart.store, run_id)
        tables = steps.call("compare", rebuild_stages.compare, made.order, apart.store)
        report = RebuildReport(
            store=str(settings.store),
            version=release.version,
            fingerprint=release.manifest["fingerprint"],
            rebuilt_fingerprint=open_release(apart.store).manifest["fingerprint"],
            rebuilt="" if to is None else str(to),
            n_dumps=len(record.to_read),
            n_ids_from_history=rebuild_stages.count_ids_from_history(candidate),
            tables=tables,
            missing=list(record.missing),
            set_down=[dump.path for dump in record.set_down],
            unbuilt=[dump.path for dump in record.others],
            damages=damages,
        )
        if report.differs:
            reasons = find_reasons(release, versions(settings.store), made.order.curation, settings)
            report = replace(report, reasons=reasons)
        if is_check or not report.can_be_published:
            return report
        return replace(report, published=_publish(made, settings, steps, run_id))


def _check_record(release: Release) -> list[str]:
    """Damages of files that can be built again, in words.

    Raises:
        StoreError: files that a rebuild builds on are damaged.
    """
    damages = [one for one in check_files(release.store, {release.key: release.manifest}) if one.is_loss]
    broken = [str(one) for one in damages if one.path.partition("/")[0] in _RECORD]
    if broken:
        raise StoreError(release.location, broken, _BROKEN_RECORD)
    return [str(one) for one in damages]


@contextmanager
def _store_apart(settings: Settings, to: Path | None) -> Iterator[Settings]:
    """The settings of a store for the rebuilt release; in the end it is gone, or where a folder was named, its work.

    A run that died with a folder of its own goes on there where it stopped.
    """
    if to is None:
        with tempfile.TemporaryDirectory(prefix="paperlake-rebuild-") as folder:
            yield settings.model_copy(update={"store": Path(folder), "work_folder": None})
        return
    apart = settings.model_copy(update={"store": to, "work_folder": None}).check_folders()
    if versions(to):
        raise SettingsError("to", str(to), "a folder without releases", "Name another with --to.")
    yield apart
    shutil.rmtree(apart.work, ignore_errors=True)


def _order(
    release: Release, record: Record, settings: Settings, apart: Settings, accept: tuple[str, ...]
) -> stages.ReleaseOrder:
    """An order on top of the release itself, that works beside its store."""
    at_work = settings.model_copy(update={"work_folder": apart.work})
    later = {dump.dump_id for dump in record.others}  # what speaks of these counts once a release holds them
    curation = _read_curation(release, record, settings.raw).without(later)
    return stages.ReleaseOrder((), (), release.version, accept, at_work, curation)


def _read_curation(release: Release, record: Record, raw: Path) -> Curation:
    """What people wrote, as of now, also of dumps whose files are gone since."""
    there = [replace(dump, path=dump.file) for dump in record.to_read]
    gone = [Dump(one.path, one.dump_id, 0) for one in record.missing]
    known = release.read("dumps").select("path", "dump_id").rows()
    kept = recall_curation(release.manifest["facts"]).written
    return read_curation(raw, [*there, *record.others, *gone, *record.set_down], known, kept, LAYOUT_NAMES)


def _read_again(release: Release, record: Record, order: stages.ReleaseOrder, steps: Steps) -> _Candidate:
    settings, curation = order.settings, order.curation
    to_read = [
        stages.ExtractOrder(batch, settings, _notes(batch, curation))
        for batch in _batches(record.to_read, settings.batch_bytes)
    ]
    extracted = steps.map("extract", stages.extract, to_read)
    order = replace(order, extracted=tuple(extracted))
    entered = steps.call("enter", stages.enter, order)
    steps.call("corrections", stages.check_corrections, order, entered)
    as_recorded = release if record.missing else None
    to_clean = normalise_orders(as_recorded, extracted, curation, settings)
    order = replace(order, normalised=tuple(steps.map("normalise", stages.normalise, to_clean)))
    return _Candidate(order, entered, find_matches(order, entered, steps))


def _batches(dumps: Sequence[Dump], most_bytes: int) -> list[tuple[Dump, ...]]:
    """Dumps in batches; one that entered under the path of another, whose file was overwritten, stands alone."""
    firsts = {dump.path: dump for dump in reversed(dumps)}
    alone = [(dump,) for dump in dumps if firsts[dump.path] is not dump]
    return [*batches([dump for dump in dumps if firsts[dump.path] is dump], most_bytes), *alone]


def _notes(batch: Sequence[Dump], curation: Curation) -> dict[str, DumpNote]:
    """Notes by the paths under which the dumps entered; people write those of today."""
    return {dump.path: curation.notes[dump.file] for dump in batch if dump.file in curation.notes}


def _publish(made: _Candidate, settings: Settings, steps: Steps, run_id: str) -> int:
    """The version that the rebuilt release has in the store itself; what a gate holds is kept there, too."""
    tables = steps.call("steps", table_stages.assemble, made.order, made.entered, made.matches)
    order = replace(made.order, settings=settings)
    results = steps.call("check", release_stages.check, order, tables)
    done = steps.call("publish", release_stages.release, order, tables, results, run_id, no_fault, "rebuild")
    return done.version
