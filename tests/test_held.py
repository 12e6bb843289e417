"""Candidates that a gate held: kept with a report, shown, published exactly as they were, or dropped."""

import json
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import typer
from benchmarks.page_writers import invent, write_page
from typer.testing import CliRunner

from paperlake import cli, held_commands, open_release, versions
from paperlake import work as work_files
from paperlake.errors import ContractError, GateError
from paperlake.release.held_folder import list_held, read_held
from paperlake.release.verify import verify
from paperlake.release_stages import release_held
from paperlake.settings import Settings
from tests.conftest import build_store
from tests.s3_servers import BUCKET, environment, moto_server

ABSTRACT = "Kettles boil and nobody asks why, though the answer is short. " * 8
GATES = ("reject_share", "links_per_paper")
ACCEPT = ("--accept", GATES[0], "--accept", GATES[1])


def bad_page() -> str:
    """Thirty papers without a link, then twenty titles without an abstract."""
    papers = [line for n in range(30) for line in (f"On Socks of Size {n}", f"{n} snails. {ABSTRACT}")]
    return "\n".join(
        ["Get trending papers in your email inbox!", *papers, *(f"Lonely Title Number {n}" for n in range(20))]
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A raw folder, and a store with one release and a candidate on top of it that two gates hold."""
    folder = tmp_path_factory.mktemp("held")
    raw, store = folder / "raw", folder / "store"
    raw.mkdir()
    (raw / "a.md").write_text(write_page("firecrawl", invent(8, seed=3), captured_on=date(2026, 7, 20)).text)
    build_store(raw, store)
    (raw / "b.txt").write_text(bad_page())
    with pytest.raises(GateError) as caught:
        build_store(raw, store)
    return folder, caught.value


@pytest.fixture
def raw(made, tmp_path) -> Path:
    return shutil.copytree(made[0] / "raw", tmp_path / "raw")


@pytest.fixture
def store(made, tmp_path) -> Path:
    return shutil.copytree(made[0] / "store", tmp_path / "store", symlinks=True)


@pytest.fixture
def held_id(made) -> str:
    return made[1].held


def call(*arguments):
    app = typer.Typer()
    app.add_typer(held_commands.app, name="held")
    return CliRunner().invoke(app, ["held", *map(str, arguments)])


def held_ids(store: Path) -> list[str]:
    return [held.id for held in list_held(store / ".work")]


def test_the_error_names_the_candidate_and_both_ways_on(made, held_id):
    error = made[1]
    assert [gate for gate, _ in error.failures] == list(GATES)
    assert Path(error.candidate) == made[0] / "store" / ".work" / "held" / held_id
    assert (len(held_id), error.exit_code) == (12, 3)
    for said in (
        f"`paperlake held show {held_id} --store {made[0] / 'store'}`",
        f"`paperlake held publish {held_id} {' '.join(ACCEPT)} --store {made[0] / 'store'}`",
        "mend the dumps or the rules, and build again",
    ):
        assert said in str(error)


def test_the_command_of_the_error_names_gates_that_were_accepted_too(raw, store, held_id):
    with pytest.raises(GateError, match=f"held publish {held_id} {' '.join(ACCEPT)} --store") as caught:
        build_store(raw, store, accept=("reject_share",))
    assert [gate for gate, _ in caught.value.failures] == ["links_per_paper"]
    assert held_ids(store) == [held_id], "the same candidate held twice is one"


def test_the_report_tells_what_a_person_needs(store, held_id):
    shown = call("show", held_id, "--store", store, "--json")
    report = json.loads(shown.stdout)
    assert json.loads((store / ".work" / "held" / held_id / "report.json").read_text()) == {
        name: value for name, value in report.items() if name != "why_not"
    }
    before, after = report["quality"]["before"], report["quality"]["after"]
    assert (report["id"], report["parent"], report["why_not"], report["is_acceptable"]) == (held_id, 1, None, True)
    assert (before["n_papers"], after["n_papers"]) == (8, 38)
    assert report["counts"]["rejects"] == {"before": 0, "after": 20}
    assert [(dump["path"], dump["n_papers"], dump["n_rejects"]) for dump in report["new_dumps"]] == [("b.txt", 30, 20)]
    assert report["dumps_set_aside"] == []
    assert report["rules_version"] == report["facts"]["rules_version"]
    assert report["facts"]["corrections"] == []
    failing = {gate["gate"]: gate for gate in report["gates"] if not gate["passed"]}
    assert tuple(failing) == GATES
    assert "found 34.5%" in failing["reject_share"]["finding"]
    [rejects] = failing["reject_share"]["subjects"]
    assert (rejects["n_rows"], rejects["rows"][0]["text"]) == (20, "Lonely Title Number 0")


def test_the_report_is_read_on_a_terminal(store, held_id, monkeypatch):
    monkeypatch.setenv("COLUMNS", "90")
    shown = call("show", held_id, "--store", store)
    assert shown.exit_code == 0
    for said in (f"candidate {held_id}", "based on release 1", f"held publish {held_id} {' '.join(ACCEPT)}", "34.5%"):
        assert said in shown.stdout
    for heading in (
        "rejects (the first 5 of 20)",
        "new papers without a link (the first 5 of 30)",
        "new dumps",
        "quality",
    ):
        assert heading in shown.stdout.splitlines()
    wide = [line for line in shown.stdout.splitlines() if len(line) > 90 and "held publish" not in line]
    assert wide == []


def test_text_of_dumps_steers_no_terminal(store, held_id):
    report = store / ".work" / "held" / held_id / "report.json"
    told = report.read_text().replace("Lonely Title Number 0", r"[red]\u001b[31m:kettle: \u202eLid")
    report.unlink()
    report.write_text(told)
    shown = call("show", held_id, "--store", store).stdout
    assert "[red] [31m:kettle: Lid" in " ".join(shown.split())
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_the_list_tells_the_newest_first(raw, store, held_id):
    with (raw / "b.txt").open("a") as page:
        page.write("\nOne More Lonely Title")
    with pytest.raises(GateError) as caught:
        build_store(raw, store)
    rows = json.loads(call("list", "--store", store, "--json").stdout)
    assert [row["id"] for row in rows] == [caught.value.held, held_id]
    told = {name: rows[1][name] for name in ("parent", "failing", "is_acceptable", "why_not")}
    assert told == {"parent": 1, "failing": list(GATES), "is_acceptable": True, "why_not": None}
    shown = call("list", "--store", store)
    assert shown.exit_code == 0
    assert shown.stdout.index(caught.value.held) < shown.stdout.index(held_id)
    assert "release 1" in shown.stdout


def test_nothing_held_is_said(tmp_path):
    shown = call("list", "--store", tmp_path)
    assert (shown.exit_code, shown.stdout, shown.stderr) == (0, "", "nothing is held\n")
    assert json.loads(call("list", "--store", tmp_path, "--json").stdout) == []
    assert not (tmp_path / ".work").exists()


def test_a_share_that_was_let_pass_holds_no_later_release_until_it_grows(raw, store, held_id):
    assert call("publish", held_id, *ACCEPT, "--store", store).exit_code == 0
    (raw / "c.md").write_text(write_page("firecrawl", invent(8, seed=5), captured_on=date(2026, 7, 21)).text)
    assert build_store(raw, store).is_new
    gate = next(one for one in open_release(store).manifest["facts"]["gates"] if one["gate"] == "reject_share")
    assert (gate["passed"], gate["is_accepted"]) == (True, False)
    assert 0.2 < gate["let_pass"] < 0.345
    assert "as a person let pass before" in gate["finding"]
    (raw / "d.txt").write_text(bad_page().replace("Size", "Colour").replace("Lonely", "Sad"))
    with pytest.raises(GateError, match=r"reject_share: expected at most 30\.\d%"):
        build_store(raw, store)


def test_what_was_held_is_published_exactly(raw, store, held_id, tmp_path):
    other = shutil.copytree(store, tmp_path / "other", symlinks=True)
    build_store(raw, other, accept=GATES)
    (raw / "b.txt").unlink()
    done = call("publish", held_id, *ACCEPT, "--store", store, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["version"], told["is_new"], told["accepted"]) == (2, True, list(GATES))
    release = open_release(store)
    assert release.manifest == open_release(other).manifest, "as a build that accepts the same, to the byte"
    accepted = {gate["gate"] for gate in release.manifest["facts"]["gates"] if gate["is_accepted"]}
    assert accepted == set(GATES)
    facts = release.commit.facts
    assert (facts["operation"], facts["held"]) == ("publish_held", held_id)
    assert verify(store) == []
    assert held_ids(store) == []
    assert not build_store(raw, store).is_new


def test_what_a_build_publishes_after_all_is_held_no_longer(raw, store):
    assert build_store(raw, store, accept=GATES).is_new
    assert held_ids(store) == []


@pytest.mark.parametrize("accept", [(), ACCEPT[:2], ACCEPT[2:]])
def test_every_gate_has_to_be_accepted(store, held_id, accept):
    done = call("publish", held_id, *accept, "--store", store)
    assert done.exit_code == 3
    assert f"held publish {held_id} --accept" in done.stderr
    assert all(f"--accept {gate}" in done.stderr for gate in GATES)
    assert len(versions(store)) == 1
    assert held_ids(store) == [held_id]


def test_a_gate_without_a_name_of_ours_is_told(store, held_id):
    done = call("publish", held_id, "--accept", "nosuch", "--store", store)
    assert (done.exit_code, "expected one of has_papers" in done.stderr) == (1, True)


def test_what_nobody_can_accept_is_kept_and_never_published(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "page.txt").write_text("Get trending papers in your email inbox!\nSubscribe")
    store = tmp_path / "store"
    with pytest.raises(GateError, match="Nobody can accept has_papers") as caught:
        build_store(tmp_path / "raw", store)
    assert "held publish" not in str(caught.value)
    [row] = json.loads(call("list", "--store", store, "--json").stdout)
    assert (row["is_acceptable"], row["why_not"]) == (False, "nobody can accept has_papers")
    assert "cannot be published: nobody can accept has_papers" in call("show", row["id"], "--store", store).stdout
    assert (
        json.loads(call("show", row["id"], "--store", store, "--json").stdout)["dumps_set_aside"][0]["path"]
        == "page.txt"
    )
    done = call("publish", row["id"], "--accept", "has_papers", "--store", store)
    assert (done.exit_code, "Nobody can accept has_papers" in done.stderr) == (3, True)
    assert versions(store) == []


def test_a_candidate_outlives_a_build_and_is_no_longer_for_publishing(raw, store, held_id):
    (raw / "b.txt").unlink()
    (raw / "c.md").write_text(write_page("firecrawl", invent(12, seed=3), captured_on=date(2026, 7, 21)).text)
    assert build_store(raw, store).version == 2
    assert held_ids(store) == [held_id]
    done = call("publish", held_id, *ACCEPT, "--store", store)
    assert done.exit_code == 1
    assert "expected release 1, on which it was built, to be the newest, found release 2" in done.stderr
    assert "Build again" in done.stderr
    assert len(versions(store)) == 2
    [row] = json.loads(call("list", "--store", store, "--json").stdout)
    assert "found release 2: build again" in row["why_not"]
    assert "cannot be published: expected release 1" in call("show", held_id, "--store", store).stdout


def test_a_build_drops_what_is_old(raw, store, held_id):
    report = store / ".work" / "held" / held_id / "report.json"
    told = json.loads(report.read_text()) | {"when": "2026-01-01T00:00:00+00:00"}
    report.unlink()
    report.write_text(json.dumps(told))
    (raw / "b.txt").unlink()
    (raw / "c.md").write_text(write_page("firecrawl", invent(12, seed=3), captured_on=date(2026, 7, 21)).text)
    build_store(raw, store)
    assert held_ids(store) == []


def test_a_store_that_was_made_anew_is_another(made, tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.md").write_text(
        write_page("firecrawl", invent(5, seed=4), captured_on=date(2026, 7, 20)).text
    )
    build_store(tmp_path / "raw", tmp_path / "store")
    held = list_held(made[0] / "store" / ".work")[0]
    assert "found another release 1" in held.why_not(versions(tmp_path / "store")[-1])
    assert "found no release" in held.why_not(None)


def test_another_contract_is_told(store, held_id, monkeypatch):
    monkeypatch.setattr("paperlake.release.held.CONTRACT_VERSION", "99.0.0")
    done = call("publish", held_id, *ACCEPT, "--store", store)
    assert (done.exit_code, "found contract 99.0.0" in done.stderr) == (1, True)


def test_the_contract_is_checked_again(store, held_id, monkeypatch):
    def breaks(parts, keys, name):
        raise ContractError(name, ["column 'title'"], 1)

    monkeypatch.setattr("paperlake.validate.check_parts", breaks)
    assert call("publish", held_id, *ACCEPT, "--store", store).exit_code == 4
    assert len(versions(store)) == 1


def other_title(part: Path) -> None:
    frame = pl.read_parquet(part).with_columns(title=pl.lit("Lids"))
    part.unlink()
    frame.write_parquet(part)


DAMAGES = {
    "other values": (other_title, "others in papers"),
    "a cut file": (
        lambda part: (content := part.read_bytes(), part.unlink(), part.write_bytes(content[:99])),
        "expected all its tables",
    ),
    "no file": (lambda part: part.unlink(), "expected all its tables"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_candidate_is_not_published(store, held_id, damage):
    change, said = DAMAGES[damage]
    change(store / ".work" / "held" / held_id / "papers" / "00000.parquet")
    done = call("publish", held_id, *ACCEPT, "--store", store)
    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr
    assert len(versions(store)) == 1


def test_publishing_and_building_take_turns(store, held_id, monkeypatch):
    turns = []
    monkeypatch.setattr(held_commands, "take_turn", lambda work: turns.append(work) or work_files.take_turn(work))
    assert call("publish", held_id, *ACCEPT, "--store", store).exit_code == 0
    assert turns == [store / ".work"]


@pytest.mark.parametrize("at", ["stage", "commit", "latest.json"])
def test_publishing_that_died_is_done_by_the_same_command(store, held_id, at):
    def fault(step):
        if step == at:
            raise KeyboardInterrupt(step)

    settings = Settings(store=store)
    with pytest.raises(KeyboardInterrupt):
        release_held(read_held(settings.work, held_id), settings, GATES, "run", fault)
    done = call("publish", held_id, *ACCEPT, "--store", store)
    assert done.exit_code == 0, done.stderr
    assert [commit.version for commit in versions(store)] == [1, 2]
    assert verify(store) == []
    assert held_ids(store) == []


def test_candidates_are_dropped_by_id_or_all(store, held_id):
    folder = store / ".work" / "held"
    for copy in ("0" * 12, "1" * 12):
        shutil.copytree(folder / held_id, folder / copy)
    done = call("drop", "0" * 12, "--store", store)
    assert (done.exit_code, done.stdout) == (0, f"dropped: {'0' * 12}\n")
    assert {path.name for path in folder.iterdir()} == {"1" * 12, held_id}
    done = call("drop", "--all", "--store", store, "--json")
    assert (done.exit_code, set(json.loads(done.stdout)["dropped"])) == (0, {"1" * 12, held_id})
    assert list(folder.iterdir()) == []
    assert call("drop", "--all", "--store", store).exit_code == 0
    assert len(versions(store)) == 1


@pytest.mark.parametrize("arguments", [(), ("0" * 12, "--all")])
def test_a_drop_of_nothing_or_of_two_things_is_wrong_usage(store, arguments, held_id):
    assert call("drop", *arguments, "--store", store).exit_code == 2
    assert held_ids(store) == [held_id]


@pytest.mark.parametrize("command", [("show",), ("publish",), ("drop",)])
@pytest.mark.parametrize("wrong", ["0" * 12, "../held", "x"])
def test_an_unknown_id_is_told_with_those_there_are(store, held_id, command, wrong):
    done = call(*command, wrong, "--store", store)
    assert (done.exit_code, f"expected one of {held_id}, found none of that id" in done.stderr) == (1, True)
    assert held_ids(store) == [held_id]


def test_a_candidate_of_a_bucket_is_kept_here_and_published_there(raw, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with moto_server() as endpoint:
        for name, value in environment(endpoint).items():
            monkeypatch.setenv(name, value)
        url = f"s3://{BUCKET}/papers"
        held_back = raw / "b.txt"
        page = held_back.read_text()
        held_back.unlink()
        assert CliRunner().invoke(cli.app, ["build", "--raw", str(raw), "--store", url]).exit_code == 0
        held_back.write_text(page)
        assert CliRunner().invoke(cli.app, ["build", "--raw", str(raw), "--store", url]).exit_code == 3
        [row] = json.loads(call("list", "--store", url, "--json").stdout)
        assert list((tmp_path / ".paperlake").rglob("report.json"))
        done = call("publish", row["id"], *ACCEPT, "--store", url)
        assert done.exit_code == 0, done.stderr
        assert open_release(url).read("papers").height == 38
        assert verify(url) == []
