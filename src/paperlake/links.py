r"""Finds the URLs of a text and takes them out of whatever sentence, markup or accident they stand in.

A link is read in four steps, one section each below: `_SCAN` sees where a URL begins and what opens before it; `_cut`
says where it ends; `_unwrap` closes what was opened, which gives the span `raw`; `_read` makes the canonical URL.
Whatever is changed on the way is named in `repairs`, wrappers first.
Without a scheme only hosts of `BARE_HOST` and `www.` are believed: prose is full of `performance.The`, `Fig.1` and
`README.md`. A URL ends at CJK letters: in a listing they are the next sentence, hardly ever the path.
"""

import re
from dataclasses import dataclass

from paperlake.github import RepositoryPlace, find_repository
from paperlake.link_kinds import ADDRESS_MARKS, BARE_HOST, host_kind

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_HIDDEN = re.compile(f"[{_INVISIBLE}]")
# For Polars and Python alike: what holds no match holds no link. An invisible letter could stand inside any mark.
LINK_HINT = "(?i)" + "|".join(re.escape(mark) for mark in (*ADDRESS_MARKS, *_INVISIBLE))
_HINT = re.compile(LINK_HINT)
_LONGEST_OPENER = 300  # Letters from the start of a wrapper to the first mark of its URL, at most.


@dataclass(frozen=True, slots=True)
class Link:
    """A URL of a text: what it is, how it was written, and what was repaired."""

    url: str
    kind: str
    repository: str | None
    subpath: str | None
    ref: str | None
    raw: str
    repairs: tuple[str, ...]
    start: int
    end: int


def find_links(text: str) -> list[Link]:
    r"""The links of a text in order; `text[start:end]` is `raw`, but for credentials, which are masked.

    >>> [link.url for link in find_links(r"Code (\url{http://www.github.com/kettle-lab/drip\_net.git}).")]
    ['https://github.com/kettle-lab/drip_net']
    >>> find_links("Its performance.The code is on GitHub.")
    []
    """
    seen = _HIDDEN.sub("", text)
    places = range(len(text)) if seen == text else [at for at, letter in enumerate(text) if letter not in _INVISIBLE]
    links = []
    position = 0
    while (near := _HINT.search(seen, position)) and (
        match := _SCAN.search(seen, max(position, near.start() - _LONGEST_OPENER))
    ):
        cut = _cut(seen, match.end(), _match_end(_BODY, seen, match.end()))
        start, position, repairs = _unwrap(seen, match, cut)
        read = _read(match["head"], seen[match.end() : cut], seen[cut:])
        if read is None:
            position = max(cut, match.start() + 1)
            continue
        url, kind, place, steps = read
        name, subpath, ref = (place.full_name, place.subpath, place.ref) if place else (None, None, None)
        first, last = places[start], places[position - 1] + 1
        hidden = ("zero_width",) if last - first > position - start else ()
        span = seen[start:position]
        raw = _CREDENTIALS.sub(r"\1***@", span) if "@" in span else text[first:last]
        links.append(Link(url, kind, name, subpath, ref, raw, (*repairs, *hidden, *steps), first, last))
    return links


def _match_end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


# Where a URL begins.

_HEADS = (
    r"(?:https?:(?:\\?/){2})+",
    r"(?<![a-z\d])(?:ftp|ssh|git|git\+https?|git\+ssh)://",
    r"(?<![\w@.+-])git@(?=[\w.-]+\.[a-z]{2,}[:/])",
    rf"(?<![\w@.-])(?:https?[:;]?/{{0,2}})?(?={BARE_HOST})",
    r"(?<![\w@./-])(?=www\.[\w-]+\.[a-z\d])",
)
# A link text that is a sentence may hold links of its own: with `://` in it, it is a wrapper only when it is one word.
_OPENERS = (
    r"(?P<markdown_link>(?:!?\[(?:[^\s\[\]]{1,200}|(?:(?!://)[^\[\]\n]){0,200}))?\]\(\s?<?)",
    r"(?P<href_command>\\?\bhref\s?\{\s?)",
    r"(?P<url_command>\\?\b(?:url|nolinkurl)\s?\{\s?)",
    r"(?P<latex_command>\\[a-z]+\s?\{\s?)",
    r"(?P<html_anchor><a\s[^<>]{0,200}?href\s?=\s?[\"'])",
    r"(?P<bracket>[(\[{<\"'`“‘«‹「『（【《*]{1,3}[ ]?)",
)
_SCAN = re.compile(rf"(?:{'|'.join(_OPENERS)})?(?P<head>{'|'.join(_HEADS)})", re.IGNORECASE)

# Where it ends.

_ESCAPE = re.compile(
    r"\\{1,2}(?P<mark>[_%#&~/-])(?:\{\})?|\{\\{0,2}_\}|\\textunderscore(?:\{\})?|"
    r"(?P<tilde>\{?\\textasciitilde(?:\{\})?\}?|\$\\?sim\$)"
)
_BODY = re.compile(rf"(?:[.~/%@:=+&?#!,;()-]|(?![\u1100-\u11ff\u2e80-\U0003ffff])\w|{_ESCAPE.pattern})*")
_SECOND_URL = re.compile(r"(?<![/=])https?:\\?/", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:quot|lt|gt|apos|nbsp|#0?3[49]|#x2[27]);", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,!]|(?<!&amp);", re.IGNORECASE)
# `Humanizer.Core is fast`: the first words are endings of real names, which no sentence begins with.
_NAME_ENDING = r"(?:Ai|App|Com|Core|Cpp|Dev|Edu|Html|Io|Jl|Js|Json|Md|Net|Org|Pdf|Py|Rs)\b"
_GLUED = re.compile(rf"\.(?!{_NAME_ENDING})[A-Z][a-z]*(?=[ \t\u00a0,:;)])")
_DOMAIN_END = re.compile(r"[^/]*\.(?:ai|app|cn|co|com|de|dev|edu|io|me|net|org|page|site|tech|uk|xyz)", re.IGNORECASE)
_DANGLING = re.compile(r"(?:[.,:;!?]|\\{0,2}&amp;)+$", re.IGNORECASE)


def _cut(text: str, start: int, end: int) -> int:
    """Where the URL that begins at `start` ends, at the latest at `end`: before what belongs to the sentence."""
    query = text.find("?", start, end)
    for pattern, limit in ((_SECOND_URL, end), (_ENTITY, end), (_CLAUSE_END, end if query < 0 else query)):
        found = pattern.search(text, start, min(limit, end))
        end = found.start() if found else end
    end = _cut_bracket(text, start, end)
    end = _cut_sentence(text, start, end)
    body = _DANGLING.sub("", text[start:end])
    return start + len(body.rstrip("_") if text[:start].endswith("_") else body)


def _cut_bracket(text: str, start: int, end: int) -> int:
    depth = 0
    for place in range(start, end):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth < 0:
            return place
    return end


def _cut_sentence(text: str, start: int, end: int) -> int:
    """The end of a URL with the next sentence glued on, as in `kettle-lab/dripnet.Our method`."""
    for found in _GLUED.finditer(text, start, end + 1):
        before = text[start : found.start()]
        if "/" in before or _DOMAIN_END.fullmatch(before):
            return found.start()
    return end


# What stands around it.

_CLOSERS = {
    "markdown_link": re.compile(r">?(?:\s\"[^\"\n]*\")?\s?\)"),
    "href_command": re.compile(r"\s?\}(?:\s?(?=\{))?"),
    "url_command": re.compile(r"\s?\}"),
    "latex_command": re.compile(r"\s?\}"),
    "html_anchor": re.compile(r"[\"'][^<>\n]*>(?:[^<\n]{0,300}</a>)?"),
}
_PAIRS = dict(zip("([{<\"'`“‘«‹「『（【《*", ")]}>\"'`”’»›」』）】》*", strict=True))
_BRACKET_NAMES = {"(": "parentheses", "（": "parentheses", "[": "brackets", "【": "brackets", "{": "braces"}
_BRACKET_NAMES |= {"<": "angle_brackets", "《": "angle_brackets", "*": "asterisks"}
_STOPS = re.compile(r"[.,:;!?…。，、；：！？．]*")
_DETACHED = re.compile(r"[ \u00a0]\.(?!\S)")


def _unwrap(text: str, match: re.Match[str], end: int) -> tuple[int, int, tuple[str, ...]]:
    """The span of a URL with its wrapper and the sentence's stops, and the names of what was unwrapped."""
    group = _skip_group(text, end)
    inner = _match_end(_STOPS, text, group)
    start, outer, wrappers = _close(text, match, inner)
    stops = _match_end(_STOPS, text, outer)
    detached = _DETACHED.match(text, stops)
    names = [*wrappers, *map(_name_stops, (text[group:inner], text[outer:stops]))]
    names += ["detached_period"] if detached else []
    if group > end:
        names.append("latex_group" if text[end + 1] == "\\" else "href_text_in_braces")
    return start, detached.end() if detached else stops, tuple(dict.fromkeys(filter(None, names)))


def _close(text: str, match: re.Match[str], end: int) -> tuple[int, int, list[str]]:
    head = match.start("head")
    for kind, closer in _CLOSERS.items():
        if match[kind] is not None:
            closed = closer.match(text, end)
            if not closed:
                return head, end, []
            return match.start(), _skip_group(text, closed.end()) if kind == "href_command" else closed.end(), [kind]
    opened = match["bracket"] or ""
    marks = opened.rstrip(" ")
    for n in range(len(marks), 0, -1):
        closed = re.compile(r"[ ]?" + re.escape("".join(_PAIRS[mark] for mark in marks[-n:][::-1]))).match(text, end)
        if closed:
            names = [f"enclosing_{_BRACKET_NAMES.get(mark, 'quotes')}" for mark in marks[-n:]]
            return head - (len(opened) - len(marks)) - n, closed.end(), names
    return head, end, []


def _skip_group(text: str, start: int, limit: int = 400) -> int:
    """The end of the `{...}` that begins at `start`; `start` itself where none does, or it never closes."""
    depth = 0
    for place in range(start, min(len(text), start + limit)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0 or text[place] == "\n":
            return place + 1 if text[place] == "}" and place > start else start
    return start


def _name_stops(stops: str) -> str:
    names = {".": "period", ",": "comma", "...": "ellipsis", "…": "ellipsis"}
    return stops and f"trailing_{names.get(stops, 'punctuation')}"


# What it says.

_AUTHORITY = re.compile(r"(?:(?P<user>[^/?#]*)@)?(?P<host>[^/?#:@]+?)\.?(?P<port>:\d+)?(?P<rest>(?:[/?#].*)?)")
_HOST = re.compile(r"(?:[\w-]+\.)+(?:[^\W\d_]{2,}|xn--[\w-]+)|\d+(?:\.\d+){3}")
# An address that was cut before an `@` of the same word may have lost its host to a password: never publish that.
_MORE_AUTHORITY = re.compile(r"[^\s/?#]*@")
_CREDENTIALS = re.compile(r"(:(?:\\?/){2})(?!git@)[^\s/?#]*@")


def _read(head: str, body: str, after: str) -> tuple[str, str, RepositoryPlace | None, tuple[str, ...]] | None:
    """Canonical URL, kind, place on GitHub and repairs; None when it is no address after all."""
    written = _ESCAPE.sub(lambda m: m["mark"] or ("~" if m["tilde"] else "_"), body)
    scheme, steps = _read_head(head)
    if "ssh_address" in steps:
        written = re.sub(r":(?!\d+/)", "/", written, count=1)
    plain = re.sub(r"&(?:amp;)+", "&", written, flags=re.IGNORECASE)
    found = _AUTHORITY.fullmatch(plain)
    if found is None or (not found["rest"] and _MORE_AUTHORITY.match(after)):
        return None
    host = found["host"].lower() if found["host"].isascii() else found["host"]
    if not _HOST.fullmatch(host):
        return None
    kind = "other" if scheme == "ftp" else host_kind(host)
    place = find_repository(host, found["rest"]) if kind == "github_other" else None
    made = {
        "json_escape": "\\/" in head + body,
        "latex_escape": len(written) < len(body.replace("\\/", "/")),
        "html_entity": plain != written,
        "credentials": found["user"] not in (None, "git"),
        "http_scheme": place is not None and scheme == "http",
        "www_prefix": place is not None and host.startswith("www."),
    }
    repairs = (*steps, *(name for name, is_made in made.items() if is_made), *(place.repairs if place else ()))
    if place:
        return place.url, "github_repository", place, repairs
    return f"{scheme}://{host}{found['port'] or ''}{found['rest']}", kind, None, repairs


def _read_head(head: str) -> tuple[str, list[str]]:
    """The scheme to publish, and what was wrong with the one written."""
    schemes = re.findall(r"[a-z+]+(?=://)", head.replace("\\", "").lower())
    if not schemes:
        return "https", ["ssh_address" if head.lower() == "git@" else "broken_scheme" if head else "missing_scheme"]
    if schemes[-1] in ("http", "https", "ftp"):
        return schemes[-1], ["doubled_scheme"] if len(schemes) > 1 else []
    return "https", ["ssh_address" if "ssh" in schemes[-1] else "git_scheme"]
