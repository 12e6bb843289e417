"""Publishing: stage, move in, commit, point. A crash at any instant leaves whole releases only."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from paperlake.errors import ReleaseConflictError, StoreError
from paperlake.release.commits import Commit, find_head, no_fault, release_name, remove_orphans, write_commit
from paperlake.release.draft import Draft, count_rows
from paperlake.release.earlier import FIGURES, figures_of
from paperlake.release.file_damages import find_damages
from paperlake.release.pointers import heal
from paperlake.release.staging import Documents, Plan, Reusable, find_reusable, plan_release, stage_release
from paperlake.stores import Location, Store, open_store
from paperlake.stores.interface import Staging


@dataclass(frozen=True, slots=True)
class Published:
    """The release that holds the content given; `is_new` is False where the head held it already."""

    version: int
    release: str
    fingerprint: str
    manifest_sha256: str
    is_new: bool


def publish(
    draft: Draft,
    location: Location,
    *,
    parent: int | None,
    facts: dict[str, Any],
    commit: dict[str, Any],
    documents: Documents,
    old: Commit | None = None,
    fault: Callable[[str], None] = no_fault,
) -> Published:
    """The release with this content: a new one, or the head where it says the same.

    Args:
        draft: all nine tables, in contract columns.
        location: of the store; made where it is missing.
        parent: the version this content was built on; None for the first release.
        facts: what the manifest says beside tables and files; the same for the same content.
        commit: what the commit record says beside version, parent, time and nonce: run id, code revision, operation.
        documents: called for the other text files of the release, once its tables are written.
        old: of a release whose files are used again where they hold the same, as those of the parent are.
        fault: called with the name of each step before it; for tests.

    Raises:
        ReleaseConflictError: the head is not `parent`, now or at the commit. Read the store again and rebuild.
        ContractError: a table is missing or has other columns than the contract.
    """
    plan, store = plan_release(draft), open_store(location)
    store.prepare()
    with store.turn() as is_alone:
        if is_alone:
            fault("sweep")
            store.sweep()
        heal(store, fault)
        head = find_head(store)
        if head and head.fingerprint == plan.fingerprint:
            return _published(head, is_new=False)
        if parent != (head.version if head else None):
            raise ReleaseConflictError((parent or 0) + 1)
        reusable = find_reusable(store, old) | find_reusable(store, head)
        pointer = _move_in(store, plan, head, reusable, documents, facts, fault)
        figures = figures_of({name: count_rows(parts) for name, parts in draft.items()}, facts)
        try:
            done = write_commit(store, head, pointer, {**commit, FIGURES: figures}, fault)
            heal(store, fault)
        finally:
            fault("clean")
            remove_orphans(store)
        fault("done")
        return _published(done, is_new=True)


def _move_in(
    store: Store,
    plan: Plan,
    head: Commit | None,
    reusable: Reusable,
    documents: Documents,
    facts: dict[str, Any],
    fault: Callable[[str], None],
) -> dict[str, Any]:
    """What `latest.json` will say of a release that now stands in `releases/`, not yet committed."""
    version = head.version + 1 if head else 1
    fault("stage")
    staging = store.stage()
    try:
        manifest_sha256 = stage_release(staging, plan, reusable, documents, facts, fault)
        release = release_name(version, manifest_sha256)
        fault("move in")
        _move(store, staging, release)
    except FileNotFoundError as error:  # another publisher swept our staging away: it holds the lock, so it goes first
        raise ReleaseConflictError(version) from error
    finally:
        staging.discard()
    return {"version": version, "release": release, "fingerprint": plan.fingerprint, "manifest_sha256": manifest_sha256}


def _move(store: Store, staging: Staging, release: str) -> None:
    """The staged release in its place; one that stands there already must be the same, file for file."""
    try:
        staging.move_in(release)
    except FileExistsError as error:
        if damages := find_damages(store, release):
            remedy = f"Nothing was published. Delete {store.url(release)}, which was never committed, and build again."
            raise StoreError(store.location, damages, remedy) from error


def _published(commit: Commit, *, is_new: bool) -> Published:
    return Published(commit.version, commit.release, commit.fingerprint, commit.manifest_sha256, is_new)
