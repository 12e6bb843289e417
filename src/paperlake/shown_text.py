"""Text as a terminal can show it: short, and without what would steer it."""


def shorten(text: str, most: int) -> str:
    """The text, cut to at most so many characters.

    >>> shorten("kettles", 4)
    'ket…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def printable(text: str) -> str:
    """The text without the control characters that would steer a terminal; lines stay lines."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)


def counted(number: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "new dump"), counted(1234, "new dump"), counted(2, "alias")
    ('1 new dump', '1,234 new dumps', '2 aliases')
    """
    plural = "es" if noun.endswith("s") else "s"
    return f"{number:,} {noun}{'' if number == 1 else plural}"


def span(start: int | None, end: int | None) -> str:
    """Lines from `start` to `end`; nothing without a start.

    >>> span(3, 7), span(3, 3), span(None, None)
    ('3-7', '3', '')
    """
    return "" if start is None else str(start) if start == end else f"{start}-{end}"
