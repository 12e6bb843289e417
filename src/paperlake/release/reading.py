"""Reading releases: resolved once, then pinned, so that two tables never come from two versions."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from paperlake.errors import StoreError
from paperlake.release.commits import Commit, list_versions, read_commit
from paperlake.release.manifest import NAME, hash_bytes
from paperlake.release.tags import check_tag, read_tag
from paperlake.release.tombstones import read_deletion
from paperlake.schemas import TABLES
from paperlake.stores import Location, Store, open_store

__all__ = ["Commit", "Release", "find_commit", "open_commit", "open_release", "versions"]

BRING_BACK = "`paperlake verify` says which files are damaged; bring them back from a copy of the store."
"""What to do about files of a release that are damaged."""


def damaged(location: str, table: str, error: Exception) -> StoreError:
    """The error of a table that cannot be read, for what was raised."""
    return StoreError(location, [f"{table}: {error}"], BRING_BACK)


@dataclass(frozen=True)
class Release:
    """One release: `release["papers"]` or `release.papers` is a LazyFrame over exactly its files.

    `store` and `key` say where it stands, `manifest` all it says of itself, `commit` when and from what it came.
    """

    version: int
    store: Store
    key: str
    manifest: dict[str, Any]
    commit: Commit

    @property
    def location(self) -> str:
        """Its folder, or its URL in a bucket."""
        return self.store.url(self.key)

    @property
    def path(self) -> Path:
        """Its folder, of a store on a disk.

        Raises:
            StoreError: it stands in a bucket, and has none.
        """
        if not self.store.has_links:
            raise StoreError(self.location, ["expected a folder, found a bucket"], "Use `location` and `files(table)`.")
        return Path(self.location)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of its tables, in contract order; those that the contract has since dropped come last."""
        names = self.manifest["tables"]
        return (*(name for name in TABLES if name in names), *(name for name in names if name not in TABLES))

    @property
    def counts(self) -> dict[str, int]:
        """Rows of its tables."""
        return {name: self.manifest["tables"][name]["n_rows"] for name in self.tables}

    def __getitem__(self, table: str) -> pl.LazyFrame:
        """One table.

        Raises:
            KeyError: the release has no such table.
        """
        if table not in self.tables:
            raise KeyError(f"release {self.version} has no table {table!r}; it has {', '.join(self.tables)}")
        return pl.scan_parquet(self.files(table), glob=False)

    def files(self, table: str) -> list[str]:
        """Paths of a table's parts, or their URLs in a bucket."""
        return [self.store.url(f"{self.key}/{part['path']}") for part in self.manifest["tables"][table]["parts"]]

    def read(self, table: str, *columns: str, where: pl.Expr | bool = True) -> pl.DataFrame:
        """One table in memory, or some columns of it, or of those rows for which a condition holds.

        Raises:
            StoreError: a file of it is missing or damaged.
        """
        rows = self[table] if where is True else self[table].filter(where)
        try:
            return (rows.select(columns) if columns else rows).collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise damaged(self.location, table, error) from error

    def read_document(self, name: str) -> str:
        """Text of a file beside the tables, such as `contract.yaml`.

        Raises:
            StoreError: it is missing or damaged.
        """
        data = self.store.read(f"{self.key}/{name}")
        expected = self.manifest["documents"].get(name, {}).get("sha256", "none")
        found = "no file" if data is None else hash_bytes(data)
        if data is None or found != expected:
            raise StoreError(self.location, [f"{name}: expected sha256 {expected}, found {found}"], BRING_BACK)
        return data.decode()

    def __getattr__(self, table: str) -> pl.LazyFrame:
        """One table; called only for names that are no attribute."""
        if table.startswith("_"):
            raise AttributeError(table)  # copy and pickle ask for these before there is a manifest
        try:
            return self[table]
        except KeyError as error:
            raise AttributeError(error.args[0]) from error


def versions(location: Location) -> list[Commit]:
    """Commit records of all releases, newest last; empty for a store without releases."""
    store = open_store(location)
    return [read_commit(store, version) for version in list_versions(store)]


def open_release(location: Location, version: int | str | None = None) -> Release:
    """One release, by default the newest committed one, even where `latest.json` is behind.

    Args:
        location: of the store.
        version: its number, or a tag.

    Raises:
        StoreError: there is no such release, its data were pruned, or it is damaged.
    """
    store = open_store(location)
    return open_commit(store, find_commit(store, version))


def find_commit(store: Store, version: int | str | None = None) -> Commit:
    """The commit record of one release, by default the newest, by number or tag; its data may be pruned.

    Raises:
        StoreError: there is no such release, or its record or its tag is damaged.
    """
    known = list_versions(store)
    if not known:
        remedy = "Run `paperlake build` to publish the first one, or name another store with --store."
        raise StoreError(store.location, ["holds no release"], remedy)
    if isinstance(version, str) and not version.isdecimal():
        return _tagged(store, version)
    wanted = known[-1] if version is None else int(version)
    if wanted not in known:
        damage = f"expected release {wanted}, found releases {known[0]} to {known[-1]}"
        raise StoreError(store.location, [damage], "See `paperlake versions`.")
    return read_commit(store, wanted)


def _tagged(store: Store, name: str) -> Commit:
    tag = read_tag(store, name)
    commit = read_commit(store, tag.version)
    if damages := check_tag(tag, {tag.version: commit}):
        raise StoreError(store.location, damages, "The tag or the log is damaged; bring it back from a copy.")
    return commit


def open_commit(store: Store, commit: Commit) -> Release:
    """The release of a commit record.

    Raises:
        StoreError: it was pruned, or its manifest is missing or is not the one that was committed.
    """
    name = f"{commit.release}/{NAME}"
    data = store.read(name)
    if data is None:
        if deletion := read_deletion(store, commit.version):
            raise StoreError(store.location, [deletion.told], "See `paperlake versions` for those with their data.")
        raise StoreError(store.location, [f"{name}: missing"], BRING_BACK)
    if (found := hash_bytes(data)) != commit.manifest_sha256:
        raise StoreError(
            store.location, [f"{name}: expected sha256 {commit.manifest_sha256}, found {found}"], BRING_BACK
        )
    return Release(commit.version, store, commit.release, json.loads(data), commit)
