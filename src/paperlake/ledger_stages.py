"""The stages of the ledger: whether it is enough to build on, and what a build writes down for the next."""

from pathlib import Path

import polars as pl

from paperlake.entry import enter_dumps
from paperlake.extract import EXTRACTED_APPEARANCES
from paperlake.furniture import DUMPS_IN_A_ROW, REASON, shows_runs
from paperlake.ledger import keep_ledger, ledger_folder
from paperlake.match_index import knows_rows, matching_folder
from paperlake.match_stages import rows_name
from paperlake.release.reading import Release, open_release
from paperlake.release.splice import read_rows
from paperlake.stages import ReleaseOrder, read_extracted


def adds_only(order: ReleaseOrder) -> bool:
    """Whether new dumps make no difference to what a release holds of the others, and the match index has its rows."""
    ledger = order.ledger
    if ledger is None:
        return False
    folder = matching_folder(order.settings.work)
    return knows_rows(folder, ledger.n_rows, ledger.name, rows_name(order)) and not _may_betray_furniture(order)


def keep(order: ReleaseOrder, tables: Path, release: Release) -> Path:
    """Folder of the ledger of a release that was made so, for the next build.

    Args:
        order: what it is made of.
        tables: folder of its candidate.
        release: the newest, which has this content.
    """
    folder = ledger_folder(release, order.curation, order.settings)
    return keep_ledger(folder, tables, release.counts["appearances"], rows_name(order))


def _may_betray_furniture(order: ReleaseOrder) -> bool:
    """Whether records at the edges of new dumps go on a run of some before, or their layouts had furniture before."""
    parent, new = open_release(order.settings.store, order.parent), read_extracted(order.extracted)
    dumps = parent.read("dumps")
    alike = dumps.filter(pl.col("layout").is_in(new["dumps"]["layout"].unique().implode()))
    if not parent.read("rejects").filter(pl.col("reason") == REASON).join(alike, on="dump_id", how="semi").is_empty():
        return True
    last = alike.filter(pl.col("n_papers") > 0).group_by("layout").tail(DUMPS_IN_A_ROW - 1)["dump_id"]
    before = {"appearances": _appearances_of(parent, last), "dumps": dumps, "rejects": new["rejects"].clear()}
    return shows_runs(enter_dumps(new, before))


def _appearances_of(release: Release, dump_ids: pl.Series) -> pl.DataFrame:
    of_rows = release.read("appearances", "dump_id")["dump_id"]
    rows = of_rows.is_in(dump_ids.implode()).arg_true()
    return read_rows(release, "appearances", rows, EXTRACTED_APPEARANCES.names())
