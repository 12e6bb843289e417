"""Small releases of invented papers with valid ids, and an explorer that serves them to tests."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import httpx
import polars as pl
import pytest

from paperlake.explore.pages import Page
from paperlake.explore.serving import address_of, make_server, open_socket
from paperlake.explore.shelf import shelve
from paperlake.schemas import TABLES
from paperlake.stores import Location, open_store
from tests.release_frames import publish_tables

POLICY = "default-src 'none'; script-src 'sha256-kettle'; frame-ancestors 'none'"
_DUMP = "ab" * 32


def paper_id(number: int) -> str:
    return f"pl-{number:012}"


def paper(number: int, title: str = "Kettles", **values: Any) -> dict[str, Any]:
    """A row of `papers`; all that is not given is null, or empty."""
    known = {"paper_id": paper_id(number), "title": title, "first_appearance_id": f"{number:016x}:1"}
    return {"repositories": [], "flags": [], **known, **values}


def tables_with(papers: list[dict[str, Any]], **others: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """All nine tables: each paper was seen once, in one dump, and those with a repository link it."""
    metrics = [{"paper_id": row["paper_id"], "n_appearances": 1, "n_dumps": 1} for row in papers]
    seen = [
        {
            "appearance_id": row["first_appearance_id"], "dump_id": _DUMP, "position": 1, "line_start": 3,
            "line_end": 5, "paper_id": row["paper_id"], "title_raw": row["title"], "is_cut": False, "match_rule": "new",
        }
        for row in papers
    ]  # fmt: skip
    links = [
        {
            "paper_id": row["paper_id"], "url": f"https://github.com/{row['repository']}", "kind": "github_repository",
            "repository": row["repository"], "role": "official_code", "confidence": 0.9, "raw": row["repository"],
            "found_in": "abstract", "appearance_id": row["first_appearance_id"], "n_appearances": 1,
        }
        for row in papers if row.get("repository")
    ]  # fmt: skip
    dumps = [
        {
            "dump_id": _DUMP, "sequence": 1, "path": "page.txt", "page": "search", "n_bytes": 1, "n_lines": 9,
            "n_papers": len(papers), "n_furniture": 0, "n_rejects": 0, "status": "read",
        }
    ]  # fmt: skip
    rows = {"papers": papers, "metrics": metrics, "appearances": seen, "links": links, "dumps": dumps}
    return {name: frame(name, rows.get(name, [])) for name in TABLES} | others


def frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = TABLES[table].polars_schema
    empty = {name: [] if isinstance(dtype, pl.List) else None for name, dtype in schema.items()}
    return pl.DataFrame([empty | row for row in rows], schema=schema, orient="row")


def publish_papers(store: Location, papers: list[dict[str, Any]], **others: pl.DataFrame) -> None:
    publish_tables(store, tables_with(papers, **others))


def edition(number: int, n_papers: int) -> list[dict[str, Any]]:
    """Papers whose titles tell the release that they are in."""
    day = dt.date(2026, 1, 1)
    return [
        paper(row, f"Kettles of edition {number}, no {row}", published_on=day + dt.timedelta(row % 99))
        for row in range(n_papers)
    ]


@contextmanager
def explorer(store: Location, at: str | None = None) -> Iterator[str]:
    """The address of an explorer whose pages are one line each."""
    with pytest.MonkeyPatch.context() as patch, open_explorer(store, at) as address:
        patch.setattr("paperlake.explore.pages.make_page", _short_page)
        yield address


@contextmanager
def open_explorer(store: Location, at: str | None = None) -> Iterator[str]:
    """The address of an explorer with its own pages."""
    with open_socket("127.0.0.1", 0) as listening:
        server = make_server(shelve(open_store(store), at), "127.0.0.1")
        thread = Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield address_of(listening)
        finally:
            server.should_exit = True
            thread.join(30)


def browse(address: str) -> httpx.Client:
    """A client without TLS, which nobody speaks here and which takes a while to get ready."""
    return httpx.Client(base_url=address, trust_env=False, verify=False, timeout=60)


def _short_page(release) -> Page:
    titles = release["papers"].select("title").collect()["title"]
    return Page(f"<!doctype html><title>release {release.version}: {len(titles)}</title>".encode(), POLICY)
