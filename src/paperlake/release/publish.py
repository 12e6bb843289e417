"""Publishing: stage, move in, commit, point. A crash at any instant leaves whole releases only."""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock
import polars as pl

from paperlake.errors import ReleaseConflictError, StoreError
from paperlake.release import storage
from paperlake.release.commits import Commit, find_head, no_fault, release_name, remove_orphans, write_commit
from paperlake.release.pointers import heal
from paperlake.release.staging import Plan, find_reusable, plan_release, stage_release
from paperlake.release.verify import find_damages

_LOCK_SECONDS = 600.0
"""How long a publisher waits for its turn; then it goes on without, for the lock only saves work."""


@dataclass(frozen=True, slots=True)
class Published:
    """The release that holds the content given; `is_new` is False where the head held it already."""

    version: int
    release: str
    fingerprint: str
    manifest_sha256: str
    is_new: bool


def publish(
    tables: dict[str, pl.DataFrame],
    store: Path,
    *,
    parent: int | None,
    facts: dict[str, Any],
    commit: dict[str, Any],
    documents: dict[str, str],
    fault: Callable[[str], None] = no_fault,
) -> Published:
    """The release with this content: a new one, or the head where it says the same.

    Args:
        tables: all nine, in contract columns.
        store: folder of the store; made where it is missing.
        parent: the version this content was built on; None for the first release.
        facts: what the manifest says beside tables and files; the same for the same content.
        commit: what the commit record says beside version, parent, time and nonce: run id, code revision, operation.
        documents: other text files of the release, name to text.
        fault: called with the name of each step before it; for tests.

    Raises:
        ReleaseConflictError: the head is not `parent`, now or at the commit. Read the store again and rebuild.
        ContractError: a table is missing or has other columns than the contract.
    """
    plan = plan_release(tables)
    storage.prepare_store(store)
    with _turn(store) as is_alone:
        if is_alone:
            fault("sweep")
            storage.sweep_staging(store)
        heal(store, fault)
        head = find_head(store)
        if head and head.fingerprint == plan.fingerprint:
            return _published(head, is_new=False)
        if parent != (head.version if head else None):
            raise ReleaseConflictError((parent or 0) + 1)
        pointer = _move_in(store, plan, head, documents, facts, fault)
        try:
            done = write_commit(store, head, pointer, commit, fault)
            heal(store, fault)
        finally:
            fault("clean")
            remove_orphans(store)
        fault("done")
        return _published(done, is_new=True)


@contextmanager
def _turn(store: Path) -> Iterator[bool]:
    """Whether we publish alone. Without the lock all stays right, but nothing that may be another's is swept away."""
    lock = filelock.FileLock(store / ".lock")
    try:
        lock.acquire(timeout=_LOCK_SECONDS)
    except filelock.Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _move_in(
    store: Path,
    plan: Plan,
    head: Commit | None,
    documents: dict[str, str],
    facts: dict[str, Any],
    fault: Callable[[str], None],
) -> dict[str, Any]:
    """What `latest.json` will say of a release that now stands in `releases/`, not yet committed."""
    version = head.version + 1 if head else 1
    staging = storage.scratch_path(store)
    fault("stage")
    try:
        manifest_sha256 = stage_release(staging, plan, find_reusable(store, head), documents, facts, fault)
        release = release_name(version, manifest_sha256)
        fault("rename")
        _rename(store, staging, store / release)
    except FileNotFoundError as error:  # another publisher swept our staging away: it holds the lock, so it goes first
        raise ReleaseConflictError(version) from error
    finally:
        storage.discard(store, staging)
    fault("sync releases")
    storage.sync_folder(store / "releases")
    return {"version": version, "release": release, "fingerprint": plan.fingerprint, "manifest_sha256": manifest_sha256}


def _rename(store: Path, staging: Path, target: Path) -> None:
    """The staged folder in its place; one that stands there already must be the same, file for file."""
    try:
        staging.rename(target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        if damages := find_damages(target):
            remedy = f"Nothing was published. Delete {target}, which was never committed, and build again."
            raise StoreError(store, damages, remedy) from error


def _published(commit: Commit, *, is_new: bool) -> Published:
    return Published(commit.version, commit.release, commit.fingerprint, commit.manifest_sha256, is_new)
