"""Prune: the data of old releases deleted after a grace. Commit records stay, and so does every release that is kept.

Kept are the head, the last releases, the newest of each month, and what is tagged. What is not gets a tombstone first;
once that is older than the grace, a later prune deletes. One that is kept by then, because it was tagged, loses it.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from paperlake.release import tombstones
from paperlake.release.commits import Commit
from paperlake.release.manifest import NAME
from paperlake.release.pointers import check_log
from paperlake.release.reading import versions
from paperlake.release.tags import read_tags
from paperlake.release.tombstones import Tombstone, read_deletions, read_marks
from paperlake.stores import Location, Store, StoredFile, open_store

KEEP = 10
GRACE_DAYS = 7


@dataclass(frozen=True)
class PrunePlan:
    """What becomes of the data of each release, by version; those that are gone already are left out."""

    kept: dict[int, str]
    """Why."""
    to_mark: dict[int, str]
    """Why: these get a tombstone."""
    waiting: dict[int, datetime]
    """When they may be deleted: these have one."""
    to_unmark: tuple[int, ...]
    """Kept, and have one."""
    to_delete: tuple[int, ...]
    """Their grace is over, or an earlier prune did not come to its end."""
    frees: int
    """Bytes that are free once `to_delete` is gone."""
    frees_in_all: int
    """Bytes that are free once `to_mark` and `waiting` are gone, too."""


def prune(
    location: Location,
    *,
    keep: int = KEEP,
    grace: timedelta = timedelta(days=GRACE_DAYS),
    apply: bool = False,
    now: datetime | None = None,
) -> PrunePlan:
    """What a prune does; it is done only where `apply` says so.

    A crash at any instant leaves releases that are there or are known to be pruned; the next prune goes on.

    Args:
        location: of the store.
        keep: how many of the last releases keep their data, 1 or more.
        grace: between a tombstone and deleting.
        apply: whether to do it.
        now: the time, for tests.

    Raises:
        StoreError: commit records, tags or tombstones are damaged; nothing is deleted then.
    """
    store, now = open_store(location), now or datetime.now(UTC)
    check_log(store)
    commits = {commit.version: commit for commit in versions(store)}
    plan = _plan(store, commits, keep, grace, now)
    if apply:
        _apply(store, commits, plan, now)
    return plan


def find_unfinished(store: Store, commits: Mapping[int, Commit]) -> list[int]:
    """Versions that are pruned and of whose data something is left."""
    pruned = read_deletions(store)
    begun = [version for version in _with_data(store, commits, pruned) if version in pruned]
    return [version for version in begun if store.read(f"{commits[version].release}/{NAME}") is None]


def delete_data(store: Store, release: str) -> None:
    """Nothing: a release has no data; its manifest goes first, so that what is left is no release."""
    store.remove(f"{release}/{NAME}")
    store.remove(release)


def _with_data(store: Store, commits: Mapping[int, Commit], pruned: Container[int]) -> list[int]:
    folders = {f"releases/{name}" for name in store.names("releases")}
    there = [version for version, commit in commits.items() if commit.release in folders]
    # Some servers go on naming a folder whose files are deleted.
    return [version for version in there if version not in pruned or store.files(commits[version].release)]


def _plan(store: Store, commits: Mapping[int, Commit], keep: int, grace: timedelta, now: datetime) -> PrunePlan:
    marks, deletions, unfinished = read_marks(store), read_deletions(store), find_unfinished(store, commits)
    kept = find_kept(commits.values(), {tag.version: tag.name for tag in read_tags(store)}, keep)
    here = [version for version in _with_data(store, commits, deletions) if version not in unfinished]
    going = [version for version in here if version not in kept]
    due = {version: (marks[version].time if version in marks else now) + grace for version in going}
    to_delete = [*unfinished, *(version for version in going if due[version] <= now or version in deletions)]
    files = {version: store.files(commits[version].release) for version in [*unfinished, *going]}
    return PrunePlan(
        kept={version: kept[version] for version in here if version in kept},
        to_mark={v: _why(keep, commits[v]) for v in going if v not in marks and v not in to_delete},
        waiting={v: due[v] for v in going if v in marks and v not in to_delete},
        to_unmark=tuple(v for v in here if v in kept and (v in marks or v in deletions)),
        to_delete=tuple(sorted(to_delete)),
        frees=_count_freed([files[version] for version in to_delete]),
        frees_in_all=_count_freed(list(files.values())),
    )


def find_kept(commits: Iterable[Commit], tagged: Mapping[int, str], keep: int) -> dict[int, str]:
    """Why, by version, of the releases whose data are kept."""
    ordered = sorted(commits, key=lambda commit: commit.version)
    newest = {commit.time[:7]: commit.version for commit in ordered}
    reasons = {version: f"the newest of {month}" for month, version in newest.items()}
    reasons |= {commit.version: f"of the last {keep}" for commit in ordered[-max(keep, 1) :]}
    reasons |= {version: f"tagged {name}" for version, name in tagged.items()}
    return dict(sorted(reasons.items()))


def _why(keep: int, commit: Commit) -> str:
    return f"not of the last {keep}, not the newest of {commit.time[:7]}, not tagged"


def _count_freed(releases: Iterable[Mapping[str, StoredFile]]) -> int:
    """Bytes of the files that have no name but in these releases."""
    files = [file for release in releases for file in release.values()]
    n_names = Counter(file.identity for file in files)
    gone = {file.identity: file.n_bytes for file in files if n_names[file.identity] >= file.n_names}
    return sum(gone.values())


def _apply(store: Store, commits: Mapping[int, Commit], plan: PrunePlan, now: datetime) -> None:
    for version in plan.to_unmark:
        tombstones.unmark(store, version)
    for version, why in plan.to_mark.items():
        tombstones.mark(store, Tombstone(version, now, why))
    for version in plan.to_delete:
        tombstones.begin_deletion(store, Tombstone(version, now, "its grace is over"))
        if version not in {tag.version for tag in read_tags(store)}:  # one may have come meanwhile: see `tags`
            delete_data(store, commits[version].release)
