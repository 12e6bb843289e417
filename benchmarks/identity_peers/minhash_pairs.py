"""What the two MinHash packages share: how a record becomes sets, and how two estimates of Jaccard become one score.

A title is a set of groups of four letters, so that a misspelling costs four of some sixty; an abstract a set of pairs
of words. Titles and abstracts are indexed apart, because a record without abstract would otherwise never meet its twin
that has one, and a pair that shares a bucket in either index is scored on both. Data with authors in place of
abstracts are treated alike: the words of the authors, and the year.
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import polars as pl
from peer_texts import key, plain

N_BANDS = 24
N_ROWS = 5
"""Of a band: of two records that are 0.53 alike, about six in ten share a band; of 0.65, 96 in a hundred."""
N_PERMUTATIONS = N_BANDS * N_ROWS
N_LETTERS = 4
WITHOUT_SECOND = 0.3
"""How much more alike titles must be where nothing else can be compared."""


def title_sets(records: pl.DataFrame) -> list[list[str]]:
    """Per record its groups of four letters, blanks left out."""
    keys = records.select(key("title").fill_null("")).to_series().to_list()
    return [[key[i : i + N_LETTERS] for i in range(max(1, len(key) - N_LETTERS + 1))] for key in keys]


def second_sets(records: pl.DataFrame) -> list[list[str]]:
    """Per record the pairs of neighbouring words of its abstract, or else its authors' words and year; maybe empty."""
    texts = records.select(plain("abstract"), plain("authors"), "year")
    return [
        _word_pairs(abstract) if abstract else _words(authors, year) for abstract, authors, year in texts.iter_rows()
    ]


def _word_pairs(text: str) -> list[str]:
    words = text.split()
    return [f"{one} {two}" for one, two in pairwise(words)]


def _words(authors: str | None, year: int | None) -> list[str]:
    """The words without initials, which come and go, and the year, if there are authors."""
    return [word for word in authors.split() if len(word) > 1] + [str(year)] if authors else []


def pair_frame(found: Iterable[tuple[int, int]]) -> pl.DataFrame:
    """Pairs of numbers of rows as `left` < `right`, each once."""
    rows = np.fromiter(found, dtype=np.dtype((np.uint32, 2)))
    return pl.DataFrame({"left": rows.min(axis=1), "right": rows.max(axis=1)}).unique(maintain_order=True)


def score(title: pl.Expr, second: pl.Expr) -> pl.Expr:
    """The mean of the two; where the second is missing (null) the title's alone, less `WITHOUT_SECOND`."""
    return pl.when(second.is_null()).then(title - WITHOUT_SECOND).otherwise((title + second) / 2)
