"""notebooklm: NotebookLM's export of the search page; what a link says is one paragraph, its address the next.

Nothing but that address tells what a text is, so texts are read up to their address. Blank lines mean nothing here,
nor does a lone `[`: links of several paragraphs leave one behind.
"""

import re
from collections.abc import Iterator, Sequence

from paperlake.layouts.cards import BROKEN, TEXT, Element, gather
from paperlake.layouts.layout import Recognition
from paperlake.layouts.notebooklm_lines import Lines
from paperlake.layouts.page import furniture_name
from paperlake.layouts.signature import recognise_marks
from paperlake.layouts.values import ends_sentence, read_count
from paperlake.records import Piece

_ORDER = ("upvotes", "title", "abstract", "authors|organisation", "date", "comments")
_HUB = r"https?://(?:www\.)?(?:huggingface|hf)\.co/"
_MARKS = {
    "papers' pages alone on lines": re.compile(rf"\s*+{_HUB}papers/[\d.]+\s*$"),
    "check boxes with upvotes, or half links of authors": re.compile(
        rf"\s*+(?:\[[-xX ]?\] (?:-|\d[\d.,]*[kKmM]?)\s*$|\d+ authors?\]\({_HUB}papers/)"
    ),
}
_ENDS_ABSTRACT = re.compile(rf"{_HUB}(?:papers|login)\b")
"""Its own paper's page does, as it should; any other page of papers shows that lines are missing."""
_ABOVE_QUERY = "and the research community"
_LONGEST_TITLE = 300
"""Characters. Real titles have 13-201 (711 records); a longer text before a paper's page is an abstract."""

_Found = tuple[list[Element], int]
"""Elements, and the place behind them."""


def recognise(lines: Sequence[str]) -> Recognition:
    """Whether papers' pages stand alone on lines, beside check boxes with upvotes or half links of authors."""
    return recognise_marks(lines, _MARKS)


def split(lines: Sequence[str]) -> list[Piece]:
    """The blocks of a notebooklm dump."""
    return gather(_Reader(Lines(lines)).elements(), _ORDER)


class _Reader:
    """Reads lines from the top."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.paper_id: str | None = None
        """Of the record whose title was read last."""
        self.expects_date = False
        """Whether authors or organisation were read last, which the date follows."""

    def elements(self) -> Iterator[Element]:
        at = 0
        while at < self.lines.n:
            found, at = self._read(at)
            yield from found
            if found[-1].kind != "mark":
                self.expects_date = found[-1].kind in ("authors", "organisation")

    def _read(self, at: int) -> _Found:
        kind, following = self.lines.kind(at), self.lines.kind(at + 1)
        if kind == "text":
            return self._texts(at)
        if kind == "address":
            return self._bare_address(at)
        if kind == "box":
            return self._upvotes(at)
        if kind == "authors" or (kind == "bracket" and following == "authors"):
            return self._authors(at, at + (kind == "bracket"))
        if kind == "dot":
            return self._published(at)
        return [self._element("page_date" if kind == "day" else "mark", at, at + 1)], at + 1

    def _element(self, kind: str, start: int, end: int, **values: object) -> Element:
        """An element of the lines from `start` to before `end`."""
        return Element(kind, self.lines.numbers[start], self.lines.numbers[end - 1], values, self.lines.texts[start])

    def _upvotes(self, at: int) -> _Found:
        """A check box with upvotes and the login link that it needs; the title below must be the same paper's."""
        lines, self.paper_id = self.lines, None
        place, count = lines.skip_brackets(at + 1), lines.upvotes(at)
        login = lines.address(place)
        if login.kind != "login" or login.arxiv_id is None or count is None:
            return [self._element("upvotes", at, at + 1)], at + 1
        upvotes = self._element("upvotes", at, place + 1, arxiv_id=login.arxiv_id, upvotes=count)
        start = end = lines.skip_brackets(place + 1, login.arxiv_id)
        while end < lines.n and lines.kinds[end] not in ("address", "box", "authors"):
            end += 1
        if end == start:
            return [upvotes], place + 1
        if not lines.is_page(end, login.arxiv_id):
            return [upvotes, self._element(BROKEN, start, end)], end
        found, end = self._record(start, end, login.arxiv_id)
        return [upvotes, *found], end

    def _record(self, start: int, end: int, arxiv_id: str) -> _Found:
        """The title below its login link, whose address stands at `end`, and the abstract below the title.

        A text above its paper's page is a title when another such text follows, the abstract. Alone it may be either.
        """
        lines, self.paper_id = self.lines, arxiv_id
        url, title = lines.texts[end], lines.text(start, end)
        head = self._element("title", start, end + 1, arxiv_id=arxiv_id, title_raw=title, paper_url=url)
        abstract, after = self._abstract(end + 1, arxiv_id, url)
        if abstract is not None:
            is_text = end - start == 1 or {*lines.kinds[start:end]} <= {"text", "bracket"}
            is_title = is_text and len(title) <= _LONGEST_TITLE
            return [head if is_title else head._replace(kind=BROKEN), abstract], after
        if _looks_like_title(title):
            return [head._replace(is_cut=end + 1 == lines.n)], end + 1
        return [self._element("abstract", start, end + 1, arxiv_id=arxiv_id)], end + 1

    def _headless_record(self, start: int, end: int, arxiv_id: str) -> _Found:
        """A text whose address stands at `end`, without a login link above: it may be the end of another text."""
        self.paper_id = arxiv_id
        abstract, after = self._abstract(end + 1, arxiv_id, self.lines.texts[end])
        if abstract is not None:
            return [self._element(BROKEN, start, end + 1, arxiv_id=arxiv_id), abstract], after
        return [self._element("abstract", start, end + 1, arxiv_id=arxiv_id)], end + 1

    def _abstract(self, at: int, arxiv_id: str, url: str) -> tuple[Element | None, int]:
        """The abstract, if it ends with the paper's page or with the dump, perhaps inside that address."""
        lines = self.lines
        is_address_cut = url != lines.texts[-1] and url.startswith(lines.texts[-1])
        n = lines.n - 1 if is_address_cut else lines.n
        start = end = lines.skip_brackets(at, arxiv_id)
        while end < n and not self._ends_abstract(end):
            end += 1
        values = {"arxiv_id": arxiv_id, "abstract_raw": lines.text(start, end)}
        if values["abstract_raw"] and lines.is_page(end, arxiv_id):
            return self._element("abstract", at, end + 1, **values), end + 1
        if values["abstract_raw"] and end == n and not any(map(self._is_of_page, range(start, end))):
            return self._element("abstract", at, lines.n, **values)._replace(is_cut=True), lines.n
        return None, at

    def _ends_abstract(self, at: int) -> bool:
        kind = self.lines.kinds[at]
        if kind == "address":
            return _ENDS_ABSTRACT.match(self.lines.texts[at]) is not None
        return kind in ("box", "authors")

    def _is_of_page(self, at: int) -> bool:
        """Whether a line is not prose; an abstract that was cut has no such line."""
        kind, text = self.lines.kinds[at], self.lines.texts[at]
        if kind == "address":
            return re.match(_HUB, text) is not None
        return kind not in ("text", "bracket") or furniture_name(text) is not None

    def _bare_address(self, at: int) -> _Found:
        """An address without a text: of upvotes that lost theirs, or of a picture, perhaps the organisation's.

        That is followed by the name, its profile, and the dot before the date; the links of a footer are not.
        """
        lines = self.lines
        address = lines.address(at)
        if address.kind == "login" and address.arxiv_id is not None:
            self.paper_id = None
            return [self._element("upvotes", at, at + 1, arxiv_id=address.arxiv_id)], at + 1
        link = self._element("link", at, at + 1)
        if not lines.is_page(at, self.paper_id):
            return [link], at + 1
        end = lines.end_of_texts(at + 1)
        name, following = lines.text(at + 1, end), lines.skip_brackets(end + 1)
        if not name or lines.address(end).kind != "profile" or lines.kind(following) not in ("dot", None):
            return [link], at + 1
        return [link, self._element("organisation", at + 1, end + 1, organisation=name)], end + 1

    def _published(self, at: int) -> _Found:
        """A date behind its dot; that of a record only right below its authors or organisation."""
        day = self.lines.skip_brackets(at + 1)
        if self.lines.kind(day) != "day":
            return [self._element("mark", at, at + 1)], at + 1
        if not self.expects_date:
            return [self._element(TEXT, at, day + 1)], day + 1
        published, is_last = self.lines.texts[day], self.lines.numbers[day] == self.lines.last
        if is_last and "," not in published:  # `Feb 2` may have been `Feb 27, 2025`
            return [self._element("date", at, day + 1)], day + 1
        return [self._element("date", at, day + 1, published_raw=published)], day + 1

    def _authors(self, start: int, at: int) -> _Found:
        """Their number, with the paper's page in half a link or on the next line."""
        n_authors, page = self.lines.authors(at)
        end = at + 1
        if page is None and self.lines.address(end).kind == "paper":
            page, end = self.lines.address(end), end + 1
        if page is None or page.kind != "paper" or n_authors is None:
            return [self._element(TEXT, start, end)], end
        return [self._element("authors", start, end, arxiv_id=page.arxiv_id, n_authors=n_authors)], end

    def _texts(self, at: int) -> _Found:
        """Texts that stand below no login link: comments, a record that lost its head, or words of the page."""
        lines, end = self.lines, self.lines.end_of_texts(at)
        address = lines.address(end)
        count = read_count(lines.text(at, end)) if address.kind == "comments" else None
        if count is not None:
            return [self._element("comments", at, end + 1, arxiv_id=address.arxiv_id, comments=count)], end + 1
        if address.kind == "paper" and address.arxiv_id is not None and address.arxiv_id != self.paper_id:
            return self._headless_record(at, end, address.arxiv_id)
        return [self._word(place) for place in range(at, end)], end

    def _word(self, at: int) -> Element:
        """A line of the page itself; the words that were searched for stand right below the byline."""
        name = "mark" if self.lines.kinds[at] == "bracket" else furniture_name(self.lines.texts[at])
        if name is None and at and self.lines.texts[at - 1] == _ABOVE_QUERY:
            name = "query"
        return self._element(name or TEXT, at, at + 1)


def _looks_like_title(text: str) -> bool:
    """Whether a text is short, on one line, and ends like no sentence of prose; titles may ask or exclaim."""
    return len(text) <= _LONGEST_TITLE and "\n" not in text and (text.endswith(("?", "!")) or not ends_sentence(text))
