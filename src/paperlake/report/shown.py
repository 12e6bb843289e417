"""How values are shown on the page: figures with their marks, and text of dumps with nothing in it that steers."""

import re
import unicodedata
from collections.abc import Callable
from itertools import groupby
from typing import Any

_STEERING = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters, marks that turn the direction of what follows, and separators of lines."""
_WEB = ("http://", "https://")
_MOST_LETTERS = 400
_MOST_MARKS = 4
"""Over or below one letter: no script needs more, and towers of them run over the lines around."""


def plain(text: object) -> str:
    r"""Text of a dump, cut to what a cell can hold, with steering characters written as their numbers.

    >>> plain("a\u202eb")
    'a[U+202E]b'
    """
    shown = _without_towers(str(text))
    shown = shown if len(shown) <= _MOST_LETTERS else shown[: _MOST_LETTERS - 1] + "…"
    return _STEERING.sub(lambda found: f"[U+{ord(found[0]):04X}]", shown)


def _without_towers(text: str) -> str:
    if text.isascii():
        return text
    runs = groupby(text, key=lambda letter: bool(unicodedata.combining(letter)))
    return "".join("".join(list(run)[:_MOST_MARKS] if are_marks else run) for are_marks, run in runs)


def figure(value: float) -> str:
    """A count or a score.

    >>> figure(12345), figure(0.25), figure(99.96)
    ('12,345', '0.25', '99.96')
    """
    return f"{value:,}" if isinstance(value, int) else f"{round(value, 3):,g}" if abs(value) < 1e6 else f"{value:,.0f}"


def percent(value: float) -> str:
    """A share; what is nearly all, or nearly nothing, is not rounded to it.

    >>> percent(0.9999), percent(1.0), percent(0.0004), percent(0.5)
    ('over 99.9 %', '100.0 %', 'under 0.1 %', '50.0 %')
    """
    if 0 < value < 0.001:
        return "under 0.1 %"
    return "over 99.9 %" if 0.999 < value < 1 else f"{value:.1%}".replace("%", " %")


def web_address(url: object) -> str | None:
    """The URL where a browser may follow it; None for every other scheme.

    >>> web_address("javascript:alert(1)"), web_address("https://example.org/kettle")
    (None, 'https://example.org/kettle')
    """
    return str(url) if str(url).lower().startswith(_WEB) else None


FILTERS: dict[str, Callable[..., Any]] = {
    "plain": plain, "figure": figure, "percent": percent, "web_address": web_address,
}  # fmt: skip
"""By the names that the template calls them by."""
