"""A cheap look at pairs before their texts are compared: bits for threes of letters, hashes of sentences and ids.

Nearly every pair of one block that are two papers goes here, for a few numbers each; texts cost a hundred times that.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from paperlake.identity.pairs import Pairs, Rows, left_and_right
from paperlake.identity.scoring import N_SENTENCES, sentence_table, share_sentence
from paperlake.text_columns import hash64

LEAST_SHARED = 0.6
"""Of the bits of the shorter title. Source: `make bench-identity` at 100,000 records: a rule joins no pair below it and
six in ten pairs are; at 0.7 it would cost one in 87,000."""
_WORDS = 8
_BITS = np.uint32(64 * _WORDS - 1)
_PAIRS_AT_ONCE = 1_000_000
_ROWS_AT_ONCE = 65_536
_SEEDS = (np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D))

Bits: TypeAlias = npt.NDArray[np.uint64]
"""Rows by words: a bit for every three letters that stand together."""
Sketches: TypeAlias = npt.NDArray[np.uint64]
"""Rows by WIDTH words: bits of the title, hashes of the sentences, of the arXiv id and of the DOI; 0 for none."""
_TITLES, _SENTENCES, _IDS = slice(_WORDS), slice(_WORDS, _WORDS + N_SENTENCES), slice(_WORDS + N_SENTENCES, None)
WIDTH = _WORDS + N_SENTENCES + 2


def keep_hopeful(pairs: Pairs, sketches: Sequence[Sketches]) -> Pairs:
    """The pairs whose titles share most of their letters, whose abstracts share a sentence, or whose ids are the same.

    Args:
        pairs: of rows that have sketches.
        sketches: of all rows, in parts.
    """
    n_rows = sum(map(len, sketches))
    rows = rows_met(n_rows, *left_and_right(pairs))
    places = np.zeros(n_rows, dtype=np.uint32)
    places[rows] = np.arange(len(rows), dtype=np.uint32)
    met = _gather(sketches, rows)
    parts = [pairs[start : start + _PAIRS_AT_ONCE] for start in range(0, len(pairs), _PAIRS_AT_ONCE)]
    kept = [part[_is_hopeful(met, *(places[side] for side in left_and_right(part)))] for part in parts]
    return np.concatenate([pairs[:0], *kept])


def rows_met(n_rows: int, left: Rows, right: Rows) -> npt.NDArray[np.intp]:
    """The rows of pairs, sorted, each once: by a flag for each row there is, which costs less than sorting them."""
    is_met = np.zeros(n_rows, dtype=bool)
    is_met[left] = True
    is_met[right] = True
    return np.flatnonzero(is_met)


def make_sketches(facts: pl.DataFrame) -> Sketches:
    """Sketches of the rows of FACTS, in their order."""
    ids = facts.select(hash64(pl.col("arxiv_id")).fill_null(0), hash64(pl.col("doi")).fill_null(0))
    parts = [title_bits(facts["title_key"][at : at + _ROWS_AT_ONCE]) for at in range(0, facts.height, _ROWS_AT_ONCE)]
    titles = np.concatenate([np.zeros((0, _WORDS), dtype=np.uint64), *parts])
    return np.hstack([titles, sentence_table(facts["sentences"]), ids.to_numpy()])


def _gather(sketches: Sequence[Sketches], rows: npt.NDArray[np.intp]) -> Sketches:
    """Sketches of some rows, sorted: without a copy of the rest."""
    gathered = np.empty((len(rows), WIDTH), dtype=np.uint64)
    start = 0
    for part in sketches:
        here = slice(*np.searchsorted(rows, [start, start + len(part)]))
        gathered[here] = part[rows[here] - start]
        start += len(part)
    return gathered


def title_bits(titles: pl.Series) -> Bits:
    """A bit for every three letters (bytes of UTF-8) of each title; none for one of fewer."""
    text = titles.fill_null("").cast(pl.Binary)
    ends = text.bin.size("b").cast(pl.Int64).to_numpy().cumsum()
    letters = np.frombuffer(b"".join(text.to_list()), dtype=np.uint8).astype(np.uint32)
    bits = np.zeros((len(ends), _WORDS), dtype=np.uint64)
    if len(letters) > 2:
        rows = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))[:-2]
        whole = rows == np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))[2:]
        places = _places(letters)[whole]
        np.bitwise_or.at(bits, (rows[whole], places >> np.uint32(6)), np.uint64(1) << (places & np.uint32(63)))
    return bits


def _places(letters: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Which bit each three letters set."""
    mixed = (letters[:-2] * _SEEDS[0]) ^ (letters[1:-1] * _SEEDS[1]) ^ (letters[2:] * _SEEDS[2])
    mixed ^= mixed >> np.uint32(15)
    mixed *= _SEEDS[0]
    mixed ^= mixed >> np.uint32(13)
    places: npt.NDArray[np.uint32] = mixed & _BITS
    return places


def _is_hopeful(sketches: Sketches, left: Rows, right: Rows) -> npt.NDArray[np.bool_]:
    titles, sentences, ids = (sketches[:, part] for part in (_TITLES, _SENTENCES, _IDS))
    hopeful = _share_letters(titles[left], titles[right])
    mine, theirs = ids[left], ids[right]
    hopeful |= ((mine == theirs) & (mine != 0)).any(axis=1)
    open_ = np.flatnonzero(~hopeful)
    hopeful[open_] = share_sentence(sentences[left[open_]], sentences[right[open_]]).to_numpy()
    return hopeful


def _share_letters(left: Bits, right: Bits) -> npt.NDArray[np.bool_]:
    n_left, n_right, n_both = (
        np.bitwise_count(bits).sum(axis=1, dtype=np.int16) for bits in (left, right, left & right)
    )
    shares: npt.NDArray[np.bool_] = n_both >= LEAST_SHARED * np.minimum(n_left, n_right)
    return shares
