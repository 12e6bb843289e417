"""What people wrote beside the dumps, and whether dumps of the store are there: what a build would stop at, or miss."""

from collections.abc import Iterator

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
