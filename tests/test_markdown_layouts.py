"""firecrawl, structmd, linktag and clipper on pages whose every value is known: broken, cut, repeated, in any order."""

import datetime as dt
import time

import pytest
from benchmarks.page_writers import FIELDS, WRITERS, Sheet, invent, write_page
from hypothesis import given, settings
from hypothesis import strategies as st

from paperlake.layouts import clipper, firecrawl, linktag, structmd
from paperlake.layouts.reading import check_conservation
from paperlake.layouts.values import read_count
from paperlake.records import Furniture, RawPaper, Reject

LAYOUTS = {"firecrawl": firecrawl, "structmd": structmd, "linktag": linktag, "clipper": clipper}
CAPTURED_ON = dt.date(2026, 7, 1)
PAPERS = invent(60, seed=11)
NAMES = st.sampled_from(sorted(LAYOUTS))
GARBAGE = st.sampled_from(
    [
        "Read more »",
        "***",
        "<br>",
        "-",
        "·",
        "[",
        "](https://example.org/lids)",
        "[View all](https://example.org/all)",
        "[an open bracket",
        "Sponsored: kettles with two spouts, half price until Sunday",
        "# Somebody's own heading",
        "Subscribe",
    ]
)
LONG_GARBAGE = GARBAGE | st.just("A long note on lids that nobody asked for. " * 8)
DAMAGES = ("title lost", "title's link open", "a link open", "id cut", "abstract lost")


def write_card(name, paper, position=0, copy=1):
    sheet = Sheet(CAPTURED_ON, n_papers=1, position=position, copy=copy)
    written = WRITERS[name].card(paper, sheet)
    return written.lines, written.expected


def is_title(line):
    return line.startswith("### ")


def damaged(lines, expected, damage, pick):
    """The card's lines with one thing broken; None where the card has no such thing."""
    lines = list(lines)
    start = next(at for at, line in enumerate(lines) if is_title(line))
    end = start + expected["title_raw"].count("\n") * (len(lines[start]) < len(expected["title_raw"]))
    if damage == "title lost":
        return lines[:start] + lines[end + 1 :]
    if damage == "title's link open":
        return [*lines[:end], lines[end][: lines[end].rindex("](")], *lines[end + 1 :]] if "](" in lines[end] else None
    if damage == "a link open":
        open_ = [at for at, line in enumerate(lines) if "](http" in line and not start <= at <= end]
        at = open_[pick % len(open_)] if open_ else None
        return None if at is None else [*lines[:at], lines[at][: lines[at].rindex("](http")], *lines[at + 1 :]]
    if damage == "id cut":
        ids = [at for at, line in enumerate(lines) if expected["arxiv_id"] and expected["arxiv_id"] in line]
        at = ids[pick % len(ids)] if ids else None
        cut = None if at is None else lines[at].replace(expected["arxiv_id"], expected["arxiv_id"][:-1])
        return None if cut is None else [*lines[:at], cut, *lines[at + 1 :]]
    return without_abstract(lines, expected, end)


def without_abstract(lines, expected, title_end):
    if expected["abstract_raw"] is None:
        return None
    first = next(at for at in range(title_end + 1, len(lines)) if lines[at].strip())
    n_lines = 1 + expected["abstract_raw"].count("\n")
    return lines[:first] + lines[first + n_lines :]


def values_of(paper):
    return {name: getattr(paper, name) for name in FIELDS}


@st.composite
def mixtures(draw):
    """A layout's header, then cards, good or broken, with other lines between; and the truth of each by its lines."""
    name = draw(NAMES)
    lines = [*write_page(name, [], captured_on=CAPTURED_ON, footer=False).lines, ""]
    cards = []
    for position, paper in enumerate(draw(st.lists(st.sampled_from(PAPERS), min_size=1, max_size=7, unique=True))):
        card, expected = write_card(name, paper, position, draw(st.integers(1, 2)))
        damage = draw(st.sampled_from([None, None, None, *DAMAGES]))
        if damage == "title lost" and cards and cards[-1][2] == "abstract lost":
            continue  # a title and the next card's abstract are one record to anybody
        written = card if damage is None else damaged(card, expected, damage, draw(st.integers(0, 9)))
        if written is None:
            continue
        first = len(lines) + 1
        lines += written
        cards.append((first, len(lines), damage, expected))
        # A long text below a lone title is an abstract to anybody.
        for garbage in draw(st.lists(GARBAGE if damage == "abstract lost" else LONG_GARBAGE, max_size=2)):
            lines += ["", garbage, ""]
    return name, lines, cards


@given(mixtures())
@settings(max_examples=400)
def test_only_broken_cards_are_lost_and_none_says_what_is_not_so(mixture):
    name, lines, cards = mixture
    pieces = LAYOUTS[name].split(lines)
    check_conservation(lines, pieces)
    papers = {piece.block.line_start: piece for piece in pieces if isinstance(piece, RawPaper)}
    for first, last, damage, expected in cards:
        inside = [papers.pop(number) for number in range(first, last + 1) if number in papers]
        if damage is None:
            assert [values_of(paper) for paper in inside] == [expected], (name, first)
            filled = [number for number in range(first, last + 1) if lines[number - 1].strip()]
            assert inside[0].block == (filled[0], filled[-1])
        for paper in inside:
            assert paper.block.line_end <= last
            assert {k: v for k, v in values_of(paper).items() if v not in (None, expected[k])} == {}, (name, damage)
    assert not papers


@given(NAMES, st.lists(st.sampled_from(PAPERS), min_size=1, max_size=4, unique=True), st.data())
@settings(max_examples=400)
def test_a_page_cut_anywhere_shows_no_value_that_the_whole_page_does_not(name, papers, data):
    page = write_page(name, papers, captured_on=CAPTURED_ON)
    end = data.draw(st.integers(0, len(page.text)), label="characters")
    lines = page.text[:end].removesuffix("\n").split("\n")
    pieces = LAYOUTS[name].split(lines)
    check_conservation(lines, pieces)
    truth = {card["line_start"]: card for card in page.expected}
    for paper in (piece for piece in pieces if isinstance(piece, RawPaper)):
        expected = truth[paper.block.line_start]
        wrong = {k: v for k, v in values_of(paper).items() if v not in (None, expected[k])}
        if paper.is_cut:
            assert expected["abstract_raw"].startswith(wrong.pop("abstract_raw", ""))
        assert wrong == {}, repr(page.text[end - 80 : end])


@given(NAMES, st.lists(st.tuples(st.sampled_from(PAPERS), st.integers(1, 2)), max_size=8))
@settings(max_examples=200)
def test_cards_repeated_and_in_any_order_are_the_same_records(name, cards):
    written = [write_card(name, paper, position, copy) for position, (paper, copy) in enumerate(cards)]
    lines = [line for card, _ in written for line in card]
    pieces = LAYOUTS[name].split(lines)
    check_conservation(lines, pieces)
    assert [values_of(piece) for piece in pieces if isinstance(piece, RawPaper)] == [truth for _, truth in written]
    assert not [piece for piece in pieces if isinstance(piece, Reject)]


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_page_is_known_by_its_own_layout_only(name):
    lines = write_page(name, PAPERS[:6], captured_on=CAPTURED_ON).lines
    assert [other for other in LAYOUTS if LAYOUTS[other].recognise(lines).is_known] == [name]


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize(
    "unit", ["[", "[1](https://example.org/lids) ", "](https://example.org/lids)", "\\\\", "[[a] ", "- "]
)
def test_the_cost_of_a_long_line_is_linear(name, unit):
    start = time.process_time()
    for line in (unit * 100_000, "### [" + unit * 100_000, "[" + unit * 100_000):
        pieces = LAYOUTS[name].split(["### A Title", "", line, ""])
        assert pieces[-1].block.line_end == 3
    assert time.process_time() - start < 5  # half a second; ten and more where every link reads the line again


def test_the_header_of_the_next_page_is_no_part_of_a_card_that_was_cut():
    card, _ = write_card("firecrawl", PAPERS[0])
    cut = card[: next(at for at, line in enumerate(card) if line == "·")]
    pieces = firecrawl.split([*cut, "new", "", "# Daily Papers", "", "Oct 2", ""])
    [paper] = [piece for piece in pieces if isinstance(piece, RawPaper)]
    assert paper.published_raw is None
    assert ("page_date", "Oct 2") in [(p.name, p.text) for p in pieces if isinstance(p, Furniture)]


def test_a_title_between_the_links_of_two_papers_is_neither_ones():
    lines = ["[![](https://example.org/a.png)](https://huggingface.co/papers/2606.90001)", "", "### Whose Title?", ""]
    pieces = clipper.split([*lines, "[3](https://huggingface.co/papers/2606.90002)", ""])
    assert [(p.block, p.reason) for p in pieces if isinstance(p, Reject)] == [
        ((1, 3), "cut_off"),
        ((5, 5), "missing_title"),
    ]


@pytest.mark.parametrize("count", ["9" * 400, "9" * 400 + ".5k", "3000000k"])
def test_a_count_beyond_reason_is_none(count):
    assert read_count(count) is None


@given(NAMES, st.lists(st.text(alphabet="[]()#·-\\ Sa1*<>/\t", max_size=12) | GARBAGE, max_size=12))
def test_any_lines_are_read_without_a_loss(name, lines):
    check_conservation(lines, LAYOUTS[name].split(lines))
