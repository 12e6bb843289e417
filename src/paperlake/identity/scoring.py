"""How alike the values of two records are, in bulk; costly comparisons only where a cheap one leaves hope."""

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

LEAST_TITLE = 60.0
"""Likeness of titles from which their abstracts are compared; below it only where they share a sentence."""
N_SENTENCES = 6
"""Sentences of an abstract that are looked for in another."""
_LEAST_SAME_TITLE = 88.0
"""Likeness of titles from which an abstract may be a summary of the other."""
_SUMMARY_SHARE = 0.6

Sentences = npt.NDArray[np.uint64]
"""Rows by places: hashes of the first sentences of abstracts; 0 where there are fewer."""


def sentence_table(sentences: pl.Series) -> Sentences:
    """The table of a column of FACTS."""
    column = pl.col("sentences")
    places = [column.list.get(at, null_on_oob=True).fill_null(0).alias(str(at)) for at in range(N_SENTENCES)]
    return sentences.to_frame("sentences").select(places).to_numpy()


def share_sentence(left: Sentences, right: Sentences) -> pl.Series:
    """Whether one of the first sentences of an abstract is one of the other, pair by pair."""
    found = np.zeros(len(left), dtype=bool)
    for at in range(N_SENTENCES):
        mine = left[:, [at]]
        found |= ((right == mine) & (mine != 0)).any(axis=1)
    return pl.Series(found)


def score_titles(left: pl.Series, right: pl.Series) -> pl.DataFrame:
    """`title`: RapidFuzz ratio of letters, 0-100, 0 below LEAST_TITLE. `begins`: whether one begins with the other."""
    either = pl.col("left").str.starts_with(pl.col("right")) | pl.col("right").str.starts_with(pl.col("left"))
    begins = pl.DataFrame({"left": left, "right": right}).select(begins=either.fill_null(False))
    likeness = _ratios(left.fill_null(""), right.fill_null(""), LEAST_TITLE)
    return begins.with_columns(title=pl.when(left.is_not_null() & right.is_not_null()).then(likeness).otherwise(0.0))


def score_abstracts(left: pl.DataFrame, right: pl.DataFrame, titles: pl.Series) -> pl.DataFrame:
    """`abstract`, `n_common`, `summary`: how alike the abstracts of each pair are; null where one is missing.

    `abstract`: RapidFuzz ratio of the letters over their common length, 0-100. `n_common`: that length. `summary`: how
    far one is a part of the other, 0-100, where it is much shorter and the titles are alike.

    Args:
        left: FACTS of the earlier record of each pair.
        right: FACTS of the later one.
        titles: `title` of each pair.
    """
    scores = _compare_abstracts(left["abstract_key"], right["abstract_key"])
    unlike = (titles >= _LEAST_SAME_TITLE) & (scores["abstract"] < 75).fill_null(False)
    return scores.with_columns(summary=_find_summaries(left, right, unlike))


def _ratios(left: pl.Series, right: pl.Series, least: float) -> pl.Series:
    scores = cpdist(left.to_list(), right.to_list(), scorer=fuzz.ratio, score_cutoff=least, dtype=np.float32)
    return pl.Series(scores, dtype=pl.Float32)


def _compare_abstracts(left: pl.Series, right: pl.Series) -> pl.DataFrame:
    """`abstract`, `n_common`; letters are compared one by one only where one does not begin with the other."""
    a, b = pl.col("left"), pl.col("right")
    known = pl.DataFrame({"left": left, "right": right}).with_columns(
        n_common=pl.min_horizontal(a.str.len_chars(), b.str.len_chars()),
        abstract=pl.when(a.str.starts_with(b) | b.str.starts_with(a)).then(100.0).cast(pl.Float32),
    )
    both = pl.col("left").is_not_null() & pl.col("right").is_not_null()
    known = known.with_columns(n_common=pl.when(both).then("n_common"))
    rows = known.select(both & pl.col("abstract").is_null()).to_series().arg_true()
    heads = known[rows].select(pl.col(side).str.head(pl.col("n_common")) for side in ("left", "right"))
    scores = _ratios(heads["left"], heads["right"], 0.0)
    return known.select("n_common", abstract=known["abstract"].scatter(rows, scores) if len(rows) else "abstract")


def _find_summaries(left: pl.DataFrame, right: pl.DataFrame, asked: pl.Series) -> pl.Series:
    """`summary`; null where it was not asked."""
    lengths = [frame["abstract_key"].str.len_chars() for frame in (left, right)]
    n_all = [frame["sentences"].list.len() for frame in (left, right)]
    frame = pl.DataFrame({"a": lengths[0], "b": lengths[1], "asked": asked, "m": n_all[0], "n": n_all[1]})
    is_part = pl.min_horizontal("a", "b") < _SUMMARY_SHARE * pl.max_horizontal("a", "b")
    rows = frame.select(pl.col("asked") & is_part).to_series().fill_null(False).arg_true()
    texts = pl.DataFrame({"a": left["abstract_key"].gather(rows), "b": right["abstract_key"].gather(rows)})
    scores = cpdist(texts["a"].to_list(), texts["b"].to_list(), scorer=fuzz.partial_ratio, dtype=np.float32)
    inside = _is_inside(left["sentences"].gather(rows), right["sentences"].gather(rows))
    found = pl.select(pl.max_horizontal(pl.Series(scores, dtype=pl.Float32), pl.Series(inside, dtype=pl.Float32) * 100))
    empty = pl.Series([None], dtype=pl.Float32).new_from_index(0, left.height)
    return empty.scatter(rows, found.to_series()) if len(rows) else empty


def _is_inside(left: pl.Series, right: pl.Series) -> pl.Series:
    """Whether all sentences of one are sentences of the other."""
    both = pl.DataFrame({"a": left, "b": right})
    a, b = pl.col("a"), pl.col("b")
    short = pl.min_horizontal(a.list.len(), b.list.len())
    return both.select(((a.list.set_intersection(b).list.len() >= short) & (short > 0)).fill_null(False)).to_series()
