r"""URLs broken over a line: what of them is certain, and what they may have been.

A value of a wrapped record holds `\n` between its lines. Most URLs before it simply end there. One that ends in a
hyphen does not, and whether the hyphen is the name's or the typesetter's nobody can tell: both readings are given.
An equals sign is the soft line break of a mail in quoted-printable. Captures that wrap at a fixed width break without
any mark: a URL that fills the longest line, with more of a name behind it, may go on or not.
"""

import re
from typing import NamedTuple

from paperlake.links.kinds import host_kind


class Break(NamedTuple):
    """A broken URL: where it ends, the body as far as it is certain, the bodies that it may have had, the repair."""

    end: int
    known: str
    readings: tuple[str, ...]
    step: str = "broken_over_line"


# Words that follow a URL in a sentence; none of them is the rest of a name.
_PROSE = (
    "a all also an and are as at available be both but by can code data due each for from has have here how however if "
    "in into is it its many may model models more most not of on or our over so such that the their then there these "
    "they this those through thus to under via was we when where which while who will with without"
)
_PROSE_WORDS = frozenset(_PROSE.split())
_GITHUB = re.compile(r"(?:www\.)?github\.com(?::\d+)?(?P<path>/.*)", re.IGNORECASE)
_NEXT_WORD = r"(?P<token>[A-Za-z\d][A-Za-z\d._/-]*)"
_NEXT = re.compile(rf"\n[ \t]*{_NEXT_WORD}")
_NEXT_ANYWHERE = re.compile(rf"(?P<gap>\s+){_NEXT_WORD}")
_NEXT_FLUSH = re.compile(r"\n(?P<token>[a-z\d][A-Za-z\d._/-]*)")
# Where a hyphen before a blank is a broken name; elsewhere ids of all letters end in hyphens.
_KINDS_WITH_NAMES = {"github_other", "github_pages", "gitlab", "bitbucket", "hugging_face", "project_page"}
_HOST = re.compile(r"[^/:?#\\]*")
_SHORTEST_WIDTH = 60
_NEARBY = 4000
"""Letters before and behind a line among which it must be the longest: as many as an abstract has."""
_GOES_ON = re.compile(r"\n(?P<token>[_-][A-Za-z\d][A-Za-z\d._/-]*)")
_OWNER_GOES_ON = re.compile(r"\n(?P<token>/[A-Za-z\d._-]+)")
_ENDING = re.compile(r"\n(?P<token>(?:js|py|jl|rs|cpp|net|io|ai|md|nvim)\b(?![.-]\w))")
_DIGITS = re.compile(r"\n(?P<token>\d[A-Za-z\d._-]*)")
# What tells a name from a word of the next sentence: a mark or digit, a capital inside, or the end of the clause.
_LIKE_NAME = re.compile(r".*[a-z\d][._/A-Z\d-]+[A-Za-z\d]")
_CLAUSE_END = re.compile(r"\s*(?:[).,;\]}]|$)")


def find_break(text: str, start: int, end: int, letters_end: int) -> Break | None:
    r"""What is broken of the URL `text[start:end]`; None where it simply ends.

    Args:
        text: without invisible letters.
        start: where the body begins, the host first.
        end: where it was cut.
        letters_end: where the letters end that it could hold: behind `end` stand only stops, if anything.

    >>> find_break("a.com/b/drip-\nnet is", 0, 13, 13)
    Break(end=17, known='a.com/b', readings=('a.com/b/drip-net', 'a.com/b/dripnet'), step='broken_over_line')
    >>> find_break("a.com/b/drip\nnet is", 0, 12, 12) is None
    True
    """
    if not text[letters_end : letters_end + 1].isspace() or end == start:
        return None
    last, stops = text[end - 1], text[end:letters_end]
    if not stops and (last in "-_" or (last == "=" and "?" not in text[start:end])):
        return _at_hyphen(text, start, end)
    if text[letters_end] != "\n":
        return None
    return _on_github(text, start, end, stops) or (None if stops else _at_full_line(text, start, end))


def _at_hyphen(text: str, start: int, end: int) -> Break | None:
    body = text[start:end]
    found = (_NEXT if body[-1] == "=" else _NEXT_ANYWHERE).match(text, end)
    known = before_last_slash(body)
    if found is None or not known or "?" in body or not (text[end] == "\n" or _has_names(body)):
        return None
    token, alone = found["token"].rstrip("._-/"), body.rstrip("-_=")
    if token.lower() in _PROSE_WORDS:
        return Break(end, known, (alone,))
    readings = {"-": (body + token, body[:-1] + token), "_": (body + token,), "=": (body[:-1] + token,)}[body[-1]]
    if not _is_next(text[end : found.start("token")], token):
        return Break(end, known, (*readings, alone))
    if text[found.end() - 1] in "-_":
        return Break(found.end(), known, ())
    return Break(_token_end(found, token), known, readings)


def _has_names(body: str) -> bool:
    host = _HOST.match(body)
    return host is not None and host_kind(host[0].lower()) in _KINDS_WITH_NAMES


def _is_next(gap: str, token: str) -> bool:
    """Whether a word stands where the rest of a name would: in the next line, or behind one blank in small letters."""
    return gap.count("\n") == 1 or (gap == " " and not token[0].isupper())


def _at_full_line(text: str, start: int, end: int) -> Break | None:
    """A break without any mark, where a capture was wrapped at a fixed width."""
    body, found = text[start:end], _NEXT_FLUSH.match(text, end)
    known = before_last_slash(body)
    token = found["token"].rstrip("._-/") if found else ""
    if found is None or not known or "?" in body or not _LIKE_NAME.match(token) or not _fills_line(text, end):
        return None
    return Break(_token_end(found, token), known, (body + token, body))


def _fills_line(text: str, end: int) -> bool:
    """Whether the line that ends at `end` is as long as the longest one around it."""
    line = text.rfind("\n", 0, end) + 1
    if end - line < _SHORTEST_WIDTH:
        return False
    return end - line >= max(map(len, text[max(0, line - _NEARBY) : end + _NEARBY].split("\n")))


def _on_github(text: str, start: int, end: int, stops: str) -> Break | None:
    """Breaks at other marks, which are believed only where a repository's name is expected."""
    body = text[start:end]
    address = _GITHUB.fullmatch(body)
    if address is None:
        return None
    n_segments = len([segment for segment in address["path"].split("/") if segment])
    if body.endswith("/"):
        return _at_slash(text, end, body, n_segments) if not stops and n_segments < 2 else None
    if n_segments == 1 and not stops and (found := _OWNER_GOES_ON.match(text, end)):
        return Break(_token_end(found, found["token"].rstrip(".")), body, (body + found["token"].rstrip("."),))
    return _in_name(text, end, body, stops) if n_segments == 2 else None


def _at_slash(text: str, end: int, body: str, n_segments: int) -> Break | None:
    found = _NEXT.match(text, end)
    if found is None:
        return None
    token = found["token"].rstrip("._-/")
    is_name = _LIKE_NAME.match(token) or _CLAUSE_END.match(text, _token_end(found, token))
    if not is_name or token.lower() in _PROSE_WORDS or (n_segments == 0 and "/" not in token):
        return None
    return Break(_token_end(found, token), body.rstrip("\\/"), (body + token,))


def _in_name(text: str, end: int, body: str, stops: str) -> Break | None:
    pattern = _GOES_ON if not stops else (_DIGITS if body[-1].isdigit() else _ENDING) if stops == "." else None
    found = pattern.match(text, end + len(stops)) if pattern else None
    if found is None:
        return None
    token = found["token"].rstrip("._-/")
    return Break(_token_end(found, token), before_last_slash(body), (body + stops + token, body))


def before_last_slash(body: str) -> str:
    r"""What is certain where the last part of a path is not; JSON writes the slash as `\/`."""
    return body.rpartition("/")[0].rstrip("\\/.,:;!?")


def _token_end(found: re.Match[str], token: str) -> int:
    return found.start("token") + len(token)
