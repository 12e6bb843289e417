r"""What stands around a URL and belongs to the sentence or the markup: brackets, quotes, `\url{}`, Markdown, stops."""

import re
from typing import NamedTuple

from paperlake.links.spans import ENCODED_TAIL

_CLOSERS = {
    "markdown_link": re.compile(r">?(?:\s\"[^\"\n]*\")?\s?\)"),
    "href_command": re.compile(r"\s?\}(?:\s?(?=\{))?"),
    "url_command": re.compile(r"\s?\}"),
    "latex_command": re.compile(r"\s?\}"),
    "html_anchor": re.compile(r"[\"'][^<>\n]*>(?:[^<\n]{0,300}</a>)?"),
}
_PAIRS = dict(zip("([{<\"'`“‘„‚«‹「『（【《〈〔［｛＜*", ")]}>\"'`”’“‘»›」』）】》〉〕］｝＞*", strict=True))
_BRACKET_NAMES = {"(": "parentheses", "（": "parentheses", "[": "brackets", "【": "brackets", "{": "braces"}
_BRACKET_NAMES |= {"<": "angle_brackets", "《": "angle_brackets", "〈": "angle_brackets", "*": "asterisks"}
_BRACKET_NAMES |= {"〔": "brackets", "［": "brackets", "｛": "braces", "＜": "angle_brackets"}
_STOPS = re.compile(r"[.,:;!?…。，、；：！？．｡]*")
_DETACHED = re.compile(r"[ \u00a0]\.(?!\S)")
_STOP_NAMES = {".": "period", ",": "comma", "...": "ellipsis", "…": "ellipsis"}


class Span(NamedTuple):
    """A URL with its wrapper and the sentence's stops, and the names of what was unwrapped."""

    start: int
    end: int
    repairs: tuple[str, ...]


def unwrap(text: str, match: re.Match[str], end: int) -> Span:
    """The span of the URL that `SCAN` matched and that ends at `end`.

    Args:
        text: without invisible letters.
        match: of `spans.SCAN`.
        end: as `spans.cut_address` gives it.
    """
    tail = _match_end(ENCODED_TAIL, text, end)
    group = _skip_group(text, tail)
    inner = _match_end(_STOPS, text, group)
    start, outer, wrappers = _close(text, match, inner)
    stops = _match_end(_STOPS, text, outer)
    detached = _DETACHED.match(text, stops)
    names = [*wrappers, *map(_name_stops, (text[group:inner], text[outer:stops]))]
    names += ["detached_period"] if detached else []
    names += ["percent_encoded_tail"] if tail > end else []
    if group > tail:
        names.append("latex_group" if text[tail + 1] == "\\" else "href_text_in_braces")
    return Span(start, detached.end() if detached else stops, tuple(dict.fromkeys(filter(None, names))))


def _close(text: str, match: re.Match[str], end: int) -> tuple[int, int, list[str]]:
    """Start and end with the wrapper that opened before the URL, where it closes, and its name."""
    for kind, closer in _CLOSERS.items():
        if match[kind] is not None:
            closed = closer.match(text, end)
            if not closed:
                return match.start("head"), end, []
            return match.start(), _skip_group(text, closed.end()) if kind == "href_command" else closed.end(), [kind]
    return _close_brackets(text, match.start("head"), match["bracket"] or "", end)


def _close_brackets(text: str, head: int, opened: str, end: int) -> tuple[int, int, list[str]]:
    marks = opened.rstrip(" ")
    for n in range(len(marks), 0, -1):
        closing = "".join(_PAIRS[mark] for mark in marks[-n:][::-1])
        after = end + 1 if text.startswith(" " + closing, end) else end
        if text.startswith(closing, after):
            names = [f"enclosing_{_BRACKET_NAMES.get(mark, 'quotes')}" for mark in marks[-n:]]
            return head - (len(opened) - len(marks)) - n, after + len(closing), names
    return head, end, []


def _skip_group(text: str, start: int, limit: int = 400) -> int:
    """The end of the `{...}` that begins at `start`; `start` itself where none does, or it never closes."""
    depth = 0
    for place in range(start, min(len(text), start + limit)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0 or text[place] == "\n":
            return place + 1 if text[place] == "}" and place > start else start
    return start


def _match_end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def _name_stops(stops: str) -> str:
    return stops and f"trailing_{_STOP_NAMES.get(stops, 'punctuation')}"
