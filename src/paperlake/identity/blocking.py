"""Block keys: hashes that records of one paper are likely to share, a bounded number for each record.

A record's keys depend on itself and on the records before it, never on later ones: so a record has the same keys
whether it came alone or among a million.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from paperlake.text_columns import hash64

Hashes: TypeAlias = npt.NDArray[np.uint64]
Keys: TypeAlias = npt.NDArray[np.uint64]
"""A bit for weak kinds, 35 bits of a block's hash, then the number of a row: sorted, blocks stand together."""
Counts: TypeAlias = npt.NDArray[np.int64]

ROW_BITS = np.uint64(28)
ROW_MASK = np.uint64(2**28 - 1)
WEAK = np.uint64(2**63)
"""Of keys of affixes and words: a block of many papers that look alike, worth little where it is large."""
_AFFIXES = {"prefix": 12, "suffix": 18}
_N_RAREST = 5
_N_TOGETHER = 3
_N_SENTENCES = 4
_MOST_COPIES = 32
_MOST_WORDS = 32
_ROWS_AT_ONCE = 65_536
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


def make_keys(facts: pl.DataFrame, first_row: int, words: Words, earlier: Counts, old: Sequence[Keys] = ()) -> Keys:
    """The keys of rows that enter, of all kinds together, sorted.

    Of many rows with one title only the first few have weak keys: they stand for the others, and a block does not fill
    with copies of one paper.

    Args:
        facts: FACTS of the rows.
        first_row: the number of the first of them.
        words: their words.
        earlier: of each word, in how many rows it stood before.
        old: keys of all earlier rows, in parts.
    """
    rows = np.arange(first_row, first_row + facts.height, dtype=np.uint64)
    titles, *ids = _hashed_keys(facts, rows, {name: pl.col(name) for name in ("title_key", "arxiv_id", "doi")})
    strong = np.concatenate([titles, *ids, _sentence_keys(facts, rows)]) & ~WEAK
    titles = np.sort(titles & ~WEAK)
    is_new = np.zeros(facts.height, dtype=bool)
    is_new[rows_of(titles[count_earlier(titles, old) < _MOST_COPIES]) - np.uint64(first_row)] = True
    of_word = np.repeat(is_new, words.per_row)
    new_words = Words(words.hashes[of_word], words.per_row[is_new])
    weak = [*_affix_keys(facts.filter(is_new), rows[is_new]), *_word_keys(new_words, earlier[of_word], rows[is_new])]
    keys = np.concatenate([strong, *(part | WEAK for part in weak)])
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


def count_earlier(keys: Keys, old: Sequence[Keys]) -> Counts:
    """How many keys of its block stood before each.

    Args:
        keys: of rows that enter, sorted.
        old: keys of all earlier rows, in parts, each sorted.
    """
    blocks, places = blocks_of(keys), np.arange(len(keys))
    is_first = np.ones(len(keys), dtype=bool)
    is_first[1:] = blocks[1:] != blocks[:-1]
    n_earlier = places - np.maximum.accumulate(np.where(is_first, places, 0))
    for part in old:
        lowest = blocks << ROW_BITS
        n_earlier += np.searchsorted(part, lowest | ROW_MASK, "right") - np.searchsorted(part, lowest, "left")
    return n_earlier


def _affix_keys(facts: pl.DataFrame, rows: Hashes) -> list[Keys]:
    """Equal first and last letters of titles that have more."""
    key = pl.col("title_key")
    affixes = {"prefix": key.str.head(_AFFIXES["prefix"]), "suffix": key.str.tail(_AFFIXES["suffix"])}
    is_longer = {name: key.str.len_chars() > _AFFIXES[name] for name in affixes}
    return _hashed_keys(facts, rows, {name: pl.when(is_longer[name]).then(affix) for name, affix in affixes.items()})


def _hashed_keys(facts: pl.DataFrame, rows: Hashes, values: dict[str, pl.Expr]) -> list[Keys]:
    hashed = facts.select(hash64(pl.lit(name) + ":" + value).alias(name) for name, value in values.items())
    known = {name: hashed[name].is_not_null() for name in values}
    return [_key(hashed[name].filter(known[name]).to_numpy(), rows[known[name].to_numpy()]) for name in values]


def _sentence_keys(facts: pl.DataFrame, rows: Hashes) -> Keys:
    sentences = facts.select(pl.col("sentences").list.head(_N_SENTENCES), row=pl.Series(rows)).explode("sentences")
    present = sentences.drop_nulls()
    return _key(present["sentences"].to_numpy(), present["row"].to_numpy())


def _word_keys(words: Words, earlier: Counts, rows: Hashes) -> list[Keys]:
    """Every three of the five rarest words of a title."""
    rarest = _rarest_of_all(words, earlier, rows)
    return [_together(rarest[:, list(chosen)], rows) for chosen in combinations(range(_N_RAREST), _N_TOGETHER)]


def _rarest_of_all(words: Words, earlier: Counts, rows: Hashes) -> Hashes:
    """The rarest words of all rows; in parts, as each takes a table as wide as the longest title."""
    ends = np.concatenate([[0], np.cumsum(words.per_row)])
    parts = [np.empty((0, _N_RAREST), dtype=np.uint64)]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        stop = min(start + _ROWS_AT_ONCE, len(rows))
        of_part = slice(ends[start], ends[stop])
        part = Words(words.hashes[of_part], words.per_row[start:stop])
        parts.append(_rarest_words(part, earlier[of_part], rows[start:stop]))
    return np.concatenate(parts)


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
