"""Values of a contract as text: the same text for the same value, and short ones for people."""

import json
from typing import Any

from paperlake.contract_check.facts import Bound
from paperlake.shown_text import printable, shorten

_SHOWN = 80
_AROUND = 20
"""Letters that are shown before the first one that differs."""


def spell(value: Any) -> str:
    """The value as JSON, the same whatever the order of fields; what JSON lacks (a day) as a string.

    >>> spell({"b": True, "a": 1.0}), spell(1)
    ('{"a": 1.0, "b": true}', '1')
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def show(value: Any, most: int = _SHOWN) -> str:
    """The value for people, on one line of at most so many characters; `nothing` for None.

    >>> show("string"), show(["a", 2]), show(None)
    ('string', 'a, 2', 'nothing')
    """
    return shorten(_in_words(value), most)


def show_both(before: Any, after: Any) -> str:
    """Both for people; of long ones the parts around what differs.

    >>> show_both(False, True)
    'false -> true'
    """
    old, new = _in_words(before), _in_words(after)
    if max(len(old), len(new)) > _SHOWN:
        differs = (place for place, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1])
        start = next(differs, min(len(old), len(new))) - _AROUND
        old, new = (f"…{text[start:]}" if start > 0 else text for text in (old, new))
    return f"{shorten(old, _SHOWN)} -> {shorten(new, _SHOWN)}"


def _in_words(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list) and not any(isinstance(part, dict | list) for part in value):
        text = ", ".join(map(str, value))
    else:
        text = str(value) if isinstance(value, str | Bound) else spell(value)
    return printable(text).replace("\n", " ")
