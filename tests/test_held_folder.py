"""Candidates in their folder: whole or not there at all, each once, and not for ever."""

import datetime as dt
import errno
import json
from pathlib import Path

import pytest

from paperlake.errors import HeldError
from paperlake.release import held_folder
from paperlake.release.draft import draft_of, read_draft, write_draft
from paperlake.release.held_folder import drop, drop_old, keep, list_held, read_held
from paperlake.schemas import TABLES
from paperlake.stores import files
from paperlake.work import make_folder_once
from tests.release_frames import tables_of

PAPERS = "papers/00000.parquet"
NOW = dt.datetime(2026, 7, 20, 12, tzinfo=dt.UTC)


def report_of(number: int, days: float = 0) -> dict:
    return {
        "id": f"{number:012x}",
        "when": (NOW - dt.timedelta(days=days)).isoformat(),
        "parent": None,
        "parent_manifest_sha256": None,
        "contract_version": "1",
        "fingerprint": f"print-{number}",
        "tables": {},
        "gates": [],
        "facts": {},
    }


@pytest.fixture
def candidate(tmp_path):
    folder = make_folder_once(tmp_path / "tables-1", lambda draft: write_draft(draft, draft_of(tables_of(2))))
    return read_draft(folder)


def ids(work) -> list[int]:
    return [int(held.id, 16) for held in list_held(work)]


def names(work) -> set[str]:
    return {path.name for path in (work / "held").iterdir()}


def test_a_candidate_is_kept_with_all_its_tables_and_its_report(tmp_path, candidate):
    held = keep(tmp_path, candidate, report_of(1))
    assert {path.name for path in held.folder.iterdir()} == {"report.json", *TABLES}
    assert held.report == report_of(1)
    assert (held.folder / PAPERS).samefile(candidate["papers"][0].file), "kept without a copy"
    assert Path(candidate["papers"][0].file).exists(), "for a run that goes on"


def test_a_file_system_without_links_gets_copies(tmp_path, candidate, monkeypatch):
    monkeypatch.setattr(files, "link_file", lambda *_: False)
    held = keep(tmp_path, candidate, report_of(1))
    assert not (held.folder / PAPERS).samefile(candidate["papers"][0].file)
    assert (held.folder / PAPERS).read_bytes() == Path(candidate["papers"][0].file).read_bytes()


def test_the_same_candidate_held_twice_is_one(tmp_path, candidate):
    first = keep(tmp_path, candidate, report_of(1, days=3))
    again = keep(tmp_path, candidate, report_of(1))
    assert again == first
    assert ids(tmp_path) == [1]


def test_a_candidate_that_cannot_be_written_leaves_nothing(tmp_path, candidate, monkeypatch):
    def refuse(path, data):
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(files, "write_sealed", refuse)
    with pytest.raises(OSError, match="No space left"):
        keep(tmp_path, candidate, report_of(1))
    assert names(tmp_path) == set()


def test_two_that_keep_one_candidate_at_once_both_get_it(tmp_path, candidate, monkeypatch):
    write = held_folder._write_held

    def other_is_faster(*given):
        monkeypatch.setattr(held_folder, "_write_held", write)
        draft = write(*given)
        keep(tmp_path, candidate, report_of(1, days=3))
        return draft

    monkeypatch.setattr(held_folder, "_write_held", other_is_faster)
    assert keep(tmp_path, candidate, report_of(1)).report == report_of(1, days=3)
    assert names(tmp_path) == {f"{1:012x}"}


@pytest.mark.parametrize("step", ["link_file", "write_sealed", "sync_folder"])
def test_a_run_that_died_leaves_no_half_candidate(tmp_path, candidate, monkeypatch, step):
    def dies(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(files, step, dies)
        patched.setattr(files, "discard", dies)  # a run that is killed clears nothing away
        with pytest.raises(KeyboardInterrupt):
            keep(tmp_path, candidate, report_of(1))
    assert ids(tmp_path) == []
    assert len(names(tmp_path)) == 1, "a draft"
    keep(tmp_path, candidate, report_of(1))
    drop_old(tmp_path, NOW, "another")
    assert names(tmp_path) == {f"{1:012x}"}


def test_a_failure_of_the_disk_is_told(tmp_path, candidate):
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / f"{1:012x}").write_text("no folder")
    with pytest.raises(NotADirectoryError):
        keep(tmp_path, candidate, report_of(1))


def test_the_newest_comes_first(tmp_path, candidate):
    for number, days in ((1, 2), (2, 0), (3, 1)):
        keep(tmp_path, candidate, report_of(number, days))
    assert ids(tmp_path) == [2, 3, 1]


def test_old_ones_go_and_all_but_the_newest_ten(tmp_path, candidate):
    for number in range(12):
        keep(tmp_path, candidate, report_of(number, days=number))
    drop_old(tmp_path, NOW, "another")
    assert ids(tmp_path) == list(range(10))
    drop_old(tmp_path, NOW + dt.timedelta(days=25.5), "another")
    assert ids(tmp_path) == list(range(5))


def test_what_was_published_and_what_cannot_be_read_goes(tmp_path, candidate):
    for number in range(4):
        keep(tmp_path, candidate, report_of(number, days=number))
    (tmp_path / "held" / f"{2:012x}" / "report.json").unlink()
    drop_old(tmp_path, NOW, "print-1")
    assert names(tmp_path) == {f"{number:012x}" for number in (0, 3)}


def test_a_work_folder_without_candidates_stays_as_it_is(tmp_path):
    drop_old(tmp_path, NOW, "another")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("written", [None, "", "{", "[]", '"socks"', json.dumps({"id": "1"}), b"\xff"])
def test_a_report_that_cannot_be_read_is_told_and_can_be_dropped(tmp_path, candidate, written):
    held = keep(tmp_path, candidate, report_of(1))
    keep(tmp_path, candidate, report_of(2))
    report = held.folder / "report.json"
    report.unlink()
    if written is not None:
        report.write_bytes(written if isinstance(written, bytes) else written.encode())
    assert ids(tmp_path) == [2]
    with pytest.raises(HeldError, match=f"paperlake held drop {held.id}"):
        read_held(tmp_path, held.id)
    drop(tmp_path, held.id)
    assert names(tmp_path) == {f"{2:012x}"}


def test_where_nothing_is_held_the_folder_is_named(tmp_path):
    with pytest.raises(HeldError, match="expected a candidate in .*held, found none of that id") as caught:
        read_held(tmp_path, "1" * 12)
    assert (caught.value.held, caught.value.exit_code) == ("1" * 12, 1)
