"""`paperlake contract`: what it prints, and its exit codes."""

import json
import shutil

import pytest
import yaml
from typer.testing import CliRunner

from paperlake.contract_commands import app
from paperlake.release.contract import contract_text
from paperlake.release.reading import open_release
from tests.contract_documents import as_yaml
from tests.release_frames import DOCUMENTS, publish_tables, tables_of

OURS = yaml.safe_load(contract_text())
MINE = "tables: {papers: {paper_id: {type: string, required: true, unique: true}, repository: {}}}"


def without_abstract(version):
    """Our contract as it would be, were `papers.abstract` new in this one."""
    papers, *others = OURS["schema"]
    columns = [column for column in papers["properties"] if column["name"] != "abstract"]
    return {**OURS, "version": version, "schema": [{**papers, "properties": columns}, *others]}


def with_more(version):
    """Our contract as it would be, had this one lost a column."""
    papers, *others = OURS["schema"]
    columns = [*papers["properties"], {"name": "mood", "physicalType": "string"}]
    return {**OURS, "version": version, "schema": [{**papers, "properties": columns}, *others]}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store of two releases: the first without `papers.abstract` in its contract, the second with ours; read only."""
    folder = tmp_path_factory.mktemp("contracts") / "store"
    for n_rows, text in ((3, as_yaml(without_abstract("1.0.0"))), (4, contract_text())):
        publish_tables(folder, tables_of(n_rows), documents={**DOCUMENTS, "contract.yaml": text})
    return folder


@pytest.fixture
def mine(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(MINE)
    return file


def call(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def write(folder, contract):
    file = folder / "other.yaml"
    file.write_text(as_yaml(contract))
    return file


def test_show_prints_the_contract_of_a_release_as_it_was_published(store, tmp_path):
    newest, first = call("show", "--store", store), call("show", "--at", 1, "--store", store)
    assert (newest.exit_code, newest.stdout, newest.stderr) == (0, contract_text(), "the contract of release 2\n")
    assert first.stdout == as_yaml(without_abstract("1.0.0"))
    assert json.loads(call("show", "--at", 1, "--store", store, "--json").stdout) == without_abstract("1.0.0")


def test_show_prints_our_own_where_there_is_no_release_but_not_in_place_of_one(tmp_path):
    own = call("show", "--store", tmp_path / "empty")
    assert (own.exit_code, own.stdout, own.stderr) == (0, contract_text(), "the contract of this paperlake\n")
    assert call("show", "--at", 1, "--store", tmp_path / "empty").exit_code == 5


def test_check_of_the_newest_release_is_compatible(store):
    done = call("check", "--store", store)
    version = OURS["version"]
    said = f"compatible: contract {version} (release 2) and {version} (this paperlake) promise the same\n"
    assert (done.exit_code, done.stdout, done.stderr) == (0, said, "")
    assert json.loads(call("check", "--store", store, "--json").stdout)["found"] == "none"


def test_check_tells_a_declared_difference_line_by_line(store):
    done = call("check", "--against", 1, "--store", store)
    assert (done.exit_code, done.stderr) == (0, "")
    head, line = done.stdout.splitlines()
    assert head == (
        f"minor: 1 difference(s) between contract 1.0.0 (release 1) and {OURS['version']} (this paperlake); "
        "declared: major"
    )
    assert line == "  minor  papers.abstract: column added: type string"


def test_check_holds_a_difference_that_the_version_does_not_declare(tmp_path):
    done = call("check", "--against", write(tmp_path, with_more(OURS["version"])))
    assert done.exit_code == 4
    assert done.stdout.startswith("major: 1 difference(s) between ")
    assert "  major  papers.mood: column removed: type string\n" in done.stdout
    major = int(OURS["version"].split(".")[0])
    assert f"Set CONTRACT_VERSION in paperlake/schemas.py to {major + 1}.0.0 or later" in done.stderr


def test_check_tells_machines_all_of_it(tmp_path):
    file = write(tmp_path, with_more(OURS["version"]))
    done = call("check", "--against", file, "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 4
    assert (told["found"], told["declared"], told["is_declared"]) == ("major", "none", False)
    assert told["old"] == {"contract": str(file), "version": OURS["version"]}
    assert told["new"]["contract"] == "this paperlake"
    assert told["least_version"].endswith(".0.0")
    assert told["changes"] == [
        {
            "table": "papers",
            "column": "mood",
            "fact": "column",
            "subject": "column",
            "move": "less",
            "size": "major",
            "before": "string",
            "after": None,
            "words": "column removed: type string",
        }
    ]


def test_check_puts_the_largest_differences_first(tmp_path):
    other = with_more("1.0.0")
    other["description"] = {"purpose": "Socks."}
    done = call("check", "--against", write(tmp_path, other))
    assert [line.split()[0] for line in done.stdout.splitlines()[1:]] == ["major", "patch"]
    assert done.exit_code == 0


def test_check_takes_the_folder_of_a_release(store):
    done = call("check", "--against", open_release(store, 1).path)
    assert (done.exit_code, "papers.abstract" in done.stdout) == (0, True)


def test_check_of_nothing_is_an_error(tmp_path, store):
    assert call("check", "--store", tmp_path / "empty").exit_code == 5
    assert call("check", "--against", 7, "--store", store).exit_code == 5
    missing = call("check", "--against", tmp_path / "none.yaml")
    assert (missing.exit_code, "No such file" in missing.stderr, missing.stdout) == (1, True, "")


def test_check_does_not_believe_a_contract_that_somebody_changed(store, tmp_path):
    store = shutil.copytree(store, tmp_path / "store", symlinks=True)
    file = open_release(store).path / "contract.yaml"
    file.chmod(0o644)
    file.write_text(as_yaml(without_abstract("1.0.0")))
    for arguments in (("check",), ("show",), ("check", "--expect", store / "none.yaml")):
        done = call(*arguments, "--store", store)
        assert (done.exit_code, "contract.yaml: expected sha256" in done.stderr) == (5, True), arguments
    file.unlink()
    assert "found no file" in call("show", "--store", store).stderr


def test_expect_is_met_by_the_newest_release_and_by_our_own_without_one(store, mine, tmp_path):
    done = call("check", "--expect", mine, "--store", store)
    version = OURS["version"]
    said = f"compatible: contract {version} (release 2) promises all that is expected of 1 table(s) and 2 column(s)\n"
    assert (done.exit_code, done.stdout, done.stderr) == (0, said, "")
    own = json.loads(call("check", "--expect", mine, "--store", tmp_path / "empty", "--json").stdout)
    assert own == {"contract": "this paperlake", "version": version, "is_met": True, "unmet": []}


def test_expect_is_checked_against_the_contract_that_is_named(store, mine, tmp_path):
    mine.write_text("tables: {papers: {abstract: {}, title: {}}}")
    assert call("check", "--expect", mine, "--against", 2, "--store", store).exit_code == 0
    for against in (1, open_release(store, 1).path, write(tmp_path, without_abstract("9.9.9"))):
        done = call("check", "--expect", mine, "--against", against, "--store", store)
        assert done.exit_code == 4
        assert "papers.abstract: expected this column, found none." in done.stdout
        told = json.loads(call("check", "--expect", mine, "--against", against, "--store", store, "--json").stdout)
        assert [(one["table"], one["column"], one["what"]) for one in told["unmet"]] == [
            ("papers", "abstract", "column")
        ]


def test_expect_of_a_file_that_cannot_be_used_is_our_error(mine, tmp_path):
    mine.write_text("tables: {papers: {title: {requierd: true}}}")
    done = call("check", "--expect", mine, "--store", tmp_path / "empty")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "papers.title: expected some of type, required" in done.stderr
    assert call("check", "--expect", tmp_path / "none.yaml", "--store", tmp_path / "empty").exit_code == 1
