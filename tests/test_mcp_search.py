import datetime as dt

import pytest
from benchmarks.page_writers import FIELDS, invent, write_page
from hypothesis import given, settings
from hypothesis import strategies as st

from paperlake.layouts import mcp_search
from paperlake.layouts.mcp_search import read_authors
from paperlake.layouts.reading import check_conservation
from paperlake.records import Furniture, RawPaper, Reject

CAPTURED_ON = dt.date(2026, 7, 1)
PAPERS = st.lists(st.sampled_from(invent(40, seed=3)), min_size=1, max_size=4, unique=True)
LINK = "**Link to paper:** [https://hf.co/papers/2601.90001](https://hf.co/papers/2601.90001)"
HEADER = ["## On Lids", "", "Published on Published on 4 Jan, 2026", "**Authors:** Ada Spout", "", "### Abstract", ""]


def read(lines):
    pieces = mcp_search.split(lines)
    check_conservation(lines, pieces)
    return pieces


def papers_of(lines):
    return [piece for piece in read(lines) if isinstance(piece, RawPaper)]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("Ada Spout", 1),
        ("Ada Spout ([spout](https://hf.co/spout)), Bo Lidd", 2),
        ("Bo Lidd, Jr., Cy Hosen, III", 2),
        ("Ada Spout (Example Lab, Inc.), Bo Lidd", 2),
        ("Ada Spout, and 9 more.", 10),
        ("Unknown, Unknown", 2),
        ("Not available", None),
        ("", None),
    ],
)
def test_authors_are_those_listed_and_those_only_counted(names, expected):
    assert read_authors(names) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Upvoted 12 times", (12, None)),
        ("Upvoted 1 times. The authors are participating in a discussion with 3 comments.", (1, 3)),
        (". There is a community discussion with 1 comments.", (None, 1)),
        ("Upvoted 12 times by those who read it.", (None, None)),
    ],
)
def test_counts(line, expected):
    [paper] = papers_of([*HEADER, "Lids lie.", "", line, LINK])
    assert (paper.upvotes, paper.comments) == expected


@pytest.mark.parametrize(
    ("line", "query"),
    [
        ("37 papers matched the query 'tea'. Here are the first 1 results.", "tea"),
        ("All 1 papers that matched the query 'lids' and 'kettles''", "lids' and 'kettles'"),
        ("The following papers matched the query tea", "tea"),
    ],
)
def test_the_query_is_furniture(line, query):
    first = read([line, "", "---", "", *HEADER, "Lids lie.", "", LINK])[0]
    assert isinstance(first, Furniture)
    assert (first.name, first.text) == ("query", query)


@pytest.mark.parametrize("headings", [("Abstract", "AI Generated Summary"), ("AI Generated Summary", "Abstract")])
def test_the_abstract_counts_beside_a_summary(headings):
    texts = {"Abstract": "Lids lie, and we say why.", "AI Generated Summary": "Lids lie."}
    sections = [line for heading in headings for line in (f"### {heading}", "", texts[heading], "")]
    [paper] = papers_of([*HEADER[:5], *sections, LINK])
    assert paper.abstract_raw == texts["Abstract"]


def test_a_rule_inside_an_abstract_is_a_part_of_it():
    [paper] = papers_of([*HEADER, "Lids lie", "---", "and kettles stand.", "", LINK, "", "---"])
    assert paper.abstract_raw == "Lids lie\n---\nand kettles stand."


def test_a_record_that_lost_its_last_lines_takes_nothing_of_the_next():
    lines = [*HEADER, "Lids lie.", "", "---", "", "Published on 9 May, 2026", "### Abstract", "Not its own.", LINK]
    pieces = read(lines)
    [paper] = [piece for piece in pieces if isinstance(piece, RawPaper)]
    assert (paper.abstract_raw, paper.arxiv_id, paper.published_raw) == ("Lids lie.", None, "4 Jan, 2026")
    [reject] = [piece for piece in pieces if isinstance(piece, Reject)]
    assert (reject.reason, reject.block) == ("missing_title", (12, 15))


@given(PAPERS, st.data())
@settings(max_examples=300)
def test_an_answer_cut_anywhere_shows_no_value_that_the_whole_does_not(papers, data):
    page = write_page("mcp_search", papers, captured_on=CAPTURED_ON)
    text = page.text[: data.draw(st.integers(0, len(page.text)))]
    truth = {card["line_start"]: card for card in page.expected}
    for paper in papers_of(text.removesuffix("\n").split("\n")):
        expected = truth[paper.block.line_start]
        wrong = {k: getattr(paper, k) for k in FIELDS if getattr(paper, k) not in (None, expected[k])}
        if paper.is_cut:
            assert expected["abstract_raw"].startswith(wrong.pop("abstract_raw", ""))
        assert wrong == {}, repr(text[-80:])


@given(PAPERS, st.data())
@settings(max_examples=300)
def test_a_record_that_lost_a_line_costs_no_other(papers, data):
    page = write_page("mcp_search", papers, captured_on=CAPTURED_ON)
    at = data.draw(st.sampled_from([at for at, line in enumerate(page.lines) if line]))
    lines = [*page.lines[:at], "", *page.lines[at + 1 :]]
    found = {paper.block.line_start: paper for paper in papers_of(lines)}
    for card in page.expected:
        if not card["line_start"] <= at + 1 <= card["line_end"]:
            paper = found[card["line_start"]]
            assert {name: getattr(paper, name) for name in FIELDS} == {name: card[name] for name in FIELDS}


@given(
    st.lists(
        st.sampled_from([*HEADER, LINK, "---", "Upvoted 3 times", "**AI Keywords**: lids", "Lids", ""]), max_size=25
    )
)
def test_no_line_is_lost(lines):
    read(lines)
