"""email_digest: the daily mail as text; a line `Title (140 ▲)` a paper, no abstract, a link at most.

The mark proves the paper. Mail programs wrap long lines, quote the mail they answer (`> `) and write what is not ASCII
as quoted-printable; all of that is undone here.
"""

import quopri
import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple, TypeGuard

from paperlake.layouts.layout import Recognition
from paperlake.layouts.page import furniture_name
from paperlake.layouts.values import MONTH, read_count
from paperlake.paper_ids import NEW_ARXIV_ID
from paperlake.records import Block, Furniture, Piece, RawPaper, Reject

_MARK = "▲)"
_ENCODED_MARK = "=E2=96=B2"
_OPENINGS = {
    "by AK and the AI research community": "byline",
    "Here is the selection of papers": "heading",
    "To view more": "footer",
}
_PAGE_DATE = re.compile(rf"Here is the selection of papers for [^()]*\((\d{{1,2}} {MONTH}|{MONTH} \d{{1,2}})\):?")
_MAIL_HEADER = re.compile(
    r"(?i:From|To|Cc|Bcc|Subject|Date|Sent|Sender|Reply-To|Return-Path|Received|Delivered-To|Message-ID|References"
    r"|In-Reply-To|MIME-Version|Content-[a-z-]+|List-[a-z-]+|X-[a-z-]+|DKIM-Signature|ARC-[a-z-]+"
    r"|Authentication-Results|Feedback-ID|Precedence):(?: |$)"
)
_BOUNDARY = re.compile(r"--\S{6,}")
_RULE = "-----"
_QUOTE = re.compile(r"(?:> ?)+")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_PAPER = re.compile(rf"(https?://(?:www\.)?(?:huggingface|hf)\.co/papers/({NEW_ARXIV_ID}))(?![\d.])")
_ADDRESS = re.compile(r"[<(\[]?\s*https?://[^\s<>()\[\]]+\s*[>)\]]?")
_NARROWEST = 60
"""Columns at which a mail program wraps, at the least; a shorter line ends where its writer ended it."""
_MOST_TITLE_LINES = 4
_FEWEST_MARKS = 3
"""Without the mail's own header: two may be the scores of a game."""


class _Line(NamedTuple):
    """One line of the mail as its writer wrote it, and the lines of the dump that hold it."""

    block: Block
    kind: str
    text: str
    paper: tuple[str, str] | None = None
    """Address and arXiv id of the one paper that the line links to."""


def recognise(lines: Sequence[str]) -> Recognition:
    """Whether three lines bear the mark `(140 ▲)`, or one does below the mail's own header."""
    n_marks = sum(_MARK in line or _ENCODED_MARK in line for line in lines)
    has_header = any(line.lstrip("> ").startswith(tuple(_OPENINGS)) for line in lines)
    if n_marks >= _FEWEST_MARKS or (n_marks and has_header):
        return Recognition(True, f"{n_marks} lines with `(140 ▲)` in them")
    return Recognition(False, f"expected lines with `(140 ▲)` in them, found {n_marks}")


def split(lines: Sequence[str]) -> list[Piece]:
    """The blocks of a mail. Text that is neither title nor furniture is a reject where it stands among the titles."""
    mail = list(_name_lines(_decode(lines)))
    width = min(max((len(line.text) for line in mail if line.kind == "title"), default=0), _NARROWEST)
    pieces: list[Piece] = []
    pending: list[_Line] = []
    for line in mail:
        if line.kind == "text":
            pending.append(line)
            continue
        if line.kind == "title":
            wrapped = _wrapped(pending, line, width)
            pieces += map(_furniture, pending[: len(pending) - len(wrapped)])
            pieces.append(_paper([*wrapped, line]))
        elif line.paper and not pending and pieces and _lacks_id(last := pieces[-1]):
            pieces[-1] = _linked(last, line.block, *line.paper)
        else:
            pieces += map(_furniture, [*pending, line])
        pending = []
    return _settle([*pieces, *map(_furniture, pending)])


def _decode(lines: Sequence[str]) -> Iterator[tuple[Block, str]]:
    """The lines that are not blank; quoted-printable is undone where soft breaks and codes show it."""
    is_encoded = _is_encoded(lines)
    parts: list[str] = []
    for number, line in enumerate(lines, start=1):
        parts.append(line)
        if is_encoded and line.endswith("=") and number < len(lines):
            continue
        text = _unquoted(parts) if is_encoded else line
        if any(map(str.strip, parts)):
            yield Block(number - len(parts) + 1, number), text
        parts = []


def _is_encoded(lines: Sequence[str]) -> bool:
    if not any(line.endswith("=") for line in lines):
        return False
    text = "\n".join(lines).replace("=\n", "")
    return "=3D" in text or _ENCODED_MARK in text


def _unquoted(parts: Sequence[str]) -> str:
    """The text behind quoted-printable; lines that are not ASCII are none, bytes that are no UTF-8 stay as written."""
    text = "".join(part.removesuffix("=") for part in parts[:-1]) + parts[-1]
    if "=" not in text or not text.isascii():
        return text
    try:
        return quopri.decodestring(text.encode("ascii")).decode("utf-8")
    except UnicodeDecodeError:
        return text


def _name_lines(lines: Iterator[tuple[Block, str]]) -> Iterator[_Line]:
    before = ""
    end = 0
    for block, raw in lines:
        text = raw.strip()
        if quote := _QUOTE.match(text):
            text = text[quote.end() :].strip()
        if _is_mail_header(raw, text, before, is_adjacent=block.line_start == end + 1):
            line = _Line(block, "mail_header", text)
        else:
            line = _name_line(block, text)
        before, end = line.kind, block.line_end
        yield line


def _is_mail_header(raw: str, text: str, before: str, *, is_adjacent: bool) -> bool:
    """A title may open like a header (`Date: A Study (3 ▲)`), but not below another header."""
    in_block = not before or (before in ("mail_header", "boundary") and is_adjacent)
    if before == "mail_header" and is_adjacent and raw.startswith((" ", "\t")):
        return True
    return _MAIL_HEADER.match(text) is not None and (in_block or _MARK not in text)


def _name_line(block: Block, text: str) -> _Line:
    if _BOUNDARY.fullmatch(text) or (text.startswith(_RULE) and text.endswith(_RULE)):
        return _Line(block, "boundary", text)
    if found := _PAGE_DATE.fullmatch(text):
        return _Line(block, "page_date", found[1])
    for opening, name in _OPENINGS.items():
        if text.startswith(opening):
            return _Line(block, name, text)
    papers = set(_PAPER.findall(text)) if "papers/" in text else set()
    paper = papers.pop() if len(papers) == 1 else None
    plain = unescape(_TAG.sub("", text)).strip() if "</" in text else text
    title, mark, rest = plain.partition(_MARK)
    if mark and (not rest.strip() or _ADDRESS.fullmatch(rest.strip())):
        return _Line(block, "title", title + mark, paper)
    if _ADDRESS.fullmatch(text):
        return _Line(block, "link", text, paper)
    if text.startswith("<") or not text:
        return _Line(block, "markup", text)
    return _Line(block, furniture_name(text) or "text", text)


def _wrapped(pending: Sequence[_Line], line: _Line, width: int) -> Sequence[_Line]:
    """The lines above a marked one that are the beginning of its title."""
    first = len(pending)
    below = line
    while first > max(len(pending) - _MOST_TITLE_LINES + 1, 0) and _goes_on(pending[first - 1], below, width):
        first -= 1
        below = pending[first]
    return pending[first:]


def _goes_on(above: _Line, below: _Line, width: int) -> bool:
    """Whether a line is wrapped: no sentence ends there, and the next word had no room or cannot open a title."""
    if above.block.line_end + 1 != below.block.line_start or above.text.endswith((".", ":")):
        return False
    word = below.text.split(" ", 1)[0]
    return len(above.text) + 1 + len(word) > width or word[0].islower() or word[0] in "(▲"


def _paper(lines: Sequence[_Line]) -> Piece:
    block = Block(lines[0].block.line_start, lines[-1].block.line_end)
    title, _, count = "\n".join(line.text for line in lines).removesuffix(_MARK).rpartition("(")
    upvotes = read_count(count.strip())
    if upvotes is None or not title.strip():
        return Reject(block, "missing_title", f"expected a title before `(140 ▲)`, found {lines[0].text[:60]!r}")
    url, arxiv_id = lines[-1].paper or (None, None)
    return RawPaper(block, title.strip(), arxiv_id=arxiv_id, paper_url=url, upvotes=upvotes)


def _lacks_id(piece: Piece) -> TypeGuard[RawPaper]:
    return isinstance(piece, RawPaper) and piece.arxiv_id is None


def _linked(paper: RawPaper, below: Block, url: str, arxiv_id: str) -> RawPaper:
    """The paper with the address that stands below it."""
    block = Block(paper.block.line_start, below.line_end)
    return paper._replace(block=block, arxiv_id=arxiv_id, paper_url=url)


def _furniture(line: _Line) -> Furniture:
    return Furniture(line.block, "page_text" if line.kind == "text" else line.kind, line.text)


def _settle(pieces: list[Piece]) -> list[Piece]:
    """The pieces, where unknown text among the titles is a reject, and the title that the end of the dump cut."""
    papers = [at for at, piece in enumerate(pieces) if isinstance(piece, RawPaper)]
    for at, piece in enumerate(pieces):
        if not (isinstance(piece, Furniture) and piece.name == "page_text" and papers):
            continue
        if papers[0] < at < papers[-1]:
            pieces[at] = Reject(piece.block, "unread_text", f"expected `(140 ▲)` at its end, found {piece.text[:60]!r}")
        elif at == papers[-1] + 1 == len(pieces) - 1:
            pieces[at] = Reject(piece.block, "cut_off", f"expected `(140 ▲)` at its end, found {piece.text[:60]!r}")
    return pieces
