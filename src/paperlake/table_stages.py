"""The stage that makes the nine tables of a candidate: all rows of them, or those that new dumps change."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from paperlake.additions import Additions
from paperlake.assemble import OF_CLEAN, assemble_papers, assemble_tables, in_contract, join_matches, see
from paperlake.causes import find_causes
from paperlake.curation.aliases import resolve_aliases
from paperlake.curation.correcting import correct, find_corrected
from paperlake.curation.corrections import TEXTS
from paperlake.curation.reading import Curation, recall_curation
from paperlake.identity.judgements import by_appearance
from paperlake.identity.registry import extend_history
from paperlake.ledger import BESIDE, Ledger
from paperlake.near_misses import write_near
from paperlake.normalise import CLEAN, FOUND_LINKS
from paperlake.overrulings import find_overruled
from paperlake.release.compare import COMPARED, find_changes
from paperlake.release.coverage import count_shown
from paperlake.release.draft import DraftPart, cut_frame, write_table
from paperlake.release.reading import open_release
from paperlake.release.splice import keep_same, parts_of
from paperlake.schemas import TABLES
from paperlake.stages import ReleaseOrder, carried_over, normalised
from paperlake.work import make_folder_once, read_work, write_frames

Tables = dict[str, pl.DataFrame]
_CLEAN = pl.Schema({name: CLEAN[name] for name in OF_CLEAN})


def assemble(order: ReleaseOrder, entered: Path, matches: Path) -> Path:
    """Folder with all nine tables of the candidate, and what the ledger of the release to come needs."""

    def fill(folder: Path) -> None:
        found = read_work(matches, "matches")
        if order.ledger is None:
            _make(order, entered, found, folder)
        else:
            _add(order, order.ledger, entered, found, folder)
        write_near(folder, read_work(matches, "near_misses"))

    return make_folder_once(order.settings.work / order.name("tables"), fill)


def make_content(order: ReleaseOrder, entered: Path, matches: Path) -> Tables:
    """The seven content tables of the candidate, in memory."""
    extracted = {name: read_work(entered, name) for name in ("appearances", "dumps", "rejects")}
    clean, links = _normalised(order, extracted["appearances"])
    corrections = order.curation.corrections
    return assemble_tables(
        extracted,
        clean,
        links,
        read_work(matches, "matches"),
        corrected=correct(extracted["appearances"], corrections) if corrections else None,
        aliases=resolve_aliases(order.curation.aliases),
    )


def _make(order: ReleaseOrder, entered: Path, matches: pl.DataFrame, folder: Path) -> None:
    """Nothing; all rows of all tables stand in the folder. Texts are in memory twice at no time."""
    shown, corrected = _write_appearances(order, join_matches(read_work(entered, "appearances"), matches), folder)
    clean, links = _normalised(order, shown)
    dumps, rejects = (in_contract(name, read_work(entered, name)) for name in ("dumps", "rejects"))
    papers = assemble_papers(see(shown, clean, dumps), links, resolve_aliases(order.curation.aliases))
    tables = papers | {"dumps": dumps, "rejects": rejects}
    before = None
    if order.parent is not None:
        parent = open_release(order.settings.store, order.parent)
        before = {name: parent.read(name) for name in (*COMPARED, "dumps", "id_history")}
    tables |= _tell_step(order, before, tables, carried_over(order, shown), shown, corrected)
    _write_all(folder, {name: cut_frame(name, frame) for name, frame in tables.items()})
    _write_ledger(folder, sights=links)


def _write_appearances(
    order: ReleaseOrder, appearances: pl.DataFrame, folder: Path
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The appearances without their texts, as corrected, once they stand in the folder; and those corrected since."""
    write_table(folder, "appearances", cut_frame("appearances", appearances))
    _write_ledger(folder, shown=count_shown(appearances))
    now, then = order.curation.corrections, _curation_before(order).corrections
    of_values = [one for one in now if one.column not in TEXTS]
    values = correct(appearances.drop("abstract_raw"), of_values)
    return values, find_corrected(appearances, then, now).select("appearance_id")


def _add(order: ReleaseOrder, ledger: Ledger, entered: Path, matches: pl.DataFrame, folder: Path) -> None:
    """Nothing; the tables of the release before stand in the folder, with what the new dumps change."""
    new = {name: read_work(entered, name) for name in ("appearances", "dumps", "rejects")}
    clean, links = _normalised(order, new["appearances"])
    parent = open_release(order.settings.store, order.parent)
    made = Additions(
        parent,
        new["appearances"],
        new["dumps"],
        new["rejects"],
        clean,
        pl.concat([ledger.sights, links]),
        matches,
        order.curation.corrections,
        resolve_aliases(order.curation.aliases),
    )
    small = made.small_tables()
    before = {"papers": made.papers_before, "links": parent.read("links")}
    before |= {name: parent.read(name) for name in ("dumps", "id_history")}
    after = small | {"papers": made.papers_after}
    small |= _tell_step(order, before, after, made.old, made.seen, made.old.clear().select("appearance_id"))
    parts = {name: keep_same(parts_of(parent, name), cut_frame(name, frame)) for name, frame in small.items()}
    _write_all(folder, {"papers": made.paper_parts(), "appearances": made.appearance_parts()} | parts)
    shown = [ledger.shown, count_shown(new["appearances"])]
    _write_ledger(folder, sights=made.sights, shown=pl.concat(shown))


def _write_all(folder: Path, tables: Mapping[str, Iterable[DraftPart]]) -> None:
    for name, parts in tables.items():
        write_table(folder, name, parts)


def _write_ledger(folder: Path, **frames: pl.DataFrame) -> None:
    (folder / BESIDE).mkdir(exist_ok=True)
    write_frames(folder / BESIDE, frames)


def _normalised(order: ReleaseOrder, entered: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`clean`, of that what tables are made of, and `links` of the appearances that entered."""
    return normalised(order, entered, "clean", _CLEAN), normalised(order, entered, "links", FOUND_LINKS)


def _tell_step(
    order: ReleaseOrder,
    before: Tables | None,
    after: Mapping[str, pl.DataFrame],
    members_before: pl.DataFrame | None,
    members: pl.DataFrame,
    corrected: pl.DataFrame,
) -> Tables:
    """The two tables that tell of the step from the release before to this one.

    Args:
        order: what the release is made of.
        before: `papers`, `links`, `dumps`, `id_history` of the release before; of papers at least those that changed.
        after: `papers` and `links`; of papers at least those that changed.
        members_before: `appearance_id`, `dump_id`, `paper_id` of the release before, as `carried_over` gives them.
        members: the same of today.
        corrected: `appearance_id` of those that people corrected otherwise since.
    """
    history = TABLES["id_history"].polars_schema.to_frame() if before is None else before["id_history"]
    number = (order.parent or 0) + 1
    then = None if before is None or members_before is None else before | {"appearances": members_before}
    now = {**after, "appearances": members}
    overruled = _find_overruled(order, then, now)
    history = extend_history(history, members_before, members, number, overruled)
    moved = order.curation.moved_since(_curation_before(order))
    events = history.filter(pl.col("release") == number)
    causes = find_causes(then, now, events, corrected, moved, overruled)
    return {"changes": find_changes(then, now, causes), "id_history": history}


def _find_overruled(order: ReleaseOrder, before: Tables | None, after: Tables) -> pl.DataFrame:
    judged, taken_back = order.curation.overruled_since(_curation_before(order))
    ids = [tables["appearances"]["appearance_id"] for tables in (before, after) if tables is not None]
    spoken_of = by_appearance(judged, pl.concat(ids).drop_nulls().unique()) if judged else []
    return find_overruled(before, after, spoken_of, taken_back)


def _curation_before(order: ReleaseOrder) -> Curation:
    if order.parent is None:
        return Curation()
    return recall_curation(open_release(order.settings.store, order.parent).manifest["facts"])
