"""How often words stood in titles so far: batches or all at once, levels, and the bar that a million titles raise."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.identity.blocking import Words, find_words
from paperlake.identity.vocabulary import LEVELS, Vocabulary

titles = st.lists(
    st.none() | st.lists(st.sampled_from(["kettle", "sock", "snail", "tea", "pot", "of"]), max_size=6).map(" ".join),
    max_size=40,
)


def words_of(rows):
    return find_words(pl.DataFrame({"title_words": rows}, schema={"title_words": pl.String}))


def vocabulary_of(rows, first_row=0):
    return Vocabulary.empty().extend(words_of(rows), first_row)[0]


def pieces(rows, cuts):
    edges = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    return [(start, rows[start:end]) for start, end in pairwise(edges)]


@given(titles, st.lists(st.integers(0, 40), max_size=5))
def test_batches_give_what_all_at_once_gives(rows, cuts):
    whole, earlier = Vocabulary.empty().extend(words_of(rows), 0)
    vocabulary, found = Vocabulary.empty(), []
    for first_row, batch in pieces(rows, cuts):
        vocabulary, part = vocabulary.extend(words_of(batch), first_row)
        found.append(part)
    assert np.array_equal(np.concatenate(found), earlier)
    for name in ("hashes", "counts", "risen"):
        assert np.array_equal(getattr(vocabulary, name), getattr(whole, name)), name


@given(titles)
def test_earlier_counts_the_times_that_a_word_stood_before(rows):
    words = words_of(rows)
    vocabulary, earlier = Vocabulary.empty().extend(words, 0)
    stood = {}
    expected = [stood.update({word: stood.get(word, -1) + 1}) or stood[word] for word in words.hashes.tolist()]
    assert earlier.tolist() == expected
    assert dict(zip(vocabulary.hashes.tolist(), (vocabulary.counts - 1).tolist(), strict=True)) == stood


def test_a_word_is_known_from_the_row_after_it_stood_often_enough():
    rows = ["copper kettle", "kettle", "sock", "kettle", "kettle", "kettle"]
    knows = vocabulary_of(rows).knows(pl.Series(["copper kettle sock"]))
    assert LEVELS[0] == 4
    assert [knows("kettle", row) for row in range(7)] == [False] * 5 + [True] * 2
    assert not knows("copper", 6)
    assert not knows("teapot", 6)


def test_rows_of_later_batches_count_from_where_they_enter():
    vocabulary = vocabulary_of(["kettle"] * 3)
    later, earlier = vocabulary.extend(words_of(["sock", "kettle", "sock"]), 3)
    assert earlier.tolist() == [0, 3, 1]
    knows = later.knows(pl.Series(["kettle"]))
    assert (knows("kettle", 4), knows("kettle", 5)) == (False, True)


def test_only_words_of_the_titles_asked_about_are_known():
    knows = vocabulary_of(["kettle sock"] * 9).knows(pl.Series(["kettle", None]))
    assert knows("kettle", 9)
    assert not knows("sock", 9)


def test_an_empty_vocabulary_knows_nothing():
    assert not Vocabulary.empty().knows(pl.Series(["kettle"]))("kettle", 5)
    assert not Vocabulary.empty().knows(pl.Series([], dtype=pl.String))("kettle", 5)


@pytest.mark.parametrize(
    ("n_times", "row", "is_known"),
    [(4, 49_999, True), (4, 50_000, True), (7, 199_999, True), (7, 1_000_000, False), (20, 1_000_000, False)],
)
def test_the_more_titles_the_oftener_a_word_must_have_stood(n_times, row, is_known):
    """A share of 1 in 50,000 titles, in powers of two: 4 up to 249,999, 32 at a million."""
    assert vocabulary_of(["kettle"] * n_times).knows(pl.Series(["kettle"]))("kettle", row) == is_known


def test_a_million_titles_ask_for_thirty_two():
    knows = {n: vocabulary_of(["kettle"] * n).knows(pl.Series(["kettle"])) for n in (31, 32)}
    assert [knows[n]("kettle", 1_000_000) for n in (31, 32)] == [False, True]
    assert knows[31]("kettle", 100_000)


def test_however_many_titles_the_last_level_is_enough():
    knows = vocabulary_of(["kettle"] * LEVELS[-1]).knows(pl.Series(["kettle"]))
    assert knows("kettle", 200_000_000)


def test_words_are_those_of_titles_in_order_the_first_thirty_two():
    words = words_of(["tea pot", None, " ".join(f"w{n}" for n in range(40))])
    assert isinstance(words, Words)
    assert words.per_row.tolist() == [2, 1, 32]
    assert words.hashes[0] == words_of(["tea"]).hashes[0] != words.hashes[1]
