"""What lies in the folder `curation` beside the files that are read."""

import pytest
from typer.testing import CliRunner

from paperlake.cli import app
from paperlake.curation.folder import CURATED_FILES, check_folder
from paperlake.errors import CorrectionError


def write(raw, *names):
    (raw / "curation").mkdir(parents=True)
    for name in names:
        (raw / "curation" / name).write_text("")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("correction.toml", "corrections.toml"),
        ("Corrections.TOML", "corrections.toml"),
        ("aliases.csv", "repository_aliases.csv"),
        ("judgments.csv", "judgements.csv"),
        ("retraction.csv", "retractions.csv"),
    ],
)
def test_a_file_that_nobody_reads_is_told_with_the_one_that_is_meant(tmp_path, name, meant):
    write(tmp_path, "corrections.toml", name)
    with pytest.raises(CorrectionError) as caught:
        check_folder(tmp_path)
    [fault] = caught.value.faults
    assert caught.value.file == "curation"
    assert fault.startswith(f"expected {', '.join(CURATED_FILES)}, found '{name}'. Did you mean '{meant}'?")


def test_all_of_them_are_told_and_folders_too(tmp_path):
    write(tmp_path, "kettles.xlsx", "sock")
    (tmp_path / "curation" / "old").mkdir()
    with pytest.raises(CorrectionError) as caught:
        check_folder(tmp_path)
    assert [fault.partition("found ")[2].partition(".")[0] for fault in caught.value.faults] == [
        "'kettles", "'old'", "'sock'",
    ]  # fmt: skip
    assert "Did you mean" not in str(caught.value)


def test_what_is_read_and_what_nobody_means_as_an_entry_is_let_be(tmp_path):
    check_folder(tmp_path)
    write(tmp_path, *CURATED_FILES, ".DS_Store", ".corrections.toml.swp", "corrections.toml~", "README", "README.md")
    check_folder(tmp_path)


def test_a_build_stops_at_a_name_that_is_not_known(tmp_path):
    write(tmp_path / "raw", "correction.toml")
    (tmp_path / "raw" / "page.txt").write_text("Get trending papers in your email inbox!\nSubscribe")
    done = CliRunner().invoke(app, ["build", "--raw", str(tmp_path / "raw"), "--store", str(tmp_path / "store")])
    assert (done.exit_code, "Did you mean 'corrections.toml'?" in done.stderr) == (1, True)
