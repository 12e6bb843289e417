"""The whole way from dumps to a release, on the sample dumps."""

import hashlib
import re
import shutil
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from paperlake import match_index, match_parts, match_stages, open_release, stages, versions
from paperlake.dumps import find_dumps
from paperlake.errors import GateError, StoreError
from paperlake.pipeline import build
from paperlake.release.verify import verify
from paperlake.schemas import TABLES
from paperlake.settings import Settings
from paperlake.steps import PlainSteps
from tests.conftest import SAMPLES, build_store
from tests.release_faults import after, die, kill_every, run

DUMPS = [SAMPLES / dump.path for dump in find_dumps(SAMPLES)]

DRAWS_CHARTS = True


def bytes_of(store: Path) -> dict[str, str]:
    release = open_release(store).path
    return {
        p.relative_to(release).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in release.rglob("*")
        if p.is_file()
    }


def add(raw: Path, dumps: Sequence[Path]) -> None:
    """Copy dumps into a raw folder, with what people wrote about those that are there."""
    for dump in dumps:
        shutil.copy(dump, raw)
    shutil.copytree(SAMPLES / "curation", raw / "curation", dirs_exist_ok=True)
    write_entries(raw, "dumps.toml", "\n[")
    write_entries(raw, "curation/corrections.toml", "\n[[")


def write_entries(raw: Path, name: str, start: str) -> None:
    """Write a file of the samples with its entries on dumps that are there."""
    head, *entries = (SAMPLES / name).read_text().split(start)
    there = [entry for entry in entries if (raw / entry.split('"')[1]).exists()]
    (raw / name).write_text(start.join([head, *there]))


def letters(text: str) -> str:
    """ASCII letters alone: tools escape the rest, each in its own way."""
    return re.sub(r"\\u[0-9a-f]{4}|\\n|&\w+;|[^A-Za-z]", "", text)


def test_the_samples_give_a_whole_release(sample_store):
    release = open_release(sample_store)
    assert release.version == 1
    assert verify(sample_store) == []
    assert release["papers"].collect().height >= 60
    assert release["dumps"].filter(pl.col("status") == "rejected").collect()["reason"].to_list() == ["no_papers"]


def test_every_value_leads_to_a_line_of_a_dump(sample_store):
    release = open_release(sample_store)
    rows = release["appearances"].join(release["dumps"].select("dump_id", "path"), on="dump_id").collect()
    for row in rows.iter_rows(named=True):
        text = (SAMPLES / row["path"]).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        block = letters("".join(text.split("\n")[row["line_start"] - 1 : row["line_end"]]))
        for value in (row["title_raw"], row["abstract_raw"] or ""):
            for line in value.split("\n"):
                assert letters(line)[:30] in block


def test_a_store_of_another_contract_is_told_and_left_alone(tmp_path, monkeypatch):
    build_store(SAMPLES, tmp_path / "store")
    monkeypatch.setattr("paperlake.due.CONTRACT_VERSION", "99.0.0")
    with pytest.raises(StoreError, match="expected contract 99.0.0, found"):
        build_store(SAMPLES, tmp_path / "store")
    assert len(versions(tmp_path / "store")) == 1


def test_a_second_build_publishes_nothing(tmp_path):
    first = build_store(SAMPLES, tmp_path / "store")
    again = build_store(SAMPLES, tmp_path / "store")
    assert (first.is_new, again.is_new) == (True, False)
    assert again.version == 1
    assert len(versions(tmp_path / "store")) == 1


def test_two_builds_give_identical_bytes(sample_store, tmp_path):
    build_store(SAMPLES, tmp_path / "store")
    assert bytes_of(tmp_path / "store") == bytes_of(sample_store)


@pytest.mark.parametrize("at_a_time", [1, 4])
def test_one_run_or_many_give_the_same_release(sample_store, tmp_path, at_a_time):
    raw, store = tmp_path / "raw", tmp_path / "store"
    raw.mkdir()
    for start in range(0, len(DUMPS), at_a_time):
        add(raw, DUMPS[start : start + at_a_time])
        report = build_store(raw, store)
        assert report.n_dumps_new == len(DUMPS[start : start + at_a_time])
    whole, parts = open_release(sample_store), open_release(store)
    assert parts.manifest["fingerprint"] == whole.manifest["fingerprint"]
    for name, table in TABLES.items():
        if table.is_content:
            assert parts[name].collect().equals(whole[name].collect()), name
    assert verify(store) == []


def test_batches_make_no_difference(sample_store, tmp_path):
    build_store(SAMPLES, tmp_path / "store", batch_bytes=1)
    assert bytes_of(tmp_path / "store") == bytes_of(sample_store)


def test_a_new_dump_changes_what_it_touches_and_says_why(tmp_path):
    raw, store = tmp_path / "raw", tmp_path / "store"
    raw.mkdir()
    for dump in DUMPS[:-1]:
        shutil.copy(dump, raw)
    build_store(raw, store)
    shutil.copy(DUMPS[-1], raw)
    build_store(raw, store)
    before, after = open_release(store, 1), open_release(store, 2)
    changes = after["changes"].collect()
    assert set(changes["cause"]) == {"new_dump"}
    n_added = after["papers"].collect().height - before["papers"].collect().height
    assert changes.filter(pl.col("table") == "papers", pl.col("change") == "added").height == n_added > 0
    history = after["id_history"].collect()
    assert history["release"].to_list() == [1] * before["papers"].collect().height + [2] * n_added
    old = before["papers"].select("paper_id").collect()
    assert old.join(after["papers"].collect(), on="paper_id", how="anti").is_empty()


def test_the_store_needs_the_raw_dumps_no_more(tmp_path):
    raw, store = tmp_path / "raw", tmp_path / "store"
    shutil.copytree(SAMPLES, raw)
    build_store(raw, store)
    for dump in DUMPS[1:]:
        (raw / dump.name).unlink()
    write_entries(raw, "dumps.toml", "\n[")
    shutil.rmtree(store / ".work")
    assert build_store(raw, store).is_new is False


class Dying(PlainSteps):
    """Steps that die before the one named."""

    def __init__(self, at: str) -> None:
        self.at, self.done = at, []

    def call(self, name, step, *arguments):
        if name == self.at:
            raise KeyboardInterrupt(name)
        self.done.append(name)
        return super().call(name, step, *arguments)


@pytest.mark.parametrize("at", ["normalise", "pair", "match", "resolve", "assemble", "check", "publish"])
def test_a_run_that_died_goes_on_where_it_stopped(sample_store, tmp_path, monkeypatch, at):
    settings = Settings(raw=SAMPLES, store=tmp_path / "store")
    with pytest.raises(KeyboardInterrupt):
        build(settings, Dying(at))
    monkeypatch.setattr(stages, "extract_dumps", lambda *_: pytest.fail("extracted again"))
    if at in ("pair", "match", "resolve", "assemble", "check", "publish"):
        monkeypatch.setattr(match_index, "enter", lambda *_: pytest.fail("entered the index again"))
    if at in ("resolve", "assemble", "check", "publish"):
        monkeypatch.setattr(match_parts, "weigh", lambda *_: pytest.fail("matched again"))
    if at in ("assemble", "check", "publish"):
        monkeypatch.setattr(match_stages, "resolve_identity", lambda *_: pytest.fail("resolved again"))
    build(settings, PlainSteps())
    assert bytes_of(tmp_path / "store") == bytes_of(sample_store)


def test_only_refused_dumps_publish_nothing(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "page.txt").write_text("Get trending papers in your email inbox!\nSubscribe")
    with pytest.raises(GateError, match="has_papers"):
        build_store(tmp_path / "raw", tmp_path / "store", accept=("has_papers",))
    assert versions(tmp_path / "store") == []


def test_a_gate_that_nobody_can_accept_says_so(tmp_path):
    (tmp_path / "raw").mkdir()
    with pytest.raises(GateError, match="Nobody can accept has_papers"):
        build_store(tmp_path / "raw", tmp_path / "store")


def test_a_held_candidate_is_kept_and_can_be_accepted(tmp_path):
    raw, store = tmp_path / "raw", tmp_path / "store"
    raw.mkdir()
    abstract = "Kettles boil and nobody asks why. " * 12
    lines = [
        "Get trending papers in your email inbox!",
        "On Socks",
        abstract,
        *(f"Lonely Title Number {n}" for n in range(4)),
    ]
    (raw / "a.txt").write_text("\n".join(lines))
    with pytest.raises(GateError, match="--accept reject_share") as caught:
        build_store(raw, store)
    assert (Path(caught.value.candidate) / "papers" / "00000.parquet").exists()
    report = build_store(raw, store, accept=("reject_share",))
    assert report.is_new
    [gate] = [gate for gate in open_release(store).manifest["facts"]["gates"] if not gate["passed"]]
    assert (gate["gate"], gate["is_accepted"]) == ("reject_share", True)


def plain(value):
    """A value of pandas as Polars gives it."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    return None if pd.isna(value) else value


@pytest.mark.parametrize("table", TABLES)
def test_every_reader_reads_the_same(sample_store, table):
    release = open_release(sample_store)
    ours = release[table].collect()
    pattern = (release.path / table / "*.parquet").as_posix()
    duck = duckdb.connect().execute(f"SELECT * FROM read_parquet('{pattern}')").fetchall()
    assert [tuple(row) for row in duck] == ours.rows()
    frame = pd.read_parquet(release.path / table)
    theirs = {name: [plain(value) for value in frame[name]] for name in frame.columns}
    assert theirs == ours.to_dict(as_series=False)
    schemas = {pq.read_schema(path).to_string() for path in (release.path / table).iterdir()}
    assert len(schemas) == 1


def test_a_dump_set_aside_is_tried_again_under_other_limits(sample_store, tmp_path):
    most = sorted(path.stat().st_size for path in DUMPS)[-2]
    first = build_store(SAMPLES, tmp_path / "store", max_dump_bytes=most)
    assert [dump["reason"] for dump in first.rejected_dumps] == ["no_papers", "too_large"]
    assert build_store(SAMPLES, tmp_path / "store", max_dump_bytes=most).is_new is False
    second = build_store(SAMPLES, tmp_path / "store")
    assert (second.is_new, second.n_dumps_new) == (True, 2)
    stores = {"whole": sample_store, "late": tmp_path / "store"}
    titles = {name: set(open_release(store).read("papers")["title"]) for name, store in stores.items()}
    assert titles["late"] == titles["whole"]
    assert open_release(tmp_path / "store").read("dumps")["sequence"].is_sorted()


def test_a_dump_that_stays_set_aside_changes_nothing(tmp_path):
    build_store(SAMPLES, tmp_path / "store")
    again = build_store(SAMPLES, tmp_path / "store", max_line_chars=90_000)
    assert (again.is_new, again.n_dumps_new) == (False, 1)


def test_builds_at_once_take_turns(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: build_store(SAMPLES, tmp_path / "store"), range(4)))
    assert sorted(report.is_new for report in reports) == [False, False, False, True]
    assert verify(tmp_path / "store") == []


def test_nothing_is_left_behind(sample_store):
    assert sorted(p.name for p in sample_store.iterdir() if p.name != ".lock") == [
        ".work",
        "_log",
        "latest",
        "latest.json",
        "releases",
    ]
    kinds = {path.name.split("-")[0] for path in (sample_store / ".work").iterdir()}
    assert kinds <= {"normalised", "matching", "near", "ledger", "file", ".lock"}


def build_and_die(raw, store, n_steps):
    """Nothing: the process is killed before the step of publishing behind so many."""
    fault = after(n_steps, die)
    build(Settings(raw=raw, store=store), PlainSteps(), fault=lambda _: fault())


@pytest.mark.slow
def test_a_build_killed_while_publishing_leaves_whole_releases_and_the_next_one_heals(tmp_path):
    raw, old = tmp_path / "raw", tmp_path / "old"
    raw.mkdir()
    shutil.copy(DUMPS[0], raw)
    build_store(raw, old)
    shutil.copy(DUMPS[1], raw)
    steps: list[str] = []
    build(
        Settings(raw=raw, store=shutil.copytree(old, tmp_path / "counted", symlinks=True)),
        PlainSteps(),
        fault=steps.append,
    )
    wanted = open_release(tmp_path / "counted").manifest["fingerprint"]
    for number in range(0, len(steps), kill_every(3)):
        store = shutil.copytree(old, tmp_path / f"store-{number}", symlinks=True)
        assert run(build_and_die, raw, store, number) == -signal.SIGKILL, steps[number]
        assert open_release(store).version in (1, 2)
        assert verify(store, open_release(store).version) == []
        build_store(raw, store)
        assert (open_release(store).version, open_release(store).manifest["fingerprint"]) == (2, wanted), steps[number]
        assert verify(store) == []
