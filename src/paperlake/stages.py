"""The stages between paths: each reads what the one before wrote and gives the path of what it made.

Every stage takes one frozen order that any process can receive, and works once: a folder that stands is not made again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from paperlake.curation.correcting import check_corrections as check_fit
from paperlake.curation.correcting import correct
from paperlake.curation.corrections import Correction
from paperlake.curation.reading import Curation
from paperlake.dump_notes import DumpNote
from paperlake.dumps import Dump
from paperlake.entry import enter_dumps
from paperlake.extract import EXTRACTED_APPEARANCES, EXTRACTED_DUMPS, EXTRACTED_REJECTS, extract_dumps
from paperlake.furniture import set_furniture_aside
from paperlake.identity.places import KNOWN_BY, carry_over
from paperlake.ledger import Ledger
from paperlake.normalise import find_appearance_links, normalise_appearances
from paperlake.release.reading import open_release
from paperlake.schemas import TABLES
from paperlake.settings import Settings
from paperlake.work import make_once, read_work, work_name

_EXTRACTED = {"appearances": EXTRACTED_APPEARANCES, "dumps": EXTRACTED_DUMPS, "rejects": EXTRACTED_REJECTS}
_MEMBERS = ("appearance_id", "paper_id", "dump_id")


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
    ledger: Ledger | None = None
    """What is known of the release before, where new dumps alone make the difference to it."""

    def name(self, stage: str) -> str:
        """Name of a work folder of this release; those of what was normalised tell its corrections."""
        made_from = ([path.name for path in paths] for paths in (self.extracted, self.normalised))
        return work_name(stage, *made_from, self.curation.repairs, self.parent, self.ledger and self.ledger.name)


def enter(order: ReleaseOrder) -> Path:
    """Folder with `appearances`, `dumps` and `rejects` of old and new dumps in order of entry.

    Where the rest is known of the release before, `appearances` are those of the new dumps alone.
    """

    def make() -> dict[str, pl.DataFrame]:
        new = read_extracted(order.extracted)
        retracted = {one.dump: one.why for one in order.curation.retractions}
        entered = enter_dumps(new, _parent_tables(order), retracted)
        return entered if order.ledger else set_furniture_aside(entered)

    return make_once(order.settings.work / order.name("entered"), make)


def read_extracted(folders: Sequence[Path]) -> dict[str, pl.DataFrame]:
    """`appearances`, `dumps` and `rejects` of all batches of dumps."""
    return {name: _concat_work(folders, name, schema) for name, schema in _EXTRACTED.items()}


def _parent_tables(order: ReleaseOrder) -> dict[str, pl.DataFrame] | None:
    """What entered before; None in the first release."""
    if order.parent is None:
        return None
    parent = open_release(order.settings.store, order.parent)
    known = {"appearances": TABLES["appearances"].polars_schema.to_frame()} if order.ledger else {}
    return {name: parent.read(name) for name in _EXTRACTED if name not in known} | known


def check_corrections(order: ReleaseOrder, entered: Path) -> None:
    """Nothing, when every correction fits the appearances that entered; those of retracted dumps rest.

    Raises:
        CorrectionError: some fit no longer.
    """
    retracted = {one.dump for one in order.curation.retractions}
    corrections = tuple(one for one in order.curation.corrections if one.dump_id not in retracted)
    dump_ids = [one.dump_id for one in corrections if one.dump_id]
    if not corrections:
        return
    is_named = pl.col("dump_id").is_in(dump_ids)
    read = pl.scan_parquet(entered / "appearances.parquet", glob=False).filter(is_named).collect()
    if order.ledger:
        parent = open_release(order.settings.store, order.parent)
        read = pl.concat([parent.read("appearances", *read.columns, where=is_named), read])
    check_fit(read, corrections, read_work(entered, "dumps")["path"].to_list())


def carried_over(order: ReleaseOrder, appearances: pl.DataFrame) -> pl.DataFrame | None:
    """`appearance_id`, `paper_id`, `dump_id` of the release before, under the ids of today; None in the first.

    Args:
        order: what the release is made of.
        appearances: those that entered.
    """
    if order.parent is None:
        return None
    parent = open_release(order.settings.store, order.parent)
    if order.ledger:  # no dump is read again
        return parent.read("appearances", *_MEMBERS)
    before = parent.read("appearances", *_MEMBERS, *KNOWN_BY)
    return carry_over(before, appearances, _concat_work(order.extracted, "dumps", EXTRACTED_DUMPS)["dump_id"])


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
