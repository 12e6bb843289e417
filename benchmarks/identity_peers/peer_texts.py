"""Expressions over the records' texts that any user of a linkage package writes first: plain words, keys, numbers."""

import polars as pl

_NUMBERS = r"\d+(?:\.\d+)?|\b(?:i{1,3}|iv|v|vi{1,3}|ix|x)\b"


def plain(column: str) -> pl.Expr:
    """The column in lower case, letters and digits only, words parted by one blank; null where nothing is left."""
    words = pl.col(column).str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}+", "")
    text = words.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    return pl.when(text != "").then(text)


def key(column: str) -> pl.Expr:
    """The same without blanks."""
    return plain(column).str.replace_all(" ", "", literal=True)


def numbers(column: str) -> pl.Expr:
    """The numbers of the column, Arabic and Roman, sorted, parted by a blank; an empty text where there are none."""
    return plain(column).str.extract_all(_NUMBERS).list.unique().list.sort().list.join(" ").fill_null("")
