"""Words of invented papers, drawn by Zipf's law, and frames of sentences that are filled in bulk."""

import re
from collections.abc import Sequence
from random import Random

import numpy as np
import numpy.typing as npt

from benchmarks.noisy_papers.names import SYLLABLES, invent_words
from benchmarks.noisy_papers.word_lists import word_list

Words = npt.NDArray[np.object_]
_LISTS = {
    "n": word_list("nouns"),
    "p": word_list("plurals"),
    "a": word_list("adjectives"),
    "g": word_list("gerunds"),
    "m": word_list("methods"),
    "t": word_list("tasks"),
    "d": word_list("domains"),
    "v": word_list("verbs"),
    "q": word_list("abstractions"),
    "k": [str(k) for k in range(3, 900)],
    "f": [f"{tenths / 10:.1f}" for tenths in range(11, 970)],
}
SLOTS: dict[str, Words] = {slot: np.array(words, dtype=object) for slot, words in _LISTS.items()}
# Where "a" stands before a vowel.
_ARTICLE = re.compile(r"(?<=\b[Aa])(?= [aeio])")
# Of a thousand titles about a hundred carry a word that no other title has.
_RARE_NOUN_SHARE = 0.02


def draw(slot: str, n: int, rng: np.random.Generator) -> list[str]:
    """`n` words of a slot: rank r is drawn about as often as 1 / (r + c), where c is a tenth of the list."""
    if slot == "Q":
        return invent_words(n, rng)
    words = SLOTS[slot]
    flat = max(4.0, len(words) / 10)
    ranks = flat * ((len(words) + flat) / flat) ** rng.random(n) - flat
    drawn: list[str] = words[np.minimum(ranks.astype(np.int64), len(words) - 1)].tolist()
    if slot == "n":
        for i in np.flatnonzero(rng.random(n) < _RARE_NOUN_SHARE).tolist():
            drawn[i] = invent_words(1, rng)[0]
    return drawn


def fill(frames: Sequence[str], n: int, rng: np.random.Generator) -> list[str]:
    """`n` sentences from frames drawn alike often; slots of the paper, such as {S}, stay."""
    choice = rng.integers(len(frames), size=n)
    sentences = np.empty(n, dtype=object)
    for number, frame in enumerate(frames):
        (where,) = np.nonzero(choice == number)
        slots = re.findall(r"\{([a-zQ])\}", frame)
        pattern = re.sub(r"\{[a-zQ]\}", "%s", frame.replace("%", "%%"))
        columns = [draw(slot, len(where), rng) for slot in slots]
        rows = zip(*columns, strict=True) if columns else [()] * len(where)
        sentences[where] = np.array([_ARTICLE.sub("n", pattern % row) for row in rows], dtype=object)
    return sentences.tolist()


def draw_one(slot: str, chance: Random) -> str:
    """One word of a slot, common words more often."""
    if slot == "Q":
        return "".join(chance.choices(SYLLABLES, k=3)).capitalize()
    words = SLOTS[slot]
    return str(words[int(len(words) * chance.random() ** 2)])


def draw_different(slot: str, n: int, chance: Random) -> list[str]:
    """`n` words of a slot, no two alike."""
    words: list[str] = []
    while len(words) < n:
        word = draw_one(slot, chance)
        if word not in words:
            words.append(word)
    return words


def fill_one(frame: str, chance: Random) -> str:
    """One sentence of a frame; slots of the paper stay."""
    for slot in (*SLOTS, "Q"):
        while f"{{{slot}}}" in frame:
            frame = frame.replace(f"{{{slot}}}", draw_one(slot, chance), 1)
    return frame
