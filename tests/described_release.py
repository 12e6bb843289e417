"""Releases of invented rows with their documents, and the files of a release as its documents are told of them."""

from functools import partial
from pathlib import Path

import polars as pl

from paperlake import Release, open_release
from paperlake.release.dataset_facts import Parts
from paperlake.release.documents import make_documents
from paperlake.release.manifest import Part
from tests.release_frames import publish_tables

FACTS = {"quality": {"n_papers": 5}, "gates": []}


def publish_described(store: Path, tables: dict[str, pl.DataFrame], release: int = 1) -> Release:
    """A release of these tables with the documents that a build gives it."""
    publish_tables(store, tables, facts=FACTS, documents=partial(make_documents, tables, FACTS, release, ()))
    return open_release(store)


def parts_of(release: Release) -> Parts:
    """The files of each table."""
    return {name: [Part(**part) for part in table["parts"]] for name, table in release.manifest["tables"].items()}
