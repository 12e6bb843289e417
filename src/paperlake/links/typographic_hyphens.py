"""Hyphens as typesetters set them, which addresses never mean: plain `-` in their place, also where encoded."""

import re

HYPHENS = "\u2010\u2011\u2212\ufe63\uff0d"
"""Source: Unicode's hyphen, non-breaking hyphen, minus sign, small and full-width hyphen-minus."""
DASHES = "\u2012\u2013\u2014\u2015"
"""Dashes of sentences; between the letters of a name nobody can tell what was meant."""

_HYPHEN = re.compile(f"[{HYPHENS}]")
# Before a blank too: the next module to read it asks whether a name was broken there.
_INSIDE = re.compile(rf"(?<=[A-Za-z\d])[{HYPHENS}](?=\s{{0,3}}[A-Za-z\d])")
_ENCODED = re.compile(
    r"(?<=[A-Za-z\d])%(?:E2%80%9[01]|E2%88%92|EF%B9%A3|EF%BC%8D)(?=[A-Za-z\d])",
    re.IGNORECASE,
)


def fold_hyphens(text: str) -> str:
    r"""The text, letter for letter, with a plain hyphen for typographic ones between letters or digits.

    >>> fold_hyphens("github.com/kettle-lab/drip\u2011net \u2212 a net")
    'github.com/kettle-lab/drip-net − a net'
    """
    return text if text.isascii() or not _HYPHEN.search(text) else _INSIDE.sub("-", text)


def decode_hyphens(path: str) -> str:
    """The path with a plain hyphen for encoded typographic ones.

    >>> decode_hyphens("/kettle-lab/drip%E2%80%91net")
    '/kettle-lab/drip-net'
    """
    return _ENCODED.sub("-", path)
