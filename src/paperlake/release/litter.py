"""Litter of a store: what crashed publishers and prunes left, and no release owns."""

import time
from collections.abc import Iterator
from functools import partial

from paperlake.errors import StoreError
from paperlake.release.commits import list_versions, read_commit, release_version
from paperlake.release.pointers import check_log, read_pointer
from paperlake.release.prune import delete_data, find_unfinished
from paperlake.release.repairs import Repair
from paperlake.release.tags import list_tags, read_tag
from paperlake.release.verify import read_log
from paperlake.stores import Store

STALE_SECONDS = 24 * 3600.0
"""What a publisher may still be at work on is younger: none stages for a day."""
_DELETED = "it is deleted"


def find_litter(store: Store, *, is_alone: bool) -> list[Repair]:
    """What can be deleted, and folders that a person must look at.

    Args:
        store: with releases.
        is_alone: whether nobody publishes; else only what is older than a day is litter.
    """
    return [*_find_leftovers(store, is_alone), *_find_orphans(store), *_find_unfinished_prunes(store)]


def _find_leftovers(store: Store, is_alone: bool) -> Iterator[Repair]:
    for key, written in store.leftovers().items():
        if is_alone or _is_stale(written):
            yield Repair(f"{key}: left by a publisher that crashed", _DELETED, partial(store.remove, key))


def _find_orphans(store: Store) -> Iterator[Repair]:
    owned = _find_owned(store)
    for name in store.names("releases"):
        release, version = f"releases/{name}", release_version(name)
        if release in owned or not store.files(release):  # some servers go on naming a folder without files
            continue
        if version is None:
            yield Repair(f"{release}: expected the folder of a release", "Look at it, and move it away.")
        elif _is_orphan(store, release, version):
            yield Repair(f"{release}: was never committed", _DELETED, partial(store.remove, release))


def _find_owned(store: Store) -> set[str]:
    """Releases that a commit record, a pointer or a tag names."""
    owned = {commit.release for commit in read_log(store)[0].values()}
    owned |= {str((read_pointer(store) or {}).get("release")), str(store.read_link())}
    for name in list_tags(store):
        try:
            owned.add(read_tag(store, name).release)
        except StoreError:
            continue  # `repair` tells of it among the tags
    return owned


def _is_orphan(store: Store, release: str, version: int) -> bool:
    """Whether nobody can commit that folder any more; one whose commit record may be lost is none."""
    if version <= max(list_versions(store)):
        return _is_readable(store, version)
    # Beyond the head it may be moved in and not yet committed, lock or not: only its age tells.
    written = [file.written for file in store.files(release).values()]
    return _is_log_whole(store) and _is_stale(max(written, default=0.0))


def _is_readable(store: Store, version: int) -> bool:
    try:
        read_commit(store, version)
    except StoreError:
        return False
    return True


def _is_log_whole(store: Store) -> bool:
    try:
        check_log(store)
    except StoreError:
        return False
    return not read_log(store)[1]


def _find_unfinished_prunes(store: Store) -> Iterator[Repair]:
    commits = read_log(store)[0]
    for version in find_unfinished(store, commits):
        release = commits[version].release
        found = f"{release}: its release is pruned, and something of it is left"
        yield Repair(found, _DELETED, partial(delete_data, store, release))


def _is_stale(written: float) -> bool:
    return time.time() - written > STALE_SECONDS
