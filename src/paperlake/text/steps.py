"""Repairs of text as one ordered table of named steps: what carries them out also tells which of them did something."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat
from typing import NamedTuple

MOST_ROUNDS = 20
"""Nested groups need one round a level; real text settles in two or three."""

_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff]+")
FOLD_HINT = (
    r"^ | $|  |[^ -~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u03a1\u03a3-\u03ce\u0400-\u0482\u048a-\u052f"
    r"\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u3001-\u3011\u3041-\u3094\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]"
)
"""Matches wherever `fold_blanks` may change something: all but single blanks and signs that are sure to be in NFC."""


class Step(NamedTuple):
    """One repair: a short name for people, and the text function; it gives the same text where it finds nothing."""

    name: str
    repair: Callable[[str], str]


def run_steps(steps: Sequence[Step], text: str) -> Iterator[tuple[str, str]]:
    """Name and text after it of each step that changes something, in order, round after round until none does.

    >>> list(run_steps([Step("trim", str.strip), Step("unwrap", lambda text: text.removeprefix("("))], " ((x"))
    [('trim', '((x'), ('unwrap', '(x'), ('unwrap', 'x')]
    """
    n_idle = 0
    for name, repair in chain.from_iterable(repeat(steps, MOST_ROUNDS)):
        repaired = repair(text)
        n_idle = n_idle + 1 if repaired == text else 0
        if n_idle == 0:
            text = repaired
            yield name, text
        elif n_idle == len(steps):
            break


def repair_once(steps: Sequence[Step], text: str) -> str:
    """The text after one round of the steps; what they nested in one another needs more."""
    for step in steps:
        text = step.repair(text)
    return text


def fold_blanks(text: str) -> str:
    r"""The text in NFC, without invisible characters, every run of white space one blank, none at the ends.

    >>> fold_blanks(" Two\nwrapped\u00a0 li\u00adnes ")
    'Two wrapped lines'
    """
    # Printable text has no white space but blanks and no invisible characters; that is quick to tell, and mostly true.
    if not text.isprintable() or "  " in text or text != text.strip():
        text = " ".join(_INVISIBLE.sub("", text).split())
    return unicodedata.normalize("NFC", text)
