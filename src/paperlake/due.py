"""What is due: the dumps that a build has to read, and whether without any it would give what stands."""

from collections.abc import Collection, Sequence
from pathlib import Path

import polars as pl

from paperlake.curation.reading import Curation, recall_curation
from paperlake.dumps import Dump
from paperlake.furniture import REASON as FURNITURE
from paperlake.release.reading import Release
from paperlake.settings import Settings
from paperlake.work import rules_version, work_name


def due_dumps(found: Sequence[Dump], curation: Curation, settings: Settings, parent: Release | None) -> list[Dump]:
    """Dumps that no release knows, and those that it would read otherwise today, in the order found.

    These are the ones set aside under other rules, retracted no longer, or with another note; and, where people
    retracted since, those with furniture that the retracted ones may have betrayed.
    """
    if parent is None:
        return list(found)
    known = parent.read("dumps")
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
    return set(parent.read("rejects").filter(pl.col("reason") == FURNITURE)["dump_id"])


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
