"""Where the records of a JSON text stand, whole or damaged; each is decoded by itself.

The text is taken apart at the places where a record may open: a broken record, an array that is cut, or text around the
arrays costs no other record.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from paperlake.paper_ids import find_arxiv_id

_DECODER = json.JSONDecoder(strict=False)  # not strict: a capture may wrap the lines inside a string
_OPENING = re.compile(r'\{\s*+"')
_WRAPPED = re.compile(r'\{\s*+"paper"\s*+:\s*+\{')
_ELEMENT = re.compile(r'\{\s*+"(?:id|title|summary|ai_summary|authors|publishedAt|upvotes|numComments|thumbnail)"\s*+:')
STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:(?P<close>")|\\?\Z)', re.DOTALL)
_DEEP = re.compile(r'(?:[\[{]\s*+(?:"[^"\\]*+"\s*+:\s*+)?+){100,}+')
_LIST_OPENS = re.compile(r":\s*+\[\s*+\{\s*+$")
_WINDOW = 16_384
"""A record is decoded from a slice that grows: most have 3-10 kB, and an error costs as much as the text before it."""
_NEAR = 100
_LONGEST_LITERAL = 8


class Stretch(NamedTuple):
    """The part of a JSON text that one record takes, from `start` up to `end`; without a value it cannot be decoded."""

    start: int
    end: int
    value: dict[str, Any] | None
    is_cut: bool = False
    """Whether the text ends inside it."""


def read_records(text: str) -> list[Stretch]:
    """Where the records of a JSON text stand, with what they hold; broken ones reach up to the next record.

    A record is an object with the member `paper`, or one that is a paper itself: an arXiv id and a title.

    >>> [stretch.value for stretch in read_records('[{"paper": {"id": 1}}, {"paper": {"id": 2')]
    [{'paper': {'id': 1}}, None]
    """
    found: list[Stretch] = []
    at = 0
    while opening := _OPENING.search(text, at):
        stretch, at = _read_object(text, opening.start())
        if stretch:
            found.append(stretch)
    if not found or found[-1].value is not None:
        found.extend(_cut_opening(text, found[-1].end if found else 0))
    ends = [stretch.start for stretch in found[1:]] + [len(text)]
    return [one if one.value is not None else one._replace(end=end) for one, end in zip(found, ends, strict=False)]


def _read_object(text: str, start: int) -> tuple[Stretch | None, int]:
    """The record that opens here, if one does, and where to look for the next."""
    deep = _DEEP.match(text, start)  # nothing of ours: not to be tried again at each of its brackets
    inside = deep.end() if deep else start + 1
    if _holds_list(text, start):
        return None, inside
    value, end = _decode(text, start)
    if value is None:
        is_cut = end == len(text)
        if not _opens_record(text, start):
            return None, inside
        return Stretch(start, end, None, is_cut), end if is_cut else inside
    if isinstance(value.get("paper"), dict) or (_is_paper(value) and _before(text, start) != ":"):
        return Stretch(start, end, value), end
    may_hold_records = text.find('"title"', start, end) >= 0
    return None, inside if may_hold_records else end


def _decode(text: str, start: int) -> tuple[dict[str, Any] | None, int]:
    """An object and where it ends; None where it is broken, and then the end of the text if that is what broke it."""
    size = _WINDOW
    while True:
        window = text[start : start + size]
        try:
            value, length = _DECODER.raw_decode(window)
        except json.JSONDecodeError as error:
            if not _ends_inside(window, error.pos):
                return None, start + 1
            if start + size >= len(text):
                return None, len(text)
            size *= 16
        except (ValueError, RecursionError):  # numbers of thousands of digits, and nesting as deep
            return None, start + 1
        else:
            return value, start + length


def _ends_inside(window: str, at: int) -> bool:
    """Whether decoding stopped because the text did: inside a string, a literal or an escape, or between two values."""
    string = STRING.match(window, at)
    if string:
        return not string["close"]
    rest = window[at:].rstrip()
    return len(rest) <= _LONGEST_LITERAL and "}" not in rest and "]" not in rest


def _holds_list(text: str, start: int) -> bool:
    """Whether the first `paper` behind the brace opens a list, so that this is the object around it.

    Only a shortcut: that object would be decoded whole, found to be no paper, and then its parts again.
    """
    key = text.find('"paper"', start, start + _WINDOW // 4)
    return key > start and _LIST_OPENS.search(text, max(start, key - _NEAR), key) is not None


def _opens_record(text: str, start: int) -> bool:
    is_element = _before(text, start) in ("[", ",") and _ELEMENT.match(text, start) is not None
    return is_element or _WRAPPED.match(text, start) is not None


def _before(text: str, start: int) -> str:
    return text[max(0, start - _NEAR) : start].rstrip()[-1:]


def _is_paper(value: dict[str, Any]) -> bool:
    name, title = value.get("id"), value.get("title")
    return isinstance(name, str) and isinstance(title, str) and find_arxiv_id(name) is not None


def _cut_opening(text: str, at: int) -> Iterator[Stretch]:
    """The beginning of an element that the end of the text cut before it could be told to be a record."""
    start = text.rfind("{", at)
    if start < 0 or any(bracket in text[start:] for bracket in "}[]"):
        return
    if text[at:start].rstrip()[-1:] in ("", "[", ","):
        yield Stretch(start, len(text), None, is_cut=True)
