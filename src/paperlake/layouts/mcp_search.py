"""mcp_search: what the hub's Model Context Protocol server answers to `paper_search`; one section of Markdown a paper.

Source: `packages/mcp/src/paper-search.ts` of the public repository evalstate/hf-mcp-server, in several versions. It
escapes nothing and wraps nothing; an abstract can hold what it likes, `---` on a line of its own too. So the lines
below an abstract end it, and a rule or a heading only where the next record opens there.
"""

import re
from collections.abc import Iterator, Sequence

from paperlake.layouts.cards import BROKEN, TEXT, Element, gather
from paperlake.layouts.hub import read_address
from paperlake.layouts.layout import Recognition
from paperlake.layouts.page import furniture_name
from paperlake.layouts.signature import Marks, recognise_marks
from paperlake.layouts.values import MONTH
from paperlake.records import Piece

_ORDER = ("title", "published", "authors", "abstract", "keywords", "upvotes", "paper_link")
_MARKS: Marks = {
    "`**Authors:**` lines": re.compile(r"\*\*Authors:\*\* "),
    "headings of abstracts": re.compile(r"### (?:Abstract|AI Generated Summary)\s*$"),
    "a query, or links to papers' pages": re.compile(
        r"(?:The following|(?:All )?\d+) papers (?:that )?matched the query "
        r"|\*\*Link to paper:\*\* \[https://(?:hf|huggingface)\.co/papers/"
    ),
}
_RULE = "---"
_SECTIONS = ("### Abstract", "### AI Generated Summary")
_HEADER = ("Published on ", "Publication date not available", "**Authors:** ", *_SECTIONS)
_NO_ABSTRACT = ("No abstract available", "No summary available")
_TAIL = ("**AI Keywords**", "**Link to paper:**")
_COUNTS = ("Upvoted ", ". The")
_CUT_TAIL = (*_TAIL, *_COUNTS, *_SECTIONS, _RULE)
_FIRSTS_OF_ENDS = frozenset("*U.#-")
"""How the lines open that may end an abstract: those of `_CUT_TAIL` and headings."""
_MOST_TITLE_LINES = 4
_QUERY = re.compile(
    r"(?:All )?\d+ papers (?:that )?matched the query '(?P<quoted>.*)'(?:\. Here are the first \d+ results\.)?"
    r"|The following papers matched the query (?P<bare>.+)"
)
_PUBLISHED = re.compile(rf"(?:Published on ){{1,2}}(\d{{1,2}} {MONTH}, \d{{4}})")
_VOTES = re.compile(
    r"(?=Upvoted|\. The)(?:Upvoted (?P<upvotes>\d+) times?)?\.?"
    r"(?: (?:The authors are participating in a|There is a community) discussion with (?P<comments>\d+) comments?\.)?"
)
_PAPER_LINK = re.compile(r"\*\*Link to paper:\*\* \[[^\[\]]*\]\(([^()\s]+)\)")
_PROFILE = re.compile(r"\(\[[^\[\]]*\]\([^()]*\)\)|\([^()]*\)")
"""Behind a name: the account of an author, or what the name says in brackets."""
_MORE = re.compile(r"and (\d+) more\.")
_NAME_SUFFIXES = {"Jr", "Sr", "II", "III", "IV", "PhD", "MD"}


def recognise(lines: Sequence[str]) -> Recognition:
    """Whether the lines answer a query with records of authors, abstracts and links to papers' pages."""
    return recognise_marks(lines, _MARKS)


def split(lines: Sequence[str]) -> list[Piece]:
    """The blocks of an answer. A rule between records ends one, whatever it lacks."""
    return gather(_read(lines), _ORDER)


def read_authors(names: str) -> int | None:
    """The number of authors in a list of names; None where it names none.

    >>> read_authors("Ada Spout ([spout](https://hf.co/spout)), Bo Lidd, Jr., and 9 more.")
    11
    >>> read_authors("Not available")
    """
    if names == "Not available":
        return None
    listed = [name.strip() for name in _PROFILE.sub("", names).split(",")]
    more = _MORE.fullmatch(listed[-1])
    n_listed = sum(bool(name) and name.rstrip(".") not in _NAME_SUFFIXES for name in listed[: -1 if more else None])
    return n_listed + (int(more[1]) if more else 0) or None


def _read(lines: Sequence[str]) -> Iterator[Element]:
    """The elements of an answer in the order of their lines; every non-blank line stands in one."""
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        if line:
            element = _read_element(lines, at, line)
            yield element
            at = element.line_end
        else:
            at += 1


def _read_element(lines: Sequence[str], at: int, line: str) -> Element:
    if line == _RULE:
        return Element("rule", at + 1, at + 1)
    if line.startswith("## "):
        return _title(lines, at)
    if line in _SECTIONS:
        return _abstract(lines, at)
    return _field(at + 1, line)


def _field(number: int, line: str) -> Element:
    """A line that says one thing of a paper, by how it opens."""
    if (published := _PUBLISHED.fullmatch(line)) is not None:
        return Element("published", number, number, {"published_raw": published[1]}, line)
    if line.startswith(_HEADER[:2]):
        return Element("published", number, number, text=line)
    if line.startswith("**Authors:** "):
        return Element("authors", number, number, {"n_authors": read_authors(line.removeprefix("**Authors:** "))}, line)
    if line.startswith("**AI Keywords**"):
        return Element("keywords", number, number, text=line)
    if (votes := _VOTES.fullmatch(line)) is not None:
        values = {name: int(count) for name, count in votes.groupdict().items() if count}
        return Element("upvotes", number, number, values, line)
    if (link := _PAPER_LINK.fullmatch(line)) is not None:
        arxiv_id = read_address(link[1]).arxiv_id
        return Element("paper_link", number, number, {"arxiv_id": arxiv_id, "paper_url": link[1]} if arxiv_id else {})
    if (query := _QUERY.fullmatch(line)) is not None:
        return Element("query", number, number, text=query["quoted"] or query["bare"] or "")
    return Element(TEXT, number, number, text=line)


def _title(lines: Sequence[str], at: int) -> Element:
    """A title goes on over the lines below it, as arXiv wraps long ones.

    `Paper ID 2601.90001` stands for none, and words of a page that was glued in are none.
    """
    end = _title_end(lines, at)
    title = "\n".join([lines[at].strip()[3:].strip(), *(line.strip() for line in lines[at + 1 : end])])
    if title.startswith("Paper ID ") or furniture_name(title) is not None:
        return Element("heading", at + 1, end, text=title)
    return Element("title" if end - at <= _MOST_TITLE_LINES else BROKEN, at + 1, end, {"title_raw": title}, title)


def _title_end(lines: Sequence[str], at: int) -> int:
    end = at + 1
    while end < len(lines) and lines[end].strip() and not lines[end].startswith((_RULE, "## ", *_HEADER, *_TAIL)):
        end += 1
    return end


def _abstract(lines: Sequence[str], at: int) -> Element:
    """The abstract and the generated summary of a paper, whichever stand there; the abstract counts."""
    text, end = _section(lines, at)
    if end < len(lines) and lines[end].strip() in _SECTIONS and lines[end].strip() != lines[at].strip():
        other, end = _section(lines, end)
        text = other if other and (not text or lines[at].strip() == _SECTIONS[1]) else text
    is_cut = end >= len(lines)  # nothing stands below it, and something always does
    while not lines[end - 1].strip():
        end -= 1
    values = {} if not text or text in _NO_ABSTRACT else {"abstract_raw": text}
    return Element("abstract", at + 1, end, values, text, is_cut)


def _section(lines: Sequence[str], at: int) -> tuple[str, int]:
    """The text below a section's heading, and the index of the line that ends it."""
    end, first_rule = at + 1, None
    while end < len(lines) and not _ends_section(lines, end):
        if first_rule is None and lines[end].strip() == _RULE:
            first_rule = end
        end += 1
    if first_rule is not None and (end >= len(lines) or not _is_tail(lines, end)):
        end = first_rule  # the lines that end a record are lost: what stands below the rule may not be its own
    return "\n".join(filter(None, map(str.strip, lines[at + 1 : end]))), end


def _ends_section(lines: Sequence[str], at: int) -> bool:
    may_end = lines[at].lstrip()[:1] in _FIRSTS_OF_ENDS
    return may_end and (_is_tail(lines, at) or _opens_record(lines, at))


def _is_tail(lines: Sequence[str], at: int) -> bool:
    """Whether a line stands below an abstract; the last line of a dump may be cut."""
    line = lines[at].strip()
    if line.startswith(_TAIL) or line in _SECTIONS or _VOTES.fullmatch(line) is not None:
        return True
    is_last = bool(line) and at == len(lines) - 1
    return is_last and (line.startswith(_COUNTS) or any(opening.startswith(line) for opening in _CUT_TAIL))


def _opens_record(lines: Sequence[str], at: int) -> bool:
    """Whether a record opens at a line: a rule with a record's first lines below it, or a heading with a part."""
    line = lines[at].strip()
    if line == _RULE:
        below = _next(lines, at + 1)
        return below is None or lines[below].startswith(("## ", *_HEADER)) or _is_tail(lines, below)
    if not line.startswith("## "):
        return False
    below = _next(lines, _title_end(lines, at))
    return below is not None and lines[below].startswith(_HEADER)


def _next(lines: Sequence[str], at: int) -> int | None:
    """Index of the first line that is not blank, or None at the end."""
    return next((below for below in range(at, len(lines)) if lines[below].strip()), None)
