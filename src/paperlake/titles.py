r"""Titles: how people see them, and what two spellings of one title have in common."""

import re
from functools import partial
from html import unescape

import polars as pl

from paperlake.text.latex import LATEX_HINT, LATEX_STEPS
from paperlake.text.mojibake import MOJIBAKE_HINT, mend_mojibake
from paperlake.text.steps import FOLD_HINT, Step, fold_blanks, repair_once, run_steps
from paperlake.text_columns import fold_letters, nfc, null_if_empty, repair_where, settle_where

# Only whole function words, only inside a title, only before a capitalised word: camel case is how papers name things
# (PotteryNet, xLADLE), and a general rule would break one real title in six.
_FUNCTION_WORDS = "for|of|in|to|and|with|on|by|from|via|using"
_GLUED = re.compile(rf"(?<= )({_FUNCTION_WORDS})(?=[A-Z][a-z]{{2,}}(?:[ ,:;.?!-]|$))")
_PAGE_WORDS = re.compile(r"^Subscribe(?=[A-Z0-9])")
_CDOT = re.compile(r"(?<=[A-Z])cdot(?=[A-Z])")
_SPARE_BLANK = re.compile(r"(?<=\S) +(?=[,:;])")

_STEPS = (
    # First, as bytes of a broken letter look like blanks and invisible signs.
    Step("mojibake", mend_mojibake),
    Step("fold_blanks", fold_blanks),
    *LATEX_STEPS,
    Step("page_words", partial(_PAGE_WORDS.sub, "")),
    Step("operators", partial(_CDOT.sub, "·")),
    Step("spare_blanks", partial(_SPARE_BLANK.sub, "")),
    Step("glued_words", partial(_GLUED.sub, r"\1 ")),
)
_HINT = rf"{LATEX_HINT}|cdot| [,:;]|^Subscribe[A-Z0-9]| (?:{_FUNCTION_WORDS})[A-Z]|{MOJIBAKE_HINT}|{FOLD_HINT}"

# Signs that touch no letter and no digit on either side, blanks aside.
_LONELY_SIGNS = r"(^|[^\p{L}\p{N}+#*%])[+#*%]+(?:[^\p{L}\p{N}+#*%]+[+#*%]+)*([^\p{L}\p{N}+#*%]|$)"
_RESIDUE = re.compile(r"\^\{?circ\}?|\\[A-Za-z]+|[\^_{}\\]")
# What pages and tools put around a title: [PDF], "Paper page - ", "3. ", "| Papers with Code", (arXiv:2401.12345).
_PAGE_MARKS = re.compile(
    r"^(?:[\[(](?:PDF|HTML)[\])]|Title:|Paper page\s*[-–—:]|\d{1,3}[.)](?=\s+[^\W\d_]))\s*"
    r"|\s*[-–—|]\s*(?:Hugging Face|Papers with Code|arXiv(?:\.org)?)$"
    r"|\s*(?:[\[(](?:PDF|HTML|v\d+)[\])]|\(?arXiv:\s*\d{4}\.\d{4,5}(?:v\d+)?\)?|\.pdf|(?<=[^\W\d_]{4})[¹²³†‡]+)$"
    r"|</?(?:b|i|em|strong|mark|sub|sup|br)\s*/?>",
    re.IGNORECASE,
)
# The front of a citation, `Snail, A. (2024). `, or what pages of arXiv put there, `[2401.12345] `; not a name with its
# year, `KettleBench (2024): `.
_CITED = re.compile(
    r"^(?:[^()\[\]]{1,40}\((?:19|20)\d\d\)[.,]|\((?:19|20)\d\d\)[.,:]?|\[\d{4}\.\d{4,5}(?:v\d+)?\])\s+(?=\S.{19})"
)
_KEY_HINT = (
    r"[\\^_{}]|&#?\w+;|^[\[(]|^(?i:title:|paper page)|^\d{1,3}[.)]|[\])¹²³†‡]$|\.(?i:pdf)$"
    r"|(?i:arxiv|hugging face|with code)|</?\w+\s*/?>|\((?:19|20)\d\d\)"
)
_NEGATIVE_POWER = re.compile(r"\^\{?[-−](?=\d)")


def normalise_title(title: pl.Expr) -> pl.Expr:
    """Titles for people, Unicode NFC; null where nothing is left.

    Only certain repairs: page words, mojibake and LaTeX residue go, digits after a caret are raised, a blank before
    `, : ;` goes, a function word glued to a capitalised word is split. Wording, capitals and the authors' spelling
    never change.
    """
    return null_if_empty(settle_where(title, _HINT, partial(repair_once, _STEPS)))


def trace_title(raw: str) -> list[tuple[str, str]]:
    r"""The steps that change a raw title, in order: name and title after it, the last as `normalise_title` gives it.

    >>> trace_title(r"Tea \& Pots forEarly Risers")
    [('escapes', 'Tea & Pots forEarly Risers'), ('glued_words', 'Tea & Pots for Early Risers')]
    """
    return list(run_steps(_STEPS, raw))


def title_words(title: pl.Expr) -> pl.Expr:
    r"""The words of a title, folded, with one blank between them; null for a title without letters or digits.

    Takes raw or clean titles. Letters (accents folded, Greek spelled out) and digits, the `+ # * %` that touch a word,
    and the stop between two digits: words of letters and digits alone made C and C++, A and A*, 5 and 5 %, 1.5 and 15
    one paper. Versions and roman numerals are letters and digits, and so keep V2 and V3 apart. A hyphen before a number
    is dropped as all hyphens are (GPT -4 is GPT-4); the minus of an exponent is kept.
    """
    plain = repair_where(normalise_title(title), _KEY_HINT, _drop_residue)
    folded = fold_letters(plain).str.replace_all(r"(\d)\s*times", "${1}x")
    signs = folded.str.replace_all(r"\s+([+%])", "$1").str.replace_all(r"([+])\s+", "$1")
    words = signs.str.replace_all(_LONELY_SIGNS, "$1$2")
    stops = words.str.replace_all(r"\.+(\D|$)", " $1").str.replace_all(r"(^|\D)\.+", "$1 ")
    spaced = nfc(stops.str.replace_all(r"[^\p{L}\p{M}\p{N}+#*%.]+", " ")).str.strip_chars(" ")
    return null_if_empty(spaced.str.replace(r"^[+#*% ]+$", ""))


def title_key(title: pl.Expr) -> pl.Expr:
    """What two spellings of one title have in common: its folded words without blanks; null without any."""
    return key_of_words(title_words(title))


def key_of_words(words: pl.Expr) -> pl.Expr:
    """The same key from what `title_words` gives."""
    return words.str.replace_all(" ", "", literal=True)


def ends_cut(title: pl.Expr) -> pl.Expr:
    """Whether a title ends in an ellipsis, as tools write where they cut one; false for null."""
    return title.str.contains(r"(?:\.{3}|…)$").fill_null(False)


def _drop_residue(title: str) -> str:
    """A clean title without the marks and commands that are left, and marks of pages: they are no words of it."""
    bare = _CITED.sub("", _PAGE_MARKS.sub("", unescape(title)))
    return _RESIDUE.sub("", _NEGATIVE_POWER.sub("minus", bare))
