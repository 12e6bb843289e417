"""How often each word stood in titles so far, and how common it was when."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from paperlake.identity.blocking import Counts, Hashes, Words
from paperlake.text_columns import hash64

LEVELS = (4, 8, 16, 32, 64, 128, 256)
"""Times a word has stood in titles when it rises a level."""
_SHARE = 50_000
"""Titles for which a word must have stood once more to count as known: a misspelling mostly stands once, and with the
copies of its paper thrice; but among a million titles the same one comes again."""


class Knows(Protocol):
    """Whether titles used a word before a row: so often that it is no misspelling."""

    def __call__(self, word: str, row: int) -> bool:
        """Whether they did."""


_NEVER = np.uint32(2**32 - 1)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of the titles of all rows so far; arrays of one length, sorted by hash."""

    hashes: Hashes
    counts: Counts
    risen: npt.NDArray[np.uint32]
    """Words by levels: the row in which a word rose to each level; a number that no row has where it did not yet."""

    @classmethod
    def empty(cls) -> "Vocabulary":
        """The vocabulary of no titles."""
        return cls(np.empty(0, np.uint64), np.empty(0, np.int64), np.empty((0, len(LEVELS)), np.uint32))

    def extend(self, words: Words, first_row: int) -> tuple["Vocabulary", Counts]:
        """The vocabulary with the words of rows that enter; and of each of them, how often it stood before."""
        order = np.argsort(words.hashes, kind="stable")
        in_order = words.hashes[order]
        starts = np.flatnonzero(np.concatenate([[True], in_order[1:] != in_order[:-1]])) if len(order) else order
        hashes, counts = in_order[starts], np.diff(np.append(starts, len(order)))
        before = self._counts_of(hashes)
        earlier = np.empty(len(order), dtype=np.int64)
        earlier[order] = np.arange(len(order)) - np.repeat(starts, counts) + np.repeat(before, counts)
        in_rows = np.repeat(np.arange(len(words.per_row), dtype=np.uint32) + np.uint32(first_row), words.per_row)[order]
        risen = np.full((len(hashes), len(LEVELS)), _NEVER)
        for at, level in enumerate(LEVELS):
            rises = (before < level) & (before + counts >= level)
            risen[rises, at] = in_rows[(starts + level - 1 - before)[rises]]
        return self._merged(hashes, counts, risen), earlier

    def knows(self, titles: pl.Series) -> Knows:
        """Whether titles used a word, one of those of `titles`, before a row: so often that it is no misspelling."""
        words = titles.str.split(" ").explode().unique().drop_nulls().to_frame("word")
        places, found = self._places(words.select(hash64(pl.col("word")))["word"].to_numpy())
        ever = found & (self.risen[places, 0] != _NEVER) if len(self.hashes) else found
        named = words.filter(pl.Series(ever))["word"].to_list()
        rows = dict(zip(named, self.risen[places[ever]].tolist(), strict=True))

        def is_known(word: str, row: int) -> bool:
            return word in rows and rows[word][bisect_left(LEVELS[:-1], row // _SHARE)] < row

        return is_known

    def _counts_of(self, hashes: Hashes) -> Counts:
        places, found = self._places(hashes)
        return np.where(found, self.counts[places], 0) if len(self.hashes) else np.zeros(len(hashes), dtype=np.int64)

    def _places(self, hashes: Hashes) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
        places = np.minimum(np.searchsorted(self.hashes, hashes), max(len(self.hashes) - 1, 0))
        return places, self.hashes[places] == hashes if len(self.hashes) else np.zeros(len(hashes), dtype=bool)

    def _merged(self, hashes: Hashes, counts: Counts, risen: npt.NDArray[np.uint32]) -> "Vocabulary":
        """With sorted words, each once: those known counted up, the others put in between."""
        places, found = self._places(hashes)
        totals, rows, at = self.counts.copy(), self.risen.copy(), places[found]
        totals[at] += counts[found]
        rows[at] = np.minimum(rows[at], risen[found])
        new = ~found
        between = np.searchsorted(self.hashes, hashes[new])
        return Vocabulary(
            np.insert(self.hashes, between, hashes[new]),
            np.insert(totals, between, counts[new]),
            np.insert(rows, between, risen[new], axis=0),
        )
