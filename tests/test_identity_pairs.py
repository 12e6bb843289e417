"""Pairs worth comparing: bounded, and the same for batches as for all at once."""

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.identity.blocking import ROW_BITS
from paperlake.identity.pairs import WINDOW, cut, distinct, find_pairs, find_pairs_within, left_and_right, of_rows

blocks_by_row = st.lists(st.lists(st.integers(0, 4), max_size=4), max_size=40)


def keys_of(rows, first_row=0):
    keys = [(block << int(ROW_BITS)) | row for row, blocks in enumerate(rows, first_row) for block in blocks]
    return np.sort(np.array(keys, dtype=np.uint64))


def pairs_of(new, old=(), first_new=0):
    left, right = left_and_right(find_pairs(new, old, first_new))
    return list(zip(left.tolist(), right.tolist(), strict=True))


def by_later_row(pairs):
    return sorted(pairs, key=lambda pair: pair[::-1])


def expected_pairs(rows):
    """Each row with the nearest few before it in each of its blocks, and with the first."""
    members, pairs = defaultdict(list), set()
    for row, blocks in enumerate(rows):
        for block in set(blocks):
            before = members[block]
            pairs |= {(left, row) for left in {*before[-WINDOW:], *before[:1]}}
            before.append(row)
    return pairs


@given(blocks_by_row.map(lambda rows: [list(set(blocks)) for blocks in rows]))
def test_each_row_meets_the_nearest_before_it_and_the_first(rows):
    assert pairs_of(keys_of(rows)) == by_later_row(expected_pairs(rows))


@given(blocks_by_row)
def test_a_key_that_a_row_has_twice_makes_no_pair_with_itself_and_no_pair_twice(rows):
    pairs = pairs_of(keys_of(rows))
    assert all(left < right for left, right in pairs)
    assert pairs == by_later_row(set(pairs))


@given(blocks_by_row)
def test_a_row_gets_a_bounded_number_of_pairs_a_block(rows):
    found = np.bincount([right for _, right in pairs_of(keys_of(rows))], minlength=len(rows))
    assert all(n <= (WINDOW + 1) * len(set(blocks)) for n, blocks in zip(found, rows, strict=True))


@given(blocks_by_row, st.lists(st.integers(0, 40), max_size=5))
def test_batches_give_what_all_at_once_gives(rows, cuts):
    edges = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    old, found = [], []
    for start, end in pairwise(edges):
        new = keys_of(rows[start:end], start)
        found += pairs_of(new, old, start)
        old.append(new)
    assert found == pairs_of(keys_of(rows))


@pytest.mark.parametrize("n_rows", [1_000, 300_000])
def test_one_block_for_all_gives_few_pairs_a_row(n_rows):
    assert len(find_pairs(keys_of([[7]] * n_rows), (), 0)) <= (WINDOW + 1) * n_rows


def test_no_rows_no_pairs():
    assert pairs_of(keys_of([])) == []
    assert pairs_of(keys_of([]), [keys_of([[1], [1]])], 2) == []


def test_a_batch_against_a_large_block_reads_only_its_ends():
    old = keys_of([[7]] * 100_000)
    assert pairs_of(keys_of([[7]], 100_000), [old], 100_000) == [
        (left, 100_000) for left in (0, *range(100_000 - WINDOW, 100_000))
    ]


@given(blocks_by_row, st.integers(1, 7))
def test_spans_hold_all_keys_and_never_part_a_block(rows, n_spans):
    keys = keys_of(rows)
    spans = cut(keys, n_spans)
    assert 1 <= len(spans) <= n_spans
    assert (spans[0][0], spans[-1][1]) == (0, 2**64 - 1)
    for (_, last), (start, _) in pairwise(spans):
        assert start == last + 1
        assert start % 2 ** int(ROW_BITS) == 0
        assert (keys >= start).any()


@given(blocks_by_row, st.integers(0, 40), st.integers(0, 40), st.integers(1, 7))
def test_spans_give_what_all_keys_at_once_give(rows, n_old, more, n_spans):
    parts = [
        keys_of(rows[start:end], min(start, len(rows)))
        for start, end in ((0, n_old), (n_old, n_old + more), (n_old + more, None))
    ]
    first = min(n_old, len(rows))
    whole = find_pairs(np.sort(np.concatenate(parts[1:])), parts[:1], first)
    found = [find_pairs_within(span, parts[1:], parts[:1], first) for span in cut(parts[2], n_spans)]
    assert np.array_equal(distinct(np.concatenate(found)), whole)


@given(blocks_by_row, st.lists(st.integers(0, 40), max_size=5))
def test_pairs_are_cut_by_their_later_row(rows, cuts):
    pairs = find_pairs(keys_of(rows), (), 0)
    edges = [0, *sorted(cuts), 41]
    parts = [of_rows(pairs, start, stop) for start, stop in pairwise(edges)]
    assert np.array_equal(np.concatenate(parts), pairs)
    for part, (start, stop) in zip(parts, pairwise(edges), strict=True):
        assert all(start <= right < stop for right in left_and_right(part)[1])
