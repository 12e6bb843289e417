"""In what two titles differ: in spelling, in small words, in what was cut off; or in a word or a number that tells."""

from collections import Counter
from typing import NamedTuple

from rapidfuzz.distance import OSA

from paperlake.identity.spelling import IsKnown, compare_words, is_number

KINDS = (
    "order", "spelling", "typo", "glued", "small", "swapped", "cut", "shortened", "prefix", "numbered", "number",
    "extra", "contrary", "other",
)  # fmt: skip
"""`order`: the same words in another order. `spelling`: words misspelt, or spelled as elsewhere; `typo`: perhaps, as no
title uses either word. `glued`: blanks lost or added. `small`: one title has small words that the other lacks;
`swapped`: each has its own. `cut`: one is the other, cut off, with enough left to tell; `shortened`: with less.
`prefix`: one begins with the other, which ends with a word. `number`: they have other numbers, versions or signs;
`numbered`: only one has. `extra`: one has other words that the other lacks. `contrary`: one of the words that only one
has says the contrary. `other`: each has words of its own."""

_NEARLY_SAME = ("spelling", "glued", "small", "cut")
_LEAST_CUT = 25
_ENOUGH = 45
"""Letters of a title cut off that still tell which it was; fewer, where one of its words is a name that no other title
uses. A capture that cuts leaves more (the email digests, 60)."""
_MOST_COMPARED = 1_000
"""Pairs of own words beyond which two titles are others, unread: a misread abstract must not stall a build."""
_SUBTITLE = 4
"""Words from which what one title has at its end is a subtitle, which may hold numbers, and no mark of a sequel."""

_SMALL = frozenset(
    {
        "a", "an", "the", "of", "for", "in", "to", "with", "by", "from", "and", "via", "using", "at", "as",
        "into", "towards", "toward", "new",
    }
)  # fmt: skip
"""Not `on`, which tells On-Policy and On-Device apart from what is neither."""
_CONTRARY = frozenset(["not", "no", "non", "without", "beyond", "never", "against"])


class Side(NamedTuple):
    """One of two titles: its words, and whether an ellipsis ends it."""

    words: list[str]
    is_cut: bool


def find_difference(left: Side, right: Side, is_known: IsKnown) -> str:
    """One of KINDS.

    Args:
        left: a title's folded words.
        right: those of another, whose letters are others.
        is_known: whether titles use a word: two such words are no misspellings of one another.

    >>> known = {"weight", "height", "maps"}.__contains__
    >>> find_difference(Side(["weight", "maps"], False), Side(["wieght", "maps"], False), known)
    'spelling'
    >>> find_difference(Side(["weight", "maps"], False), Side(["height", "maps"], False), known)
    'other'
    """
    mine, theirs, in_order = _own_words(left.words, right.words)
    if not in_order:
        return _reordered(mine, theirs)
    if len(mine) * len(theirs) > _MOST_COMPARED:
        return "other"
    short, long = sorted((left, right), key=lambda side: (sum(map(len, side.words)), side))
    own, other = (mine, theirs) if short is left else (theirs, mine)
    _drop_glued(mine, theirs)
    _drop_glued(theirs, mine)
    has_typos = _drop_misspelt(mine, theirs, is_known)
    if not mine and not theirs:
        return "typo" if has_typos else "spelling"
    kind = _cut(short, long, own, other, is_known) or _kind_of(mine, theirs)
    return kind if not has_typos else "typo" if kind in _NEARLY_SAME else "other"


def _reordered(mine: list[str], theirs: list[str]) -> str:
    return "order" if all(word in _SMALL for word in (*mine, *theirs)) else _kind_of(mine, theirs)


def _own_words(left: list[str], right: list[str]) -> tuple[list[str], list[str], bool]:
    """The words that only one of two titles has, in their order; and whether what both have stands in one order."""
    left, right = _without_ends(left, right)
    both = Counter(left) & Counter(right)
    if not both:
        return left, right, True
    mine, ours = _divide(left, both.copy())
    theirs, also_ours = _divide(right, both)
    return mine, theirs, ours == also_ours


def _without_ends(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """Two titles without the words that both begin with, and those that both end with."""
    most = min(len(left), len(right))
    start = next((at for at in range(most) if left[at] != right[at]), most)
    end = next((at for at in range(most - start) if left[-1 - at] != right[-1 - at]), most - start)
    return left[start : len(left) - end], right[start : len(right) - end]


def _divide(words: list[str], shared: Counter[str]) -> tuple[list[str], list[str]]:
    """Words that are not shared, and those that are."""
    own: list[str] = []
    common: list[str] = []
    for word in words:
        shared[word] -= 1
        (common if shared[word] >= 0 else own).append(word)
    return own, common


def _drop_glued(mine: list[str], theirs: list[str]) -> None:
    """Take out words of mine that are two neighbours of theirs put together, and those two."""
    for word in mine[:]:
        for at in range(len(theirs) - 1):
            if _is_glued(word, theirs[at], theirs[at + 1]):
                mine.remove(word)
                del theirs[at : at + 2]
                break


def _is_glued(word: str, first: str, second: str) -> bool:
    both = first + second
    if word == both:
        return True
    if is_number(first) or is_number(second):
        return False
    return len(word) > 8 and abs(len(word) - len(both)) <= 1 and OSA.distance(word, both, score_cutoff=1) <= 1


def _drop_misspelt(mine: list[str], theirs: list[str], is_known: IsKnown) -> bool:
    """Take out words that are spellings of one; whether some may as well be two words, as no title uses either."""
    has_typos = False
    for word in mine[:]:
        for candidate in theirs:
            if spelling := compare_words(word, candidate, is_known):
                has_typos |= spelling == "typo"
                mine.remove(word)
                theirs.remove(candidate)
                break
    return has_typos


def _cut(short: Side, long: Side, own: list[str], other: list[str], is_known: IsKnown) -> str:
    """Whether the shorter title is the longer one cut off; empty where neither begins with the other."""
    letters, all_letters = "".join(short.words), "".join(long.words)
    begins = all_letters.startswith(letters)
    if begins and not short.is_cut and len(letters) in _word_ends(long.words):
        is_sequel = len(other) < _SUBTITLE and any(map(is_number, other))
        return "numbered" if is_sequel else "prefix"
    if begins and not short.is_cut and len(other) == 1 and is_number(other[0]):
        return "number"
    left_over = [word for word in own if word not in _SMALL]
    is_part = len(left_over) == 1 and any(word.startswith(left_over[0]) for word in other)
    if not begins and not (short.is_cut and (not left_over or is_part)):
        return ""
    tells = len(letters) >= _ENOUGH or (short.is_cut and not all(map(is_known, short.words[:-1])))
    return "cut" if len(letters) >= _LEAST_CUT and tells else "shortened"


def _word_ends(words: list[str]) -> set[int]:
    ends, length = set(), 0
    for word in words:
        length += len(word)
        ends.add(length)
    return ends


def _kind_of(mine: list[str], theirs: list[str]) -> str:
    if "".join(mine) == "".join(theirs):
        return "glued"
    numbered = any(map(is_number, mine)), any(map(is_number, theirs))
    if any(numbered):
        return "number" if all(numbered) else "numbered"
    if all(word in _SMALL for word in (*mine, *theirs)):
        return "swapped" if mine and theirs else "small"
    if (
        mine
        and theirs
        and len(mine) != len(theirs)
        and OSA.distance("".join(mine), "".join(theirs), score_cutoff=2) <= 2
    ):
        return "glued"
    left, right = ([word for word in words if word not in _SMALL] for words in (mine, theirs))
    if not _CONTRARY.isdisjoint((*left, *right)):
        return "contrary"
    return "other" if left and right else "extra"
