"""The releases of one store, each opened once and kept, for a release never changes."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import polars as pl

from paperlake.errors import StoreError
from paperlake.explore import pages
from paperlake.explore.kept import Kept
from paperlake.explore.refusals import RefusedError, missing, unreadable
from paperlake.explore.search import Haystack, known_texts, prepare
from paperlake.release.commits import list_versions, read_commit
from paperlake.release.reading import Release, find_commit, open_commit
from paperlake.release.tombstones import read_deletion, read_deletions
from paperlake.schemas import CONTRACT_VERSION
from paperlake.stores import Store

_MOST_LISTED = 100
_MOST_OPEN, _MOST_PAGES, _MOST_SEARCHED = 100, 4, 2
"""Kept of manifests, pages of some MB, and haystacks of some 250 MB for a million papers."""
_FAULTS = (StoreError, OSError, pl.exceptions.PolarsError)
_log = logging.getLogger(__name__)


class Shelf:
    """Releases by version, and what is made of them to be shown and searched.

    Attributes:
        store: only read.
        pinned: the release that is shown first; the newest of the moment where it is None.
    """

    def __init__(self, store: Store, pinned: int | None = None) -> None:
        self.store, self.pinned = store, pinned
        self._known = known_texts()
        self._commits = Kept(partial(read_commit, store), _MOST_LISTED)
        self._releases = Kept(self._open, _MOST_OPEN)
        self._haystacks = Kept(self._prepare, _MOST_SEARCHED)
        self._pages = Kept(self._make_page, _MOST_PAGES)

    def first(self) -> int:
        """The release to show to who names none."""
        return self.pinned or self._versions()[-1]

    def list_releases(self) -> dict[str, Any]:
        """The last releases, the newest first, and whether their data are there; for machines."""
        known = self._versions()
        with self._reading("the list of releases"):
            gone = read_deletions(self.store)
        last = known[: -_MOST_LISTED - 1 : -1]
        return {"releases": [self._listed(version, version in gone) for version in last], "newest": known[-1]}

    def release(self, version: int) -> Release:
        """One release.

        Raises:
            RefusedError: there is none, its data were pruned, or it cannot be read.
        """
        return self._releases.get(version)

    def haystack(self, version: int) -> Haystack:
        """What its papers are searched in.

        Raises:
            RefusedError: as `release` does.
        """
        return self._haystacks.get(version)

    def page(self, version: int) -> pages.Page:
        """Its page.

        Raises:
            RefusedError: as `release` does.
        """
        return self._pages.get(version)

    @contextmanager
    def reading(self, version: int) -> Iterator[None]:
        """Whatever goes wrong with the files of a release meanwhile is told without their paths.

        Raises:
            RefusedError: its data were pruned meanwhile, or are damaged.
        """
        try:
            with self._reading(f"release {version}"):
                yield
        except RefusedError:
            self._check_there(version)
            raise

    def _open(self, version: int) -> Release:
        known = self._versions()
        if version not in known:
            raise missing(f"expected one of the releases {known[0]} to {known[-1]}, found {version}")
        self._check_there(version)
        with self._reading(f"release {version}"):
            release = open_commit(self.store, self._commits.get(version))
        written = release.manifest["contract"]["version"]
        if written.partition(".")[0] != CONTRACT_VERSION.partition(".")[0]:
            said = f"release {version}: expected contract {CONTRACT_VERSION}, found {written}"
            raise unreadable(f"{said}; explore it with the paperlake that made it")
        return release

    def _prepare(self, version: int) -> Haystack:
        with self.reading(version):
            return prepare(self.release(version), self._known)

    def _make_page(self, version: int) -> pages.Page:
        with self.reading(version):
            return pages.make_page(self.release(version))

    def _versions(self) -> list[int]:
        with self._reading("the list of releases"):
            known = list_versions(self.store)
        if not known:
            raise unreadable("expected releases in the store, found none")
        return known

    def _check_there(self, version: int) -> None:
        with self._reading(f"release {version}"):
            deletion = read_deletion(self.store, version)
        if deletion:
            raise missing(f"{deletion.told}; /releases lists those with their data")

    def _listed(self, version: int, is_gone: bool) -> dict[str, Any]:
        try:
            time = self._commits.get(version).time
        except _FAULTS:
            return {"version": version, "time": None, "is_readable": False}
        return {"version": version, "time": time, "is_readable": not is_gone}

    @contextmanager
    def _reading(self, what: str) -> Iterator[None]:
        try:
            yield
        except _FAULTS as error:
            _log.warning("%s cannot be read: %s", what, error)
            said = f"{what} cannot be read: a file is missing or damaged, or the store does not answer"
            raise unreadable(f"{said}; `paperlake verify --all` says which") from error


def shelve(store: Store, at: str | None = None) -> Shelf:
    """The releases of a store, pinned to one where its number or tag is given.

    Raises:
        StoreError: it holds no release, or not that one.
    """
    commit = find_commit(store, at)
    if at is not None:
        open_commit(store, commit)  # what was pruned is told before anybody is sent there
    return Shelf(store, None if at is None else commit.version)
