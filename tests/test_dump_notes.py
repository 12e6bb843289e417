import json
from datetime import date

import pytest

from paperlake.dump_notes import DumpNote, read_notes
from paperlake.errors import SettingsError
from paperlake.inspection import inspect_dump
from paperlake.layouts import LAYOUTS as TABLE
from paperlake.pipeline import build
from paperlake.settings import Settings
from paperlake.steps import PlainSteps

PATHS = ("2026-03-kettles.txt", "more/socks.txt.gz")
LAYOUTS = ("compact", "spaced")


def write_notes(folder, text):
    for path in PATHS:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(path)
    (folder / "dumps.toml").write_bytes(text.encode() if isinstance(text, str) else text)


def error_of(folder, text):
    write_notes(folder, text)
    with pytest.raises(SettingsError) as caught:
        read_notes(folder, PATHS, LAYOUTS)
    assert caught.value.name.startswith("dumps.toml")
    assert caught.value.remedy
    return str(caught.value)


FULL = """
["2026-03-kettles.txt"]            # a comment
captured_on = 2026-03-14
source_url = "https://example.org/kettles?page=1"
licence = "CC0-1.0"
layout = "compact"

["more/socks.txt.gz"]
captured_on = 2999-01-01
"""


@pytest.mark.parametrize("text", [FULL, FULL.replace("\n", "\r\n"), "\ufeff" + FULL], ids=["lf", "crlf", "mark"])
def test_notes_are_read_by_path(tmp_path, text):
    write_notes(tmp_path, text)
    assert read_notes(tmp_path, PATHS, LAYOUTS) == {
        "2026-03-kettles.txt": DumpNote(date(2026, 3, 14), "https://example.org/kettles?page=1", "CC0-1.0", "compact"),
        "more/socks.txt.gz": DumpNote(captured_on=date(2999, 1, 1)),
    }


def test_no_file_and_an_empty_one_are_no_notes(tmp_path):
    assert read_notes(tmp_path, PATHS, LAYOUTS) == {}
    write_notes(tmp_path, "# nothing yet\n")
    assert read_notes(tmp_path, PATHS, LAYOUTS) == {}


def test_a_note_can_be_written_as_json(tmp_path):
    write_notes(tmp_path, FULL)
    notes = read_notes(tmp_path, PATHS, LAYOUTS)
    assert json.loads(json.dumps({path: note.as_dict() for path, note in notes.items()})) == {
        "2026-03-kettles.txt": {
            "captured_on": "2026-03-14",
            "source_url": "https://example.org/kettles?page=1",
            "licence": "CC0-1.0",
            "layout": "compact",
        },
        "more/socks.txt.gz": {"captured_on": "2999-01-01", "source_url": None, "licence": None, "layout": None},
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('captured = "x"', ["found 'captured'", "Did you mean 'captured_on'?", "'licence', 'layout'"]),
        ('license = "MIT"', ["found 'license'", "Did you mean 'licence'?"]),
        ('layout = "compcat"', ["layout' expected one of 'compact', 'spaced'", "Did you mean 'compact'?"]),
        ('layout = ""', ["layout' expected the name of a layout, found ''"]),
        ("layout = [1]", ["layout' expected the name of a layout, found [1]"]),
        ('captured_on = "2026-03-14"', ["captured_on' expected a date without quotes and time", "'2026-03-14'"]),
        (
            "captured_on = 2026-03-14T10:00:00Z",
            ["captured_on' expected a date without quotes and time", "found '2026-03-14T10:00:00+00:00'"],
        ),
        ("captured_on = 20260314", ["captured_on' expected a date", "found 20260314"]),
        ('source_url = "example.org"', ["source_url' expected an address that starts with http:// or https://"]),
        ('source_url = "https://a.example b"', ["source_url' expected an address", "found 'https://a.example b'"]),
        ('source_url = "https://"', ["source_url' expected an address"]),
        ('source_url = "https://ada:s3cret@a.example"', ["source_url' expected an address", "without passwords"]),
        ('licence = " "', ["licence' expected the name of a licence in quotes", "found ' '"]),
        ("licence = true", ["licence' expected the name of a licence in quotes", "found True"]),
    ],
)
def test_a_wrong_fact_is_told_with_its_place(tmp_path, line, said):
    message = error_of(tmp_path, f'["2026-03-kettles.txt"]\n{line}\n')
    assert message.startswith('setting \'dumps.toml ["2026-03-kettles.txt"]')
    assert all(part in message for part in said), message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('["a.txt"]\n["a.txt"]\n', ["expected valid TOML", "at line 2"]),
        ('["a.txt"]\nlayout = \n', ["expected valid TOML", "at line 2", "Mend that line"]),
        (b'["\xff.txt"]\n', ["expected text in UTF-8", "Save it in UTF-8"]),
        ('"2026-03-kettles.txt" = "compact"\n', ["expected a table, found 'compact'", "on a line of its own"]),
        ('[["2026-03-kettles.txt"]]\nlayout = "compact"\n', ["expected a table, found [{"]),
        ('["2026-03-ketles.txt"]\n', ["found '2026-03-ketles.txt'", "Did you mean '2026-03-kettles.txt'?"]),
        ("[2026-03-kettles.txt]\n", ['Names with a dot need quotes: ["2026-03-kettles.txt"].']),
        ("[a.b.txt]\nlayout = 'compact'\n", ["found '[a.b.txt]'", 'need quotes: ["a.b.txt"].']),
        ("layout = 'compact'\n", ["dumps.toml layout' expected a fact of one dump", 'below an entry, as ["file.txt"]']),
        (
            "captured_on = 2026-03-14\n",
            ["captured_on' expected a fact of one dump, found '2026-03-14'", "below an entry"],
        ),
        ('["socks.txt.gz"]\n', ["Did you mean 'more/socks.txt.gz'?"]),
        ('["mroe/socks.txt.gz"]\n', ["Did you mean 'more/socks.txt.gz'?"]),
        ('["2026-03-kettles"]\n', ["Did you mean '2026-03-kettles.txt'?", "in quotes"]),
        ('["snails.txt"]\n', ["expected paths of dumps, found 'snails.txt'", "Name a file below"]),
        ('["dumps.toml"]\n', ["'dumps.toml' is hidden, unfinished, or otherwise no dump"]),
        ('["./2026-03-kettles.txt"]\n', ['Name the entry ["2026-03-kettles.txt"]']),
    ],
)
def test_a_wrong_entry_is_told(tmp_path, text, said):
    message = error_of(tmp_path, text)
    assert all(part in message for part in said), message


@pytest.mark.parametrize(
    ("path", "paths", "meant"),
    [
        ("b.txt", {"bb.txt", "sub/b.txt"}, "sub/b.txt"),
        ("mroe/b.txt", {"a/b.txt", "more/b.txt", "z/b.txt"}, "more/b.txt"),
        ("nope.txt", {"notes.txt", "page.txt", "sub/b.txt"}, None),
    ],
)
def test_the_path_that_was_meant_is_suggested_and_no_other(tmp_path, path, paths, meant):
    (tmp_path / "dumps.toml").write_text(f'["{path}"]\n')
    with pytest.raises(SettingsError) as caught:
        read_notes(tmp_path, paths, LAYOUTS)
    assert caught.value.remedy.startswith(f"Did you mean '{meant}'?" if meant else "Name a file below")


def test_layouts_are_listed_in_the_order_of_their_table(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("a")
    (tmp_path / "raw" / "dumps.toml").write_text('["a.txt"]\nlayout = "nonsense"\n')
    listed = ", ".join(f"'{layout.name}'" for layout in TABLE)
    with pytest.raises(SettingsError, match=f"one of {listed}, found"):
        build(Settings(raw=tmp_path / "raw", store=tmp_path / "store"), PlainSteps())
    with pytest.raises(SettingsError, match=f"one of {listed}, found"):
        inspect_dump(tmp_path / "raw" / "a.txt", Settings(raw=tmp_path / "raw"), None, 1)


def test_a_note_on_the_second_path_of_the_same_bytes_names_the_first(tmp_path):
    (tmp_path / "copy.txt").write_text("2026-03-kettles.txt")
    message = error_of(tmp_path, '["copy.txt"]\nlayout = "compact"\n')
    assert "('copy.txt' has the same bytes as '2026-03-kettles.txt')" in message
    assert 'Name the entry ["2026-03-kettles.txt"]: the first path counts.' in message


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "dumps.toml").mkdir()
    with pytest.raises(SettingsError, match=r"expected a file that can be read.*\n.*make it readable"):
        read_notes(tmp_path, PATHS, LAYOUTS)
