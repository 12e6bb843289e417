r"""URLs broken over a line: what of them is certain, and what they may have been.

A value of a wrapped record holds `\n` between its lines. Most URLs before it simply end there. One that ends in a
hyphen does not, and whether the hyphen is the name's or the typesetter's nobody can tell: both readings are given.
An equals sign is the soft line break of a mail in quoted-printable.
"""

import re
from typing import NamedTuple


class Break(NamedTuple):
    """A broken URL: where it ends, the body as far as it is certain, and the bodies that it may have had."""

    end: int
    known: str
    readings: tuple[str, ...]


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
_NEXT_AFTER_HYPHEN = re.compile(rf"(?:\n[ \t]*{_NEXT_WORD}|[ ](?P<word>[a-z\d][a-z\d._/-]*))")
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
    Break(end=17, known='a.com/b', readings=('a.com/b/drip-net', 'a.com/b/dripnet'))
    >>> find_break("a.com/b/drip\nnet is", 0, 12, 12) is None
    True
    """
    if text[letters_end : letters_end + 1] not in ("\n", " ") or end == start:
        return None
    last, stops = text[end - 1], text[end:letters_end]
    if not stops and (last in "-_" or (last == "=" and "?" not in text[start:end])):
        return _at_hyphen(text, start, end)
    return _on_github(text, start, end, stops) if text[letters_end] == "\n" else None


def _at_hyphen(text: str, start: int, end: int) -> Break | None:
    body = text[start:end]
    found = (_NEXT_AFTER_HYPHEN if body[-1] == "-" else _NEXT).match(text, end)
    known = _before_last_slash(body)
    if found is None or not known:
        return None
    token = (found["token"] or found["word"]).rstrip("._-/")
    if token.lower() in _PROSE_WORDS:
        return Break(end, known, (body.rstrip("-_="),))
    if text[found.end() - 1] in "-_":
        return Break(found.end(), known, ())
    readings = {"-": (body + token, body[:-1] + token), "_": (body + token,), "=": (body[:-1] + token,)}
    return Break(_token_end(found, token), known, readings[body[-1]])


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
    return Break(_token_end(found, token), _before_last_slash(body), (body + stops + token, body))


def _before_last_slash(body: str) -> str:
    r"""What is certain where the last part of a path is not; JSON writes the slash as `\/`."""
    return body.rpartition("/")[0].rstrip("\\/.,:;!?")


def _token_end(found: re.Match[str], token: str) -> int:
    name = "word" if found.groupdict().get("word") else "token"
    return found.start(name) + len(token)
