"""Repair: what can be mended in a store from what stands in it. Never invents data, never deletes a committed release.

Looked at in this order: log, pointers and tags; litter; manifests; all other files.
"""

from collections.abc import Iterator
from functools import partial

from paperlake.errors import StoreError
from paperlake.release.commits import list_versions
from paperlake.release.file_repairs import find_file_repairs, find_manifest_repairs
from paperlake.release.litter import find_litter
from paperlake.release.pointers import check_log, find_pointer_damages, heal
from paperlake.release.reading import find_commit
from paperlake.release.repairs import Repair
from paperlake.release.tags import find_tag_damages
from paperlake.release.verify import find_commit_damages, find_log_flaws, open_all, read_log
from paperlake.stores import Location, Store, open_store

_LOG = "Bring `_log` back from a copy of the store; never edit it by hand."
_TAG = "Delete its file, and tag the release again."


def repair(location: Location, *, apply: bool = False) -> list[Repair]:
    """Everything that is wrong, and what is done about it; it is done only where `apply` says so.

    Raises:
        StoreError: the store holds no release, or a tombstone is damaged.
    """
    store = open_store(location)
    if not list_versions(store):
        find_commit(store)  # says what to do
    done: list[Repair] = []
    with store.turn(patience=0) as is_alone:
        # In turn, since a manifest that is back says which files its release should have.
        for find in (_find_signpost_repairs, partial(find_litter, is_alone=is_alone), _find_manifests, _find_files):
            done += [one.applied() if apply else one for one in list(find(store))]
    return done


def _find_signpost_repairs(store: Store) -> Iterator[Repair]:
    for key, flaw in find_log_flaws(store).items():
        yield Repair(f"{key}: {flaw}", "its mode is set", partial(store.seal, key))
    commits, damages = read_log(store)
    yield from (Repair(damage, _LOG) for damage in damages)
    yield from (one for one in _find_pointer_repairs(store) if one.found not in damages)
    if not damages:
        yield from (Repair(damage, _TAG) for damage in find_tag_damages(store, commits))


def _find_pointer_repairs(store: Store) -> Iterator[Repair]:
    try:
        check_log(store)
        head = find_commit(store)
    except StoreError as error:
        yield from (Repair(damage, error.remedy) for damage in error.damages)
        return
    for damage in find_pointer_damages(store, head):
        yield Repair(damage, f"it is pointed at release {head.version}", partial(heal, store))


def _find_manifests(store: Store) -> list[Repair]:
    return find_manifest_repairs(store, read_log(store)[0])


def _find_files(store: Store) -> Iterator[Repair]:
    releases, _ = open_all(store, read_log(store)[0])
    for release in releases:
        yield from (Repair(damage, _LOG) for damage in find_commit_damages(release))
    yield from find_file_repairs(store, releases)
