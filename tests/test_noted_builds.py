"""What people write in `dumps.toml` reaches the release, also when they write it after the dump was read."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from benchmarks.page_writers import invent, write_page

from paperlake import open_release
from paperlake.errors import SettingsError
from tests.conftest import build_store

PAPERS = invent(8, seed=3)


@pytest.fixture
def raw(tmp_path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    for name, papers in (("a.md", PAPERS[:5]), ("b.md", PAPERS[3:])):
        page = write_page("firecrawl", papers, captured_on=date(2026, 7, 20))
        kept = [line for line in page.text.split("\n") if not line.startswith(("url:", "retrieved:", "command:"))]
        (folder / name).write_text("\n".join(kept))
    return folder


def note(raw: Path, text: str) -> None:
    (raw / "dumps.toml").write_text(text)


def dump(store: Path, name: str) -> dict:
    rows = open_release(store)["dumps"].collect().to_dicts()
    return next(row for row in rows if row["path"] == name)


def test_notes_win_over_what_the_text_says(raw, tmp_path):
    note(
        raw,
        '["a.md"]\ncaptured_on = 2026-07-21\nsource_url = "https://huggingface.co/papers?q=tea"\nlicence = "CC0-1.0"',
    )
    build_store(raw, tmp_path / "store")
    row = dump(tmp_path / "store", "a.md")
    assert (row["captured_on"], row["licence"]) == (date(2026, 7, 21), "CC0-1.0")
    assert (row["source_url"], row["page"], row["query"]) == ("https://huggingface.co/papers?q=tea", "search", "tea")
    assert dump(tmp_path / "store", "b.md")["licence"] is None


def test_a_note_written_later_is_read_and_changes_no_id(raw, tmp_path):
    store = tmp_path / "store"
    build_store(raw, store)
    before = open_release(store)
    note(raw, '["a.md"]\ncaptured_on = 2026-07-21')
    report = build_store(raw, store)
    assert (report.is_new, report.n_dumps_new) == (True, 1)
    after = open_release(store)
    for table, column in (("papers", "paper_id"), ("dumps", "sequence"), ("appearances", "appearance_id")):
        assert after[table].collect()[column].to_list() == before[table].collect()[column].to_list()
    dated = after["appearances"].filter(pl.col("published_on").is_not_null()).collect()
    assert dated.height > before["appearances"].filter(pl.col("published_on").is_not_null()).collect().height
    assert build_store(raw, store).is_new is False


def test_a_note_taken_back_is_taken_back(raw, tmp_path):
    store = tmp_path / "store"
    build_store(raw, store)
    wanted = open_release(store).manifest["fingerprint"]
    note(raw, '["a.md"]\nlicence = "CC0-1.0"')
    build_store(raw, store)
    assert dump(store, "a.md")["licence"] == "CC0-1.0"
    (raw / "dumps.toml").unlink()
    build_store(raw, store)
    assert open_release(store).manifest["fingerprint"] == wanted


def test_notes_written_later_and_before_give_the_same_content(raw, tmp_path):
    text = '["b.md"]\ncaptured_on = 2026-07-22\nlicence = "CC0-1.0"'
    build_store(raw, tmp_path / "late")
    note(raw, text)
    build_store(raw, tmp_path / "late")
    build_store(raw, tmp_path / "early")
    assert (
        open_release(tmp_path / "late").manifest["fingerprint"]
        == open_release(tmp_path / "early").manifest["fingerprint"]
    )


def test_a_forced_layout_that_does_not_fit_sets_the_dump_aside_and_back(raw, tmp_path):
    store = tmp_path / "store"
    build_store(raw, store)
    n_papers = open_release(store)["papers"].collect().height
    note(raw, '["a.md"]\nlayout = "compact"')
    build_store(raw, store, accept=("papers_shrink", "abstract_share", "links_per_paper"))
    row = dump(store, "a.md")
    assert (row["status"], row["sequence"]) == ("rejected", 1)
    (raw / "dumps.toml").unlink()
    build_store(raw, store)
    assert open_release(store)["papers"].collect().height == n_papers


@pytest.mark.parametrize(
    "text", ['["c.md"]\nlicence = "CC0-1.0"', '["a.md"]\nlicense = "CC0-1.0"', '["a.md"]\nlayout = "firecrowl"', "[["]
)
def test_a_note_that_cannot_be_used_stops_the_build(raw, tmp_path, text):
    note(raw, text)
    with pytest.raises(SettingsError, match=r"dumps\.toml"):
        build_store(raw, tmp_path / "store")
