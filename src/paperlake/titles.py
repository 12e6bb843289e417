r"""Titles: how people see them, and what two spellings of one title have in common."""

import re
import unicodedata

import polars as pl

from paperlake.latex import plain_text
from paperlake.text_columns import fold_blanks, fold_letters, nfc, null_if_empty, repair_where

# Only whole function words, only inside a title, only before a capitalised word: camel case is how papers name things
# (PotteryNet, xLADLE), and a general rule would break one real title in six.
_FUNCTION_WORDS = "for|of|in|to|and|with|on|by|from|via|using"
_GLUED = re.compile(rf"(?<= )({_FUNCTION_WORDS})(?=[A-Z][a-z]{{2,}}(?:[ ,:;.?!-]|$))")
_HINT = rf"[\\$^{{]|cdot| [,:;]|^Subscribe[A-Z0-9]| (?:{_FUNCTION_WORDS})[A-Z]"

# Signs that touch no letter and no digit on either side.
_LONELY_SIGNS = r"(^|[^\p{L}\p{N}+#*%])[+#*%]+(?:[^\p{L}\p{N}+#*%]+[+#*%]+)*([^\p{L}\p{N}+#*%]|$)"


def normalise_title(title: pl.Expr) -> pl.Expr:
    """Titles for people, Unicode NFC; null where nothing is left.

    Only certain repairs: page words and LaTeX residue go, digits after a caret are raised, a blank before `, : ;` goes,
    a function word glued to a capitalised word is split. Wording, capitals and the authors' spelling never change.
    """
    return null_if_empty(repair_where(fold_blanks(title), _HINT, repair_title))


def title_key(title: pl.Expr) -> pl.Expr:
    r"""What two spellings of one title have in common; null for a title without letters or digits.

    Takes the raw title. Letters (accents folded, Greek spelled out) and digits without blanks, and the `+ # * %` that
    touch a word: a key of letters and digits alone made C and C++, A and A*, 5 and 5 % one paper. Versions and roman
    numerals are letters and digits, and so keep V2 and V3 apart.
    """
    plain = repair_where(repair_where(fold_blanks(title), _HINT, repair_title), r"[\\^]", _drop_commands)
    signs = fold_letters(plain).str.replace_all(r"\s+([+%])", "$1").str.replace_all(r"([+])\s+", "$1")
    words = signs.str.replace_all(_LONELY_SIGNS, "$1$2")
    key = nfc(words.str.replace_all(r"[^\p{L}\p{M}\p{N}+#*%]+", ""))
    return null_if_empty(key.str.replace(r"^[+#*%]+$", ""))


def repair_title(title: str) -> str:
    r"""One title for people.

    >>> repair_title(r"M^3Kettle : Tea \& Toast forEarly Risers")
    'M³Kettle: Tea & Toast for Early Risers'
    """
    title = re.sub(r"^Subscribe(?=[A-Z0-9])", "", plain_text(title))
    title = re.sub(r"(?<=[A-Z])cdot(?=[A-Z])", "·", title)
    title = re.sub(r"(?<=\S) +(?=[,:;])", "", title)
    title = _GLUED.sub(r"\1 ", title)
    return unicodedata.normalize("NFC", " ".join(title.split()))


def _drop_commands(title: str) -> str:
    """A repaired title without the commands we do not know: their names are no words of it."""
    return re.sub(r"\^\{?circ\}?|\\[A-Za-z]+", "", title)
