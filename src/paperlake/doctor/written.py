"""What people wrote beside the dumps, and whether dumps of the store are there: what a build would stop at, or miss."""

from collections.abc import Iterator

import polars as pl

from paperlake.curation.correcting import check_corrections
from paperlake.curation.reading import Curation
from paperlake.doctor.finding import Finding
from paperlake.due import Start, begin, open_head, take_in_dumps
from paperlake.errors import CorrectionError, SettingsError, StoreError
from paperlake.settings import Settings
from paperlake.shown_text import counted


def check_written(settings: Settings) -> Iterator[Finding]:
    """Whether a build can use `dumps.toml` and `curation`, and whether the raw folder holds dumps of the store.

    Nothing where the store is damaged, which others tell.
    """
    try:
        start = _begin(settings)
        _check_fit(start)
    except StoreError:
        return
    except (CorrectionError, SettingsError) as error:
        message, _, remedy = str(error).rpartition("\n")
        yield Finding("curation", False, message, f"{remedy} A build stops at it.")
        return
    yield Finding("curation", True, _describe(start.curation))
    yield _find_dumps(start, settings)


def _begin(settings: Settings) -> Start:
    in_no_hurry = settings.model_copy(update={"settle_seconds": 0.0})  # that somebody still writes is no harm here
    parent = open_head(in_no_hurry)
    return begin(in_no_hurry, parent, take_in_dumps(in_no_hurry, parent))


def _check_fit(start: Start) -> None:
    """Nothing, when corrections of what the newest release has fit; those of new dumps only a build can try.

    Raises:
        CorrectionError: some do not.
    """
    if start.parent is None or not start.curation.corrections:
        return
    dumps = start.parent.read("dumps")
    entered = set(dumps.filter(pl.col("status") == "read")["dump_id"]) - {
        one.dump for one in start.curation.retractions
    }
    new = {dump.dump_id for dump in start.due}
    asked = [one for one in start.curation.corrections if one.dump_id is None or one.dump_id in entered - new]
    shown = start.parent["appearances"].filter(pl.col("dump_id").is_in([one.dump_id for one in asked if one.dump_id]))
    check_corrections(shown.collect(), asked, dumps["path"].to_list())


def _describe(curation: Curation) -> str:
    parts = {
        "note": curation.notes,
        "correction": curation.corrections,
        "alias": curation.aliases,
        "judgement": curation.judgements,
        "retraction": curation.retractions,
    }
    said = [counted(len(entries), name) for name, entries in parts.items() if entries]
    return ", ".join(said) or "nobody wrote anything"


def _find_dumps(start: Start, settings: Settings) -> Finding:
    known = set() if start.parent is None else {dump["dump_id"] for dump in start.parent.manifest["facts"]["dumps"]}
    there = {dump.dump_id for dump in start.intake.dumps}
    message = (
        f"{counted(len(there - known), 'new dump')}; {len(known & there):,} of the store's {len(known):,} are there"
    )
    if not known or there:
        return Finding("dumps", True, message)
    found = f"expected dumps in {settings.raw}, of which the store knows {len(known):,}, found none"
    remedy = "Mount or bring back the raw folder: without it no release can be rebuilt. Builds go on all the same."
    return Finding("dumps", False, found, remedy)
