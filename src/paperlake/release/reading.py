"""Reading releases: resolved once, then pinned, so that two tables never come from two versions."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from paperlake.errors import StoreError
from paperlake.release import storage
from paperlake.release.commits import Commit, list_versions, read_commit
from paperlake.release.manifest import NAME, hash_bytes
from paperlake.schemas import TABLES

__all__ = ["Commit", "Release", "open_commit", "open_release", "versions"]

_DAMAGED = "`paperlake verify` says which files are damaged; bring them back from a copy of the store."


@dataclass(frozen=True)
class Release:
    """One release: `release["papers"]` or `release.papers` is a LazyFrame over exactly its files.

    `path` is its folder, `manifest` all it says of itself, `commit` when and from what it came.
    """

    version: int
    path: Path
    manifest: dict[str, Any]
    commit: Commit

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of its tables, in contract order; those that the contract has since dropped come last."""
        names = self.manifest["tables"]
        return (*(name for name in TABLES if name in names), *(name for name in names if name not in TABLES))

    def __getitem__(self, table: str) -> pl.LazyFrame:
        """One table.

        Raises:
            KeyError: the release has no such table.
        """
        if table not in self.tables:
            raise KeyError(f"release {self.version} has no table {table!r}; it has {', '.join(self.tables)}")
        parts = [self.path / part["path"] for part in self.manifest["tables"][table]["parts"]]
        return pl.scan_parquet(parts, glob=False)

    def read(self, table: str) -> pl.DataFrame:
        """One table in memory.

        Raises:
            StoreError: a file of it is missing or damaged.
        """
        try:
            return self[table].collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise StoreError(self.path, [f"{table}: {error}"], _DAMAGED) from error

    def __getattr__(self, table: str) -> pl.LazyFrame:
        """One table; called only for names that are no attribute."""
        if table.startswith("_"):
            raise AttributeError(table)  # copy and pickle ask for these before there is a manifest
        try:
            return self[table]
        except KeyError as error:
            raise AttributeError(error.args[0]) from error


def versions(store: str | Path) -> list[Commit]:
    """Commit records of all releases, newest last; empty for a store without releases."""
    return [read_commit(Path(store), version) for version in list_versions(Path(store))]


def open_release(store: str | Path, version: int | None = None) -> Release:
    """One release, by default the newest committed one, even where `latest.json` is behind.

    Raises:
        StoreError: there is no such release, or it is damaged.
    """
    store = Path(store).resolve()
    known = list_versions(store)
    if not known:
        remedy = "Run `paperlake build` to publish the first one, or name another store with --store."
        raise StoreError(store, ["holds no release"], remedy)
    wanted = known[-1] if version is None else version
    if wanted not in known:
        damage = f"expected release {wanted}, found releases {known[0]} to {known[-1]}"
        raise StoreError(store, [damage], "See `paperlake versions`.")
    return open_commit(store, read_commit(store, wanted))


def open_commit(store: Path, commit: Commit) -> Release:
    """The release of a commit record.

    Raises:
        StoreError: its manifest is missing, or is not the one that was committed.
    """
    name = f"{commit.release}/{NAME}"
    data = storage.read_bytes(store / name)
    if data is None:
        raise StoreError(store, [f"{name}: missing"], _DAMAGED)
    if (found := hash_bytes(data)) != commit.manifest_sha256:
        raise StoreError(store, [f"{name}: expected sha256 {commit.manifest_sha256}, found {found}"], _DAMAGED)
    return Release(commit.version, store / commit.release, json.loads(data), commit)
