import json
import re
from pathlib import Path

import pytest
from benchmarks.page_writers import WRITERS
from hypothesis import given
from hypothesis import strategies as st

from paperlake.dump_lines import read_lines
from paperlake.errors import LayoutError
from paperlake.layouts import LAYOUTS, recognise_layout
from paperlake.layouts.alternation import split_alternating
from paperlake.layouts.reading import check_conservation, read_parts
from paperlake.records import Furniture, RawPaper, Reject
from paperlake.settings import Settings
from paperlake.vocabularies import LAYOUT_NAMES
from tests.layout_cases import CASES, as_expected, expected_file, read_case, write_missing
from tests.test_page_writers import MARKS, SHOWN_WHERE_THERE_IS_ONE

DUMPS = sorted(CASES.glob("*/*.txt"))
WHOLE = [path for path in DUMPS if path.stem in ("ordinary", "whole-page")]
"""Samples without a broken or cut record."""
BANNER = ["Get trending papers in your email inbox once a day!", "Get trending papers in your email inbox!"]
ABSTRACT = "Kettles boil and nobody asks why. " * 12
README = (Path(__file__).parent.parent / "README.md").read_text()
TABLE = re.search(r"^\| layout \| .*\n((?:\|.*\n)+)", README, re.MULTILINE)[1]


def test_names_of_layouts_are_those_of_the_layouts():
    assert [layout.name for layout in LAYOUTS] == list(LAYOUT_NAMES), "add it to LAYOUT_NAMES in vocabularies.py"


@pytest.mark.parametrize("name", [layout.name for layout in LAYOUTS])
def test_every_layout_has_its_case_folder_and_readme_row(name):
    assert any(CASES.glob(f"{name}/*.txt")), f"put a few of its records into tests/cases/layouts/{name}/ordinary.txt"
    assert f"`{name}`" in TABLE, f"add a row `{name}` to the table of layouts in README.md (Dumps)"


@pytest.mark.parametrize("name", WRITERS)
def test_every_page_writer_is_that_of_a_layout_and_has_its_marks(name):
    assert name in {layout.name for layout in LAYOUTS}, f"add {name} to LAYOUTS in paperlake/layouts/__init__.py"
    assert name in MARKS, f"add to MARKS in tests/test_page_writers.py strings that every page of {name} holds"
    has_fields = name in SHOWN_WHERE_THERE_IS_ONE
    assert has_fields, f"add to SHOWN_WHERE_THERE_IS_ONE in tests/test_page_writers.py the fields that {name} shows"


def test_every_case_folder_is_that_of_a_layout():
    assert {folder.name for folder in CASES.iterdir()} <= {layout.name for layout in LAYOUTS}


@pytest.mark.parametrize("path", DUMPS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_sample_reads_as_expected(path):
    file = expected_file(path)
    assert file.exists(), f"write {file.name}, or a draft of it with `python -m tests.layout_cases {path.parent.name}`"
    expected = json.loads(file.read_text())
    parts = read_case(path)
    assert {part.layout for part in parts} == {path.parent.name}
    found = as_expected(piece for part in parts for piece in part.pieces)
    assert found["papers"] == [
        {name: value for name, value in paper.items() if value is not None} for paper in expected["papers"]
    ]
    assert found["rejects"] == expected["rejects"]


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: f"{path.parent.name}/{path.stem}")
@given(share=st.floats(0, 1))
def test_a_sample_cut_at_any_character_never_raises_and_invents_no_title(path, share):
    text = "\n".join(read_lines(path, path.name, Settings()))
    whole = {paper.title_raw for paper in papers_of(text)}
    assert {paper.title_raw for paper in papers_of(text[: int(share * len(text))])} <= whole


def papers_of(text: str) -> list[RawPaper]:
    try:
        parts = read_parts(text.split("\n"), "d.txt")
    except LayoutError:
        return []
    return [piece for part in parts for piece in part.pieces if isinstance(piece, RawPaper)]


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_sample_twice_in_a_file_is_read_twice(path):
    text = "\n".join(read_lines(path, path.name, Settings()))
    once = [paper.title_raw for paper in papers_of(text)]
    assert [paper.title_raw for paper in papers_of(f"{text}\n{text}")] == once * 2


def test_a_draft_is_written_for_the_dumps_that_lack_one(tmp_path):
    folder = tmp_path / "compact"
    folder.mkdir()
    (folder / "done.expected.json").write_text("checked")
    for name in ("done", "new"):
        (folder / f"{name}.txt").write_text("\n".join([*BANNER, "SubscribeOn Socks", ABSTRACT, "On Snails", ABSTRACT]))
    assert write_missing(folder) == [folder / "new.expected.json"]
    draft = json.loads((folder / "new.expected.json").read_text())
    assert [(paper["title_raw"], paper["line_start"]) for paper in draft["papers"]] == [
        ("On Socks", 3),
        ("On Snails", 5),
    ]
    assert (folder / "done.expected.json").read_text() == "checked"


def test_a_draft_is_refused_for_the_dump_of_another_layout(tmp_path):
    (tmp_path / "spaced").mkdir()
    (tmp_path / "spaced" / "a.txt").write_text(
        "\n".join([*BANNER, "SubscribeOn Socks", ABSTRACT, "On Snails", ABSTRACT])
    )
    with pytest.raises(SystemExit, match="expected layout spaced, found compact"):
        write_missing(tmp_path / "spaced")
    assert not list(tmp_path.glob("*/*.json"))


@pytest.mark.parametrize(
    "lines",
    [
        ["Hugging Face", "Models", "Log In", "potter9", "'s papers", "2", "arxiv:", "2601.90001"],
        ["---", 'title: "Daily Papers"', "---", *BANNER, "### [A title](https://example.org/papers/2601.90001)"],
        ["[", " {", '  "kettle": {', '   "id": "2601.90001"'],
        ["# Notes", "", "Some words of mine.", "", "And more."],
        ["one line"],
        [text for heading in ("Introduction", "Methods", "Results") for text in (heading, ABSTRACT)],
        [
            text
            for n in range(5)
            for text in (f'{{"title": "A Title about Kettles {n}"}}', f'{{"abstract": "{ABSTRACT}"}}')
        ],
    ],
)
def test_what_no_layout_describes_is_refused(lines):
    layout, answers = recognise_layout(lines)
    assert layout is None
    assert all("expected" in answer.why for answer in answers)


@pytest.mark.parametrize("blank", [[], [""]], ids=["compact", "spaced"])
def test_records_pasted_without_a_header_are_recognised_by_their_shape(blank):
    lines = [
        line
        for title in (
            "Socks and How They Came to Part",
            "On Snails That Prefer Slate to Chalk",
            "On Chalk and Its Many Kinds of Squeak",
        )
        for text in (title, ABSTRACT)
        for line in (text, *blank)
    ]
    layout, _ = recognise_layout(lines)
    assert layout is not None
    assert layout.name == ("spaced" if blank else "compact")


@pytest.mark.parametrize("title", ["Subscribe to Nothing: A Study", "Subscribers Who Sleep"])
def test_only_the_glued_button_goes(title):
    papers = [
        p
        for p in split_alternating([*BANNER, f"Subscribe{title}", ABSTRACT, title, ABSTRACT])
        if isinstance(p, RawPaper)
    ]
    assert [paper.title_raw for paper in papers] == [title, title]


def test_a_title_that_lost_its_abstract_does_not_take_the_next_title_for_it():
    second = "Never Again Without a Lid: " + "A Long Study of Kettles, " * 5 + "and How They All Ended!"
    papers = [p for p in split_alternating([*BANNER, "On Socks", second, ABSTRACT]) if isinstance(p, RawPaper)]
    assert [paper.title_raw for paper in papers] == [second]


def test_a_submitter_without_a_name_takes_no_title():
    pieces = split_alternating([*BANNER, "Submitted by", "On Socks and Snails", ABSTRACT])
    assert [(p.title_raw, p.submitted_by) for p in pieces if isinstance(p, RawPaper)] == [("On Socks and Snails", None)]


def test_a_label_is_no_title_and_an_abstract_no_name():
    pieces = split_alternating([*BANNER, "Submitted by", "mira-k", "Submitted by", ABSTRACT, "On Socks", ABSTRACT])
    assert [(p.title_raw, p.submitted_by) for p in pieces if isinstance(p, RawPaper)] == [("On Socks", None)]
    assert [p.reason for p in pieces if isinstance(p, Reject)] == ["missing_title"]


GOOD = ["A Good Title about Kettles", ABSTRACT]
BROKEN = {
    "title alone": (["A Lonely Title about Nothing"], "missing_abstract"),
    "abstract alone": ([ABSTRACT + "Alone."], "missing_title"),
    "sentence": (["A sentence is neither, " + "and goes on and on, " * 5 + "until it ends here."], "missing_title"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_only_the_broken_block_is_lost(kind, place):
    broken, reason = BROKEN[kind]
    blocks = [list(GOOD), list(GOOD)]
    blocks.insert(place, broken)
    lines = [*BANNER, "Subscribe", *(line for block in blocks for line in block)]
    pieces = split_alternating(lines)
    check_conservation(lines, pieces)
    assert [p.title_raw for p in pieces if isinstance(p, RawPaper)] == [GOOD[0], GOOD[0]]
    [reject] = [p for p in pieces if isinstance(p, Reject)]
    assert (reject.reason, lines[reject.block.line_start - 1]) == (reason, broken[0])


LINES = st.sampled_from(
    [
        *BANNER,
        "",
        " ",
        "Subscribe",
        "SubscribeOn Socks",
        "Submitted by",
        "mira-k",
        "On Snails",
        "May 9",
        ABSTRACT,
        "x" * 400,
    ]
)


@given(st.lists(LINES | st.text(alphabet="ab. \u00a0\x0c", max_size=8), max_size=30))
def test_split_loses_nothing_and_invents_nothing(lines):
    pieces = split_alternating(lines)
    check_conservation(lines, pieces)
    for paper in pieces:
        if isinstance(paper, RawPaper):
            assert paper.title_raw not in (*BANNER, "Subscribe", "Submitted by")


@given(st.integers(min_value=0, max_value=900))
def test_a_dump_cut_anywhere_never_raises(length):
    text = "\n".join([*BANNER, "SubscribeOn Socks", ABSTRACT, "On Snails", ABSTRACT])[:length]
    lines = text.split("\n")
    pieces = split_alternating(lines)
    check_conservation(lines, pieces)
    assert {p.title_raw for p in pieces if isinstance(p, RawPaper)} <= {"On Socks", "On Snails"}


def test_pages_of_submitters_hold_no_paper():
    lines = ["Submitted by", "mira-k", "new", *BANNER, "SubscribeSubmitted by", "potter9", "Submitted by", "mira-k"]
    pieces = split_alternating(lines)
    check_conservation(lines, pieces)
    assert all(isinstance(piece, Furniture) for piece in pieces)
