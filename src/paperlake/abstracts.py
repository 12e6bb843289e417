"""Abstracts: clean text, keys for comparing, and names for the damage that is left.

Links are taken from the raw text first; addresses inside an abstract keep everything but their LaTeX escapes.
"""

from functools import partial

import polars as pl

from paperlake.abstract_damage import name_damage
from paperlake.text.latex import LATEX_HINT, LATEX_STEPS
from paperlake.text.mojibake import MOJIBAKE_HINT, mend_mojibake
from paperlake.text.prose import PROSE_HINT, PROSE_STEPS
from paperlake.text.steps import FOLD_HINT, Step, fold_blanks, repair_once, run_steps
from paperlake.text_columns import (
    ascii_edges,
    hash64,
    nfc,
    null_if_empty,
    rewrite_beyond_ascii,
    settle_where,
    spell_letters,
)

_STEPS = (
    # First, as bytes of a broken letter look like blanks and invisible signs.
    Step("mojibake", mend_mojibake),
    Step("fold_blanks", fold_blanks),
    *LATEX_STEPS,
    *PROSE_STEPS,
)
_LOWER = bytes(range(256)).lower()
_SIGNS = bytes(code for code in range(128) if not (chr(code).isalnum() or chr(code) == "\n"))
_HINT = ascii_edges(f"{LATEX_HINT}|{PROSE_HINT}|{MOJIBAKE_HINT}|{FOLD_HINT}")


def normalise_abstract(abstract: pl.Expr) -> pl.Expr:
    """Abstracts as clean text, Unicode NFC, wrapped lines joined with a blank; null where nothing is left."""
    return null_if_empty(settle_where(abstract, _HINT, partial(repair_once, _STEPS)))


def trace_abstract(raw: str) -> list[tuple[str, str]]:
    r"""The steps that change a raw abstract, in order: name and text after it, the last as `normalise_abstract` has it.

    >>> trace_abstract(r"Kettles,we say, are 2times hotter at 5\%.")[-2:]
    [('operators', 'Kettles,we say, are 2× hotter at 5%.'), ('missing_blanks', 'Kettles, we say, are 2× hotter at 5%.')]
    """
    return list(run_steps(_STEPS, raw))


def abstract_letters(abstract: pl.Expr) -> pl.Expr:
    r"""The letters and digits of abstracts, for comparing, with a `\n` between sentences; null where there are none.

    Takes clean abstracts. Folded as titles are.
    """
    sentences = spell_letters(abstract).str.replace_all(r"[.!?][)\]\"']*\s+", "\n")
    plain = sentences.map_batches(_drop_signs, return_dtype=pl.String, is_elementwise=True)
    letters = rewrite_beyond_ascii(plain, _drop_signs_beyond_ascii)
    return null_if_empty(nfc(letters).str.strip_chars("\n"))


def abstract_key(letters: pl.Expr) -> pl.Expr:
    """The first 600 letters and digits of what `abstract_letters` gives."""
    return letters.str.head(600)


def sentence_hashes(letters: pl.Expr) -> pl.Expr:
    """List(UInt64): hashes of the first twelve sentences of 24 letters or more of what `abstract_letters` gives."""
    sentences = letters.fill_null("").str.split("\n")
    long_enough = sentences.list.eval(pl.element().filter(pl.element().str.len_bytes() >= 24))
    return long_enough.list.head(12).list.eval(hash64(pl.element()))


def abstract_flags(raw: pl.Expr, clean: pl.Expr | None = None) -> pl.Expr:
    """Names of the damage that cleaning leaves in, sorted; an empty list where there is none or no abstract.

    Args:
        raw: abstracts as read.
        clean: the same, normalised, where they are at hand.

    Returns:
        List(String) of
        `abstract_truncated`: ends in an ellipsis or a cut mark; a missing stop proves nothing and is not flagged.
        `bilingual`: the abstract stands there twice, in two languages.
        `citation_keys`: a citation shows its BibTeX key.
        `glued_words`: words glued or torn by a two-column page.
        `math_damaged`: formula residue; roots vanish without trace, so such text can look whole and be wrong.
        `mojibake`: letters broken by a wrong encoding, which could not be mended.
        `unbalanced_math`: a dollar that closes no formula and marks no price.
    """
    text = normalise_abstract(raw) if clean is None else clean
    # A function of frames, so that the text is cleaned once: Polars does not share it between expressions.
    both = pl.struct(raw.alias("raw"), text.alias("text"))
    return both.map_batches(name_damage, return_dtype=pl.List(pl.String), is_elementwise=True)


def _drop_signs(texts: pl.Series) -> pl.Series:
    """The same texts; of those in ASCII, which are nearly all, only small letters, digits and line ends."""
    # Bytes at once go twice as fast as two patterns, that for blanks and that for letters.
    kept = [
        text.encode().translate(_LOWER, _SIGNS).decode() if text and text.isascii() else text
        for text in texts.to_list()
    ]
    return pl.Series(kept, dtype=pl.String)


def _drop_signs_beyond_ascii(texts: pl.Series) -> pl.Series:
    return texts.str.to_lowercase().str.replace_all(r"[^\p{L}\p{M}\p{N}\n]+", "")
