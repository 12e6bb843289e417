"""Noise in an abstract: cut, summarised, edited between two versions."""

from random import Random

from benchmarks.noisy_papers.vocabulary import draw_one
from benchmarks.noisy_papers.word_lists import FRAMES

_BOILERPLATE = frozenset(FRAMES["boilerplate"])
_CONNECTIVES = ["Moreover, ", "In particular, ", "Indeed, ", "Here, ", "As a result, ", "Overall, "]


def shorten(sentences: list[str], chance: Random) -> str:
    """The first 80 to 400 letters, often with three stops, or one telling sentence as a summary."""
    if chance.random() < 0.35:
        own = [s for s in sentences[:5] if len(s) > 60 and s not in _BOILERPLATE]
        return own[0] if chance.random() < 0.4 else chance.choice(own)
    text = " ".join(sentences)
    kept = text[: chance.randint(80, 400)].rstrip()
    return kept + chance.choice(["...", "...", "…", ""]) if len(kept) < len(text) else text


def edit(sentences: list[str], chance: Random) -> list[str]:
    """A third of the sentences reworded, replaced, moved or dropped, as between two versions."""
    edited = list(sentences)
    for _ in range(max(1, round(len(sentences) / 3))):
        i, form = chance.randrange(len(edited)), chance.random()
        if form < 0.5:
            edited[i] = _reword(edited[i], chance)
        elif form < 0.7:
            edited.insert(min(len(edited), i + chance.choice([1, 2])), edited.pop(i))
        elif form < 0.85 and len(edited) > 4:
            del edited[i]
        else:
            edited.insert(i + 1, chance.choice(FRAMES["boilerplate"]))
    return edited


def _reword(sentence: str, chance: Random) -> str:
    """A sentence with a connective in front or about a fifth of its longer words replaced."""
    if chance.random() < 0.3:
        return chance.choice(_CONNECTIVES) + sentence[0].lower() + sentence[1:]
    words = sentence.split(" ")
    for i, word in enumerate(words):
        if len(word) > 5 and word.isalpha() and word.islower() and chance.random() < 0.2:
            words[i] = draw_one("p" if word.endswith("s") else "a", chance)
    return " ".join(words)
