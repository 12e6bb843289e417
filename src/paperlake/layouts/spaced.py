"""spaced: titles and abstracts in turn, a blank line after each; the page's header with its day above them."""

from collections.abc import Sequence

from paperlake.layouts.alternation import alternates, has_banner, is_plain, split_alternating
from paperlake.layouts.layout import Recognition
from paperlake.records import Piece

_LEAST_BLANK = 0.3
"""Share of blank lines between the first and the last filled one: 0.5 in spaced dumps, 0 in compact ones."""


def is_spaced(lines: Sequence[str]) -> bool:
    """Whether blank lines stand between the filled ones.

    >>> is_spaced(["a", "", "b", "", "c"]), is_spaced(["a", "b", "c", ""])
    (True, False)
    """
    filled = [at for at, line in enumerate(lines) if line.strip()]
    if not filled:
        return False
    n_lines = filled[-1] - filled[0] + 1
    return n_lines - len(filled) >= _LEAST_BLANK * n_lines


def recognise(lines: Sequence[str]) -> Recognition:
    """Whether the lines are a spaced dump: plain text with blank lines, under a banner or strictly alternating."""
    if not is_plain(lines) or not is_spaced(lines):
        return Recognition(False, "expected plain lines with blank lines between them")
    if has_banner(lines):
        return Recognition(True, "the page's banner, then lines with blank lines between them")
    if alternates(lines):
        return Recognition(True, "titles and abstracts in turn, without the page's banner")
    return Recognition(False, "expected the page's banner, or titles and abstracts in turn")


def split(lines: Sequence[str]) -> list[Piece]:
    """The blocks of a spaced dump."""
    return split_alternating(lines)
