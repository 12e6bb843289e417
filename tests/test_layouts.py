import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.dumps import read_lines
from paperlake.layouts import LAYOUTS, recognise_layout
from paperlake.layouts.alternation import split_alternating
from paperlake.layouts.reading import check_conservation, read_parts
from paperlake.records import Furniture, RawPaper, Reject
from paperlake.settings import Settings

CASES = Path(__file__).parent / "cases" / "layouts"
DUMPS = sorted(CASES.glob("*/*.txt"))
BANNER = ["Get trending papers in your email inbox once a day!", "Get trending papers in your email inbox!"]
ABSTRACT = "Kettles boil and nobody asks why. " * 12


def test_every_layout_has_a_sample():
    assert {layout.name for layout in LAYOUTS} == {folder.name for folder in CASES.iterdir()}


@pytest.mark.parametrize("path", DUMPS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_sample_reads_as_expected(path):
    expected = json.loads(path.with_suffix(".expected.json").read_text())
    parts = read_parts(read_lines(path, path.name, Settings()), path.name)
    assert {part.layout for part in parts} == {path.parent.name}
    pieces = [piece for part in parts for piece in part.pieces]
    papers = [piece for piece in pieces if isinstance(piece, RawPaper)]
    found = [
        {"position": position, "line_start": paper.block.line_start, "line_end": paper.block.line_end}
        | {name: value for name, value in paper._asdict().items() if name != "block" and value}
        | {name: 0 for name in ("upvotes", "comments", "github_stars") if getattr(paper, name) == 0}
        for position, paper in enumerate(papers, start=1)
    ]
    assert found == [
        {name: value for name, value in paper.items() if value is not None} for paper in expected["papers"]
    ]
    rejects = [[p.block.line_start, p.block.line_end, p.reason] for p in pieces if isinstance(p, Reject)]
    assert rejects == expected["rejects"]


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
