"""What is due: the dumps that a build has to read, and whether without any it would give what stands."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from paperlake.curation.reading import Curation, check_kept, read_curation, recall_curation
from paperlake.dumps import Dump
from paperlake.errors import StoreError
from paperlake.file_hashes import FileHashes
from paperlake.furniture import REASON as FURNITURE
from paperlake.intake import Intake, take_in
from paperlake.near_misses import read_near_misses
from paperlake.release.reading import Release, open_release, versions
from paperlake.schemas import CONTRACT_VERSION
from paperlake.settings import Settings
from paperlake.vocabularies import LAYOUT_NAMES
from paperlake.work import rules_version, work_name


@dataclass(frozen=True, slots=True)
class Start:
    """What a build begins with: the release before, what it took in, what people wrote, and the dumps that are due."""

    parent: Release | None
    intake: Intake
    curation: Curation
    due: tuple[Dump, ...]


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


def take_in_dumps(settings: Settings, parent: Release | None) -> Intake:
    """The dumps of the raw folder, and the files that are left; it waits only for what the release does not know.

    Raises:
        SettingsError: the folder does not exist, or holds a file that cannot be read or named in UTF-8.
    """
    known = () if parent is None else {dump["dump_id"] for dump in parent.manifest["facts"]["dumps"]}
    hashes = FileHashes(settings.work)
    intake = take_in(settings.raw, known, settings.settle_seconds, hashes)
    hashes.keep()
    return intake


def begin(settings: Settings, parent: Release | None, intake: Intake) -> Start:
    """What a build begins with.

    Raises:
        SettingsError: `dumps.toml` cannot be used.
        CorrectionError: a file in `curation` cannot be used.
    """
    curation = _read_curation(settings, parent, intake)
    return Start(parent, intake, curation, tuple(due_dumps(intake.dumps, curation, settings, parent)))


def find_standing(start: Start, settings: Settings) -> Release | None:
    """The release before, where nothing is to do: no dump is due, and all else is as it and the work folder have it."""
    if start.parent is None or start.due or read_near_misses(settings.work) is None:
        return None
    return start.parent if is_settled(start.parent, start.curation, settings) else None


def _read_curation(settings: Settings, parent: Release | None, intake: Intake) -> Curation:
    """What people wrote; notes on dumps whose files are gone stay as the release before has them."""
    known = [] if parent is None else parent.read("dumps", "path", "dump_id").rows()
    then = Curation() if parent is None else recall_curation(parent.manifest["facts"])
    check_kept(settings.raw, then)
    left = [one.dump for one in intake.left if one.dump]
    return read_curation(settings.raw, intake.dumps, known, then.written, LAYOUT_NAMES, left)


def due_dumps(found: Sequence[Dump], curation: Curation, settings: Settings, parent: Release | None) -> list[Dump]:
    """Dumps that no release knows, and those that it would read otherwise today, in the order found.

    These are the ones set aside under other rules, retracted no longer, or with another note; and, where people
    retracted since, those with furniture that the retracted ones may have betrayed.
    """
    if parent is None:
        return list(found)
    known = parent.read("dumps", "dump_id", "status")
    if not (_reads_as_before(settings, parent) or settled_mark(parent, curation, settings).is_dir()):
        known = known.filter(pl.col("status") != "rejected")
    retracted = [one.dump for one in curation.retractions]
    known = known.filter((pl.col("status") != "retracted") | pl.col("dump_id").is_in(retracted))
    then = recall_curation(parent.manifest["facts"])
    unsure = _with_furniture(parent) if then.retractions != curation.retractions else ()
    same = {one for one in known["dump_id"] if then.written.get(one) == curation.written.get(one) and one not in unsure}
    return [dump for dump in found if dump.dump_id not in same]


def _with_furniture(parent: Release) -> Collection[str]:
    """Ids of dumps whose furniture only other dumps betrayed."""
    return set(parent.read("rejects", "dump_id", "reason").filter(pl.col("reason") == FURNITURE)["dump_id"])


def is_settled(parent: Release, curation: Curation, settings: Settings) -> bool:
    """Whether a build without new dumps would give the release that stands."""
    is_curated_as_before = recall_curation(parent.manifest["facts"]).repairs == curation.repairs
    is_as_before = is_curated_as_before and _reads_as_before(settings, parent)
    return is_as_before or settled_mark(parent, curation, settings).is_dir()


def _reads_as_before(settings: Settings, parent: Release) -> bool:
    facts = parent.manifest["facts"]
    return bool(facts["rules_version"] == rules_version() and facts["limits"] == settings.limits)


def settled_mark(release: Release, curation: Curation, settings: Settings) -> Path:
    """An empty work folder that says: with these rules, limits and repairs, the release came out as it stands.

    Its manifest cannot say so where they changed nothing, for then nothing was published.
    """
    return settings.work / work_name("settled", release.version, settings.limits, *curation.repairs)
