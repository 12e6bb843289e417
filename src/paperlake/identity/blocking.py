"""Block keys: hashes that records of one paper are likely to share, a bounded number for each record.

A record's keys depend on itself and on the records before it, never on later ones: so a record has the same keys
whether it came alone or among a million.
"""

from itertools import combinations
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from paperlake.text_columns import hash64

Hashes: TypeAlias = npt.NDArray[np.uint64]
Keys: TypeAlias = npt.NDArray[np.uint64]
"""36 bits of a block's hash, then the number of a row, so that sorting them puts blocks together and rows in order."""
Counts: TypeAlias = npt.NDArray[np.int64]

ROW_BITS = np.uint64(28)
ROW_MASK = np.uint64(2**28 - 1)
_AFFIXES = {"prefix": 12, "suffix": 18}
_N_RAREST = 5
_N_TOGETHER = 3
_N_SENTENCES = 4
_MOST_WORDS = 32
_COMMON = 8192
"""Records in which a word stands once at most to count as rare; among rare words their hashes decide."""
_ODD = np.uint64(0x9E3779B97F4A7C15)
_HASH_BITS = np.uint64(58)
_NONE = np.uint64(2**64 - 1)


class Words(NamedTuple):
    """Hashes of the words of titles, row after row, and how many each row has."""

    hashes: Hashes
    per_row: Counts


def find_words(facts: pl.DataFrame) -> Words:
    """The words of all titles, the first 32 of each."""
    split = facts.select(pl.col("title_words").fill_null("").str.split(" ").list.head(_MOST_WORDS).alias("word"))
    per_row = split["word"].list.len().to_numpy().astype(np.int64)
    return Words(split.explode("word").select(hash64(pl.col("word")))["word"].to_numpy(), per_row)


def make_keys(facts: pl.DataFrame, first_row: int, words: Words, earlier: Counts) -> Keys:
    """The keys of rows that enter, of all kinds together, sorted.

    Args:
        facts: FACTS of the rows.
        first_row: the number of the first of them.
        words: their words.
        earlier: of each word, in how many rows it stood before.
    """
    rows = np.arange(first_row, first_row + facts.height, dtype=np.uint64)
    kinds = [*_value_keys(facts, rows), _sentence_keys(facts, rows), *_word_keys(words, earlier, rows)]
    keys = np.concatenate(kinds)
    keys.sort()
    return keys


def blocks_of(keys: Keys) -> Hashes:
    """The block of each key."""
    return keys >> ROW_BITS


def rows_of(keys: Keys) -> npt.NDArray[np.uint64]:
    """The row of each key."""
    return keys & ROW_MASK


def _key(hashes: Hashes, rows: Hashes) -> Keys:
    return (hashes >> ROW_BITS << ROW_BITS) | rows


def _value_keys(facts: pl.DataFrame, rows: Hashes) -> list[Keys]:
    """Equal ids, equal titles, equal first and last letters of titles."""
    key = pl.col("title_key")
    affixes = {"prefix": key.str.head(_AFFIXES["prefix"]), "suffix": key.str.tail(_AFFIXES["suffix"])}
    long_enough = {name: pl.when(key.str.len_chars() > _AFFIXES[name]).then(affix) for name, affix in affixes.items()}
    values = {"arxiv_id": pl.col("arxiv_id"), "doi": pl.col("doi"), "title": key, **long_enough}
    hashed = facts.select(hash64(pl.lit(name) + ":" + value).alias(name) for name, value in values.items())
    known = {name: hashed[name].is_not_null() for name in values}
    return [_key(hashed[name].filter(known[name]).to_numpy(), rows[known[name].to_numpy()]) for name in values]


def _sentence_keys(facts: pl.DataFrame, rows: Hashes) -> Keys:
    sentences = facts.select(pl.col("sentences").list.head(_N_SENTENCES), row=pl.Series(rows)).explode("sentences")
    present = sentences.drop_nulls()
    return _key(present["sentences"].to_numpy(), present["row"].to_numpy())


def _word_keys(words: Words, earlier: Counts, rows: Hashes) -> list[Keys]:
    """Every three of the five rarest words of a title."""
    rarest = _rarest_words(words, earlier, rows)
    return [_together(rarest[:, list(chosen)], rows) for chosen in combinations(range(_N_RAREST), _N_TOGETHER)]


def _rarest_words(words: Words, earlier: Counts, rows: Hashes) -> Hashes:
    """Hashes of the five rarest words of each row, rarest first; _NONE where a title has fewer.

    Rarity goes in powers of two, so that a word which became commoner since then mostly ranks the same.
    """
    n_before = np.repeat(rows.astype(np.float64), words.per_row)
    shares = np.log2(np.maximum(earlier, np.maximum(2.0, n_before / _COMMON))).astype(np.uint64)
    ranks = (shares << _HASH_BITS) | (words.hashes >> (np.uint64(64) - _HASH_BITS))
    row_of = np.repeat(np.arange(len(rows)), words.per_row)
    place = np.arange(len(ranks)) - np.repeat(np.cumsum(words.per_row) - words.per_row, words.per_row)
    table = np.full((len(rows), max(_N_RAREST, int(words.per_row.max(initial=0)))), _NONE)
    table[row_of, place] = ranks
    table.sort(axis=1)
    again = np.zeros(table.shape, dtype=bool)
    again[:, 1:] = table[:, 1:] == table[:, :-1]
    table[again] = _NONE
    table.sort(axis=1)
    rarest = table[:, :_N_RAREST]
    return np.where(rarest == _NONE, _NONE, rarest & ((np.uint64(1) << _HASH_BITS) - np.uint64(1)))


def _together(chosen: Hashes, rows: Hashes) -> Keys:
    """One hash of some words of each row, whatever their order, of the rows that have them all."""
    known = (chosen != _NONE).all(axis=1)
    hashes = np.full(int(known.sum()), np.uint64(chosen.shape[1]))
    for word in np.sort(chosen[known], axis=1).T:
        hashes = (hashes ^ word) * _ODD
        hashes ^= hashes >> np.uint64(32)
    return _key(hashes, rows[known])
