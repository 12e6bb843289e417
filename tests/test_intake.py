"""Files that arrive while a build runs: what is whole is taken, the rest waits for the next run."""

import hashlib
import os
import threading
import time
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from paperlake import intake, open_release
from paperlake.cli import app
from paperlake.dump_lines import read_lines
from paperlake.dumps import Dump
from paperlake.errors import ChangedDumpError
from paperlake.intake import LeftFile, take_in
from paperlake.pipeline import build
from paperlake.release.verify import verify
from paperlake.settings import Settings
from paperlake.steps import PlainSteps
from tests.conftest import build_store

ABSTRACT = "Kettles boil and nobody asks why, so we ask on behalf of everybody who has waited for tea. " * 4


def page(*titles):
    cards = [line for title in titles for line in (title, ABSTRACT + title)]
    return "\n".join(["Get trending papers in your email inbox!", "Subscribe", *cards]) + "\n"


SOCKS, SNAILS = page("On Socks and Their Pairs", "Drawers without End"), page("Snails of the Lower Garden", "On Slime")


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


@pytest.fixture
def naps(monkeypatch):
    """Seconds that were slept, on clocks that only go on while somebody sleeps."""
    slept, start = [], time.time()
    monkeypatch.setattr(intake.time, "sleep", slept.append)
    monkeypatch.setattr(intake.time, "monotonic", lambda: 1_000.0 + sum(slept))
    monkeypatch.setattr(intake.time, "time", lambda: start + 0.5 + sum(slept))
    return slept


def write(path, text):
    path.write_text(text)


class Meanwhile(PlainSteps):
    """Steps that do something once before the one named."""

    def __init__(self, at, happens):
        self.at, self.happens = at, happens

    def map(self, name, step, orders):
        if name == self.at and self.happens:
            happens, self.happens = self.happens, None
            happens()
        return super().map(name, step, orders)


def test_a_file_with_an_unfinished_name_is_left_and_told(raw):
    for name in ("a.txt", "b.txt.part", "c.md.crdownload", "d.txt.filepart"):
        write(raw / name, name)
    taken = take_in(raw)
    assert [dump.path for dump in taken.dumps] == ["a.txt"]
    assert taken.left_as_facts() == [
        {"path": "b.txt.part", "reason": "its name ends in .part"},
        {"path": "c.md.crdownload", "reason": "its name ends in .crdownload"},
        {"path": "d.txt.filepart", "reason": "its name ends in .filepart"},
    ]


def test_a_file_that_somebody_writes_is_left_until_it_holds_still(raw):
    done = threading.Event()

    def grow():
        with (raw / "growing.txt").open("a") as file:
            while not done.wait(0.01):
                file.write("kettle\n")
                file.flush()

    write(raw / "whole.txt", SOCKS)
    writer = threading.Thread(target=grow)
    writer.start()
    while not (raw / "growing.txt").exists():
        time.sleep(0.01)
    try:
        taken = take_in(raw, settle_seconds=0.5)
    finally:
        done.set()
        writer.join()
    assert [dump.path for dump in taken.dumps] == ["whole.txt"]
    [left] = taken.left
    assert left.path == "growing.txt"
    assert left.reason.startswith("it is still written: ")
    assert [dump.path for dump in take_in(raw, settle_seconds=0.05).dumps] == ["growing.txt", "whole.txt"]


def test_a_young_file_that_holds_still_costs_the_rest_of_its_time_and_is_taken(raw, naps):
    write(raw / "young.txt", SOCKS)
    assert [dump.path for dump in take_in(raw, settle_seconds=2).dumps] == ["young.txt"]
    assert sum(naps) == pytest.approx(1.5, abs=0.4)


def test_nobody_waits_for_old_files_or_for_known_ones(raw, naps, monkeypatch):
    write(raw / "known.txt", SOCKS)
    known = hashlib.sha256(SOCKS.encode()).hexdigest()
    assert take_in(raw, {known}, 2).left == ()
    start = time.time()
    monkeypatch.setattr(intake.time, "time", lambda: start + 60)
    assert take_in(raw, (), 2).left == ()
    assert sum(naps) == 0


def test_without_a_time_to_settle_nobody_waits(raw, naps):
    write(raw / "young.txt", SOCKS)
    assert [dump.path for dump in take_in(raw).dumps] == ["young.txt"]
    assert sum(naps) == 0


def test_a_date_in_the_future_costs_one_wait_and_leaves_nothing_for_ever(raw, naps):
    write(raw / "from-tomorrow.txt", SOCKS)
    os.utime(raw / "from-tomorrow.txt", (time.time() + 86_400,) * 2)
    assert [dump.path for dump in take_in(raw, settle_seconds=2).dumps] == ["from-tomorrow.txt"]
    assert sum(naps) == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (lambda path: path.unlink(), "it went away meanwhile"),
        (lambda path: path.write_text(SOCKS + SNAILS), "it is still written: {:,} bytes, a moment later {:,}"),
        (lambda path: os.utime(path, (1, 1)), "it is still written"),
    ],
)
def test_what_changes_while_it_is_looked_at_is_left(raw, monkeypatch, happens, reason):
    write(raw / "a.txt", SOCKS)
    write(raw / "b.txt", SNAILS)
    hash_dump = intake.hash_dump

    def hash_slowly(path):
        found = hash_dump(path)
        if Path(path).name == "a.txt":
            happens(Path(path))
        return found

    monkeypatch.setattr(intake, "hash_dump", hash_slowly)
    taken = take_in(raw)
    assert [dump.path for dump in taken.dumps] == ["b.txt"]
    assert [file.reason for file in taken.left] == [reason.format(len(SOCKS), len(SOCKS + SNAILS))]


def test_what_goes_away_before_it_is_hashed_is_left(raw, monkeypatch):
    write(raw / "a.txt", SOCKS)
    monkeypatch.setattr(intake, "list_names", lambda _: ["a.txt", "gone.txt"])
    taken = take_in(raw)
    assert (len(taken.dumps), taken.left) == (1, (LeftFile("gone.txt", "it went away meanwhile"),))


def test_of_equal_files_the_one_that_changes_hides_no_other(raw, monkeypatch):
    write(raw / "a.txt", SOCKS)
    write(raw / "b.txt", SOCKS)
    find_change = intake._find_change
    monkeypatch.setattr(intake, "_find_change", lambda one: "x" if one.dump.path == "a.txt" else find_change(one))
    assert [dump.path for dump in take_in(raw).dumps] == ["b.txt"]


@pytest.mark.parametrize("text", [SOCKS[:-1], SOCKS + "x", SOCKS.replace("Socks", "Rocks"), None])
def test_other_bytes_than_those_found_are_never_read(raw, text):
    path, found = raw / "a.txt", Dump("a.txt", hashlib.sha256(SOCKS.encode()).hexdigest(), len(SOCKS.encode()))
    write(path, SOCKS)
    assert read_lines(path, "a.txt", Settings(), found)[2] == "On Socks and Their Pairs"
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises(ChangedDumpError, match=r"a\.txt: expected the bytes that were found there before"):
        read_lines(path, "a.txt", Settings(), found)


def test_a_dump_that_grew_past_a_limit_is_no_reject_of_what_it_was(raw):
    write(raw / "a.txt", "12345")
    with pytest.raises(ChangedDumpError):
        read_lines(raw / "a.txt", "a.txt", Settings(max_dump_bytes=4), Dump("a.txt", "0" * 64, 4))


@pytest.mark.parametrize(
    "happens",
    [
        lambda path: path.write_text(SOCKS + SNAILS),
        lambda path: path.write_text(SOCKS.replace("Socks", "Rocks")),
        lambda path: path.unlink(),
    ],
)
def test_a_dump_that_changes_between_finding_and_reading_is_left_for_the_next_run(raw, tmp_path, happens):
    write(raw / "2026-03-01.txt", SOCKS)
    write(raw / "2026-03-02.txt", SNAILS)
    settings = Settings(raw=raw, store=tmp_path / "store")
    first = build(settings, Meanwhile("extract", lambda: happens(raw / "2026-03-01.txt")))
    assert (first.is_new, first.n_dumps_new, first.rejected_dumps) == (True, 1, [])
    assert [file["path"] for file in first.dumps_left] == ["2026-03-01.txt"]
    (raw / "2026-03-01.txt").write_text(page("Socks, Whole at Last", "More of Them"))
    second = build(settings, PlainSteps())
    assert (second.is_new, second.n_dumps_new, second.dumps_left) == (True, 1, [])
    dumps = open_release(settings.store).read("dumps")
    for path, dump_id in dumps.select("path", "dump_id").rows():
        assert hashlib.sha256((raw / path).read_bytes()).hexdigest() == dump_id
    assert "Socks, Whole at Last" in open_release(settings.store).read("papers")["title"].to_list()
    assert verify(settings.store) == []


def test_a_build_ends_where_every_file_changes_whenever_it_is_looked_at(raw, tmp_path):
    class Restless(PlainSteps):
        def map(self, name, step, orders):
            if name == "extract":
                for path in raw.glob("?.txt"):
                    path.write_text(path.read_text() + "more\n")
            return super().map(name, step, orders)

    for name in "abc":
        write(raw / f"{name}.txt", page(f"Kettle {name}"))
    write(raw / "still.md", SNAILS)
    report = build(Settings(raw=raw, store=tmp_path / "store"), Restless())
    assert [file["path"] for file in report.dumps_left] == ["a.txt", "b.txt", "c.txt"]
    assert open_release(tmp_path / "store").read("dumps")["path"].to_list() == ["still.md"]


def test_a_half_written_file_never_enters_and_the_whole_one_does(raw, tmp_path):
    write(raw / "still.txt", SNAILS)
    lines, begun = page(*(f"Kettle of Number {n}" for n in range(40))).splitlines(keepends=True), threading.Event()

    def arrive():
        with (raw / "slow.txt").open("w") as file:
            for line in lines:
                file.write(line)
                file.flush()
                begun.set()
                time.sleep(0.02)

    writer = threading.Thread(target=arrive)
    writer.start()
    begun.wait()
    first = build_store(raw, tmp_path / "store", settle_seconds=0.5)
    assert [file["path"] for file in first.dumps_left] == ["slow.txt"]
    writer.join()
    second = build_store(raw, tmp_path / "store", settle_seconds=0.5)
    assert (second.n_dumps_new, second.dumps_left) == (1, [])
    [slow] = open_release(tmp_path / "store").read("dumps").filter(pl.col("path") == "slow.txt").to_dicts()
    assert (slow["n_papers"], slow["dump_id"]) == (40, hashlib.sha256("".join(lines).encode()).hexdigest())


def test_what_people_wrote_about_a_file_that_is_left_is_no_fault_and_counts_later(raw, tmp_path):
    write(raw / "a.txt", SOCKS)
    write(raw / "b.txt", SNAILS)
    (raw / "dumps.toml").write_text('["a.txt"]\nlicence = "CC0-1.0"\n')
    (raw / "curation").mkdir()
    correction = (
        '[[correction]]\ndump = "a.txt"\nline = 3\ncolumn = "title"\nfrom = "Pairs"\nto = "Peers"\nwhy = "so"\n'
    )
    (raw / "curation" / "corrections.toml").write_text(correction)
    settings = Settings(raw=raw, store=tmp_path / "store")
    first = build(settings, Meanwhile("extract", lambda: os.truncate(raw / "a.txt", len(SOCKS) - 1)))
    assert [file["path"] for file in first.dumps_left] == ["a.txt"]
    build(settings, PlainSteps())
    release = open_release(settings.store)
    assert release.read("dumps").sort("path")["licence"].to_list() == ["CC0-1.0", None]
    assert "On Socks and Their Peers" in release.read("papers")["title"].to_list()


def test_what_people_wrote_about_a_dump_of_the_store_stays_while_its_file_changes(raw, tmp_path):
    write(raw / "a.txt", SOCKS)
    (raw / "dumps.toml").write_text('["a.txt"]\nlicence = "CC0-1.0"\n')
    settings = Settings(raw=raw, store=tmp_path / "store")
    build(settings, PlainSteps())
    write(raw / "a.txt", SOCKS + SNAILS)
    (raw / "b.txt").write_text(page("On Lids"))
    report = build(settings, Meanwhile("extract", lambda: os.truncate(raw / "a.txt", 9)))
    assert (report.n_dumps_new, [file["path"] for file in report.dumps_left]) == (1, ["a.txt"])
    dumps = open_release(settings.store).read("dumps")
    assert dumps.select("path", "licence").rows() == [("a.txt", "CC0-1.0"), ("b.txt", None)]


def test_the_command_tells_what_it_left(raw, tmp_path):
    write(raw / "a.txt", SOCKS)
    write(raw / "b.txt.part", SNAILS)
    arguments = ["build", "--raw", str(raw), "--store", str(tmp_path / "store")]
    told = "left for the next run: b.txt.part: its name ends in .part"
    assert told in CliRunner().invoke(app, arguments).stdout
    again = CliRunner().invoke(app, arguments)
    assert (again.exit_code, "nothing changed" in again.stdout, told in again.stdout) == (0, True, True)
    reported = CliRunner().invoke(app, [*arguments, "--json"]).stdout
    assert '"path": "b.txt.part"' in reported
    (raw / "b.txt.part").rename(raw / "b.txt")
    assert "release 2 published (1 new dump)" in CliRunner().invoke(app, arguments).stdout
