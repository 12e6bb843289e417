"""What somebody typed into the search, as words that are looked for; pasted addresses become the ids in them."""

import re
from dataclasses import dataclass

import polars as pl

from paperlake.paper_ids import find_arxiv_id

MOST_WORDS = 16
_MARKS = r"\p{M}+"
_OTHER_CASES = {"ß": "ss", "ς": "σ"}
"""Small letters that are another way to write others."""
_SITE = re.compile(
    r"(?:https?://)?(?:www\.)?"
    r"(?:(?P<github>github\.com/)|arxiv\.org/(?:abs|pdf)/|huggingface\.co/papers/|(?:dx\.)?doi\.org/)|https?://(?:www\.)?"
)
_REPOSITORY = re.compile(r"([\w-]+/[\w.-]+?)(?:\.git)?(?:[/?#].*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: `words`, each once and at most `MOST_WORDS`, and `phrase`, all that was typed."""

    words: tuple[str, ...]
    phrase: str


def fold(text: str) -> str:
    r"""The text as it is compared: one spelling (NFKD), one case, no accents; `search.js` of the page folds so, too.

    >>> fold("\N{FULLWIDTH LATIN CAPITAL LETTER K}\N{LATIN CAPITAL LETTER E WITH ACUTE}ttles, Straße")
    'kettles, strasse'
    """
    return str(fold_all(pl.Series([text])).item())


def fold_all(texts: pl.Series) -> pl.Series:
    """The texts so."""
    folded = pl.col(texts.name).str.normalize("NFKD").str.to_lowercase().str.replace_all(_MARKS, "")
    return texts.to_frame().select(folded.str.replace_many(_OTHER_CASES)).to_series()


def read_query(asked: str) -> Query:
    """The query that somebody typed; without words where that is nothing but blanks and addresses of sites.

    >>> read_query("Socks  https://github.com/Kettle-Lab/DripNet.git socks")
    Query(words=('socks', 'kettle-lab/dripnet'), phrase='socks kettle-lab/dripnet socks')
    """
    words = [word for typed in fold(asked).split() if (word := _bare(typed))]
    return Query(tuple(dict.fromkeys(words))[:MOST_WORDS], " ".join(words))


def _bare(word: str) -> str:
    """The word, or the id in it.

    >>> _bare("https://arxiv.org/pdf/2601.90001v2.pdf"), _bare("github.com/kettle-lab/dripnet/tree/main")
    ('2601.90001', 'kettle-lab/dripnet')
    >>> _bare("https://doi.org/10.5555/kettle"), _bare("https://github.com/kettle-lab/")
    ('10.5555/kettle', 'kettle-lab/')
    """
    if arxiv_id := find_arxiv_id(word):
        return arxiv_id
    site = _SITE.match(word)
    if site is None:
        return word
    rest = word[site.end() :]
    repository = _REPOSITORY.fullmatch(rest) if site["github"] else None
    return repository[1] if repository else rest
