"""compact: one line a title, one line an abstract, no blank line between; `Subscribe` glued to the first title."""

from collections.abc import Sequence

from paperlake.layouts.alternation import alternates, has_banner, is_plain, split_alternating
from paperlake.layouts.layout import Recognition
from paperlake.layouts.spaced import is_spaced
from paperlake.records import Piece


def recognise(lines: Sequence[str]) -> Recognition:
    """Whether the lines are a compact dump: plain text without blank lines, under a banner or strictly alternating."""
    if not is_plain(lines) or is_spaced(lines):
        return Recognition(False, "expected plain lines without blank lines between them")
    if has_banner(lines):
        return Recognition(True, "the page's banner, then lines without blank lines between them")
    if alternates(lines):
        return Recognition(True, "titles and abstracts in turn, without the page's banner")
    return Recognition(False, "expected the page's banner, or titles and abstracts in turn")


def split(lines: Sequence[str]) -> list[Piece]:
    """The blocks of a compact dump."""
    return split_alternating(lines)
