"""`paperlake build --dry-run`: it tells what the build then does, and writes nothing anywhere."""

import hashlib
import json
import shutil
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from paperlake import match_index, open_release
from paperlake.cli import app
from paperlake.errors import BreakingContractError, StoreError
from paperlake.pipeline import build
from paperlake.planning.plan import plan_build
from paperlake.schemas import TABLES
from paperlake.settings import Settings
from paperlake.steps import PlainSteps
from paperlake.stores import open_store
from paperlake.work import take_turn
from tests.conftest import SAMPLES
from tests.s3_servers import BUCKET, environment, moto_server
from tests.test_intake import SNAILS, SOCKS, page
from tests.test_pipeline import DUMPS, add

FURNITURE = "Get trending papers in your email inbox!\nSubscribe\n"


@pytest.fixture(scope="module")
def endpoint():
    with moto_server() as started:
        yield started


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(raw, tmp_path):
    return Settings(raw=raw, store=tmp_path / "store")


def listing(*folders: Path) -> dict[str, tuple]:
    """Everything below folders, with size, date and bytes."""
    return {
        str(path): (path.lstat().st_mode, path.lstat().st_size, path.lstat().st_mtime_ns, digest(path))
        for folder in folders
        for path in (folder, *folder.rglob("*"))
        if path.is_symlink() or path.exists()
    }


def digest(path: Path) -> str:
    if path.is_symlink():
        return str(path.readlink())
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def planned(settings, accept=()):
    """The plan; nothing was written below the folder that holds raw files and store."""
    base = settings.raw.parent
    before = listing(base)
    plan = plan_build(settings, PlainSteps(), accept)
    assert listing(base) == before
    return plan


def agrees(plan, settings, accept=()):
    """The report of the build, which does what was planned."""
    report = build(settings, PlainSteps(), accept=accept)
    told = (plan.is_new, plan.version, plan.fingerprint, plan.n_dumps_new, plan.counts)
    assert told == (report.is_new, report.version, report.fingerprint, report.n_dumps_new, report.counts)
    assert plan.dumps_left == report.dumps_left
    if report.is_new:
        gates = open_release(settings.store).manifest["facts"]["gates"]
        named = ("gate", "passed", "is_accepted", "finding")
        assert [[gate[name] for name in named] for gate in plan.gates] == [
            [gate[name] for name in named] for gate in gates
        ]
    return report


def test_the_first_build_is_planned_as_it_comes_out_and_no_store_is_made(settings, sample_store):
    add(settings.raw, DUMPS)
    plan = planned(settings)
    assert not Path(settings.store).exists()
    assert plan.fingerprint == open_release(sample_store).manifest["fingerprint"]
    assert {one.new for one in plan.tables if TABLES[one.table].is_content and one.new != one.after} == set()
    assert [dump["what"] for dump in plan.dumps] == ["new"] * len(DUMPS)
    assert [dump["reason"] for dump in plan.dumps if dump["status"] == "rejected"] == ["no_papers"]
    agrees(plan, settings)


def test_an_increment_is_planned_as_it_comes_out(settings):
    add(settings.raw, DUMPS[:-3])
    build(settings, PlainSteps())
    add(settings.raw, DUMPS)
    (settings.raw / "late.txt.part").write_text("half")
    plan = planned(settings)
    assert (plan.parent, plan.version, len(plan.dumps), len(plan.dumps_left)) == (1, 2, 3, 1)
    agrees(plan, settings)
    before, after = open_release(settings.store, 1), open_release(settings.store, 2)
    for one in plan.tables:
        if not TABLES[one.table].is_content:
            assert (one.new, one.changed, one.gone) == (None, None, None)
            continue
        key = list(TABLES[one.table].key)
        old, new = before.read(one.table), after.read(one.table)
        assert one.new == new.join(old, on=key, how="anti").height
        assert one.gone == old.join(new, on=key, how="anti").height
        assert one.changed == new.height - one.new - new.join(old, on=new.columns, nulls_equal=True).height
    changes = after.read("changes")
    assert sum(sum(causes.values()) for causes in plan.causes.values()) == changes.unique(["table", "key"]).height


def test_a_retraction_is_planned_as_it_comes_out(settings):
    for name, text in (("a.txt", SOCKS), ("b.txt", SNAILS), ("c.txt", page("On Lids"))):
        (settings.raw / name).write_text(text)
    build(settings, PlainSteps())
    (settings.raw / "curation").mkdir()
    line = f"when,who,dump,why\n2026-03-14,mira,{hashlib.sha256(SNAILS.encode()).hexdigest()[:16]},a test page\n"
    (settings.raw / "curation" / "retractions.csv").write_text(line)
    plan = planned(settings)
    assert [(dump["what"], dump["path"]) for dump in plan.dumps] == [("taken back", "b.txt")]
    [papers] = [one for one in plan.tables if one.table == "papers"]
    assert (papers.new, papers.changed, papers.gone) == (0, 0, 2)
    assert plan.causes["papers"] == {"retraction": 2}
    agrees(plan, settings)


def test_a_note_has_its_dump_planned_as_read_again(settings):
    (settings.raw / "a.txt").write_text(SOCKS)
    build(settings, PlainSteps())
    (settings.raw / "dumps.toml").write_text('["a.txt"]\nlicence = "CC0-1.0"\n')
    plan = planned(settings)
    assert [(dump["what"], dump["path"]) for dump in plan.dumps] == [("read again", "a.txt")]
    [dumps] = [one for one in plan.tables if one.table == "dumps"]
    assert (dumps.new, dumps.changed, dumps.gone) == (0, 1, 0)
    agrees(plan, settings)


@pytest.mark.parametrize("is_tidied", [False, True])
def test_nothing_new_is_planned_as_nothing(settings, is_tidied):
    (settings.raw / "a.txt").write_text(SOCKS)
    build(settings, PlainSteps())
    if is_tidied:
        shutil.rmtree(settings.work)
    plan = planned(settings)
    assert (plan.is_new, plan.dumps, plan.holding) == (False, [], [])
    assert {one.new for one in plan.tables if TABLES[one.table].is_content} == {0}
    assert agrees(plan, settings).version == 1


def test_a_new_dump_without_papers_of_its_own_is_planned_as_it_comes_out(settings):
    (settings.raw / "a.txt").write_text(SOCKS)
    build(settings, PlainSteps())
    (settings.raw / "b.txt").write_text(FURNITURE)
    plan = planned(settings)
    assert [dump["status"] for dump in plan.dumps] == ["rejected"]
    agrees(plan, settings)


def test_a_gate_that_would_hold_is_told_and_nothing_is_kept(settings):
    (settings.raw / "a.txt").write_text(SOCKS)
    build(settings, PlainSteps())
    lonely = "\n".join(f"Lonely Title Number {n}" for n in range(4))
    (settings.raw / "b.txt").write_text(f"{FURNITURE}On Lids\n{SOCKS.splitlines()[3]}\n{lonely}\n")
    plan = planned(settings)
    assert (plan.is_new, plan.version) == (False, 2)
    assert [gate["gate"] for gate in plan.holding] == ["reject_share"]
    arguments = ["build", "--raw", str(settings.raw), "--store", str(settings.store), "--dry-run"]
    before = listing(settings.raw.parent)
    told = CliRunner().invoke(app, arguments)
    machines = CliRunner().invoke(app, [*arguments, "--json"])
    assert listing(settings.raw.parent) == before
    assert (told.exit_code, machines.exit_code) == (3, 3)
    assert "1 gate would hold release 2" in told.stdout
    assert "gate reject_share: expected at most 50% of records rejected" in told.stdout
    assert (json.loads(machines.stdout)["is_held"], json.loads(machines.stdout)["is_new"]) == (True, False)
    accepted = planned(settings, ("reject_share",))
    assert (accepted.is_new, accepted.holding) == (True, [])
    agrees(accepted, settings, ("reject_share",))


def test_no_papers_are_planned_as_a_gate_that_nobody_can_accept(settings):
    plan = planned(settings)
    assert [(gate["gate"], gate["is_final"]) for gate in plan.holding] == [("has_papers", True)]


def test_a_plan_matches_only_what_is_new(settings, monkeypatch):
    (settings.raw / "a.txt").write_text(SOCKS)
    build(settings, PlainSteps())
    (settings.raw / "b.txt").write_text(page("On Lids"))
    matched, enter = [], match_index._extend
    monkeypatch.setattr(
        match_index, "_extend", lambda folder, index, facts: matched.append(facts.height) or enter(folder, index, facts)
    )
    assert planned(settings).is_new
    assert matched == [1]


def test_a_plan_waits_for_a_build_and_reads_what_that_published(settings):
    (settings.raw / "a.txt").write_text(SOCKS)
    build(settings, PlainSteps())
    plans: list = []
    with take_turn(settings.work):
        planner = threading.Thread(target=lambda: plans.append(plan_build(settings, PlainSteps())))
        planner.start()
        planner.join(1)
        assert (planner.is_alive(), plans) == (True, [])
    planner.join()
    assert [plan.is_new for plan in plans] == [False]


def test_a_lost_log_stops_a_plan_as_it_stops_a_build(settings):
    (settings.raw / "a.txt").write_text(SOCKS)
    build(settings, PlainSteps())
    shutil.rmtree(Path(settings.store) / "_log")
    with pytest.raises(StoreError, match="expected a record of release 1"):
        plan_build(settings, PlainSteps())


def test_a_contract_that_changes_more_than_it_declares_stops_a_plan(settings, monkeypatch):
    (settings.raw / "a.txt").write_text(SOCKS)
    build(settings, PlainSteps())
    (settings.raw / "b.txt").write_text(SNAILS)
    from paperlake.release.contract import contract_text

    changed = contract_text().replace("name: papers", "name: sheets", 1)
    monkeypatch.setattr("paperlake.release_stages.contract_text", lambda: changed)
    with pytest.raises(BreakingContractError):
        plan_build(settings, PlainSteps())


def test_the_command_shows_the_plan(settings):
    (settings.raw / "a.txt").write_text(SOCKS)
    arguments = ["build", "--raw", str(settings.raw), "--store", str(settings.store), "--dry-run"]
    told = CliRunner().invoke(app, arguments)
    assert told.exit_code == 0
    assert "release 1 would be published (1 dump to read); nothing was written" in told.stdout
    assert "new: a.txt: compact, papers 2, rejects 0" in told.stdout
    assert not Path(settings.store).exists()
    build(settings, PlainSteps())
    assert "nothing would change: release 1 stands" in CliRunner().invoke(app, arguments).stdout


def test_a_plan_of_a_store_in_a_bucket_writes_nothing_there(endpoint, raw, tmp_path, monkeypatch):
    for name, value in environment(endpoint).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    settings = Settings(raw=raw, store=f"s3://{BUCKET}/{tmp_path.name}")
    (raw / "a.txt").write_text(SOCKS)
    store = open_store(settings.store)

    def kept():
        return {name: (file.n_bytes, file.written, store.hash(name)) for name, file in store.files("").items()}

    first = planned(settings)
    assert (kept(), settings.work.exists()) == ({}, False)
    agrees(first, settings)
    (raw / "b.txt").write_text(SNAILS)
    before = kept()
    second = planned(settings)
    assert kept() == before != {}
    agrees(second, settings)
    assert planned(settings).is_new is False


def test_the_samples_are_planned_from_the_command_line(tmp_path):
    arguments = ["build", "--raw", str(SAMPLES), "--store", str(tmp_path / "store"), "--dry-run", "--json"]
    plan = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert (plan["is_new"], plan["counts"]["papers"], list(tmp_path.iterdir())) == (True, 114, [])
