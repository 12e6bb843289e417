"""Markdown captures: what their lines say, element by element.

What firecrawl, structmd, linktag and clipper share. A line is known by how it opens (`### `, `[`, a date), a link by
its address and text together. A line that the end of the dump may have cut gives no value that could go on.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from paperlake.layouts.cards import BROKEN, LONGEST_FURNITURE_TEXT, PAGE_KINDS, TEXT, Element
from paperlake.layouts.hub import read_address, read_linked
from paperlake.layouts.markdown_links import interrupts, read_link, without_cut_closer
from paperlake.layouts.page import LONGEST_FURNITURE, furniture_name
from paperlake.layouts.values import DAY, ends_sentence, read_count, read_n_authors

_PUBLISHED = re.compile(rf"(?:· ?)?(?:Published on )?({DAY})(?=\s*$| ?\[)")
_SUBMITTER = re.compile(r"Submitted by(?: (\S+))?")
_ALT = re.compile(r"\[[^\[\]]*\] ?")
_MARK = re.compile(r"[-*•·]|[-*•] ?(?:·|!?\[[^\[\]]*\](?:\([^()]*\))?)|-{4,}|\*{3,}")
_OPENS_BLOCK = re.compile(r"\[(?:$|Upvote|GitHub|arXiv|LINK: |\[|!\[)")
"""How the blocks of a card open where abstracts are no links."""
_MARKS_OF_BLOCKS = "[]#<-*•·"
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


def read_markdown(lines: Sequence[str], dialect: Dialect) -> Iterator[Element]:
    """The elements of a page in the order of their lines; every non-blank line stands in exactly one."""
    reader = _Reader(lines, dialect)
    return reader.elements() if dialect.abstracts in ("link", "none") else reader.elements_with_abstracts()


class _Reader:
    """Reads lines from the top. Only the very last line can be cut: a newline stands behind every other."""

    def __init__(self, lines: Sequence[str], dialect: Dialect) -> None:
        self.lines = [line.rstrip() for line in lines]
        self.dialect, self.last = dialect, len(lines) - 1

    def elements(self) -> Iterator[Element]:
        at = 0
        while at <= self.last:
            if line := self.lines[at]:
                element = self._read(at, line.lstrip())
                yield element
                at = element.line_end
            else:
                at += 1

    def elements_with_abstracts(self) -> Iterator[Element]:
        """The elements, where the text that follows a title is its abstract."""
        is_open = False
        texts: list[Element] = []
        for element in self.elements():
            if is_open and self._goes_on(texts, element):
                texts.append(element)
                continue
            yield from self._abstract(texts)
            texts = []
            is_open = element.kind in ("title", BROKEN)
            yield element
        yield from self._abstract(texts)

    def _goes_on(self, texts: Sequence[Element], element: Element) -> bool:
        """Whether a line is of the abstract; right below another, words of the page are a wrapped line too."""
        is_below = bool(texts) and element.line_start == texts[-1].line_end + 1
        if element.kind == TEXT:
            return is_below or not texts or self.dialect.abstracts == "paragraphs"
        return is_below and element.kind in PAGE_KINDS

    def _abstract(self, texts: list[Element]) -> list[Element]:
        """The texts as one abstract; as they are where they are no prose but words of a page."""
        if not texts:
            return texts
        text = "\n".join(element.text for element in texts)
        start, end = texts[0].line_start, texts[-1].line_end
        if len(text) < LONGEST_FURNITURE_TEXT and not ends_sentence(text) and end <= self.last:
            return texts
        return [Element("abstract", start, end, {"abstract_raw": text}, texts[0].text, is_cut=end > self.last)]

    def _read(self, at: int, line: str) -> Element:
        first = line[0]
        if first == "[":
            return self._links(at, self.lines[at].index("["), "link", {})
        if first == "#":
            return self._heading(at, line)
        if first == "S" and (submitter := _SUBMITTER.fullmatch(line)) is not None:
            return self._submitter(at, submitter[1])
        if first in "JFMASONDP·" and (published := _PUBLISHED.match(line)) is not None:
            return self._published(at, published[1])
        if first in _MARKS_OF_BLOCKS:
            return self._mark(at, line)
        if len(line) <= LONGEST_FURNITURE:
            return self._short(at, line)
        return self._text(at, line)

    def _text(self, at: int, line: str) -> Element:
        return Element(TEXT, at + 1, at + 1, text=line)

    def _short(self, at: int, line: str) -> Element:
        n_authors = read_n_authors(line) if line[0].isdigit() else None
        if n_authors is not None:
            return Element("authors", at + 1, at + 1, {"n_authors": n_authors})
        name = furniture_name(line)
        return Element(name, at + 1, at + 1, text=line) if name else self._text(at, line)

    def _mark(self, at: int, line: str) -> Element:
        """What is no text of a page: bullets, rules, tags. A run of equal ones is one element."""
        n_authors = read_n_authors(line)
        if n_authors is not None:
            return Element("authors", at + 1, at + 1, {"n_authors": n_authors})
        if line[0] == "<":
            kind = "anchor" if line.startswith('<a id="') else "thumbnail" if line.startswith("<video") else TEXT
            return Element(kind, at + 1, at + 1, text=line) if kind != TEXT else self._text(at, line)
        if line[0] == "]" or _MARK.fullmatch(line) is not None:
            return Element("mark", at + 1, self._end_of_run(at, line) + 1, text=line)
        return Element("mark", at + 1, at + 1, text=line) if at == self.last else self._text(at, line)

    def _end_of_run(self, at: int, line: str) -> int:
        end = at
        while at < self.last and (below := self.lines[at + 1].strip()) in ("", line):
            at += 1
            end = at if below else end
        return end

    def _published(self, at: int, published: str) -> Element:
        bracket = self.lines[at].find("[")
        values = self._date(at, published, is_last=bracket < 0)
        if bracket < 0:
            return Element("published", at + 1, at + 1, values, text=published)
        return self._links(at, bracket, "published", values)

    def _date(self, at: int, published: str, *, is_last: bool) -> dict[str, Any]:
        """The date, unless the dump may have cut it: a year can follow where none stands."""
        is_whole = "," in published or not (is_last and at == self.last)
        return {"published_raw": published} if is_whole else {}

    def _submitter(self, at: int, name: str | None) -> Element:
        """The name stands on the line, or alone below it, perhaps below the alternative text of a picture."""
        end = at
        while not name and end < min(at + 6, self.last):
            end += 1
            name = _ALT.sub("", self.lines[end].strip())
        if not name or " " in name or name[0] in "#<[" or furniture_name(name):
            return Element("submitter", at + 1, at + 1)
        return Element("submitter", at + 1, end + 1, {"submitted_by": self.dialect.undo(name)}, text=name)

    def _heading(self, at: int, line: str) -> Element:
        hashes, _, title = line.partition(" ")
        if hashes != "###" or furniture_name(title.strip()) is not None:
            return Element("heading", at + 1, at + 1, text=line)
        if not title.startswith("["):
            return self._plain_title(at, title)
        link = read_link(self.lines, at, self.lines[at].index("["))
        if link is None or (link.line_end == at and link.stop < len(self.lines[at])):
            # A title may open with brackets: `[Re] Boiling Kettles`.
            is_link = "](http" in title or title.count("[") > title.count("]")
            return Element(BROKEN, at + 1, at + 1, text=title) if is_link else self._plain_title(at, title)
        values = {"title_raw": self._value(link.text)}
        address = read_address(link.url)
        if address.kind == "paper":
            values |= {"arxiv_id": str(address.arxiv_id), "paper_url": link.url}
        return Element("title", at + 1, link.line_end + 1, values, text=link.text)

    def _plain_title(self, at: int, title: str) -> Element:
        """A title that is no link goes on in the indented lines below it; on the last line it may be cut."""
        end = at
        while end < self.last and self.lines[end + 1].startswith("  "):
            end += 1
            title += "\n" + self.lines[end]
        kind = BROKEN if end == self.last else "title"
        return Element(kind, at + 1, end + 1, {"title_raw": self._value(title)}, text=title)

    def _links(self, at: int, start: int, kind: str, values: Mapping[str, Any]) -> Element:
        """What the links of a line say together, and a date among them; of two papers' links the first paper's."""
        line, end = self.lines[at], at
        while start < len(line) and end == at:
            first = line[start]
            if first == "[":
                link = read_link(self.lines, at, start)
                if link is None:
                    return self._open_link(at, start) if kind == "link" else Element(kind, at + 1, at + 1, values)
                name, said = read_linked(self._value(link.text), link.url)
                kind = name if kind == "link" else kind
                values = _merged(values, said) if values else said
                _, _, end, start = link
            elif first.isspace():
                start += 1
            elif (published := _PUBLISHED.match(line, start)) is not None:
                kind = "published" if kind == "link" else kind
                values = _merged(values, self._date(at, published[1], is_last=published.end() == len(line)))
                start = published.end()
            elif first == "·":
                break
            else:
                return self._text(at, line.strip())
        return Element(kind, at + 1, end + 1, values, text=line if kind == "link" else "")

    def _open_link(self, at: int, start: int) -> Element:
        """A link that never closes: the abstract of a dump that was cut inside it, or a broken record."""
        line = self.lines[at].strip()
        if self.dialect.abstracts != "link":
            is_block = at == self.last or _OPENS_BLOCK.match(self.lines[at], start) is not None
            return Element("mark", at + 1, at + 1, text=line) if is_block else self._text(at, line)
        end = at
        while end < self.last and not interrupts(self.lines, end + 1):
            end += 1
        is_last = end == self.last
        while not self.lines[end]:
            end -= 1
        parts = [self.lines[at][start + 1 :], *self.lines[at + 1 : end + 1]]
        text = self._value(without_cut_closer("\n".join(parts)))
        is_cut = is_last and all(parts) and _may_be_abstract(text)
        values = {"abstract_raw": text} if is_cut else {}
        return Element("abstract" if is_cut else BROKEN, at + 1, end + 1, values, line, is_cut)

    def _value(self, text: str) -> str:
        """A text of the page: without the tool's escapes, its lines stripped and joined by one newline."""
        text = self.dialect.undo(text)
        if "\n" not in text:
            return text.strip()
        return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


def _merged(values: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of one line, the first of each; what is said of another paper does not count."""
    here, there = values.get("arxiv_id"), said.get("arxiv_id")
    return {**said, **values} if here is None or there is None or here == there else values


def _may_be_abstract(text: str) -> bool:
    """Whether a text opens like prose: not like a count, a list, a picture or a button."""
    return not text.startswith(("-", "!", "[", "Upvote")) and read_count(text) is None
