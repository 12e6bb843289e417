"""What each step changed in a text: the words before and after, never the whole text."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Indel

_WORDS_AND_BLANKS = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Change:
    """Words that became others, and how often."""

    before: str
    after: str
    n_times: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One step between a raw and a clean value: its name, and what it changed, in order."""

    name: str
    changes: tuple[Change, ...]


def find_changes(before: str, after: str) -> tuple[Change, ...]:
    """The words that differ between two texts, in order of their first place; equal changes are counted.

    >>> find_changes("Tea forEarly risers", "Tea for Early risers")
    (Change(before='forEarly', after='for Early', n_times=1),)
    """
    counted = Counter(_differences(_WORDS_AND_BLANKS.findall(before), _WORDS_AND_BLANKS.findall(after)))
    return tuple(Change(old, new, n_times) for (old, new), n_times in counted.items())


def trace_changes(raw: str, steps: Iterable[tuple[str, str]]) -> tuple[Step, ...]:
    r"""The steps with what each changed.

    Args:
        raw: the text before the first.
        steps: name, and text after it, of each step.

    >>> trace_changes("2\\% of tea", [("escapes", "2% of tea")])
    (Step(name='escapes', changes=(Change(before='2\\%', after='2%', n_times=1),)),)
    """
    traced = []
    for name, text in steps:
        traced.append(Step(name, find_changes(raw, text)))
        raw = text
    return tuple(traced)


def _differences(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    old: list[str] = []
    new: list[str] = []
    for code in Indel.opcodes(before, after):
        if code.tag == "equal" and (old or new):
            yield "".join(old), "".join(new)
            old, new = [], []
        elif code.tag != "equal":
            old += before[code.src_start : code.src_end]
            new += after[code.dest_start : code.dest_end]
    if old or new:
        yield "".join(old), "".join(new)
