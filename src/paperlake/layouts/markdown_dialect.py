"""Dialects of Markdown: where a tool writes abstracts, and how it writes a text of the page."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the captures of one tool do differently."""

    abstracts: str
    """Where they stand: the text of a `link`, one `paragraph` below the title, `paragraphs` there, or in `none`."""
    undo: Callable[[str], str] = str
    """Takes what the tool wrote for a text of the page; gives the page's text."""


def unescape(text: str) -> str:
    r"""The text without Markdown's escapes; a hard line break becomes a newline.

    >>> unescape("Pairing Socks\\  with \\[Fifty\\] Labels")
    'Pairing Socks\nwith [Fifty] Labels'
    """
    if "\\" not in text:
        return text
    text = text.replace("\\\\\n", "\n").replace("\\  ", "\n")
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text
