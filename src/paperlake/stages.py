"""The stages between paths: each reads what the one before wrote and gives the path of what it made.

Every stage takes one frozen order that any process can receive, and works once: a folder that stands is not made again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from paperlake.assemble import assemble_tables
from paperlake.causes import find_causes
from paperlake.curation.aliases import resolve_aliases
from paperlake.curation.correcting import check_corrections as check_fit
from paperlake.curation.correcting import correct, find_corrected
from paperlake.curation.corrections import Correction
from paperlake.curation.reading import Curation, recall_curation
from paperlake.dump_notes import DumpNote
from paperlake.dumps import Dump
from paperlake.entry import enter_dumps
from paperlake.extract import EXTRACTED_APPEARANCES, EXTRACTED_DUMPS, EXTRACTED_REJECTS, extract_dumps
from paperlake.furniture import set_furniture_aside
from paperlake.identity.judgements import by_appearance
from paperlake.identity.places import carry_over
from paperlake.identity.registry import extend_history
from paperlake.normalise import CLEAN, FOUND_LINKS, find_appearance_links, normalise_appearances
from paperlake.overrulings import find_overruled
from paperlake.release.compare import find_changes
from paperlake.release.reading import open_release
from paperlake.schemas import TABLES
from paperlake.settings import Settings
from paperlake.work import make_once, read_work, work_name

_COMPARED = ("papers", "appearances", "links", "dumps", "id_history")
"""Tables of the release before that tell of the step from it to the next."""


@dataclass(frozen=True, slots=True)
class ExtractOrder:
    """A batch of new dumps to read, and what people wrote about some of them, by path."""

    dumps: tuple[Dump, ...]
    settings: Settings
    notes: Mapping[str, DumpNote]


def extract(order: ExtractOrder) -> Path:
    """Folder with `appearances`, `dumps` and `rejects` of a batch of dumps."""
    settings = order.settings
    notes = {dump.path: order.notes[dump.path] for dump in order.dumps if dump.path in order.notes}
    written = {path: note.as_dict() for path, note in notes.items()}
    name = work_name("extracted", [(dump.path, dump.dump_id) for dump in order.dumps], settings.limits, written)
    return make_once(settings.work / name, lambda: extract_dumps(order.dumps, settings.raw, settings, notes))


@dataclass(frozen=True, slots=True)
class NormaliseOrder:
    """A Parquet file of appearances (path or URL) to correct and clean, the name of its content, its corrections."""

    appearances: str
    content: str
    work: Path
    corrections: tuple[Correction, ...]

    @property
    def folder(self) -> Path:
        """Where the work goes."""
        return self.work / work_name("normalised", self.content, [one.effect for one in self.corrections])


def order_normalising(appearances: str, content: str, corrections: Sequence[Correction], work: Path) -> NormaliseOrder:
    """The order for one file, with the corrections that speak of its dumps: no other has it cleaned again."""
    if not corrections:
        return NormaliseOrder(appearances, content, work, ())
    dumps = set(pl.read_parquet(appearances, columns=["dump_id"], glob=False)["dump_id"])
    return NormaliseOrder(appearances, content, work, tuple(one for one in corrections if one.dump_id in dumps))


def normalise(order: NormaliseOrder) -> Path:
    """Folder with `clean` and `links` of a file of appearances."""

    def make() -> dict[str, pl.DataFrame]:
        read = pl.read_parquet(order.appearances, columns=EXTRACTED_APPEARANCES.names(), glob=False)
        appearances = correct(read, order.corrections)
        return {"clean": normalise_appearances(appearances), "links": find_appearance_links(appearances)}

    return make_once(order.folder, make)


@dataclass(frozen=True, slots=True)
class ReleaseOrder:
    """Everything of one release: what was extracted and normalised, and the version it builds on."""

    extracted: tuple[Path, ...]
    normalised: tuple[Path, ...]
    parent: int | None
    accept: tuple[str, ...]
    settings: Settings
    curation: Curation

    def name(self, stage: str) -> str:
        """Name of a work folder of this release; those of what was normalised tell its corrections."""
        made_from = ([path.name for path in paths] for paths in (self.extracted, self.normalised))
        return work_name(stage, *made_from, self.curation.repairs, self.parent)


def enter(order: ReleaseOrder) -> Path:
    """Folder with `appearances`, `dumps` and `rejects` of old and new dumps in order of entry."""

    def make() -> dict[str, pl.DataFrame]:
        schemas = {"appearances": EXTRACTED_APPEARANCES, "dumps": EXTRACTED_DUMPS, "rejects": EXTRACTED_REJECTS}
        new = {name: _concat_work(order.extracted, name, schema) for name, schema in schemas.items()}
        retracted = {one.dump: one.why for one in order.curation.retractions}
        return set_furniture_aside(enter_dumps(new, parent_tables(order, *schemas), retracted))

    return make_once(order.settings.work / order.name("entered"), make)


def check_corrections(order: ReleaseOrder, entered: Path) -> None:
    """Nothing, when every correction fits the appearances that entered; those of retracted dumps rest.

    Raises:
        CorrectionError: some fit no longer.
    """
    retracted = {one.dump for one in order.curation.retractions}
    corrections = tuple(one for one in order.curation.corrections if one.dump_id not in retracted)
    dump_ids = [one.dump_id for one in corrections if one.dump_id]
    read = pl.scan_parquet(entered / "appearances.parquet", glob=False).filter(pl.col("dump_id").is_in(dump_ids))
    if corrections:
        check_fit(read.collect(), corrections, read_work(entered, "dumps")["path"].to_list())


def assemble(order: ReleaseOrder, entered: Path, matches: Path) -> Path:
    """Folder with all nine tables of the candidate."""

    def make() -> dict[str, pl.DataFrame]:
        tables = make_content(order, entered, matches)
        before = carried_over(order, tables["appearances"], *_COMPARED)
        return tables | _steps_between(tables, before, order)

    return make_once(order.settings.work / order.name("tables"), make)


def make_content(order: ReleaseOrder, entered: Path, matches: Path) -> dict[str, pl.DataFrame]:
    """The seven content tables of the candidate."""
    extracted = {name: read_work(entered, name) for name in ("appearances", "dumps", "rejects")}
    clean, links = (
        normalised(order, extracted["appearances"], name, schema)
        for name, schema in (("clean", CLEAN), ("links", FOUND_LINKS))
    )
    return assemble_tables(
        extracted,
        clean,
        links,
        read_work(matches, "matches"),
        corrected=correct(extracted["appearances"], order.curation.corrections) if order.curation.corrections else None,
        aliases=resolve_aliases(order.curation.aliases),
    )


def parent_tables(order: ReleaseOrder, *names: str) -> dict[str, pl.DataFrame] | None:
    """These tables of the release before; None in the first."""
    if order.parent is None:
        return None
    parent = open_release(order.settings.store, order.parent)
    return {name: parent.read(name) for name in names}


def carried_over(order: ReleaseOrder, appearances: pl.DataFrame, *names: str) -> dict[str, pl.DataFrame] | None:
    """These tables of the release before, its appearances under the ids that they have today; None in the first."""
    before = parent_tables(order, *names)
    if before is None:
        return None
    again = _concat_work(order.extracted, "dumps", EXTRACTED_DUMPS)["dump_id"]
    return before | {"appearances": carry_over(before["appearances"], appearances, again)}


def normalised(order: ReleaseOrder, entered: pl.DataFrame, name: str, schema: pl.Schema) -> pl.DataFrame:
    """Columns of `clean` or `links` of the appearances that entered, in their order.

    Of a dump that was read again only the new rows count, and of what was set aside none.
    """
    n_old = len(order.normalised) - len(order.extracted)
    old, new = (_concat_work(part, name, schema) for part in (order.normalised[:n_old], order.normalised[n_old:]))
    again = _concat_work(order.extracted, "dumps", EXTRACTED_DUMPS).select(head=pl.col("dump_id").str.head(16))
    head = pl.col("appearance_id").str.head(16)
    still = old.join(again, left_on=head, right_on="head", how="anti", maintain_order="left")
    rows = pl.concat([still, new])
    if rows["appearance_id"].equals(entered["appearance_id"]):  # as it is where nothing was set aside or came again
        return rows
    order_of_entry = entered.select("appearance_id").with_row_index("entry")
    rows = rows.join(order_of_entry, on="appearance_id", maintain_order="left")
    return rows.sort("entry", maintain_order=True).select(schema.names())


def _concat_work(folders: Sequence[Path], name: str, schema: pl.Schema) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=schema), *(read_work(folder, name, schema.names()) for folder in folders)])


def _steps_between(
    tables: dict[str, pl.DataFrame], before: dict[str, pl.DataFrame] | None, order: ReleaseOrder
) -> dict[str, pl.DataFrame]:
    """The two tables that tell of the step from the release before to this one."""
    history = pl.DataFrame(schema=TABLES["id_history"].polars_schema) if before is None else before["id_history"]
    earlier = None if before is None else before["appearances"]
    number = (order.parent or 0) + 1
    curation = _curation_before(order)
    judged, taken_back = order.curation.overruled_since(curation)
    spoken_of = by_appearance(judged, _all_ids(earlier, tables["appearances"]))
    overruled = find_overruled(before, tables, spoken_of, taken_back)
    history = extend_history(history, earlier, tables["appearances"], number, overruled)
    corrected = find_corrected(tables["appearances"], curation.corrections, order.curation.corrections)
    events = history.filter(pl.col("release") == number)
    causes = find_causes(before, tables, events, corrected, order.curation.moved_since(curation), overruled)
    return {"changes": find_changes(before, tables, causes), "id_history": history}


def _all_ids(before: pl.DataFrame | None, after: pl.DataFrame) -> pl.Series:
    """The ids of the appearances of two releases, each once."""
    both = [after["appearance_id"]] if before is None else [before["appearance_id"], after["appearance_id"]]
    return pl.concat(both).drop_nulls().unique()


def _curation_before(order: ReleaseOrder) -> Curation:
    if order.parent is None:
        return Curation()
    return recall_curation(open_release(order.settings.store, order.parent).manifest["facts"])
