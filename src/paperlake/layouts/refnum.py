"""refnum: Markdown of the search page whose links are numbers, `[text][7]`; the list of addresses is often cut off.

Without that list nothing names a paper but its place. Numbers tell which links stand together: they ascend, and a card
has five at most.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from paperlake.layouts.cards import BROKEN, TEXT, Element, gather
from paperlake.layouts.layout import Recognition
from paperlake.layouts.references import References, read_reference, split_number
from paperlake.layouts.refnum_lines import LONGEST_TEXT, Lines, SmallBlock, kind_of
from paperlake.layouts.signature import recognise_marks
from paperlake.layouts.values import DAY, read_count
from paperlake.records import Piece

_ORDER = ("upvotes", "title", "abstract", "authors|organisation", "date")
_MARKS = {
    "headings that end in the number of a link": re.compile(r"\s*+### .*\]\[\d+\]\s*$"),
    "numbers that close links of several lines": re.compile(r"\s*+\]\[\d+\]\s*$"),
}
_COMMENTS = re.compile(r"\s*\[\s*([\d.,]+[kKmM]?)\s*\]\[(\d{1,6})\]")
_PUBLISHED = re.compile(rf"({DAY})(?=$|\s*\[)")
_ALT_TEXT = re.compile(r"\[\s*\[[^\[\]]*\]")
_ENDS_OF_DUMP = ("truncated", "fence", "references")
_FARTHEST = 4
"""From the number of a title to the last of its card: abstract, authors, comments, and one to spare. The abstract of
the next card is five away or more."""
_FARTHEST_UPVOTES = 2
"""From the number of the upvotes to that of the title: one, and one to spare."""
_MOST_TITLE_LINES = 8
_MOST_NAME_LINES = 4
_NO_VALUES: Mapping[str, Any] = {}


def recognise(lines: Sequence[str]) -> Recognition:
    """Whether headings and links of several lines end in the numbers of links."""
    return recognise_marks(lines, _MARKS)


def split(lines: Sequence[str]) -> list[Piece]:
    """The blocks of a refnum dump."""
    return gather(_Reader(Lines(lines)).elements(), _ORDER)


class _Reader:
    """Reads lines from the top; indices (`at`, `end`) count from 0, and `end` is that of the last line."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.references = References(lines.lines)
        self.is_open = False
        """Whether a record was begun whose date was not read yet."""
        self.expects_date = False
        """Whether authors or organisation were read last, of this record or another's: the date follows them."""
        self.number: int | None = None
        """Of its title."""
        self.expects_abstract = False

    def elements(self) -> Iterator[Element]:
        at = self.lines.next(-1)
        while at < self.lines.n:
            found = self._read(at, self.lines.line(at))
            yield from found
            self.expects_date = found[-1].kind in ("authors", "organisation", BROKEN)
            at = self.lines.next(found[-1].line_end - 1)

    def _read(self, at: int, line: str) -> list[Element]:
        if line == "[":
            return self._link(at)
        if line[0] == "#":
            return [self._heading(at)]
        if line[0] == "·":
            return [self._published(at)]
        if self.is_open and _ALT_TEXT.match(line):
            return [self._organisation(at)]
        if read_reference(line) is not None:
            return [self._element("references", at, self.lines.end_of_references(at))]
        kind = kind_of(line)
        self.expects_abstract &= kind != TEXT
        return [self._element(kind, at, at)]

    def _element(self, kind: str, at: int, end: int, values: Mapping[str, Any] = _NO_VALUES) -> Element:
        return Element(kind, at + 1, end + 1, values, self.lines.line(at))

    def _known(self, at: int, number: int, kind: str) -> dict[str, Any]:
        """The paper that a number leads to, if its address is of that kind."""
        address = self.references.address(at, number)
        if address.kind != kind or address.arxiv_id is None:
            return {}
        known = {"arxiv_id": address.arxiv_id}
        return known | {"paper_url": self.references.url(at, number)} if kind == "paper" else known

    def _is_of_card(self, number: int) -> bool:
        return self.number is None or self.number <= number <= self.number + _FARTHEST

    def _heading(self, at: int) -> Element:
        """A title, wrapped perhaps, with `### ` on each of its lines; other headings are text of the page."""
        line, end = self.lines.line(at), at
        if not line.startswith("### "):
            return self._element("heading", at, at)
        text, number = split_number(line[4:].strip())
        if number is None and text[0] != "[":
            return self._element(TEXT, at, at)
        for _ in range(_MOST_TITLE_LINES - 1):
            following = self.lines.next(end)
            if number is not None or not self._continues(following):
                break
            end = following
            text, number = split_number(f"{text}\n{self.lines.line(end)[4:].strip()}")
        self.is_open, self.number, self.expects_abstract = True, number, True
        title = text[1:].strip()
        if number is None or not title or text[0] != "[":
            return self._element(BROKEN, at, end)
        return self._element("title", at, end, {"title_raw": title, **self._known(at, number, "paper")})

    def _continues(self, at: int) -> bool:
        """Whether a line goes on with the title above it; one that opens a link of its own does not."""
        line = self.lines.line(at)
        text = split_number(line)[0]
        return line.startswith("### ") and not (line.startswith("### [") and text.count("[") > text.count("]"))

    def _link(self, at: int) -> list[Element]:
        """A link of several lines; what it is shows in its text."""
        small = self.lines.small_block(at)
        if small is None:
            return [self._abstract(at) if self.expects_abstract else self._other_link(at)]
        return self._upvotes(at, small) if small.kind == "upvotes" else [self._authors(at, small)]

    def _upvotes(self, at: int, block: SmallBlock) -> list[Element]:
        """Upvotes and the title below; where their numbers are apart, lines between them are lost."""
        self.is_open, self.number, self.expects_abstract = True, None, False
        values = {"upvotes": block.value, **self._known(at, block.number, "login")}
        upvotes, following = self._element("upvotes", at, block.end, values), self.lines.next(block.end)
        if not self.lines.line(following).startswith("### ["):
            return [upvotes]
        title = self._heading(following)
        if self.number is None or block.number < self.number <= block.number + _FARTHEST_UPVOTES:
            return [upvotes, title]
        is_one_line = title.line_start == title.line_end
        return [upvotes._replace(kind=BROKEN), title if is_one_line else title._replace(kind=BROKEN)]

    def _authors(self, at: int, block: SmallBlock) -> Element:
        self.is_open, self.expects_abstract = True, False
        values = {"n_authors": block.value, **self._known(at, block.number, "paper")}
        if self._is_of_card(block.number):
            return self._element("authors", at, block.end, values)
        self.number = None
        return self._element(BROKEN, at, block.end, values)

    def _abstract(self, at: int) -> Element:
        """The text up to the number that closes it; where the dump itself ends it, it is cut."""
        self.expects_abstract, lines = False, self.lines
        end = lines.end_of_link(at, self.number or 0)
        number, text = lines.closer(end), lines.text(at, end)
        if number is not None and self._is_of_card(number) and _is_prose(text):
            return self._element("abstract", at, end, {"abstract_raw": text, **self._known(at, number, "paper")})
        end = lines.end_of_prose(at, end)
        text = lines.text(at, end)
        if _is_prose(text) and (end == lines.n or kind_of(lines.line(end)) in _ENDS_OF_DUMP):
            return self._element("abstract", at, end - 1, {"abstract_raw": text})._replace(is_cut=True)
        return self._element(BROKEN if text else "mark", at, end - 1)

    def _other_link(self, at: int) -> Element:
        """The organisation, an abstract that lost its title, or text of the page."""
        end = self.lines.end_of_page_link(at)
        number, text = self.lines.closer(end), self.lines.text(at, end)
        if number is None:
            return self._element(TEXT, at, end - 1)._replace(text=text)
        if self.is_open and self._is_of_card(number) and (alt := _ALT_TEXT.match("[" + text)):
            return self._element("organisation", at, end, {"organisation": text[alt.end() - 1 :].strip()})
        if len(text) < LONGEST_TEXT:
            return self._element(TEXT, at, end)._replace(text=text)
        self.is_open, self.number = True, None
        return self._element("abstract", at, end)._replace(text=text)

    def _organisation(self, at: int) -> Element:
        """The name behind its picture's alternative text, both perhaps on several lines."""
        end, (text, number) = at, split_number(self.lines.line(at))
        while number is None and end - at < _MOST_NAME_LINES - 1 and self.lines.line(end + 1):
            end += 1
            text, number = split_number(f"{text}\n{self.lines.line(end)}")
        alt = _ALT_TEXT.match(text)
        name = text[alt.end() :].strip() if alt else ""
        if number is None or not name:
            return self._element(TEXT, at, at)
        if self._is_of_card(number):
            return self._element("organisation", at, end, {"organisation": name})
        is_header = self.number is not None and number < self.number
        self.is_open = not is_header
        return self._element("link" if is_header else BROKEN, at, end)

    def _published(self, at: int) -> Element:
        """The date behind a dot, and the comments behind the date."""
        end, line = at, self.lines.line(at)[1:].strip()
        if not line:
            end = self.lines.next(at)
            line = self.lines.line(end)
        found = _PUBLISHED.match(line) if self.expects_date else None
        if found is None:
            return self._element("mark" if self.lines.line(at) == "·" else TEXT, at, at)
        self.is_open = self.expects_abstract = False
        is_whole = "," in found[1] or end < self.lines.n - 1 or found.end() < len(line)
        values: dict[str, Any] = {"published_raw": found[1]} if is_whole else {}
        comments = _COMMENTS.fullmatch(line, found.end())
        if comments and self._is_of_card(int(comments[2])):
            values |= {"comments": read_count(comments[1]), **self._known(at, int(comments[2]), "comments")}
        return self._element("date", at, end, values)


def _is_prose(text: str) -> bool:
    """Whether a text does not run into a link of authors or upvotes, whose opening bracket is lost."""
    last = text.rpartition("\n")[2]
    return last != "" and last[0] != "*" and read_count(last) is None
