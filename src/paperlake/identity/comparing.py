"""Pairs of rows compared: first what is cheap, of all; then the rest, of those that it left some hope for."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import polars as pl

from paperlake.identity.difference import Side, find_difference
from paperlake.identity.pairs import Rows
from paperlake.identity.scoring import (
    LEAST_TITLE,
    Sentences,
    score_abstracts,
    score_titles,
    sentence_table,
    share_sentence,
)
from paperlake.identity.vocabulary import Knows

_IDS = ("arxiv_id", "doi")
_SAME_TITLE = 99.99
_DUMP_DIGITS = 16
KnowsOf = Callable[[pl.Series], Knows]
_LISTED = (*_IDS, "repository", "published_on", "n_authors", "organisation")


class Compared(NamedTuple):
    """Records to compare: FACTS, the number of each in the store, and the table of their sentences."""

    facts: pl.DataFrame
    rows: pl.Series
    sentences: Sentences

    @classmethod
    def of(cls, facts: pl.DataFrame, rows: pl.Series) -> "Compared":
        """Records with their numbers."""
        return cls(facts, rows, sentence_table(facts["sentences"]))


def compare(records: Compared, left: Rows, right: Rows, knows: KnowsOf) -> pl.DataFrame:
    """What `decisions.decide` weighs, of the pairs that may be one paper.

    Args:
        records: what is compared.
        left: places in `records` of the earlier record of each pair.
        right: those of the later one.
        knows: of titles, whether titles used a word of theirs before a row.
    """
    pairs = pl.DataFrame({"at_left": left, "at_right": right})
    titles = score_titles(*(records.facts["title_key"].gather(pairs[side]) for side in pairs.columns))
    shares = share_sentence(records.sentences[left], records.sentences[right])
    ids = [records.facts.select(_IDS)[pairs[side]] for side in pairs.columns]
    same_id = pl.select(_any_is(True, _agreement(*ids))).to_series()
    hopeful = (titles["title"] >= LEAST_TITLE) | titles["begins"] | shares | same_id
    kept = pairs.hstack(titles).filter(hopeful)
    return _weigh(kept, records, knows)


def _weigh(pairs: pl.DataFrame, records: Compared, knows: KnowsOf) -> pl.DataFrame:
    left, right = records.facts[pairs["at_left"]], records.facts[pairs["at_right"]]
    letters = [side["title_key"].str.len_chars().fill_null(0) for side in (left, right)]
    weighed = pairs.select(
        "title",
        "begins",
        left=records.rows.gather(pairs["at_left"]),
        right=records.rows.gather(pairs["at_right"]),
        n_letters=pl.select(pl.min_horizontal(letters)).to_series(),
        same_numbers=left["numbers"] == right["numbers"],
    )
    listed = _compare_listings(left.select(_LISTED), right.select(_LISTED))
    opposed = listed["other_listing"] | (_same_dump(left, right) & (pairs["title"] < _SAME_TITLE))
    listed = listed.with_columns(other_listing=opposed)
    weighed = pl.concat([weighed, score_abstracts(left, right, pairs["title"]), listed], how="horizontal")
    return weighed.with_columns(difference=_differences(weighed, left, right, knows))


def _compare_listings(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """In what two records agree and differ, as `decide` reads it; false where either does not say, `n_days` null."""
    same = _agreement(left, right)
    return pl.select(
        same_id=_any_is(True, same.select(_IDS)),
        other_id=_any_is(False, same.select("arxiv_id")),
        same_listing=_any_is(True, same.select("repository", "published_on")),
        same_authors=_any_is(True, same.select("n_authors")),
        other_listing=_any_is(False, same.select("n_authors", "organisation", "repository")),
        n_days=(left["published_on"] - right["published_on"]).dt.total_days().abs(),
    )


def _same_dump(left: pl.DataFrame, right: pl.DataFrame) -> pl.Series:
    """Whether one page lists both: it lists no paper under two titles (758 real records have no such two)."""
    dumps = [side["appearance_id"].str.head(_DUMP_DIGITS) for side in (left, right)]
    return dumps[0] == dumps[1]


def _agreement(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame({name: left[name] == right[name] for name in left.columns})


def _any_is(value: bool, same: pl.DataFrame) -> pl.Expr:
    return pl.any_horizontal((column == value).fill_null(False) for column in same)


def _differences(pairs: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame, knows: KnowsOf) -> pl.Series:
    """In what the titles of each pair differ; null where nothing hangs on it. Python, for pairs that may be one."""
    rows = (
        pairs.with_columns(is_cut=left["title_is_cut"] | right["title_is_cut"]).select(_asked()).to_series().arg_true()
    )
    sides = [frame.select("title_words", "title_is_cut")[rows].fill_null("").rows() for frame in (left, right)]
    known = knows(pl.concat([side["title_words"].gather(rows) for side in (left, right)]))
    kinds = [
        find_difference(Side(a.split(" "), a_cut), Side(b.split(" "), b_cut), partial(known, row=row))
        for (a, a_cut), (b, b_cut), row in zip(*sides, pairs["right"].gather(rows).to_list(), strict=True)
    ]
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, pairs.height)
    return empty.scatter(rows, pl.Series(kinds, dtype=pl.String)) if kinds else empty


def _asked() -> pl.Expr:
    title, abstract = pl.col("title"), pl.col("abstract")
    alike = (title >= 60) | pl.col("begins")
    hopeful = pl.col("begins") | pl.col("is_cut") | pl.col("same_listing")
    without = abstract.is_null() & ((title >= 86) | (hopeful & alike))
    unsure = (abstract < 97) | (title < 93) | ~pl.col("same_numbers")
    with_abstract = (
        ((abstract >= 70) & alike & unsure)
        | (abstract >= 98.5) & (pl.col("n_common") >= 350) & ~alike
        | (pl.col("summary") >= 88)
    )
    both = (title < 99.99) & (pl.col("n_letters") > 0)
    return (both & (without | with_abstract) & ~pl.col("other_id")).fill_null(False)
