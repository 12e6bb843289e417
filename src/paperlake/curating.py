"""What `paperlake judge` and `paperlake retract` write into the folder `curation`, looked at before it is written."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import polars as pl

from paperlake.curation.judgements import (
    JUDGEMENTS_FILE,
    Judgement,
    add_judgement,
    find_repeats,
    read_judgements,
)
from paperlake.curation.retractions import (
    Retraction,
    add_retraction,
    place_retractions,
    read_retractions,
)
from paperlake.dumps import find_dumps
from paperlake.errors import CorrectionError, SettingsError
from paperlake.explain.release_rows import read_rows
from paperlake.identity.judgements import name_appearances, place_judgements
from paperlake.release.reading import open_release, versions
from paperlake.settings import Settings

_SHOWN_DIGITS = 16
"""Of a sha256: so many are written, as in appearance ids."""


def write_judgement(judgement: Judgement, settings: Settings) -> tuple[Judgement, tuple[str, str]]:
    """The judgement with the line that now holds it and its appearances, as written; and the papers that have these.

    Papers join and part, so the ids of appearances are written: those that its ids mean in the newest release.

    Args:
        judgement: whose values can be used.
        settings: where the raw folder is, and the store whose newest release it speaks of.

    Raises:
        StoreError: the store holds no release.
        SettingsError: there is no raw folder.
        CorrectionError: it names what nothing has or one appearance twice, or says what a line says; or the file
            cannot be used.
        JudgementConflictError: it contradicts others, or others one another.
    """
    release = open_release(settings.store)
    _check_raw(settings)
    members = read_rows(release, "appearances", pl.lit(True), ("appearance_id", "paper_id"))
    named = name_appearances(judgement, members, release.read("id_history"))
    judgements = [*read_judgements(settings.raw), named]
    repeats = find_repeats(judgements)
    if repeats:
        raise CorrectionError(JUDGEMENTS_FILE, repeats)
    place_judgements(judgements, members)
    papers = dict(members.filter(pl.col("appearance_id").is_in([named.left, named.right])).rows())
    return replace(named, line=add_judgement(settings.raw, named)), (papers[named.left], papers[named.right])


def write_retraction(retraction: Retraction, settings: Settings) -> tuple[Retraction, str]:
    """The retraction with the line that now holds it and the sha256 of its dump, as written; and the dump's path.

    A path may be that of other bytes one day, so the sha256 is written.

    Args:
        retraction: whose values can be used; `dump` may also be a path from the working folder into the raw folder.
        settings: where the raw folder is, and the store.

    Raises:
        StoreError: the store is damaged.
        SettingsError: there is no raw folder.
        CorrectionError: it names no dump, several, or one that is retracted already; or the file cannot be used.
    """
    dumps = _known_dumps(settings)
    named = replace(retraction, dump=_path_below_raw(retraction.dump, settings, (path for path, _ in dumps)))
    placed = place_retractions([*read_retractions(settings.raw), named], dumps)
    dump_id = next(dump_id for dump_id, one in placed.items() if not one.line)
    written = replace(retraction, dump=dump_id[:_SHOWN_DIGITS])
    path = next(path for path, known in dumps if known == dump_id)
    return replace(written, line=add_retraction(settings.raw, written)), path


def _known_dumps(settings: Settings) -> list[tuple[str, str]]:
    """Path and sha256 of the dumps of the newest release, and of the raw folder."""
    found = [(dump.path, dump.dump_id) for dump in find_dumps(settings.raw)]
    if not versions(settings.store):
        return found
    return [*open_release(settings.store).read("dumps").select("path", "dump_id").rows(), *found]


def _path_below_raw(name: str, settings: Settings, known: Iterable[str]) -> str:
    """The path of a dump below the raw folder, where it was named from the working folder."""
    raw, file = settings.raw.resolve(), Path(name).resolve()
    return name if name in known or not file.is_relative_to(raw) else file.relative_to(raw).as_posix()


def _check_raw(settings: Settings) -> None:
    if not settings.raw.is_dir():
        raise SettingsError("raw", str(settings.raw), "a folder of dumps", "Name another with --raw.")
