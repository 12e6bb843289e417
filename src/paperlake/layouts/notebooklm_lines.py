"""The lines of a NotebookLM export that are not blank, and what each is by its form alone."""

import re
from collections.abc import Sequence
from functools import lru_cache

from paperlake.layouts.hub import Address, read_address
from paperlake.layouts.values import DAY, read_count, read_n_authors

_BOX = re.compile(r"\[[-xX ]?\]\s*(-|\d[\d.,]*[kKmM]?)")
_URL = re.compile(r"https?://\S+")
_AUTHORS = re.compile(r"(?:\[\s*)?(\d{1,5} authors?)(?:\]\((https?://[^\s()]+)\))?")
_DAY = re.compile(DAY)
_LONGEST_MARK = 150
"""Characters of the longest line that is neither text nor address: the end of the authors' link."""
_STARTS_OF_MONTHS = frozenset("JFMASOND")
_NO_ADDRESS = Address("none")
_read_address = lru_cache(maxsize=256)(read_address)  # a paper's page stands three or four times on its card


def kind_of(text: str) -> str:
    """What a line is: `address`, `box`, `authors`, `bracket`, `dot`, `day` or `text`.

    >>> kind_of("[-] 74"), kind_of("10 authors](https://huggingface.co/papers/2601.90001)"), kind_of("74")
    ('box', 'authors', 'text')
    """
    if text[0] == "h" and _URL.fullmatch(text):
        return "address"
    if len(text) > _LONGEST_MARK:
        return "text"
    if text[0] == "[" and _BOX.fullmatch(text):
        return "box"
    if "author" in text and _AUTHORS.fullmatch(text):
        return "authors"
    if text[0] in _STARTS_OF_MONTHS and _DAY.fullmatch(text):
        return "day"
    return {"[": "bracket", "·": "dot"}.get(text, "text")


class Lines:
    """The lines that are not blank. Places in it count from 0; what stands behind its end is of no kind."""

    def __init__(self, lines: Sequence[str]) -> None:
        filled = [(number, text) for number, line in enumerate(lines, start=1) if (text := line.strip())]
        self.numbers = [number for number, _ in filled]
        self.texts = [text for _, text in filled]
        self.kinds = [kind_of(text) for text in self.texts]
        self.n = len(filled)
        self.last = len(lines)
        """Number of the dump's last line: a newline stands behind every other, so only it can be cut."""

    def kind(self, at: int) -> str | None:
        """What the line is by its form; None behind the end."""
        return self.kinds[at] if at < self.n else None

    def address(self, at: int) -> Address:
        """What the address here is; of kind `none` where none is."""
        return _read_address(self.texts[at]) if self.kind(at) == "address" else _NO_ADDRESS

    def is_page(self, at: int, arxiv_id: str | None) -> bool:
        """Whether this is the address of the paper's page."""
        return arxiv_id is not None and self.address(at) == Address("paper", arxiv_id)

    def upvotes(self, at: int) -> int | None:
        """The count beside a check box."""
        found = _BOX.fullmatch(self.texts[at])
        return read_count(found[1]) if found else None

    def authors(self, at: int) -> tuple[int | None, Address | None]:
        """Their number, and the address where the line holds one."""
        found = _AUTHORS.fullmatch(self.texts[at])
        if found is None:
            return None, None
        return read_n_authors(found[1]), _read_address(found[2]) if found[2] else None

    def text(self, start: int, end: int) -> str:
        """The lines from `start` to before `end` without unclosed brackets, joined by newlines."""
        return "\n".join(self.texts[at] for at in range(start, end) if self.kinds[at] != "bracket")

    def end_of_texts(self, at: int) -> int:
        """The place of the next line that is neither text nor an unclosed bracket."""
        while self.kind(at) in ("text", "bracket"):
            at += 1
        return at

    def skip_brackets(self, at: int, arxiv_id: str | None = None) -> int:
        """The place behind unclosed brackets, some of which are all that a link of the paper says."""
        while self.kind(at) == "bracket":
            at += 2 if self.is_page(at + 1, arxiv_id) else 1
        return at
