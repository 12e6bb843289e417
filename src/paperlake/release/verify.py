"""Proof that a store is whole: log, pointers, commit, manifest, then every byte of every file."""

import json
import stat
from pathlib import Path
from typing import Any

from paperlake.errors import StoreError
from paperlake.release import storage
from paperlake.release.commits import Commit, list_versions, read_commit, release_name
from paperlake.release.fingerprint import fingerprint_content
from paperlake.release.manifest import NAME, files_of
from paperlake.release.pointers import find_pointer_damages
from paperlake.release.reading import open_release
from paperlake.schemas import TABLES


def verify(store: str | Path, version: int | None = None) -> list[str]:
    """Damages of one release and of the way to it, in words; empty when it is whole.

    Without a version it is the head, and the pointers must lead there.
    """
    store = Path(store)
    damages = _find_log_damages(store)
    try:
        release = open_release(store, version)
    except StoreError as error:
        return damages + [damage for damage in error.damages if damage not in damages]
    if version is None:
        damages += find_pointer_damages(store, release.commit)
    return damages + _find_commit_damages(release.commit, release.manifest) + find_damages(release.path)


def find_damages(folder: Path) -> list[str]:
    """Files of a release that are missing, too many, changed, or can be written to; trusts its manifest."""
    data = storage.read_bytes(folder / NAME)
    if data is None:
        return [f"{NAME}: missing"]
    expected, found = files_of(json.loads(data)), storage.list_files(folder)
    damages = [f"{path}: missing" for path in sorted(expected.keys() - found)]
    damages += [f"{path}: not in the manifest" for path in sorted(found - expected.keys() - {NAME})]
    for path in sorted(found & expected.keys()):
        damages += _find_file_damages(folder, path, *expected[path])
    return damages + _find_mode_damages(folder, NAME)


def _find_file_damages(folder: Path, path: str, n_bytes: int, sha256: str) -> list[str]:
    size = (folder / path).stat().st_size
    if size != n_bytes:
        return [f"{path}: expected {n_bytes} bytes, found {size}"]
    if (found := storage.hash_file(folder / path)) != sha256:
        return [f"{path}: expected sha256 {sha256}, found {found}"]
    return _find_mode_damages(folder, path)


def _find_mode_damages(folder: Path, path: str) -> list[str]:
    mode = stat.S_IMODE((folder / path).stat().st_mode)
    return [] if mode == storage.SEALED_MODE else [f"{path}: expected mode {storage.SEALED_MODE:04o}, found {mode:04o}"]


def _find_log_damages(store: Path) -> list[str]:
    known = list_versions(store)
    missing = sorted(set(range(1, max(known, default=0))) - set(known))
    damages = [f"_log/{version:06d}.json: missing" for version in missing]
    for version in known:
        try:
            read_commit(store, version)
        except StoreError as error:
            damages += error.damages
    return damages


def _find_commit_damages(commit: Commit, manifest: dict[str, Any]) -> list[str]:
    damages = []
    if commit.release != (name := release_name(commit.version, commit.manifest_sha256)):
        damages.append(f"_log/{commit.version:06d}.json: expected release {name}, found {commit.release}")
    content = _fingerprint_manifest(manifest)
    if not content == commit.fingerprint == manifest["fingerprint"]:
        damages.append(f"{NAME}: its parts give fingerprint {content}, the commit record says {commit.fingerprint}")
    return damages


def _fingerprint_manifest(manifest: dict[str, Any]) -> str:
    contract, tables = manifest["contract"], manifest["tables"]
    names = [name for name, table in TABLES.items() if table.is_content and name in tables]
    parts = {name: [(part["fingerprint"], part["n_rows"]) for part in tables[name]["parts"]] for name in names}
    return fingerprint_content(contract["version"], parts)
