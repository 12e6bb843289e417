"""Two texts side by side: what differs in full, what they share only as far as it shows the place."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import Indel, Postfix, Prefix

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
_CONTEXT = 30
_MOST = 240
_LEFT_OUT = "…"


class Piece(NamedTuple):
    """A stretch of one of the texts, as it is shown."""

    text: str
    differs: bool


class _Stretch(NamedTuple):
    """The same place of both texts."""

    old: str
    new: str

    @property
    def differs(self) -> bool:
        return self.old != self.new

    @property
    def width(self) -> int:
        return max(len(self.old), len(self.new))


def contrast(before: str, after: str, most: int = _MOST) -> tuple[list[Piece], list[Piece]]:
    """Both texts around their differences, cut after about `most` characters; the first difference is always there.

    Args:
        before: a text.
        after: another.
        most: more than 31: so many letters may lead to the first difference.

    >>> old, new = contrast("Pairing socks forEarly risers", "Pairing socks for Early risers")
    >>> [piece.text for piece in old], [piece.text for piece in new]
    (['Pairing socks for', 'Early risers'], ['Pairing socks for', ' ', 'Early risers'])
    """
    shown: tuple[list[Piece], list[Piece]] = ([], [])
    stretches = _leave_out(_align(before, after))
    room = most
    for number, stretch in enumerate(stretches, 1):
        is_full = stretch.width >= room and number < len(stretches)
        for text, side in zip(stretch, shown, strict=True):
            cut = text[:room] + (_LEFT_OUT if is_full or len(text) > room else "")
            side.extend([Piece(cut, stretch.differs)] if cut else [])
        if is_full:
            break
        room -= stretch.width
    return shown


def _align(before: str, after: str) -> list[_Stretch]:
    """Stretches in order, equal and differing ones in turn."""
    words = _joined(_align_words(before, after))
    return _joined(part for stretch in words for part in _trim(stretch))


def _joined(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """Neighbours of one kind as one."""
    groups = [list(group) for _, group in groupby(stretches, lambda stretch: stretch.differs)]
    return [_Stretch("".join(one.old for one in group), "".join(one.new for one in group)) for group in groups]


def _align_words(before: str, after: str) -> Iterator[_Stretch]:
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    for code in Indel.opcodes(old, new):
        yield _Stretch("".join(old[code.src_start : code.src_end]), "".join(new[code.dest_start : code.dest_end]))


def _trim(stretch: _Stretch) -> Iterator[_Stretch]:
    """The stretch without the letters that both sides begin and end with, and those beside it."""
    if not stretch.differs:
        yield stretch
        return
    head = stretch.old[: Prefix.similarity(*stretch)]
    old, new = (text[len(head) :] for text in stretch)
    tail = old[len(old) - Postfix.similarity(old, new) :]
    old, new = (text[: len(text) - len(tail)] for text in (old, new))
    yield from (part for part in (_Stretch(head, head), _Stretch(old, new), _Stretch(tail, tail)) if any(part))


def _leave_out(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """The stretches; of an equal one only as much as shows where the differences beside it stand."""
    last = len(stretches) - 1
    kept = []
    for number, stretch in enumerate(stretches):
        head = stretch.old[: _CONTEXT if number > 0 else 0]
        tail = stretch.old[max(len(stretch.old) - _CONTEXT, 0) :] if number < last else ""
        is_short = stretch.differs or len(stretch.old) <= len(head) + len(tail) + 1
        kept.append(stretch if is_short else _Stretch(*[f"{head}{_LEFT_OUT}{tail}"] * 2))
    return kept
