"""The stages that find which appearances are one paper: rows enter the index, parts are matched, papers are named."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from paperlake.curation.correcting import PLACE, correct
from paperlake.identity.facts import OF_CLEAN, OF_LISTING, make_facts
from paperlake.identity.judgements import place_judgements
from paperlake.identity.resolve import resolve_identity
from paperlake.identity.review import find_near_misses, with_titles
from paperlake.match_index import enter_rows, gather, matching_folder
from paperlake.match_parts import Waiting, cut_waiting
from paperlake.near_misses import write_near_misses
from paperlake.normalise import CLEAN
from paperlake.release.reading import open_release
from paperlake.stages import ReleaseOrder, carried_over, normalised
from paperlake.titles import normalise_title
from paperlake.work import make_once, read_work

_WORDS = pl.Schema({name: CLEAN[name] for name in OF_CLEAN})
_TITLES = pl.Schema({name: CLEAN[name] for name in ("appearance_id", "title")})


def index(order: ReleaseOrder, entered: Path) -> Waiting:
    """The rows that the match index did not know yet, which wait there to be matched, cut into parts."""
    n_known = order.ledger.n_rows if order.ledger else 0
    enter_rows(matching_folder(order.settings.work), _make_facts(order, entered), rows_name(order), n_known)
    return cut_waiting(order.settings.work, order.settings.match_rows)


def resolve(order: ReleaseOrder, entered: Path, matched: Sequence[Path]) -> Path:
    """Folder with `matches`, every appearance of old and new dumps with its paper, and `near_misses`.

    Args:
        order: what the release is made of.
        entered: what `enter` gave.
        matched: what `match_part` gave for every part of the rows that waited.

    Raises:
        CorrectionError: a judgement names what nothing has.
        JudgementConflictError: judgements contradict one another.
    """

    def make() -> dict[str, pl.DataFrame]:
        appearances = read_work(entered, "appearances")
        known = gather(matching_folder(order.settings.work), [read_work(part, "evidence") for part in matched])
        facts, evidence = known.facts, known.evidence
        judged = place_judgements(order.curation.judgements, facts)
        before = carried_over(order, appearances)
        matches = resolve_identity(facts, evidence, judged, before, _given_ids(order))
        near = find_near_misses(evidence, matches, judged)
        named = with_titles(near, _titles(order, appearances, near))
        write_near_misses(order.settings.work, named)
        return {"matches": matches, "near_misses": named}

    return make_once(order.settings.work / order.name("matches"), make)


def rows_name(order: ReleaseOrder) -> str:
    """Name of all rows of the order, old and new, in the match index."""
    return replace(order, normalised=()).name("rows")  # it follows from the rest, and is asked for before it is there


def _given_ids(order: ReleaseOrder) -> pl.Series | None:
    """Every paper id that was ever given; None in the first release."""
    if order.parent is None:
        return None
    return open_release(order.settings.store, order.parent).read("id_history", "paper_id")["paper_id"]


def _titles(order: ReleaseOrder, entered: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """`appearance_id`, `title` of the appearances in pairs that are near misses."""
    is_near = pl.col("appearance_id").is_in(pl.concat([near["left_id"], near["right_id"]]).unique().implode())
    titles = normalised(order, entered, "clean", _TITLES).filter(is_near)
    if order.ledger is None:
        return titles
    parent, columns = open_release(order.settings.store, order.parent), (*PLACE, "appearance_id", "title_raw")
    of_titles = [one for one in order.curation.corrections if one.column == "title"]
    old = correct(parent.read("appearances", *columns, where=is_near), of_titles)
    return pl.concat([old.select("appearance_id", title=normalise_title(pl.col("title_raw"))), titles])


def _make_facts(order: ReleaseOrder, entered: Path) -> pl.DataFrame:
    """FACTS of all appearances; on its own, so that what they are made of leaves memory."""
    appearances = read_work(entered, "appearances", ["appearance_id", *PLACE, *OF_LISTING])
    clean = normalised(order, appearances, "clean", _WORDS)
    corrections = [one for one in order.curation.corrections if one.column in OF_LISTING]
    return make_facts(clean, correct(appearances, corrections))
