r"""Where the URL of a text begins, what opens before it, and where it ends.

Without a scheme only hosts of `BARE_HOST` and `www.` are believed: prose is full of `performance.The`, `Fig.1` and
`README.md`. A URL ends at CJK letters: in a listing they are the next sentence, hardly ever the path.
"""

import re
from typing import NamedTuple

from paperlake.links.foreign_marks import foreign_start
from paperlake.links.kinds import BARE_HOST

NPM_SHORTHAND = "github:"
COVER = "\ue000"
"""The letter that stands for each letter of a covered secret: Unicode leaves it to private use, so no text needs it."""

_HEADS = (
    r"(?:https?:(?:\\?/){2,3})+(?:https?(?:\\?/){2})?",
    r"(?<![a-z\d])(?:ftp|ssh|git|git\+https?|git\+ssh|git\+git)://",
    r"(?<![a-z\d_@.+-])git@(?=[\w.-]+\.[a-z]{2,}[:/])",
    rf"(?<![a-z\d_@./:-])//(?={BARE_HOST})",
    rf"(?<![a-z\d_@.-])(?:https?[:;]?/{{0,2}})?(?={BARE_HOST})",
    r"(?<![a-z\d_@./-])(?=www\.[\w-]+\.[a-z\d])",
    rf"(?<![a-z\d_@./:-])(?-i:{NPM_SHORTHAND})(?=[a-z\d][a-z\d-]{{0,38}}/[\w.-])",
)
_BRACKETS = r"(\[{<\"'`“‘„‚«‹「『（【《〈〔［｛＜*"
# A link text that is a sentence may hold links of its own: with `://` in it, it is a wrapper only when it is one word.
_OPENERS = (
    r"(?P<markdown_link>(?:!?\[(?:[^\s\[\]]{1,200}|(?:(?!://)[^\[\]\n]){0,200}))?\]\(\s?<?)",
    r"(?P<href_command>\\?\bhref\s?(?:\[[^\[\]\n]{0,60}\])?\{\s?)",
    r"(?P<url_command>\\?\b(?:url|nolinkurl)\s?\{\s?)",
    r"(?P<latex_command>\\[a-z]+\s?\{\s?)",
    r"(?P<html_anchor><a\s[^<>]{0,200}?href\s?=\s?[\"'])",
    rf"(?P<bracket>[{_BRACKETS}]{{1,3}}[ ]?)",
)
# What every match begins with: four times faster, for few letters of prose are a mark or the start of such a word.
_FIRST = (
    rf"(?=[!\]\\/{_BRACKETS}]|https?:|(?<![a-z\d_@.-])[a-z\d-]+[.:;@/]|(?<![a-z\d])(?:ftp|ssh|git|href|url|nolinkurl))"
)
SCAN = re.compile(rf"{_FIRST}(?:{'|'.join(_OPENERS)})?(?P<head>{'|'.join(_HEADS)})", re.IGNORECASE)
"""A URL's wrapper, where one opens before it, and its `head`: the scheme, or nothing before a host that is believed."""

ESCAPE = re.compile(
    r"\\{1,2}(?P<mark>[_%#&~/.-])(?:\{\})?|\{\\{0,2}(?P<braced>[_.-])\}|\$\\{0,2}(?P<math>[_-])\$|"
    r"\\textunderscore(?:\{\}|[ ](?=\w))?|"
    r"(?P<tilde>\{?\\textasciitilde(?:\{\})?\}?|\$\\?sim\$)"
)
"""A letter of a URL as LaTeX, Markdown or JSON escapes it."""

# A second URL ends the first, unless it is part of its path or query.
_BODY = re.compile(
    rf"(?:[.~/%@:=+&?#!,;()\-\dA-GI-Z_a-gi-z{COVER}]+|(?!(?<![/=])(?i:https?:\\?/))[Hh]|"
    rf"(?![\u1100-\u11ff\u2e80-\U0003ffff\x00-\x7f])\w|{ESCAPE.pattern})*"
)
_CLAUSE_END = re.compile(r",|!(?=\s|$)|(?<!&amp);", re.IGNORECASE)

# `Humanizer.Core is fast`: the first words are endings of real names, which no sentence begins with.
_NAME_ENDING = r"(?:Ai|App|Com|Core|Cpp|Dev|Edu|Html|Io|Jl|Js|Json|Md|Net|Org|Pdf|Py|Rs)\b"
_OPENING_WORD = r"(?:The|This|These|We|Our|It|Its|In|To|For|On|All|Please|Both|By|With|Here)"
_OPENING_COMPOUND = r"(?:Few|Fine|High|In|Large|Long|Low|Multi|Non|Off|On|One|Out|Real|Self|Semi|State|Zero)-[a-z]+"
# One word and a blank, or where the line ends a word that opens sentences; in small letters only the surest.
_GLUED = re.compile(
    rf"\.(?!{_NAME_ENDING})[A-Z][a-z]*(?=[ \t\u00a0,:;)])|\.(?:[A-Z]{{2,9}}s|{_OPENING_COMPOUND})(?=[ \t\u00a0])|"
    rf"(?:\.{_OPENING_WORD}){{1,20}}(?!\w|[./-]\w)|"
    r"\.(?:we|our|the|this|these)(?=[ \n])"
)
_DOMAIN_END = re.compile(r"[^/]*\.(?:ai|app|cn|co|com|de|dev|edu|io|me|net|org|page|site|tech|uk|xyz)", re.IGNORECASE)
_LONGEST_HOST = 260

_STOPS = ".,:;!?\\"
# Closing marks, quotes, stops and blanks that were percent-encoded along with the URL, each with what would open it.
_ENCODED = {
    "%7D": ("{", "%7B"), "%5D": ("[", "%5B"), "%29": ("(", "%28"), "%3E": ("<", "%3C"), "%22": (), "%27": (),
    "%60": (), "%2E": (), "%2C": (), "%3B": (), "%20": (), "%0A": (), "%0D": (), "%09": (), "%5C": (),
    "%E2%80%9D": ("%E2%80%9C",), "%E2%80%99": (), "%E2%80%8B": (), "%E3%80%82": (), "%E3%80%81": (),
    "%E3%80%8D": ("%E3%80%8C",), "%E3%80%91": ("%E3%80%90",), "%EF%BC%89": ("%EF%BC%88",), "%EF%BC%8C": (),
    "%EF%BC%8E": (), "%EF%BC%9B": (), "%C2%A0": (),
}  # fmt: skip
_ENCODED_QUOTES = ("%22", "%27", "%60")
ENCODED_TAIL = re.compile(rf"(?:[.,:;!?\\]*(?:{'|'.join(_ENCODED)}))+", re.IGNORECASE)
"""What `cut_address` leaves behind a URL when its end was percent-encoded."""


_SHORTHAND = re.compile(r"[A-Za-z\d-]+/(?P<name>[\w.-]+)(?:#[\w.:^~/+-]+)?")
_PACKAGE_TOOL = re.compile(
    r"\b(?:npm|npx|pnpm|yarn|bunx?|deno|nix|degit|install|add|uses)\b[^\n]{0,40}$|[\"'`=]$|(?:^|\n)$"
)
_LIKE_NAME = re.compile(r"[\d_.-]|[a-z][A-Z]")


class Cut(NamedTuple):
    """Where a URL ends, and whether the next sentence was glued on there."""

    end: int
    is_glued: bool


def body_end(text: str, start: int) -> int:
    """Where the letters end that a URL can hold, from `start`, the end of its head."""
    found = _BODY.match(text, start)
    return found.end() if found else start


def cut_address(text: str, head: int, start: int, end: int) -> Cut:
    """Where a URL ends, at the latest at `end`: before what belongs to the sentence.

    Args:
        text: without invisible letters.
        head: where the URL begins.
        start: where its body begins.
        end: where the letters end that it could hold.

    >>> cut_address("http://a.com/b.Our kettles", 0, 7, 18)
    Cut(end=14, is_glued=True)
    """
    end = foreign_start(text, start, end)
    query = text.find("?", start, end)
    found = _CLAUSE_END.search(text, start, end if query < 0 else query)
    end = found.start() if found else end
    end = _cut_bracket(text, start, end)
    sentence = _cut_sentence(text, start, end)
    last = _cut_stops(text, start, sentence)
    if text[head - 1 : head] == "_":
        while last > start and text[last - 1] in "_\\":
            last -= 1
    return Cut(last, sentence < end)


def is_shorthand(text: str, match: re.Match[str], end: int) -> bool:
    """Whether `github:owner/name` is a package's address: in prose `github:code/data` offers two words to choose from.

    It is one behind a package tool's name, in quotes, at the start of a line, or when the words are no English ones.
    """
    before = text[max(0, match.start("head") - 60) : match.start("head")]
    address = _SHORTHAND.fullmatch(text, match.end(), end)
    return address is not None and bool(_PACKAGE_TOOL.search(before) or _LIKE_NAME.search(address[0]))


def _cut_bracket(text: str, start: int, end: int) -> int:
    depth = 0
    for place in range(start, end) if text.find(")", start, end) >= 0 else ():
        depth += (text[place] == "(") - (text[place] == ")")
        if depth < 0:
            return place
    return end


def _cut_sentence(text: str, start: int, end: int) -> int:
    """The end of a URL with the next sentence glued on, as in `kettle-lab/dripnet.Our method`."""
    slash = text.find("/", start, end)
    after = end + (not text[end : end + 1].isalnum())  # The mark behind it counts, another URL glued on does not.
    for found in _GLUED.finditer(text, start, after):
        place = found.start()
        if 0 <= slash < place or (place - start < _LONGEST_HOST and _DOMAIN_END.fullmatch(text, start, place)):
            return place
    return end


def _cut_stops(text: str, start: int, end: int) -> int:
    """The end without the stops of the sentence, plain or encoded."""
    marks = _closing_marks(text[start:end]) if "%" in text[start:end] else ()
    while end > start:
        if text[end - 5 : end].lower() == "&amp;":
            end -= 5
        elif text[end - 1] in _STOPS:
            end -= 1
        elif mark := next((mark for mark in marks if text[max(start, end - len(mark)) : end].upper() == mark), ""):
            end -= len(mark)
        else:
            break
    return end


def _closing_marks(body: str) -> tuple[str, ...]:
    """The encoded marks that are the sentence's at the end of this URL: those that nothing in it opens."""
    upper = ESCAPE.sub(lambda found: found["mark"] or "", body).upper()
    return tuple(
        mark
        for mark, openers in _ENCODED.items()
        if mark in upper
        and not any(opener in upper for opener in openers)
        and (mark not in _ENCODED_QUOTES or upper.count(mark) % 2)
    )
