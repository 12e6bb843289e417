"""The search: one text a paper with all that it is found by, looked through from the first letter to the last."""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

import polars as pl

from paperlake.explore.queries import Query, fold_all
from paperlake.release.reading import Release
from paperlake.text_columns import rewrite_beyond_ascii

_END, _OF_ID = "\n", "\x1f"
"""Ends a field; stands around each id, so that a whole id is told from a part. Neither is in a word of a query."""
_BLANKS = r"[\s\x1c-\x1f]+"


class Texts:
    """The texts of the papers of one part, which releases share that have it."""

    def __init__(self, series: pl.Series) -> None:
        self.series = series


Known = MutableMapping[str, Texts]
"""Texts by the fingerprint of their part, for as long as a release that has it is kept."""


def known_texts() -> Known:
    """None yet."""
    return WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class Haystack:
    """All texts of a release, in the order of its papers."""

    parts: Sequence[Texts]

    def find(self, query: Query) -> pl.Series:
        """Numbers of the papers, from 0, that have every word: the best first, among equals the newest."""
        texts = pl.concat([part.series for part in self.parts], rechunk=False).alias("text")
        if not query.words:
            return pl.int_range(texts.len(), dtype=pl.UInt32, eager=True).reverse().alias("row")
        papers = texts.to_frame().with_row_index("row")
        for word in sorted(query.words, key=len, reverse=True):  # the rarest first, most likely
            papers = papers.filter(_has(word))
        return papers.select("row", rank=_rank(query.phrase)).sort("rank", "row", descending=[False, True])["row"]


def prepare(release: Release, known: Known) -> Haystack:
    """The haystack of a release; a part whose texts are known is not read.

    Raises:
        PolarsError: a file is damaged.
        OSError: a file is missing.
    """
    parts = release.manifest["tables"]["papers"]["parts"]
    texts = []
    for part, file in zip(parts, release.files("papers"), strict=True):  # all at once they take twice the memory
        found = known.get(part["fingerprint"])
        texts.append(found or Texts(_texts(pl.scan_parquet(file, glob=False)).collect().to_series().rechunk()))
        known[part["fingerprint"]] = texts[-1]
    return Haystack(texts)


def _texts(papers: pl.LazyFrame) -> pl.LazyFrame:
    """One text a paper: title, ids, and everything else."""
    title = pl.col("title").str.replace_all(_BLANKS, " ")
    ids = pl.concat_str("paper_id", "arxiv_id", "doi", "repository", separator=_OF_ID, ignore_nulls=True)
    around = pl.format("{}{}{}", pl.lit(_OF_ID), ids, pl.lit(_OF_ID))
    more = (pl.col("repositories").list.join(_END), "organisation", "title_key")
    text = pl.concat_str(title, around, *more, separator=_END, ignore_nulls=True)
    return papers.select(rewrite_beyond_ascii(text.str.to_lowercase(), fold_all))


def _has(text: str) -> pl.Expr:
    return pl.col("text").str.contains(text, literal=True)


def _rank(phrase: str) -> pl.Expr:
    """0 where it is an id, 1 where it stands in the title, 2 elsewhere."""
    in_title = pl.col("text").str.find(phrase, literal=True) < pl.col("text").str.find(_END, literal=True)
    return pl.when(_has(f"{_OF_ID}{phrase}{_OF_ID}")).then(0).when(in_title).then(1).otherwise(2)
