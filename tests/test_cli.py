import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from paperlake import open_release
from paperlake.cli import app
from paperlake.console import print_frame
from tests.conftest import SAMPLES

run = CliRunner()
README = (Path(__file__).parent.parent / "README.md").read_text()


def call(*arguments):
    return run.invoke(app, [str(argument) for argument in arguments])


def test_build_publishes_and_says_so_in_json_and_words(tmp_path):
    first = call("build", "--raw", SAMPLES, "--store", tmp_path / "store", "--json")
    assert first.exit_code == 0
    report = json.loads(first.stdout)
    assert (report["version"], report["is_new"]) == (1, True)
    again = call("build", "--raw", SAMPLES, "--store", tmp_path / "store")
    assert "nothing changed: release 1 stands" in again.stdout
    other = call("build", "--raw", SAMPLES, "--store", tmp_path / "other")
    assert "set aside: 2026-03-09-submitters-only.txt: no_papers" in other.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("versions",), 0, "no release yet"),
        (("show",), 5, "holds no release"),
        (("verify",), 5, "holds no release"),
        (("build", "--raw", "nowhere"), 1, "expected a folder of dumps"),
        (("build", "--accept", "nosuch"), 1, "expected one of has_papers, counts_add_up"),
        (("verify", "7"), 5, "holds no release"),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_exit_codes_mean_something(tmp_path, arguments, code, said):
    store = () if arguments == ("nonsense",) else ("--store", tmp_path / "empty")
    result = call(*arguments, *store)
    assert result.exit_code == code
    assert said in result.stderr


def test_the_package_runs_as_a_command():
    shown = subprocess.run([sys.executable, "-m", "paperlake", "versions", "--help"], capture_output=True, text=True)
    assert (shown.returncode, "python -m paperlake versions" in shown.stdout) == (0, True), shown.stderr


def test_a_held_release_exits_with_3(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "page.txt").write_text("Get trending papers in your email inbox!\nSubscribe")
    result = call("build", "--raw", tmp_path / "raw", "--store", tmp_path / "store")
    assert result.exit_code == 3
    assert "has_papers: expected papers, found 0" in result.stderr


def test_show_prints_tables(sample_store):
    listed = json.loads(call("show", "--store", sample_store, "--json").stdout)
    assert {row["table"] for row in listed} == set(open_release(sample_store).tables)
    papers = json.loads(call("show", "papers", "--rows", 3, "--store", sample_store, "--json").stdout)
    assert [row["title"] for row in papers] == open_release(sample_store)["papers"].head(3).collect()["title"].to_list()
    assert papers[0]["paper_id"] in call("show", "papers", "--store", sample_store).stdout
    assert call("show", "nonsense", "--store", sample_store).exit_code == 2
    assert call("show", "--at", 9, "--store", sample_store).exit_code == 5


def test_show_prints_the_columns_that_are_named(sample_store):
    papers = open_release(sample_store).read("papers")
    told = json.loads(call("show", "papers", "--columns", "title, doi,title", "--store", sample_store, "--json").stdout)
    assert told == papers.head(10).select("title", "doi").to_dicts()
    shown = call("show", "papers", "--columns", "doi,abstract", "--rows", 3, "--store", sample_store).stdout
    assert papers["abstract"][0].split()[-1] in shown
    assert re.search(r"doi +┃ abstract", shown)


def test_show_names_the_known_columns_where_one_is_unknown(sample_store):
    wrong = call("show", "metrics", "--columns", "upvotes,stars", "--store", sample_store)
    said = " ".join(re.sub(r"[│\n]", " ", wrong.stderr).split())
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "expected some of paper_id, upvotes, comments, github_stars" in said
    assert "found 'stars'" in said
    assert call("show", "--columns", "upvotes", "--store", sample_store).exit_code == 2


def test_show_of_no_rows_is_all_of_them(sample_store):
    all_of_them = json.loads(call("show", "papers", "--rows", 0, "--store", sample_store, "--json").stdout)
    assert len(all_of_them) == open_release(sample_store).read("papers").height
    assert len(json.loads(call("show", "papers", "--store", sample_store, "--json").stdout)) == 10
    assert len(json.loads(call("show", "--rows", 2, "--store", sample_store, "--json").stdout)) == 9


@pytest.mark.parametrize("repository", [None, "example-lab/" + "kettle-" * 12])
def test_papers_show_their_repository_even_where_none_has_one(repository):
    written = io.StringIO()
    names = {"organisation": ["Kettle Works"], "published_on": ["2026-03-14"], "submitted_by": ["mira-k"]}
    row = {"paper_id": ["pl-000000000001"], "title": ["Kettles " * 20], **names, "repository": [repository]}
    frame = pl.DataFrame(row, schema_overrides={"repository": pl.String})
    print_frame(frame, Console(file=written, width=120), Console(file=io.StringIO()))
    heading = written.getvalue().splitlines()[1]
    assert re.findall(r"\w+", heading)[:3] == ["paper_id", "title", "repository"]
    assert max(map(len, written.getvalue().splitlines())) <= 120


def test_versions_lists_the_commits(sample_store):
    [commit] = json.loads(call("versions", "--store", sample_store, "--json").stdout)
    assert (commit["version"], commit["parent"], commit["facts"]["operation"]) == (1, None, "build")
    assert commit["release"] in call("versions", "--store", sample_store).stdout.replace("\n", "")


def test_verify_finds_a_flipped_bit(sample_store, tmp_path):
    store = shutil.copytree(sample_store, tmp_path / "store", symlinks=True)
    assert call("verify", "--store", store).exit_code == 0
    part = open_release(store).path / "papers" / "part-00000.parquet"
    content = bytearray(part.read_bytes())
    content[100] ^= 1
    part.chmod(0o644)
    part.write_bytes(content)
    part.chmod(0o444)
    broken = call("verify", "--store", store, "--json")
    assert broken.exit_code == 5
    assert any("papers/part-00000.parquet" in damage for damage in json.loads(broken.stdout)["damages"])


def test_no_progress_bar_off_a_terminal(tmp_path):
    result = call("build", "--raw", SAMPLES, "--store", tmp_path / "store", "--json")
    assert result.stderr == ""


@pytest.mark.parametrize("command", typer.main.get_command(app).commands)
def test_every_command_is_in_the_readme(command):
    assert re.search(rf"`paperlake {command}", README)


def test_settings_that_cannot_be_used_are_told_in_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    assert "expected a folder, found" in call("build", "--raw", SAMPLES, "--store", tmp_path / "file").stderr
    assert "a folder outside of raw" in call("build", "--raw", tmp_path, "--store", tmp_path / "store").stderr
    monkeypatch.setenv("PAPERLAKE_MAX_DUMP_BYTES", "abc")
    result = call("build", "--raw", SAMPLES, "--store", tmp_path / "store")
    assert (result.exit_code, "setting 'max_dump_bytes' expected" in result.stderr) == (1, True)


def test_a_damaged_part_is_a_damaged_store(sample_store, tmp_path):
    store = shutil.copytree(sample_store, tmp_path / "store", symlinks=True)
    part = open_release(store).path / "papers" / "part-00000.parquet"
    part.unlink()
    result = call("show", "papers", "--store", store)
    assert (result.exit_code, "papers:" in result.stderr) == (5, True)


def test_rejects_show_their_reason(sample_store):
    assert "no_papers" in call("show", "rejects", "--store", sample_store).stdout
    assert "no_papers" in call("show", "dumps", "--store", sample_store).stdout


def test_an_interrupted_build_says_what_stands(tmp_path, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("paperlake.build_commands.build", interrupt)
    result = call("build", "--raw", SAMPLES, "--store", tmp_path / "store")
    assert (result.exit_code, "the next build goes on" in result.stderr) == (130, True)


def test_doctor_sees_a_lost_log(sample_store, tmp_path):
    store = shutil.copytree(sample_store, tmp_path / "store", symlinks=True)
    shutil.rmtree(store / "_log")
    result = call("doctor", "--raw", SAMPLES, "--store", store)
    assert (result.exit_code, "expected a record of release 1" in result.stdout.replace("\n", " ")) == (1, True)
    assert call("build", "--raw", SAMPLES, "--store", store).exit_code == 5


ABSTRACT = "Kettles boil and nobody asks why. " * 12
PAGE = f"""Get trending papers in your email inbox!
Submitted by
mira-k
Submitted by
sock-drawer
Submitted by
potter9
SubscribeOn [b]Socks[/b] :rocket: and Snails
{ABSTRACT}Code: https://github.com/example-lab/socks.
A \x1b[31mTitle without Abstract
"""


@pytest.mark.parametrize("width", [80, 120])
def test_inspect_is_as_wide_as_the_page_and_no_line_ends_in_blanks(tmp_path, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    (tmp_path / "page.txt").write_text(PAGE)
    lines = call("inspect", tmp_path / "page.txt", "--raw", tmp_path).stdout.splitlines()
    assert width - 20 < max(map(len, lines[1:])) <= width
    assert [line for line in lines if line != line.rstrip()] == []


def test_inspect_shows_file_parts_blocks_records_rejects_and_coverage(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "2026-03-02.txt").write_text(PAGE)
    result = call("inspect", tmp_path / "2026-03-02.txt", "--raw", tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    shown = result.stdout
    assert max(map(len, shown.splitlines()[1:])) <= 100
    for told in (
        "2026-03-02 (file name)",
        "would be read: papers 1, furniture 3, rejects 1",
        "the page's banner",
        "furniture submitter x2",
        "On [b]Socks[/b] :rocket: and Snails",
        "onbsocksbrocketandsnails",
        "https://github.com/example-lab/socks",
        "trailing_period",
        "expected an abstract",
        "promised",
    ):
        assert told in shown, told
    assert "\x1b" not in shown


def test_inspect_shows_as_much_as_it_is_told_to():
    path = SAMPLES / "2026-03-16-compact-socks-and-snails.txt"
    little = call("inspect", path, "--raw", SAMPLES, "--blocks", 2, "--records", 0).stdout
    assert "blocks: the first 2 of" in little
    assert little.count(" paper ") == 1
    assert "record " not in little
    much = call("inspect", path, "--raw", SAMPLES, "--blocks", 0, "--records", 5).stdout
    assert (much.count(" paper "), much.count("record ")) == (31, 5)


def test_inspect_says_what_layouts_expected_of_a_dump_nobody_knows(tmp_path):
    (tmp_path / "page.txt").write_text("nothing known\n\nhere")
    result = call("inspect", tmp_path / "page.txt")
    assert (result.exit_code, "would be set aside as unknown_layout" in result.stdout) == (0, True)
    assert re.search(r"compact +expected plain lines", result.stdout)
    assert re.search(r"line 3 +here", result.stdout)
    assert "no day known" in result.stdout


def test_inspect_marks_a_promised_field_that_fell_away(tmp_path, monkeypatch):
    monkeypatch.setattr("paperlake.inspection.find_layout", lambda _: type("L", (), {"shows": ("github_url",)}))
    (tmp_path / "page.txt").write_text(PAGE)
    shown = call("inspect", tmp_path / "page.txt").stdout
    assert re.search(r"github_url +0% +promised but shown by less than half", shown)
    assert re.search(r"abstract_raw +100% *\n", shown)


def test_inspect_gives_machines_what_a_build_publishes(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "page.txt").write_text(PAGE)
    call("build", "--raw", tmp_path / "raw", "--store", tmp_path / "store", "--accept", "reject_share")
    result = call("inspect", tmp_path / "raw" / "page.txt", "--raw", tmp_path / "raw", "--json")
    [record] = json.loads(result.stdout)["records"]
    [paper] = open_release(tmp_path / "store").read("papers").to_dicts()
    for name in ("title", "title_key", "abstract", "arxiv_id", "doi", "published_on"):
        assert record["clean"][name] == paper[name], name
    assert [link["repository"] for link in record["links"]] == paper["repositories"] == ["example-lab/socks"]
    assert json.loads(result.stdout)["rejects"] == open_release(tmp_path / "store").read("rejects").to_dicts()


def test_inspect_reads_with_the_layout_it_is_told(tmp_path):
    (tmp_path / "page.txt").write_text(PAGE)
    told = json.loads(call("inspect", tmp_path / "page.txt", "--layout", "spaced", "--json").stdout)
    assert [(part["layout"], part["why"]) for part in told["parts"]] == [("spaced", "told so")]
    wrong = call("inspect", tmp_path / "page.txt", "--layout", "nonsense")
    assert (wrong.exit_code, "compact" in wrong.stderr, wrong.stdout) == (2, True, "")


def test_inspect_of_what_is_no_file_is_an_error(tmp_path):
    result = call("inspect", tmp_path / "nowhere.txt", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "expected a file, found" in result.stderr


def test_text_of_dumps_is_shown_as_it_is():
    written = io.StringIO()
    print_frame(pl.DataFrame({"title": ["On [b]Socks[/b] :rocket:"]}), Console(file=written), Console(file=written))
    assert "On [b]Socks[/b] :rocket:" in written.getvalue()
