"""Block keys: what records of one paper share, a bounded number for each, whenever it comes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperlake.identity.blocking import blocks_of, find_words, make_keys, rows_of
from paperlake.identity.vocabulary import Vocabulary
from tests.identity_records import abstract, facts_of, noisy_facts

MOST_KEYS = 5 + 4 + 10
"""Ids, titles and their ends; sentences; every three of five words."""


def keys_of(facts, first_row=0, vocabulary=None):
    words = find_words(facts)
    after, earlier = (vocabulary or Vocabulary.empty()).extend(words, first_row)
    return make_keys(facts, first_row, words, earlier), after


def blocks_by_row(facts):
    keys, _ = keys_of(facts)
    blocks, rows = blocks_of(keys), rows_of(keys)
    return [set(blocks[rows == row].tolist()) for row in range(facts.height)]


def shared(first, second):
    one, other = blocks_by_row(facts_of(first, second))
    return len(one & other)


TITLE = "Copper Kettles Boil Faster in Gardens of Sleepy Snails"
OTHER = "Woollen Mittens Hide Marbles under Pillows at Midnight"


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ({"title_raw": TITLE, "arxiv_id": "2601.90001"}, {"title_raw": OTHER, "arxiv_id": "2601.90001"}, "arXiv id"),
        (
            {"title_raw": TITLE, "paper_url": "https://doi.org/10.5555/kettle.7"},
            {"title_raw": OTHER, "paper_url": "https://doi.org/10.5555/kettle.7"},
            "DOI",
        ),
        ({"title_raw": "Socks"}, {"title_raw": "SOCKS!"}, "a title too short for anything else"),
        ({"title_raw": "Kettlehouses"}, {"title_raw": "Kettlehouses"}, "one word"),
        ({"title_raw": "Boiled Kettle-Lids"}, {"title_raw": "Boiled Kettle-Lidz Arzenyk"}, "first letters"),
        (
            {"title_raw": "Quiet Marblecandles Underneath"},
            {"title_raw": "Loud Tinmarblecandles Underneath"},
            "last letters",
        ),
        (
            {"title_raw": TITLE, "abstract_raw": abstract("tea")},
            {"title_raw": OTHER, "abstract_raw": abstract("tea")},
            "a sentence",
        ),
        (
            {"title_raw": "Seven Kettles Boil Faster near Sleepy Snails Today"},
            {"title_raw": "Snails Today Sleepily Boil Eight Kettles Faster"},
            "three words in another order",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_records_that_may_be_one_paper_share_a_block(first, second, why):
    assert shared(first, second), why


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            {"title_raw": TITLE, "abstract_raw": abstract("tea")},
            {"title_raw": OTHER, "abstract_raw": abstract("socks")},
        ),
        ({"title_raw": "?!"}, {"title_raw": "..."}),
        ({"title_raw": None}, {"title_raw": None}),
        ({"title_raw": "Two Kettles"}, {"title_raw": "Two Snails"}),
        ({"abstract_raw": "Short. Too short."}, {"abstract_raw": "Short. Too short."}),
        ({"title_raw": TITLE, "arxiv_id": "2601.90001"}, {"title_raw": OTHER, "arxiv_id": "2601.90002"}),
    ],
    ids=["nothing in common", "signs alone", "no title", "two words", "no sentence of length", "other ids"],
)
def test_records_that_share_nothing_share_no_block(first, second):
    assert shared(first, second) == 0


def test_a_record_has_a_bounded_number_of_keys():
    facts = noisy_facts(600, 3)
    keys, _ = keys_of(facts)
    assert np.bincount(rows_of(keys).astype(np.int64), minlength=600).max() <= MOST_KEYS
    endless = facts_of(
        {"title_raw": " ".join(f"kettle{n}" for n in range(3000)), "abstract_raw": abstract("long", 400)}
    )
    assert len(keys_of(endless)[0]) <= MOST_KEYS


def test_keys_are_sorted_and_name_rows_from_the_first_row_on():
    keys, _ = keys_of(noisy_facts(600, 3), first_row=1_000)
    assert (np.diff(keys.astype(object)) >= 0).all()
    assert set(rows_of(keys).tolist()) <= set(range(1_000, 1_600))


@settings(max_examples=20)
@given(st.lists(st.integers(1, 250), max_size=6))
def test_a_record_has_the_same_keys_whatever_comes_with_it_or_later(sizes):
    facts = noisy_facts(600, 3)
    whole, _ = keys_of(facts)
    start, vocabulary, found = 0, Vocabulary.empty(), []
    for size in [*sizes, 600]:
        keys, vocabulary = keys_of(facts[start : start + size], start, vocabulary)
        found.append(keys)
        start = min(start + size, 600)
    assert np.array_equal(np.sort(np.concatenate(found)), whole)


def test_no_rows_have_no_keys():
    assert len(keys_of(noisy_facts(600, 3).clear())[0]) == 0


def test_a_word_that_a_title_repeats_counts_once():
    once, twice = blocks_by_row(facts_of({"title_raw": "Tea Kettles Boil"}, {"title_raw": "Boil Tea Tea Tea Kettles"}))
    assert once & twice
    (keys,) = blocks_by_row(facts_of({"title_raw": "Tea Tea Tea"}))
    assert len(keys) == 1, "the title alone: three times one word are no three words"


def test_rare_words_make_the_keys_and_common_ones_do_not():
    common = [{"title_raw": "Aa Bb Cc Dd Ee"}, {"title_raw": "Ff Gg Hh Jj Kk"}] * 40
    rare = [
        {"title_raw": "Quince Aa Rhubarb Bb Cc Sorrel Dd Ee"},
        {"title_raw": "Ff Sorrel Gg Hh Quince Jj Rhubarb Kk"},
    ]
    *_, first, second = blocks_by_row(facts_of(*common, *rare))
    assert first & second
    *_, first, second = blocks_by_row(
        facts_of(
            *common, {"title_raw": "Tea Ice Jam Aa Bb Cc Dd Ee Oat"}, {"title_raw": "Rye Ham Pea Aa Bb Cc Dd Ee Yam"}
        )
    )
    assert not first & second
