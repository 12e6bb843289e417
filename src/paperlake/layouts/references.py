"""References: numbered links, `[text][7]`, and the list below the text that says where each number leads."""

import re
from collections.abc import Sequence

from paperlake.layouts.hub import Address, read_address

_REFERENCE = re.compile(r"\[(\d{1,6})\]: ?<?((?:https?:/)?/[^\s<>]*)>?(?:\s.*)?")
_NUMBER = re.compile(r"\]\[(\d{1,6})\]$")
_LONGEST_NUMBER = len("][123456]")
_MOST_LINES_BELOW = 20
"""Lines below the list that are looked through for it: the end of a fence, a note of the capture tool."""
_SITE = "https://huggingface.co"
_NO_ADDRESS = Address("none")


def split_number(text: str) -> tuple[str, int | None]:
    """The text of a link up to where it closes, and its number; the whole text and None where it does not.

    >>> split_number("[Pairing Socks][7]"), split_number("[Pairing Socks")
    (('[Pairing Socks', 7), ('[Pairing Socks', None))
    """
    found = _NUMBER.search(text, max(0, len(text) - _LONGEST_NUMBER)) if text[-1:] == "]" else None
    return (text[: found.start()], int(found[1])) if found else (text, None)


def read_reference(line: str) -> tuple[int, str] | None:
    """Number and address of a line of the list; None for other lines. A path is one on the hub.

    >>> read_reference("[7]: https://huggingface.co/models"), read_reference("[8]: /papers/2601.90001")
    ((7, 'https://huggingface.co/models'), (8, 'https://huggingface.co/papers/2601.90001'))
    """
    found = _REFERENCE.fullmatch(line) if line[:1] == "[" else None
    if found is None:
        return None
    return int(found[1]), _SITE + found[2] if found[2].startswith("/") else found[2]


class References:
    """Addresses by the numbers of their links, for a dump whose last lines list them; of no number else."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._urls = _read_list(lines)
        self._start = _start_of_capture(lines) if self._urls else 0

    def url(self, at: int, number: int) -> str | None:
        """The address behind a number that stands at index `at` of the lines; None where nothing tells."""
        return self._urls.get(number) if at >= self._start else None

    def address(self, at: int, number: int) -> Address:
        """What that address is; of kind `none` where nothing tells."""
        url = self.url(at, number)
        return read_address(url) if url else _NO_ADDRESS


def _read_list(lines: Sequence[str]) -> dict[int, str]:
    """The last list, read from its end; a line of it that was broken in two does not end it."""
    urls: dict[int, str] = {}
    n_others = 0
    for line in reversed(lines):
        reference = read_reference(line)
        if reference is not None:
            urls.setdefault(*reference)
            n_others = 0
        elif line:
            n_others += 1
            if n_others > (1 if urls else _MOST_LINES_BELOW):
                break
    return urls


def _start_of_capture(lines: Sequence[str]) -> int:
    """Index of the first heading that the list at the end speaks for.

    Numbers ascend within one capture: where headings' numbers do not, an earlier capture ends, whose numbers have
    other addresses.
    """
    start, lowest = 0, None
    for at in range(len(lines) - 1, -1, -1):
        number = split_number(lines[at])[1] if lines[at].startswith("### ") else None
        if number is None:
            continue
        if lowest is not None and number >= lowest:
            return start
        start, lowest = at, number
    return 0
