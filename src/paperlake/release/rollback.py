"""Rollback: the content of an older release, published anew as the next one.

Rows, ids, files and facts are those of the old release; `changes` and `id_history` tell of the step from the head to
it. An id that ended since lives again, as the very paper that it was: `follow` goes by the last event of an id, so a
reader who kept it finds that paper, where a new id would have left the old one leading to the paper it was merged into.
Ids that were given since are retired or merged into the papers that hold their appearances now.
"""

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

import polars as pl

from paperlake import validate
from paperlake.errors import StoreError
from paperlake.release.commits import no_fault
from paperlake.release.compare import COMPARED, find_changes
from paperlake.release.documents import make_documents
from paperlake.release.draft import draft_of
from paperlake.release.earlier import read_earlier
from paperlake.release.file_damages import check_files
from paperlake.release.publish import Published, publish
from paperlake.release.quality import measure_quality
from paperlake.release.reading import Release, open_release
from paperlake.release.taken_back import TakenBack, is_rollback, read_taken_back
from paperlake.schemas import CONTRACT_VERSION, TABLES
from paperlake.stores import Location, open_store
from paperlake.work import rules_version

_CAUSE = "retraction"
"""A person takes back what was published since; `rollback` would be one more word in a closed list, which breaks
readers."""
_DAMAGED = "`paperlake repair` brings back what can be; nothing was published."


class ExtendHistory(Protocol):
    """`identity.registry.extend_history`; a release knows nothing of identity."""

    def __call__(
        self,
        history: pl.DataFrame,
        before: pl.DataFrame | None,
        appearances: pl.DataFrame,
        release: int,
        reasons: pl.DataFrame | None = None,
    ) -> pl.DataFrame:
        """The `id_history` table with what a release does to ids."""


def rollback(
    location: Location,
    version: int | str,
    extend_history: ExtendHistory,
    *,
    why: str = "",
    fault: Callable[[str], None] = no_fault,
) -> tuple[Published, TakenBack]:
    """The release with the content of an older one: a new one, or the head where it says the same.

    Args:
        location: of the store.
        version: number or tag of the old release.
        extend_history: `identity.registry.extend_history`.
        why: reason for the commit record and `id_history`.
        fault: called with the name of each step of publishing; for tests.

    Raises:
        StoreError: a release is missing, pruned or damaged, or the old one has other columns than today's contract.
        ReleaseConflictError: another publisher committed meanwhile.
        ContractError: the old content breaks today's contract.
    """
    store = open_store(location)
    head, old = open_release(store), open_release(store, version)
    _check_whole(head, old)
    tables = {name: old.read(name) for name in TABLES if name in old.tables}
    _check_contract(old, tables)
    reason = f"rolled back to release {old.version}" + (f": {why}" if why else "")
    before = {name: head.read(name) for name in (*COMPARED, "appearances", "dumps", "id_history")}
    tables |= _steps_between(before, tables, head.version + 1, extend_history, reason)
    taken_back = _find_taken_back(head, old, before["dumps"], tables["dumps"])
    facts = old.manifest["facts"] | {"quality": measure_quality(tables)}
    published = publish(
        draft_of(tables),
        store,
        parent=head.version,
        facts=facts,
        commit=taken_back.as_facts() | {"why": why, "run_id": uuid.uuid4().hex, "code_revision": rules_version()},
        documents=partial(make_documents, tables, facts, head.version + 1, read_earlier(store, head.version)),
        old=old.commit,
        fault=fault,
    )
    return published, taken_back


def _check_whole(*releases: Release) -> None:
    """Nothing, when no byte of them is lost: what is damaged must not be published again."""
    for release in releases:
        damages = [damage for damage in check_files(release.store, {release.key: release.manifest}) if damage.is_loss]
        if damages:
            raise StoreError(release.location, [str(damage) for damage in damages], _DAMAGED)


def _check_contract(old: Release, tables: Mapping[str, pl.DataFrame]) -> None:
    """Nothing, when today's contract describes the old tables; those of its very version were checked then."""
    written = old.manifest["contract"]["version"]
    if written == CONTRACT_VERSION:
        return
    for name, table in TABLES.items():
        if name not in tables or list(tables[name].schema.items()) != list(table.polars_schema.items()):
            damage = f"release {old.version} expected contract {CONTRACT_VERSION}, found {written}; {name} differs"
            raise StoreError(
                old.location, [damage], "Roll back with the paperlake that made it; nothing was published."
            )
        validate.check_frame(tables[name], name)


def _steps_between(
    before: dict[str, pl.DataFrame],
    after: dict[str, pl.DataFrame],
    release: int,
    extend_history: ExtendHistory,
    reason: str,
) -> dict[str, pl.DataFrame]:
    """The two tables that tell of the step from the head to the old content."""
    ids = pl.concat([tables["appearances"].select("paper_id") for tables in (before, after)]).unique()
    reasons = ids.with_columns(reason=pl.lit(reason))
    causes = pl.DataFrame(schema={"paper_id": pl.String(), "cause": pl.String()})
    history = extend_history(before["id_history"], before["appearances"], after["appearances"], release, reasons)
    return {"changes": find_changes(before, after, causes, _CAUSE), "id_history": history}


def _find_taken_back(head: Release, old: Release, before: pl.DataFrame, after: pl.DataFrame) -> TakenBack:
    """What the old release has not, of the head or of what that took back itself."""
    earlier = read_taken_back(head.commit)
    entered = before.filter(pl.col("status") != "retracted").sort("sequence").select("dump_id", "path")
    dumps = dict(earlier.dumps if earlier else {}) | dict(entered.iter_rows())
    known = set(after["dump_id"])
    rules, old_rules = (release.manifest["facts"].get("rules_version") for release in (head, old))
    replaced = (earlier.rules_version if earlier and is_rollback(head.commit) else None) or rules
    return TakenBack(
        old.version,
        head.version,
        {dump_id: path for dump_id, path in dumps.items() if dump_id not in known},
        None if replaced == old_rules else replaced,
    )
