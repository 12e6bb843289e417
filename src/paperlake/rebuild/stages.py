"""The stages of a rebuild that a build has not: the tables as a first release, out into a store apart, and compared."""

from functools import partial
from pathlib import Path

import polars as pl

from paperlake import release_stages
from paperlake.identity.registry import extend_history, new_ids
from paperlake.rebuild.comparing import TableComparison, compare_releases
from paperlake.release.documents import make_documents
from paperlake.release.draft import draft_of, read_draft, read_table, scan, scan_draft, write_draft
from paperlake.release.publish import Published, publish
from paperlake.release.reading import open_release
from paperlake.schemas import TABLES
from paperlake.stages import ReleaseOrder, carried_over
from paperlake.table_stages import make_content
from paperlake.work import make_folder_once, rules_version

FIRST = 1
"""Number of the only release of a store apart."""


def assemble_apart(order: ReleaseOrder, entered: Path, matches: Path) -> Path:
    """Folder with all nine tables as the first release of another store.

    Nothing changed in it, and its history knows all ids that were ever given, so that none is given again there.
    """

    def fill(folder: Path) -> None:
        tables = make_content(order, entered, matches)
        changes = TABLES["changes"].polars_schema.to_frame()
        tables |= {"changes": changes, "id_history": _tell_as_one(order, tables["appearances"])}
        write_draft(folder, draft_of(tables))

    return make_folder_once(order.settings.work / order.name("apart"), fill)


def _tell_as_one(order: ReleaseOrder, appearances: pl.DataFrame) -> pl.DataFrame:
    """The history of ids as if all had come about in one release; the last event of an id stays the last."""
    history = open_release(order.settings.store, order.parent).read("id_history")
    history = extend_history(history, carried_over(order, appearances), appearances, FIRST)
    told = history.with_columns(release=pl.lit(FIRST, pl.Int32))
    return told.unique(list(TABLES["id_history"].key), keep="last", maintain_order=True)


def count_ids_from_history(candidate: Path) -> int:
    """Papers whose id is not that of their first appearance: merges and retractions of earlier releases gave it."""
    members = scan(read_table(candidate, "appearances")).select("appearance_id", "paper_id").collect()
    founders = members.unique("paper_id", keep="first", maintain_order=True)
    fresh = new_ids(founders["appearance_id"], pl.Series([], dtype=pl.String))
    return int((fresh != founders["paper_id"]).sum())


def release_apart(order: ReleaseOrder, candidate: Path, location: Path, run_id: str) -> Published:
    """The first release of another store. Gates are told and hold nothing: people accepted what was published.

    Args:
        order: of the rebuild.
        candidate: folder with all nine tables.
        location: of a store without releases; made where it is missing.
        run_id: name of the run in the commit record.

    Raises:
        ContractError: a table breaks its model.
    """
    draft = read_draft(candidate)
    rebuilt_from = open_release(order.settings.store, order.parent)
    accepted = tuple(gate["gate"] for gate in rebuilt_from.manifest["facts"]["gates"] if gate["is_accepted"])
    results = release_stages.check_draft(draft, location, None, (*order.accept, *accepted))
    facts = release_stages.manifest_facts(order, draft, results)
    commit = {"run_id": run_id, "operation": "rebuild", "code_revision": rules_version()}
    documents = partial(make_documents, scan_draft(draft), facts, FIRST, ())
    return publish(draft, location, parent=None, facts=facts, commit=commit, documents=documents)


def compare(order: ReleaseOrder, location: Path) -> list[TableComparison]:
    """The content tables of the release that was rebuilt, against those of the store apart."""
    return compare_releases(open_release(order.settings.store, order.parent), open_release(location))
