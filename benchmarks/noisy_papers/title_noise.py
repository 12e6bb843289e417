"""Noise in a title: cut, respelled, put in another order, or between words of the page."""

import re
from collections.abc import Callable
from random import Random

from benchmarks.noisy_papers.letter_noise import Guard

LEAST_KEPT = 25
# "Supervised" and "denoising" are spelled alike on both sides.
_AMERICAN = [
    (re.compile(r"(?<![ov])is(?=ation|ing|ed)"), "iz"),
    (re.compile(r"(?<=[BbLlMmOoUu])our(?=s?\b|ing)"), "or"),
    (re.compile(r"(?<=abe|ode|ave)ll(?=ing|ed)"), "l"),
    (re.compile(r"entred"), "entered"),
]
_SMALL = {"a", "an", "the", "of", "for", "in", "on", "with", "to", "and", "via", "by", "from"}
_TURNABLE = re.compile(r"([^:?]{10,}) (for|with|via|from) ([^:?]{10,})")
_PAGE_WORDS = [
    ("Subscribe", ""),
    ("[PDF] ", ""),
    ("Title: ", ""),
    ("", " - arXiv Page"),
    ("New ", ""),
    ("", " [v2]"),
    ("▶ ", ""),
]


def truncate(title: str, guard: Guard, chance: Random) -> str:
    """The first letters, at least LEAST_KEPT; then three stops, an ellipsis, or nothing."""
    if guard or len(title) <= LEAST_KEPT + 8:
        return title
    kept = chance.randint(LEAST_KEPT, len(title) - 6)
    return title[:kept].rstrip() + chance.choice(["...", "…", "", " ..."])


def subtitle(title: str, guard: Guard, chance: Random) -> str:
    """Without the subtitle, or with another sign before it."""
    main, colon, rest = title.partition(": ")
    if not colon:
        return title[:-1] if title.endswith("?") else title
    if not guard and chance.random() < 0.35:
        return main
    return main + chance.choice([" - ", " — ", " : ", ", ", ". ", " – ", " | "]) + rest


def small_words(title: str, guard: Guard, chance: Random) -> str:
    """A small word dropped or added; rarely two halves exchanged: X for Y is Y by X."""
    turned = _TURNABLE.fullmatch(title)
    if turned and not guard and chance.random() < 0.12:
        return f"{turned[3]} by {turned[1]}"
    words = title.split(" ")
    places = [i for i, word in enumerate(words) if word.lower() in _SMALL and word not in guard]
    if places and chance.random() < 0.7:
        del words[chance.choice(places)]
    else:
        words.insert(chance.choice(places) + 1 if places else 0, "the" if places else chance.choice(["The", "A", "On"]))
    return " ".join(words)


def spelling(title: str, _guard: Guard, chance: Random) -> str:
    """Case, hyphens, quotes, British or American spelling, `and` or `&`."""
    forms = list(_RESPELLINGS)
    chance.shuffle(forms)
    for form in forms:
        changed = form(title)
        if changed != title:
            return changed
    return title.upper()


def _american(title: str) -> str:
    for british, american in _AMERICAN:
        title = british.sub(american, title)
    return title


def _without_capitals(title: str) -> str:
    first, *rest = title.split(" ")
    return " ".join([first, *(word if any(map(str.isdigit, word)) else word.lower() for word in rest)])


_RESPELLINGS: tuple[Callable[[str], str], ...] = (
    _american,
    _american,
    _without_capitals,
    str.upper,
    lambda title: title.replace("-", " ", 1),
    lambda title: title.replace("-", "‐"),
    lambda title: re.sub(r"(?<=[a-z])-(?=[A-Za-z])", "", title, count=1),
    lambda title: title.replace(" and ", " & "),
)


def page_words(title: str, _guard: Guard, chance: Random) -> str:
    """Words of the page glued to the title, as listings do."""
    before, after = chance.choice(_PAGE_WORDS)
    return before + title + after


TITLE_NOISE: dict[str, Callable[[str, Guard, Random], str]] = {
    "subtitle": subtitle,
    "small_words": small_words,
    "title_truncated": truncate,
    "spelling": spelling,
    "page_words": page_words,
}
