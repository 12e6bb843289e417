"""Noise in the letters of a text: typing, optical reading, blanks, encodings."""

import html
import re
import unicodedata
from collections.abc import Callable
from random import Random

Guard = frozenset[str]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_OCR = [
    ("fi", ""),
    ("fl", ""),
    ("ff", ""),
    ("fi", "f"),
    ("l", "1"),
    ("rn", "m"),
    ("m", "rn"),
    ("i", "l"),
    ("e", "c"),
    ("o", "0"),
]
_LATEX_LETTERS = {
    "é": "\\'e", "ö": '\\"o', "ï": '\\"i', "α": "$\\alpha$", "β": "$\\beta$", "γ": "$\\gamma$", "λ": "$\\lambda$",
    "μ": "$\\mu$", "π": "$\\pi$", "σ": "$\\sigma$", "²": "$^2$", "³": "$^3$",
}  # fmt: skip
_PLAIN_LETTERS = {
    "é": "e", "ö": "o", "ï": "i", "α": "alpha", "β": "beta", "γ": "gamma", "λ": "lambda", "μ": "mu", "π": "pi",
    "σ": "sigma", "²": "^2", "³": "^3",
}  # fmt: skip
_ZERO_WIDTH = ["\u200b", "\ufeff", "\u00ad", "\u200d", "\u2060"]


def typos(text: str, guard: Guard, chance: Random) -> str:
    """One to three letters swapped, dropped, doubled or replaced, in words of more than five letters."""
    words = text.split(" ")
    places = [i for i, word in enumerate(words) if len(word) > 5 and word[:-1].isalpha() and word not in guard]
    for i in chance.sample(places, min(len(places), chance.choice([1, 1, 1, 2, 2, 3]))):
        words[i] = _mistype(words[i], chance)
    return " ".join(words)


def _mistype(word: str, chance: Random) -> str:
    k, form = chance.randrange(1, len(word) - 1), chance.randrange(4)
    if form == 0:
        return word[:k] + word[k + 1] + word[k] + word[k + 2 :]
    if form == 1:
        return word[:k] + word[k + 1 :]
    if form == 2:
        return word[:k] + word[k] + word[k:]
    return word[:k] + chance.choice(_LETTERS) + word[k + 1 :]


def ocr(text: str, guard: Guard, chance: Random) -> str:
    """Ligatures lost or letters misread, everywhere for one sign, or here and there."""
    old, new = chance.choice(_OCR)
    share = 0.9 if len(old) == 2 else 0.15
    if old not in text:
        old, new, share = "l", "1", 0.4
    words = [
        word.replace(old, new) if word not in guard and len(word) > 3 and chance.random() < share else word
        for word in text.split(" ")
    ]
    return " ".join(words)


def blanks(text: str, guard: Guard, chance: Random) -> str:
    """A blank lost between two words, a stray blank inside one, or a hyphen of a line's end."""
    words = text.split(" ")
    for _ in range(chance.choice([1, 1, 2])):
        i, form = chance.randrange(len(words)), chance.randrange(3)
        word, is_last = words[i], i + 1 == len(words)
        if word in guard or not word.isalpha() or len(word) < (3 if form == 0 else 6):
            continue
        if form == 0 and not is_last and words[i + 1].isalpha() and words[i + 1] not in guard:
            words[i : i + 2] = [word + words[i + 1]]
        elif form > 0:
            k = chance.randrange(2, len(word) - 2)
            words[i] = word[:k] + ("- " if form == 1 else " ") + word[k:]
    return " ".join(words)


def latex(text: str, guard: Guard, chance: Random) -> str:
    """Accents, Greek, powers and signs in another form; where there are none, a word in a LaTeX command."""
    table = chance.choice([_LATEX_LETTERS, _LATEX_LETTERS, _PLAIN_LETTERS])
    changed = "".join([table.get(sign, sign) for sign in text])
    if "%" in changed and chance.random() < 0.7:
        changed = changed.replace("%", "\\%")
    if "#" in changed and chance.random() < 0.7:
        changed = changed.replace("#", "\\#")
    if changed != text:
        return changed if chance.random() < 0.8 else unicodedata.normalize("NFD", text)
    words = text.split(" ")
    i = chance.randrange(len(words))
    if len(words[i]) > 3 and words[i].isalpha() and words[i] not in guard:
        words[i] = chance.choice(["\\textbf{%s}", "\\emph{%s}", "\\textsc{%s}", "{%s}", "``%s''", "$%s$"]) % words[i]
    return " ".join(words)


def encoding(text: str, _guard: Guard, chance: Random) -> str:
    """Mojibake where there is a sign for it, invisible signs, or HTML entities."""
    form = chance.randrange(3)
    if form == 0 and not text.isascii():
        return text.encode().decode("cp1252", errors="ignore")
    if form == 1:
        escaped = html.escape(text)
        if escaped != text:
            return escaped
        return re.sub(r"(?<=\w)-(?=\w)", chance.choice(["&#45;", "&ndash;", "\u00ad-"]), text, count=1)
    for _ in range(chance.randint(1, 3)):
        k = chance.randrange(1, len(text))
        text = text[:k] + chance.choice(_ZERO_WIDTH) + text[k:]
    return text


LETTER_NOISE: dict[str, Callable[[str, Guard, Random], str]] = {
    "typos": typos,
    "ocr": ocr,
    "blanks": blanks,
    "latex": latex,
    "encoding": encoding,
}
"""Noise that titles and abstracts share."""
