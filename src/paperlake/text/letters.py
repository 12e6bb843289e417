"""Letters folded for comparing: lower case, no accents, Greek and signs by their names."""

import re
import unicodedata
from functools import cache

_GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi "
    "psi omega"
)
_GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψω", _GREEK_NAMES.split(), strict=True)) | {"ς": "sigma"}
# Letters that Unicode does not take apart into a letter and a mark, signs that have a name, look-alikes of + # *.
_SPELLED = str.maketrans(
    _GREEK
    | {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"}
    | {"×": "times", "≈": "approx", "∼": "sim", "±": "pm", "∞": "infty"}
    | {"∆": "delta", "∗": "*", "⋆": "*", "♯": "#"}
)
# Signs that Unicode would take apart into something else.
_FIRST = str.maketrans({"⁻": "minus", "™": "", "℠": ""})
# Marks over and through letters and signs that nobody sees; the breve of й and ў makes another letter.
_DROPPED = re.compile("(?<![иу])[\u0300-\u036f]+|[\u20d0-\u20f0\ufe00-\ufe0f\u200b-\u200f\u202a-\u202e\u2060-\u206f]+")
# Where papers' accents, Greek, signs, ligatures and full-width letters stand; the rest costs Python.
_RANGES = (
    (0x80, 0x180), (0x370, 0x400), (0x1E80, 0x1F00), (0x2000, 0x2100), (0x2190, 0x2300), (0xFB00, 0xFB07),
    (0xFF01, 0xFF5F),
)  # fmt: skip


def spell(text: str) -> str:
    """The text in lower case without accents, with letters and signs that have a name spelled out.

    >>> spell("Ærø, naïve β³ × Łódź")
    'aero, naive beta3 times lodz'
    """
    bare = _DROPPED.sub("", unicodedata.normalize("NFKD", text.translate(_FIRST)).lower())
    return bare.translate(_SPELLED)


@cache
def spellings() -> dict[str, str]:
    """The spelling of each common sign by the sign: ASCII; a blank for one without a letter or a digit.

    >>> spellings()["É"], spellings()["ﬁ"], spellings()["—"]
    ('e', 'fi', ' ')
    """
    spelled = {sign: spell(sign) for sign in (chr(code) for codes in _RANGES for code in range(*codes))}
    wordless = {sign: " " for sign in spelled if not unicodedata.category(sign).startswith(("L", "M", "N"))}
    return wordless | {sign: letters for sign, letters in spelled.items() if letters.isascii()}
