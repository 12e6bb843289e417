"""Pairs worth comparing: bounded, and the same for batches as for all at once."""

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.identity.blocking import ROW_BITS
from paperlake.identity.pairs import WINDOW, find_pairs, left_and_right

blocks_by_row = st.lists(st.lists(st.integers(0, 4), max_size=4), max_size=40)


def keys_of(rows, first_row=0):
    keys = [(block << int(ROW_BITS)) | row for row, blocks in enumerate(rows, first_row) for block in blocks]
    return np.sort(np.array(keys, dtype=np.uint64))


def pairs_of(new, old=(), first_new=0):
    left, right = left_and_right(find_pairs(new, old, first_new))
    return list(zip(left.tolist(), right.tolist(), strict=True))


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
    assert pairs_of(keys_of(rows)) == sorted(expected_pairs(rows))


@given(blocks_by_row)
def test_a_key_that_a_row_has_twice_makes_no_pair_with_itself_and_no_pair_twice(rows):
    pairs = pairs_of(keys_of(rows))
    assert all(left < right for left, right in pairs)
    assert pairs == sorted(set(pairs))


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
    assert sorted(found) == pairs_of(keys_of(rows))


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
