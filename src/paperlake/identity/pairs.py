"""Pairs of records worth comparing: each with a few of the earlier ones that share a block, however many do.

What a record is paired with depends on earlier records alone; so pairs are found for a batch as for all at once, and a
million records with one title give a few million pairs.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from paperlake.identity.blocking import ROW_BITS, ROW_MASK, WEAK, Keys, blocks_of, count_earlier, rows_of

WINDOW = 3
"""Earlier records of a block that a record is paired with, the nearest before it; and the first of the block besides.

Source: `make bench-identity`; at 1,000,000 records 99.6 % of the true pairs are joined through pairs found so."""

MOST_ALIKE = 64
"""Earlier records of a weak block from which on it pairs nobody: the nearest are rarely the same paper then, and such
blocks grow with the store."""

Pairs: TypeAlias = npt.NDArray[np.uint64]
"""`right << 32 | left`, numbers of rows, left < right; sorted, each once."""
Rows: TypeAlias = npt.NDArray[np.uint32]
Span: TypeAlias = tuple[int, int]
"""The first and the last key of whole blocks that stand together."""
_HALF = np.uint64(32)
_LAST_KEY = 2**64 - 1


def find_pairs(new: Keys, old: Sequence[Keys], first_new: int) -> Pairs:
    """Pairs of each new row with earlier rows, old or new.

    Args:
        new: keys of the rows that enter, sorted.
        old: keys of earlier rows, in parts, each sorted.
        first_new: number of the first row that enters.
    """
    new = _without_crowded(new, old)
    keys = _with_members(new, old) if old else new
    blocks, rows = blocks_of(keys), rows_of(keys)
    found = [_at_distance(blocks, rows, distance, first_new) for distance in range(1, WINDOW + 1)]
    return distinct(np.concatenate([*found, _with_first(blocks, rows, first_new)]))


def find_pairs_within(span: Span, new: Sequence[Keys], old: Sequence[Keys], first_new: int) -> Pairs:
    """Those of the pairs that blocks of a span give, the new keys in parts too."""
    entering = np.concatenate([_within(keys, span) for keys in new])
    entering.sort()
    return find_pairs(entering, [_within(keys, span) for keys in old], first_new)


def cut(keys: Keys, n_spans: int) -> list[Span]:
    """Spans of all keys there may be, with about as many of these keys in each; fewer where blocks are large.

    What a block gives depends on that block alone: so pairs may be found span by span, in any order.

    Args:
        keys: of the rows that enter, sorted.
        n_spans: how many are wanted.

    >>> cut(np.array([1 << 28, 1 << 28 | 1, 2 << 28, 3 << 28], dtype=np.uint64), 2) == [
    ...     (0, (2 << 28) - 1), (2 << 28, 2**64 - 1)]
    True
    """
    places = [len(keys) * at // n_spans for at in range(1, n_spans)] if len(keys) else []
    starts = {int(block) << int(ROW_BITS) for block in blocks_of(keys[places])}
    edges = sorted({0, *starts, _LAST_KEY + 1})
    return [(start, end - 1) for start, end in pairwise(edges)]


def of_rows(pairs: Pairs, start: int, stop: int) -> Pairs:
    """The pairs whose later row is one of `start` up to `stop`, which is none of them."""
    first, last = np.searchsorted(pairs, np.array([start, stop], dtype=np.uint64) << _HALF)
    return pairs[first:last]


def left_and_right(pairs: Pairs) -> tuple[Rows, Rows]:
    """The two rows of each pair."""
    return (pairs & np.uint64(2**32 - 1)).astype(np.uint32), (pairs >> _HALF).astype(np.uint32)


def distinct(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Sorted, each once, the array itself too: four times as fast as `numpy.unique`, which hashes."""
    numbers.sort()
    is_first = np.ones(len(numbers), dtype=bool)
    is_first[1:] = numbers[1:] != numbers[:-1]
    once: npt.NDArray[np.uint64] = numbers[is_first]
    return once


def _within(keys: Keys, span: Span) -> Keys:
    first, last = (np.uint64(key) for key in span)
    return keys[np.searchsorted(keys, first, "left") : np.searchsorted(keys, last, "right")]


def _without_crowded(new: Keys, old: Sequence[Keys]) -> Keys:
    """The new keys without those of weak blocks that have too many earlier rows."""
    return new[(new < WEAK) | (count_earlier(new, old) < MOST_ALIKE)]


def _with_members(new: Keys, old: Sequence[Keys]) -> Keys:
    """The new keys and those of earlier rows that they may be paired with, sorted."""
    wanted = distinct(blocks_of(new))
    keys = np.concatenate([*(_members(part, wanted) for part in old), new])
    keys.sort()
    return keys


def _members(part: Keys, wanted: npt.NDArray[np.uint64]) -> Keys:
    """The first and the last few members of each wanted block of a part."""
    lowest = wanted << ROW_BITS
    start, end = np.searchsorted(part, lowest, "left"), np.searchsorted(part, lowest | ROW_MASK, "right")
    there = start < end
    start, end = start[there], end[there]
    places = [start, *(np.maximum(start, end - back) for back in range(1, WINDOW + 1))]
    members: Keys = part[distinct(np.concatenate(places).astype(np.uint64))]
    return members


def _at_distance(blocks: npt.NDArray[np.uint64], rows: npt.NDArray[np.uint64], distance: int, first_new: int) -> Pairs:
    left, right = rows[:-distance], rows[distance:]
    same = (blocks[distance:] == blocks[:-distance]) & (right != left) & (right >= first_new)
    pairs: Pairs = (right[same] << _HALF) | left[same]
    return pairs


def _with_first(blocks: npt.NDArray[np.uint64], rows: npt.NDArray[np.uint64], first_new: int) -> Pairs:
    """Each row with the first of its block, where that is farther back than the window."""
    places = np.arange(len(blocks))
    starts = np.ones(len(blocks), dtype=bool)
    starts[1:] = blocks[1:] != blocks[:-1]
    first = np.maximum.accumulate(np.where(starts, places, 0))
    far = (places - first > WINDOW) & (rows >= first_new)
    return (rows[far] << _HALF) | rows[first[far]]
