"""`paperlake review`, `judge` and `retract`: what they show, and what they write."""

import csv
import datetime as dt
import json
import resource

import polars as pl
import pytest
from typer.testing import CliRunner

from paperlake.cli import app
from paperlake.curation.judgements import read_judgements
from paperlake.curation.retractions import read_retractions
from paperlake.identity.registry import new_ids
from paperlake.identity.review import REVIEW
from tests.release_frames import publish_tables, tables_of

DUMP = f"{7:016x}" + "f" * 48
ROWS = [f"{7:016x}:{position}" for position in (1, 2, 3, 4)]
MADE = new_ids(pl.Series(ROWS), pl.Series([], dtype=pl.String)).to_list()
PAPERS = [MADE[0], MADE[1], MADE[2], MADE[0]]
"""The fourth appearance was a paper of its own until it was merged into the first."""
EVENTS = [(MADE[0], "created", None, 1), (MADE[3], "merged_into", MADE[0], 1)]


@pytest.fixture
def folders(tmp_path):
    """`--raw` and `--store`: two dumps, one of them in a release of four appearances."""
    tables = tables_of(4)
    shown = tables["appearances"].with_columns(appearance_id=pl.Series(ROWS), paper_id=pl.Series(PAPERS))
    names = {"paper_id": pl.String, "event": pl.String, "other_id": pl.String, "release": pl.Int32}
    history = pl.DataFrame(EVENTS, schema=names, orient="row").with_columns(reason=pl.lit(None, pl.String))
    dumps = tables["dumps"].head(1).with_columns(dump_id=pl.lit(DUMP), path=pl.lit("kettles.txt"))
    publish_tables(tmp_path / "store", tables | {"appearances": shown, "id_history": history, "dumps": dumps})
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "socks.txt").write_text("Socks.")
    return "--raw", tmp_path / "raw", "--store", tmp_path / "store"


@pytest.fixture
def raw(folders):
    return folders[1]


def call(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def judge(folders, left, right, verdict="same", *more):
    return call("judge", left, right, verdict, "--why", "one is a\n translation, they say", *folders, *more)


def words(text):
    """The text without the frame around messages of usage."""
    return " ".join(text.replace("│", " ").split())


def test_judge_writes_a_line_and_says_so(folders, raw):
    done = judge(folders, PAPERS[0], ROWS[1], "same", "--who", "mira")
    assert (done.exit_code, done.stderr) == (0, "")
    both = f"{ROWS[0]} ({PAPERS[0]}) and {ROWS[1]} ({PAPERS[1]})"
    assert f"curation/judgements.csv:2: {both} are one paper (mira, " in done.stdout
    assert "The next `paperlake build` applies it." in done.stdout
    [judgement] = read_judgements(raw)
    assert (judgement.left, judgement.right, judgement.verdict) == (ROWS[0], ROWS[1], "same")
    assert (judgement.who, judgement.why) == ("mira", "one is a translation, they say")
    assert abs(judgement.when - dt.datetime.now(dt.UTC).date()) <= dt.timedelta(days=1)


def test_judge_is_signed_with_the_login_name_and_tells_machines_what_it_wrote(folders, raw, monkeypatch):
    monkeypatch.setenv("LOGNAME", "potter9")
    judge(folders, ROWS[0], ROWS[1])
    told = json.loads(judge(folders, ROWS[2], ROWS[3], "different", "--json").stdout)
    second = read_judgements(raw)[1]
    papers = {"left_paper": PAPERS[2], "right_paper": PAPERS[3]}
    assert told == {"file": "curation/judgements.csv", "line": 3, **second.as_dict(), **papers}
    assert second.who == "potter9"


def test_judge_asks_for_a_name_where_the_system_knows_none(folders, monkeypatch):
    def nobody():
        raise OSError("no name")

    monkeypatch.setattr("paperlake.curation_commands.getpass.getuser", nobody)
    done = judge(folders, ROWS[0], ROWS[1])
    assert (done.exit_code, "--who" in done.stderr) == (2, True)
    assert judge(folders, ROWS[0], ROWS[1], "same", "--who", "mira").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((ROWS[0], ROWS[1], "alike", "--why", "x"), "'different' in `verdict`, found 'alike'"),
        (("kettles", ROWS[1], "same", "--why", "x"), "found 'kettles'. Copy one from `paperlake review`"),
        ((ROWS[0], ROWS[0], "same", "--why", "x"), "Expected two ids"),
        ((ROWS[0], ROWS[1], "same", "--why", " \n"), "Expected a reason in `why`, found nothing"),
        ((ROWS[0], ROWS[1], "same"), "Missing option '--why'"),
    ],
)
def test_judge_of_what_cannot_be_one_is_wrong_usage(folders, raw, arguments, said):
    done = call("judge", *arguments, *folders)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in words(done.stderr)
    assert not (raw / "curation").exists()


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ("ffffffffffffffff:1", "the new line: expected the id of an appearance of the newest release, "),
        ("pl-000000000000", "found 'pl-000000000000'. Copy one from `paperlake review`"),
        (MADE[1], f"expected two appearances, found that '{MADE[1]}' and '{ROWS[1]}' both mean '{ROWS[1]}'"),
    ],
)
def test_judge_of_what_is_no_pair_of_appearances_writes_nothing(folders, raw, left, said):
    done = judge(folders, left, ROWS[1])
    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr
    assert not (raw / "curation").exists()


def test_a_line_that_a_full_disk_cuts_is_not_there(folders, raw):
    judge(folders, ROWS[0], ROWS[2])
    file = raw / "curation" / "judgements.csv"
    before = file.read_bytes()
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 20, most))
    try:
        result = judge(folders, ROWS[0], ROWS[1], "different")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
    assert (result.exit_code, "File too large" in result.stderr) == (1, True)
    assert file.read_bytes() == before


def test_judge_takes_an_id_that_was_merged(folders, raw):
    assert judge(folders, MADE[3], PAPERS[0], "different").exit_code == 0
    [judgement] = read_judgements(raw)
    assert (judgement.left, judgement.right) == (ROWS[3], ROWS[0]), "the appearance it was made from, to part it again"
    contradicted = judge(folders, ROWS[3], ROWS[0])
    assert (contradicted.exit_code, f"line 2: '{ROWS[3]}' and '{ROWS[0]}'" in contradicted.stderr) == (1, True)
    assert len(read_judgements(raw)) == 1


def test_judge_refuses_what_contradicts_a_chain_or_stands_there(folders, raw):
    judge(folders, ROWS[0], ROWS[1])
    judge(folders, ROWS[1], ROWS[2])
    before = (raw / "curation" / "judgements.csv").read_text()
    contradicted = judge(folders, ROWS[0], ROWS[2], "different")
    assert contradicted.exit_code == 1
    for said in ("JudgementConflictError", "line 2: ", "line 3: ", f"the new line: '{ROWS[0]}' and '{ROWS[2]}'"):
        assert said in contradicted.stderr
    again = judge(folders, ROWS[2], ROWS[1])
    assert (again.exit_code, "judged once, found line 3, too" in again.stderr) == (1, True)
    assert (raw / "curation" / "judgements.csv").read_text() == before


def test_judge_needs_a_release_and_a_raw_folder(folders, tmp_path):
    _, raw, _, store = folders
    without_release = judge(("--raw", raw, "--store", tmp_path / "empty"), ROWS[0], ROWS[1])
    assert (without_release.exit_code, "holds no release" in without_release.stderr) == (5, True)
    without_raw = judge(("--raw", tmp_path / "nowhere", "--store", store), ROWS[0], ROWS[1])
    assert (without_raw.exit_code, "expected a folder of dumps" in without_raw.stderr) == (1, True)


def test_judge_does_not_write_below_a_line_that_cannot_be_used(folders, raw):
    (raw / "curation").mkdir()
    (raw / "curation" / "judgements.csv").write_text("when,who,left,right,verdict,why\nsoon\n")
    done = judge(folders, ROWS[0], ROWS[1])
    assert (done.exit_code, "line 2: expected 6 values" in done.stderr) == (1, True)


def retract(folders, dump, *more):
    return call("retract", dump, "--why", "a test", "--who", "mira", *folders, *more)


@pytest.mark.parametrize("name", ["kettles.txt", DUMP, DUMP[:12]])
def test_retract_writes_a_line_with_the_sha256(folders, raw, name):
    done = retract(folders, name)
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"curation/retractions.csv:2: kettles.txt ({DUMP[:16]}) is retracted (mira, " in done.stdout
    assert "The next `paperlake build` applies it." in done.stdout
    [retraction] = read_retractions(raw)
    assert (retraction.dump, retraction.who, retraction.why) == (DUMP[:16], "mira", "a test")


def test_retract_takes_a_dump_that_is_only_in_the_raw_folder_from_anywhere(folders, raw, tmp_path, monkeypatch):
    told = json.loads(retract(("--raw", raw, "--store", tmp_path / "empty"), "socks.txt", "--json").stdout)
    [retraction] = read_retractions(raw)
    assert told == {"file": "curation/retractions.csv", "line": 2, **retraction.as_dict(), "path": "socks.txt"}
    (raw / "curation" / "retractions.csv").unlink()
    monkeypatch.chdir(tmp_path)
    assert json.loads(retract(folders, "raw/socks.txt", "--json").stdout)["path"] == "socks.txt"


def test_retract_refuses_unknown_dumps_and_those_that_are_retracted(folders, raw):
    unknown = retract(folders, "kettle.txt")
    assert (unknown.exit_code, "Did you mean 'kettles.txt'?" in unknown.stderr) == (1, True)
    assert not (raw / "curation").exists()
    retract(folders, "kettles.txt")
    again = retract(folders, DUMP)
    assert (again.exit_code, "found line 2, too" in again.stderr) == (1, True)
    assert len(read_retractions(raw)) == 1
    assert retract(folders, "kettles.txt", "--why", " ").exit_code == 2


def near_misses(n_rows=2):
    titles = ("On [b]Socks[/b] and Snails", "On Socks and Snails II")
    rows = [(*ROWS[:2], *titles, 91.5, 80.25, "number", "title", "number", 85.875)]
    rows += [(*ROWS[2:], "Kettles", "Kettle", 92.0, None, None, None, None, None)] * (n_rows - 1)
    return pl.DataFrame(rows, schema=REVIEW, orient="row")


@pytest.fixture
def reviewed(monkeypatch):
    """The work folder whose near misses are read, and those that are there."""
    seen = {"frame": near_misses()}

    def read_near_misses(work):
        seen["work"] = work
        return seen["frame"]

    monkeypatch.setattr("paperlake.curation_commands.read_near_misses", read_near_misses)
    return seen


def test_review_shows_scores_titles_what_differs_and_ids_to_paste(reviewed, tmp_path):
    done = call("review", "--store", tmp_path / "store")
    assert (done.exit_code, done.stderr) == (0, "")
    assert reviewed["work"] == tmp_path / "store" / ".work"
    shown = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines() if "│" in line]
    assert shown == [
        ["85.9", "On [b]Socks[/b] and Snails", "number", f"{ROWS[0]} {ROWS[1]}"],
        ["", "On Socks and Snails II", "veto: number", ""],
        ["", "", "rule: title", ""],
        ["", "Kettles", "", f"{ROWS[2]} {ROWS[3]}"],
        ["", "Kettle", "", ""],
    ]
    assert max(map(len, done.stdout.splitlines())) <= 120


def test_review_shows_as_much_as_it_is_told_to(reviewed, tmp_path):
    reviewed["frame"] = near_misses(15)
    store = ("--store", tmp_path)
    done = call("review", *store)
    assert (done.stdout.count(ROWS[2]), "the first 10 of 15, all with --rows 0" in done.stderr) == (9, True)
    all_of_them = call("review", "--rows", 0, *store)
    assert (all_of_them.stdout.count(ROWS[2]), all_of_them.stderr) == (14, "")
    assert json.loads(call("review", "--rows", 1, "--json", *store).stdout) == near_misses(1).to_dicts()


def test_review_of_none_says_so_and_before_a_build_is_an_error(reviewed, tmp_path):
    reviewed["frame"] = near_misses().clear()
    assert "no near misses" in call("review", "--store", tmp_path).stderr
    assert json.loads(call("review", "--store", tmp_path, "--json").stdout) == []
    reviewed["frame"] = None
    done = call("review", "--store", tmp_path)
    assert (done.exit_code, "Run `paperlake build` first" in done.stderr) == (5, True)


def test_the_samples_judge_and_retract_nothing(samples):
    for name in ("judgements", "retractions"):
        with (samples / "curation" / f"{name}.csv").open() as lines:
            assert len(list(csv.DictReader(line for line in lines if not line.startswith("#")))) == 0
    assert read_judgements(samples) == read_retractions(samples) == ()
