"""In what two titles differ: a table of cases, and properties."""

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperlake.identity.difference import KINDS, Side, find_difference
from paperlake.titles import title_words

with (Path(__file__).parent / "cases" / "title_differences.csv").open(encoding="utf-8", newline="") as lines:
    CASES = list(csv.DictReader(lines))


def words_of(title):
    return pl.DataFrame({"title": [title]}).select(title_words(pl.col("title"))).item().split(" ")


def knower(known):
    return (lambda _: known == "all") if known in ("all", "none") else set(known.split(" ")).__contains__


def kind_of(case, *sides):
    left, right = (Side(words_of(case[side]), case[f"{side}_cut"] == "yes") for side in sides)
    return find_difference(left, right, knower(case["known"]))


@pytest.mark.parametrize("case", CASES, ids=[f"{case['left']} | {case['right']} | {case['known']}" for case in CASES])
def test_a_case(case):
    assert kind_of(case, "left", "right") == case["expected"], case["why"]
    assert kind_of(case, "right", "left") == case["expected"], f"swapped: {case['why']}"


def test_the_table_has_every_kind_and_titles_whose_letters_differ():
    assert len(CASES) >= 80
    assert {case["expected"] for case in CASES} == set(KINDS)
    assert all("".join(words_of(case["left"])) != "".join(words_of(case["right"])) for case in CASES)


LIKE = [
    "tea",
    "pots",
    "teapots",
    "teapot",
    "kettle",
    "kettles",
    "ketle",
    "kettel",
    "colour",
    "color",
    "modern",
    "modem",
    "a",
    "the",
    "of",
    "for",
    "with",
    "without",
    "no",
    "not",
    "ii",
    "iii",
    "2",
    "3",
    "v2",
    "c",
    "c++",
    "a*",
    "50%",
    "50",
    "s0ck",
    "sock",
    "socks",
    "snail",
    "snails",
    "uk",
    "ai",
    "nowhere",
    "now",
    "here",
    "where",
]
titles = st.lists(st.sampled_from(LIKE) | st.text("abst2i", min_size=1, max_size=5), min_size=1, max_size=7)
sides = st.builds(Side, titles, st.booleans())
knowledge = st.frozensets(st.sampled_from(LIKE))


@given(sides, sides, knowledge)
@example(Side(["ii"], False), Side(["of"], True), frozenset())
@example(Side(["ai"], True), Side(["of"], True), frozenset())
def test_which_title_is_left_makes_no_difference(left, right, known):
    there = find_difference(left, right, known.__contains__)
    assert find_difference(right, left, known.__contains__) == there


anything = st.builds(Side, st.lists(st.text(max_size=8), max_size=8), st.booleans())


@given(anything, anything, st.booleans())
def test_any_words_have_a_kind_and_stay_as_they_are(left, right, is_known):
    words = [*left.words], [*right.words]
    assert find_difference(left, right, lambda _: is_known) in KINDS
    assert (left.words, right.words) == words
