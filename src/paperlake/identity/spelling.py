"""Whether two words are one: misspelt, spelled as elsewhere, read wrongly by a scanner; and which words count."""

import re
from collections.abc import Callable
from functools import lru_cache

from rapidfuzz.distance import OSA

from paperlake.identity.facts import NUMBER_WORDS

_NUMBER = re.compile(rf".*\d.*|i{{1,3}}|iv|vi{{0,3}}|ix|x|xi{{0,2}}|[b-z]|.*[+#*%].*|{NUMBER_WORDS}")
_SCANNED = str.maketrans({"0": "o", "1": "l", "5": "s", "i": "l"})
_SPELLINGS = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)", "iz"), (r"ys(?=(?:e|ed|es|er|ing)$)", "yz"), (r"our", "or"),
        (r"ll(?=(?:ing|ed|er|ers)$)", "l"), (r"tre(?=s?$)", "ter"), (r"ogue(?=s?$)", "og"), (r"ence$", "ense"),
    )
)  # fmt: skip

_ORDER = {
    name: str(at)
    for at, names in enumerate(
        (
            "first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th", "seventh 7th",
            "eighth 8th", "ninth 9th", "tenth 10th",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

IsKnown = Callable[[str], bool]
"""Whether titles use a word: two such words are no misspellings of one another."""


def compare_words(left: str, right: str, is_known: IsKnown) -> str:
    """Whether two words are spellings of one: `spelling`, or `typo` where nobody knows; empty where they are not."""
    shorter = min(len(left), len(right))
    if shorter < 3 or abs(len(left) - len(right)) > 3:
        return ""
    is_scanned = _scanned(left) == _scanned(right)
    if left.isalpha() != right.isalpha() and shorter > 3 and is_scanned:
        return "spelling"  # a digit that a scanner read for a letter
    if is_number(left) or is_number(right):
        return "spelling" if left in _ORDER and _ORDER[left] == _ORDER.get(right) else ""
    if _american(left) == _american(right):
        return "spelling"
    if (is_known(left) and is_known(right)) or not (is_scanned or _is_typo(left, right)):
        return ""
    return "spelling" if is_known(left) or is_known(right) else "typo"


def _is_typo(left: str, right: str) -> bool:
    """Whether one may be the other, mistyped: names differ in the first letter, or by what they begin or end with."""
    short, long = sorted((left, right), key=len)
    if left[0] != right[0] or long.startswith(short) or long.endswith(short):
        return False
    most = 1 if len(short) < 8 else 2
    return OSA.distance(left, right, score_cutoff=most) <= most


@lru_cache(maxsize=1 << 16)
def _scanned(word: str) -> str:
    return word.translate(_SCANNED).replace("rn", "m").replace("cl", "d").replace("vv", "w")


@lru_cache(maxsize=1 << 16)
def _american(word: str) -> str:
    for british, american in _SPELLINGS:
        word = british.sub(american, word)
    return word


@lru_cache(maxsize=1 << 16)
def is_number(word: str) -> bool:
    """Whether a word is a number, a version, a numeral, a letter alone, or has a sign that counts."""
    return _NUMBER.fullmatch(word) is not None
