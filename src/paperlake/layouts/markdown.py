"""Markdown captures: what their lines say, element by element.

What firecrawl, structmd, linktag and clipper share. A line is known by how it opens (`### `, `[`, a date), a link by
its address and text together. A line that the end of the dump may have cut gives no value that could go on.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from paperlake.layouts.cards import BROKEN, TEXT, Element
from paperlake.layouts.hub import read_address, read_common_block, read_common_link, read_linked
from paperlake.layouts.markdown_abstracts import with_abstracts
from paperlake.layouts.markdown_dialect import Dialect
from paperlake.layouts.markdown_links import interrupts, read_link, without_cut_closer
from paperlake.layouts.page import LONGEST_FURNITURE, furniture_name
from paperlake.layouts.values import DAY, read_count, read_n_authors
from paperlake.paper_ids import NEW_ARXIV_ID

_LINKED_TITLE = re.compile(rf"### \[([^\[\]]*+)\]\((https://huggingface\.co/papers/({NEW_ARXIV_ID}))\)")
_PUBLISHED = re.compile(rf"(?:· ?)?(?:Published on )?({DAY})(?=\s*$| ?\[)")
_SUBMITTER = re.compile(r"Submitted by(?: (\S+))?")
_ALT = re.compile(r"!?\[[^\[\]]*\](?:\([^()]*\))? ?")
_MOST_ABOVE_NAME = 3
"""Filled lines below `Submitted by` among which the name stands: pictures come first."""
_MARK = re.compile(r"[-*•·]|[-*•] ?(?:·|!?\[[^\[\]]*\](?:\([^()]*\))?)|-{4,}|\*{3,}")
_OPENS_BLOCK = re.compile(r"\[(?:$|Upvote|GitHub|arXiv|LINK: |\[|!\[)")
"""How the blocks of a card open where abstracts are no links."""
_MARKS_OF_BLOCKS = "[]#<-*•·"
_STARTS_OF_DATES = "JFMASONDP·"
_BULLETS = frozenset("-*•·")


def read_markdown(lines: Sequence[str], dialect: Dialect) -> Iterator[Element]:
    """The elements of a page in the order of their lines; every non-blank line stands in exactly one."""
    elements = _Reader(lines, dialect).elements()
    if dialect.abstracts in ("link", "none"):
        return elements
    return with_abstracts(elements, len(lines), in_paragraphs=dialect.abstracts == "paragraphs")


class _Reader:
    """Reads lines from the top. Only the very last line can be cut: a newline stands behind every other."""

    def __init__(self, lines: Sequence[str], dialect: Dialect) -> None:
        self.lines = list(map(str.rstrip, lines))
        self.dialect, self.last = dialect, len(lines) - 1

    def elements(self) -> Iterator[Element]:
        lines, at = self.lines, 0
        while at <= self.last:
            if line := lines[at]:
                element = self._read(at, line.lstrip())
                yield element
                at = element.line_end
            else:
                at += 1

    def _read(self, at: int, line: str) -> Element:
        first = line[0]
        if first == "[":
            return self._links(at, self.lines[at].index("["), "link", {})
        if first == "#" and line.lstrip("#")[:1] == " ":
            return self._heading(at, line)
        if first == "S" and (submitter := _SUBMITTER.fullmatch(line)) is not None:
            return self._submitter(at, submitter[1])
        if first in _STARTS_OF_DATES and (published := _PUBLISHED.match(line)) is not None:
            return self._published(at, published[1])
        if first in _MARKS_OF_BLOCKS:
            return self._mark(at, line)
        if len(line) <= LONGEST_FURNITURE:
            return self._short(at, line)
        return self._prose(at, line)

    def _prose(self, at: int, line: str) -> Element:
        """A text; long lines below that open with a small letter are nothing but its next lines."""
        end = at + 1
        while end <= self.last and len(below := self.lines[end]) > LONGEST_FURNITURE and below[0].islower():
            end += 1
        text = line if end == at + 1 else "\n".join([line, *self.lines[at + 1 : end]])
        return Element(TEXT, at + 1, end, text=text)

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
        if line in _BULLETS:
            return Element("mark", at + 1, self._end_of_run(at, line) + 1, text=line)
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
        end, n_filled = at, 0
        while not name and end < self.last and n_filled < _MOST_ABOVE_NAME:
            end += 1
            n_filled += self.lines[end] != ""
            name = self._name(end)
        if not name or " " in name or name[0] in "#<[!(" or furniture_name(name):
            return Element("submitter", at + 1, at + 1)
        return Element("submitter", at + 1, end + 1, {"submitted_by": self.dialect.undo(name)}, text=name)

    def _name(self, at: int) -> str:
        """The name that a line is, or links to its profile; empty for pictures."""
        line = self.lines[at].strip()
        link = read_link(self.lines, at, self.lines[at].index("[")) if line[:1] == "[" and "](" in line else None
        if link is not None and link.line_end == at:
            return str(read_linked(self._value(link.text), link.url)[1].get("organisation", ""))
        return _ALT.sub("", line)

    def _heading(self, at: int, line: str) -> Element:
        if (linked := _LINKED_TITLE.fullmatch(line)) is not None:
            text, url, arxiv_id = linked.groups()
            values = {"title_raw": self._value(text), "arxiv_id": arxiv_id, "paper_url": url}
            return Element("title", at + 1, at + 1, values, text)
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
                link = self._linked(at, start)
                if link is None:
                    return self._open_link(at, start) if kind == "link" else Element(kind, at + 1, at + 1, values)
                name, said, start, end = link
                kind = name if kind == "link" else kind
                values = _merged(values, said) if values else said
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

    def _linked(self, at: int, start: int) -> tuple[str, Mapping[str, Any], int, int] | None:
        """What the link that opens there says, the place behind it, and the index of its last line."""
        common = read_common_link(self.lines[at], start)
        if common is not None:
            return (*common, at)
        if start == 0 and (block := read_common_block(self.lines, at)) is not None:
            return block
        link = read_link(self.lines, at, start)
        return (*read_linked(self._value(link.text), link.url), link.stop, link.line_end) if link else None

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
        return "\n".join(filter(None, map(str.strip, text.split("\n"))))


def _merged(values: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of one line, the first of each; what is said of another paper does not count."""
    here, there = values.get("arxiv_id"), said.get("arxiv_id")
    return {**said, **values} if here is None or there is None or here == there else values


def _may_be_abstract(text: str) -> bool:
    """Whether a text opens like prose: not like a count, a list, a picture or a button."""
    return not text.startswith(("-", "!", "[", "Upvote")) and read_count(text) is None
