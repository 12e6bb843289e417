"""Proof that a store is whole: log, pointers, tags, commits, manifests, then every byte of every file."""

from collections.abc import Mapping
from typing import Any

from paperlake.errors import StoreError
from paperlake.release.commits import Commit, list_versions, read_commit, record_key, release_name
from paperlake.release.file_damages import check_files
from paperlake.release.fingerprint import fingerprint_content
from paperlake.release.manifest import NAME
from paperlake.release.pointers import find_pointer_damages
from paperlake.release.reading import Release, find_commit, open_commit
from paperlake.release.tags import find_tag_damages
from paperlake.release.tombstones import read_deletions
from paperlake.schemas import TABLES
from paperlake.stores import Location, Store, open_store


def verify(location: Location, version: int | str | None = None) -> list[str]:
    """Damages of one release and of the way to it, in words; empty when it is whole, or was pruned.

    Without a version it is the head, and the pointers must lead there.
    """
    store = open_store(location)
    _, damages = read_log(store)
    try:
        commit = find_commit(store, version)
        if commit.version in read_deletions(store):
            return damages
        release = open_commit(store, commit)
    except StoreError as error:
        return damages + [damage for damage in error.damages if damage not in damages]
    if version is None:
        damages += find_pointer_damages(store, commit)
    damages += find_commit_damages(release)
    return damages + [str(damage) for damage in check_files(store, {release.key: release.manifest})]


def verify_all(location: Location) -> list[str]:
    """Damages of a whole store, in words, with paths relative to it; empty when all that was not pruned is whole.

    A file that several releases share is read once; where it is damaged, each of them is told.
    """
    store = open_store(location)
    commits, damages = read_log(store)
    damages += [f"{key}: {flaw}" for key, flaw in find_log_flaws(store).items()]
    if not commits:
        return damages or ["holds no release"]
    newest = max(commits)
    if newest == list_versions(store)[-1]:
        damages += find_pointer_damages(store, commits[newest])
    damages += find_tag_damages(store, commits)
    releases, unreadable = open_all(store, commits)
    damages += unreadable
    for release in releases:
        damages += find_commit_damages(release)
    files = check_files(store, {release.key: release.manifest for release in releases})
    return damages + [f"{damage.release}/{damage}" for damage in files]


def read_log(store: Store) -> tuple[dict[int, Commit], list[str]]:
    """The commit records that can be read, by version, and those that are missing or broken, in words."""
    known = list_versions(store)
    commits: dict[int, Commit] = {}
    missing = sorted(set(range(1, max(known, default=0))) - set(known))
    damages = [f"{record_key(version)}: missing" for version in missing]
    for version in known:
        try:
            commits[version] = read_commit(store, version)
        except StoreError as error:
            damages += error.damages
    return commits, damages


def open_all(store: Store, commits: Mapping[int, Commit]) -> tuple[list[Release], list[str]]:
    """The releases whose data were not pruned, and what is wrong with the manifests of the others, in words."""
    pruned = read_deletions(store)
    releases: list[Release] = []
    damages: list[str] = []
    for version, commit in commits.items():
        if version in pruned:
            continue
        try:
            releases.append(open_commit(store, commit))
        except StoreError as error:
            damages += error.damages
    return releases, damages


def find_log_flaws(store: Store) -> dict[str, str]:
    """What is wrong with how commit records are kept, in words, by their keys."""
    flaws = {record_key(version): store.find_flaw(record_key(version)) for version in list_versions(store)}
    return {key: flaw for key, flaw in flaws.items() if flaw}


def find_commit_damages(release: Release) -> list[str]:
    """What a commit record says otherwise than the manifest of its release, in words."""
    commit, manifest, damages = release.commit, release.manifest, []
    if commit.release != (name := release_name(commit.version, commit.manifest_sha256)):
        damages.append(f"{record_key(commit.version)}: expected release {name}, found {commit.release}")
    content = _fingerprint_manifest(manifest)
    if not content == commit.fingerprint == manifest["fingerprint"]:
        told = f"its parts give fingerprint {content}, the commit record says {commit.fingerprint}"
        damages.append(f"{release.key}/{NAME}: {told}")
    return damages


def _fingerprint_manifest(manifest: dict[str, Any]) -> str:
    contract, tables = manifest["contract"], manifest["tables"]
    names = [name for name, table in TABLES.items() if table.is_content and name in tables]
    parts = {name: [(part["fingerprint"], part["n_rows"]) for part in tables[name]["parts"]] for name in names}
    return fingerprint_content(contract["version"], parts)
