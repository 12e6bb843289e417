"""The stages that find which appearances are one paper: rows enter the index, parts are matched, papers are named."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from paperlake.curation.correcting import PLACE, correct
from paperlake.identity.facts import OF_CLEAN, OF_LISTING, make_facts
from paperlake.identity.judgements import place_judgements
from paperlake.identity.resolve import resolve_identity
from paperlake.identity.review import find_near_misses
from paperlake.match_index import enter_rows, gather, matching_folder
from paperlake.match_parts import Waiting, cut_waiting
from paperlake.near_misses import write_near_misses
from paperlake.normalise import CLEAN
from paperlake.stages import ReleaseOrder, carried_over, normalised
from paperlake.work import make_once, read_work

_WORDS = pl.Schema({name: CLEAN[name] for name in OF_CLEAN})
_TITLES = pl.Schema({name: CLEAN[name] for name in ("appearance_id", "title")})


def index(order: ReleaseOrder, entered: Path) -> Waiting:
    """The rows that the match index did not know yet, which wait there to be matched, cut into parts."""
    enter_rows(matching_folder(order.settings.work), _make_facts(order, entered))
    return cut_waiting(order.settings.work, order.settings.match_rows)


def resolve(order: ReleaseOrder, entered: Path, matched: Sequence[Path]) -> Path:
    """Folder with `matches`: every appearance of old and new dumps with its paper. Near misses go beside it.

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
        parent = carried_over(order, appearances, "appearances", "id_history") or {}
        before, history = parent.get("appearances"), parent.get("id_history")
        matches = resolve_identity(facts, evidence, judged, before, None if history is None else history["paper_id"])
        titles = normalised(order, appearances, "clean", _TITLES)["title"]
        write_near_misses(order.settings.work, find_near_misses(evidence, matches, titles, judged))
        return {"matches": matches}

    return make_once(order.settings.work / order.name("matches"), make)


def _make_facts(order: ReleaseOrder, entered: Path) -> pl.DataFrame:
    """FACTS of all appearances; on its own, so that what they are made of leaves memory."""
    appearances = read_work(entered, "appearances", ["appearance_id", *PLACE, *OF_LISTING])
    clean = normalised(order, appearances, "clean", _WORDS)
    corrections = [one for one in order.curation.corrections if one.column in OF_LISTING]
    return make_facts(clean, correct(appearances, corrections))
