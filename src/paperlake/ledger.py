"""What a build writes down for the next: enough to add new dumps to a release without reading all that it holds.

    sights.parquet    FOUND_LINKS of all appearances, in order of entry
    shown.parquet     how many papers of each dump show each field
    ledger.json       how many appearances there are, and under what name the match index has them

It lies in the work folder, named after the release, the rules, limits and people's repairs: under others it is not
found, and all is made anew.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from paperlake.curation.reading import Curation
from paperlake.dumps import Dump
from paperlake.release.manifest import FORMAT_VERSION
from paperlake.release.reading import Release
from paperlake.schemas import CONTRACT_VERSION
from paperlake.settings import Settings
from paperlake.stores.files import named
from paperlake.work import make_folder_once, read_work, work_name

BESIDE = "ledger"
"""Folder beside the tables of a candidate, with what the next build needs once it is published."""
_FACTS = "ledger.json"


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is known of the newest release: the folder that tells it, how many appearances, their name in the index."""

    folder: Path
    n_rows: int
    name: str

    @property
    def sights(self) -> pl.DataFrame:
        """FOUND_LINKS of all its appearances."""
        return read_work(self.folder, "sights")

    @property
    def shown(self) -> pl.DataFrame:
        """As `release.coverage.count_shown` counts its appearances."""
        return read_work(self.folder, "shown")


def ledger_folder(release: Release, curation: Curation, settings: Settings) -> Path:
    """Where the ledger of a release lies, for these rules, limits and repairs."""
    made_from = (release.version, release.commit.manifest_sha256, settings.limits, *curation.repairs)
    return settings.work / work_name("ledger", *made_from)


def find_ledger(parent: Release | None, curation: Curation, settings: Settings, due: Sequence[Dump]) -> Ledger | None:
    """The ledger of the release before; None where there is none, or the dumps that are due are not all new to it."""
    if parent is None or not due or not _is_of_today(parent):
        return None
    before = {dump["dump_id"] for dump in parent.manifest["facts"]["dumps"]}
    folder = ledger_folder(parent, curation, settings)
    if any(dump.dump_id in before for dump in due) or not (folder / _FACTS).is_file():
        return None
    told = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
    return Ledger(folder, told["n_rows"], told["name"])


def _is_of_today(release: Release) -> bool:
    manifest = release.manifest
    return (manifest["format_version"], manifest["contract"]["version"]) == (FORMAT_VERSION, CONTRACT_VERSION)


def keep_ledger(folder: Path, tables: Path, n_rows: int, name: str) -> Path:
    """The folder, with what the next build needs.

    Args:
        folder: as `ledger_folder` names it.
        tables: folder of the candidate that was published.
        n_rows: its appearances.
        name: of these in the match index.
    """

    def fill(draft: Path) -> None:
        for file in (tables / BESIDE).iterdir():
            file.rename(draft / file.name)
        with named(draft / _FACTS):
            (draft / _FACTS).write_text(json.dumps({"n_rows": n_rows, "name": name}), encoding="utf-8")

    return make_folder_once(folder, fill)
