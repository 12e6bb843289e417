"""How alike titles and abstracts are, in bulk."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from paperlake.identity.scoring import (
    LEAST_TITLE,
    N_SENTENCES,
    score_abstracts,
    score_titles,
    sentence_table,
    share_sentence,
)
from tests.identity_records import abstract, facts_of, reworded, summary

TEXTS = st.lists(st.tuples(*[st.none() | st.text("abc ", max_size=12)] * 2), min_size=1, max_size=8)
strings = pl.String()


def titles(*pairs):
    left, right = zip(*pairs, strict=True)
    return score_titles(pl.Series(left, dtype=strings), pl.Series(right, dtype=strings))


def abstracts(*pairs, title=100.0):
    """The scores of pairs of abstracts whose titles are alike to some degree."""
    left, right = (facts_of(*({"abstract_raw": text} for text in side)) for side in zip(*pairs, strict=True))
    return score_abstracts(left, right, pl.Series([title] * len(pairs), dtype=pl.Float32))


def test_titles_are_scored_in_hundredths_and_nothing_below_the_least():
    scores = titles(("kettles", "kettles"), ("kettles", "ketles"), ("kettles", "snails"), ("kettles", None))
    assert scores["title"].to_list() == [100, pytest.approx(fuzz.ratio("kettles", "ketles")), 0, 0]
    assert fuzz.ratio("kettles", "snails") < LEAST_TITLE


@pytest.mark.parametrize("pair", [(None, None), (None, "kettles"), ("kettles", None)])
def test_a_title_that_is_missing_is_like_none(pair):
    assert titles(pair).row(0) == (False, 0)


def test_a_title_may_begin_with_the_other():
    pairs = ("kettle", "kettleboiling"), ("kettleboiling", "kettle"), ("kettle", "akettle"), ("kettle", "kettle")
    assert titles(*pairs)["begins"].to_list() == [True, True, False, True]


@given(TEXTS)
def test_which_title_is_left_makes_no_difference(pairs):
    assert titles(*pairs).equals(titles(*((right, left) for left, right in pairs)))


def test_abstracts_are_compared_over_their_common_length():
    long = abstract(1, 8)
    scores = abstracts((long, long), (long, long[:200]), (long[:200], long), (long, abstract(2, 8)), (long, None))
    assert scores["abstract"].to_list()[:3] == [100, 100, 100]
    assert scores["abstract"][3] < 60
    assert scores["n_common"].to_list()[1] == scores["n_common"].to_list()[2] < scores["n_common"].to_list()[0]
    assert scores["abstract"][4] is None
    assert scores["n_common"][4] is None


def test_a_cut_abstract_with_a_slip_is_nearly_the_same():
    long = abstract(1, 8)
    (score,) = abstracts((long, f"x{long[1:200]}"))["abstract"]
    assert 97 < score < 100


@pytest.mark.parametrize(
    ("n_kept", "least", "most"), [(1, 50, 60), (3, 60, 70), (5, 75, 85), (6, 85, 95), (8, 100, 100)]
)
def test_the_more_sentences_are_kept_the_liker(n_kept, least, most):
    (score,) = abstracts((abstract(1, 8), reworded(1, n_kept)))["abstract"]
    assert least <= score <= most


def test_a_summary_is_found_only_where_titles_are_alike_and_it_is_much_shorter():
    pairs = (abstract(1), summary(1)), (summary(1), abstract(1))
    assert abstracts(*pairs)["summary"].to_list() == [100, 100]
    assert abstracts(*pairs, title=80)["summary"].to_list() == [None, None]
    (foreign,) = abstracts((abstract(1), summary(2)))["summary"]
    assert foreign < 88
    kept = " ".join(abstract(1).split(" ")[12:])
    assert abstracts((abstract(1), kept))["summary"].to_list() == [None], "five sentences of six"


def test_a_summary_is_not_looked_for_where_abstracts_are_alike_or_missing():
    assert abstracts((abstract(1), abstract(1)[:150]), (abstract(1), None))["summary"].to_list() == [None, None]


def test_sentences_that_stand_in_the_other_in_any_order_are_a_summary():
    sentences = abstract(1, 8).split(". ")
    picked = f"{sentences[6]}. {sentences[2]}. {sentences[4]}."
    assert abstracts((abstract(1, 8), picked))["summary"].to_list() == [100]


def shares(*pairs):
    left, right = (
        sentence_table(facts_of(*({"abstract_raw": text} for text in side))["sentences"])
        for side in zip(*pairs, strict=True)
    )
    return share_sentence(left, right).to_list()


def test_abstracts_may_share_one_of_their_first_sentences():
    one = abstract(1).split(". ")
    pairs = [(abstract(1), f"{abstract(2, 2)} {sentence}.") for sentence in one[:-1]]
    assert shares(*pairs) == [True] * 5
    assert shares((abstract(1), abstract(2)), (abstract(1), None), (None, None), ("Tea.", "Tea.")) == [False] * 4


def test_only_the_first_sentences_are_looked_at():
    late = f"{abstract(2, N_SENTENCES)} {summary(1)}"
    assert shares((abstract(1), late), (abstract(1), f"{abstract(2, N_SENTENCES - 1)} {summary(1)}")) == [False, True]


def test_nothing_to_score():
    empty = facts_of()
    scores = score_abstracts(empty, empty, pl.Series([], dtype=pl.Float32))
    assert scores.height == 0
    assert set(scores.columns) == {"abstract", "n_common", "summary"}
    assert score_titles(empty["title_key"], empty["title_key"]).height == 0
    assert share_sentence(*[sentence_table(empty["sentences"])] * 2).len() == 0
