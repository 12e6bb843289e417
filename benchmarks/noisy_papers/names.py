"""Invented names: there are as many as anyone wants, so that titles stay apart in a million."""

import numpy as np

from benchmarks.noisy_papers.word_lists import word_list

SYLLABLES = tuple(
    start + vowel + end
    for start in word_list("syllable_starts")
    for vowel in word_list("syllable_vowels")
    for end in ["", "", "", "", *word_list("syllable_ends")]
)
# One name in three has an ending.
_ENDINGS = [*[""] * 38, *word_list("name_endings")]
_LETTERS = "ABCDEFGHILMNOPRSTUVX"


def invent_words(n: int, rng: np.random.Generator) -> list[str]:
    """`n` capitalised words of two to four syllables."""
    lengths = rng.choice([2, 3, 4], size=n, p=[0.25, 0.6, 0.15]).tolist()
    drawn = rng.integers(len(SYLLABLES), size=(n, 4)).tolist()
    return [
        "".join([SYLLABLES[k] for k in row[:length]]).capitalize() for row, length in zip(drawn, lengths, strict=True)
    ]


def invent_names(n: int, rng: np.random.Generator) -> list[str]:
    """`n` names of systems: a word, a word with an ending (`TraveonNet`), or four to six capitals (`LOTRIA`)."""
    words = invent_words(n, rng)
    endings = rng.integers(len(_ENDINGS), size=n).tolist()
    is_short = (rng.random(n) < 0.2).tolist()
    letters = rng.integers(len(_LETTERS), size=(n, 6)).tolist()
    lengths = rng.integers(4, 7, size=n).tolist()
    return [
        "".join([_LETTERS[k] for k in row[:length]]) if short else word + _ENDINGS[ending]
        for word, ending, short, row, length in zip(words, endings, is_short, letters, lengths, strict=True)
    ]
