"""Which pairs are one paper: a table of rules that weigh title, abstract and ids together, and of vetoes."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

EVIDENCE = pl.Schema(
    {
        "left": pl.UInt32(),
        "right": pl.UInt32(),
        "rule": pl.String(),
        "match_rule": pl.String(),
        "match_score": pl.Float32(),
        "veto": pl.String(),
        "title": pl.Float32(),
        "abstract": pl.Float32(),
        "difference": pl.String(),
        "is_apart": pl.Boolean(),
    }
)
"""One row a pair that a rule holds for, or that comes near: `rule` null where none holds, `veto` null where nothing
speaks against it; `is_apart` where their numbers or abstracts say that they are two papers."""

_title, _abstract, _difference = pl.col("title"), pl.col("abstract"), pl.col("difference")
_same_title = _title >= 99.99
_no_abstract = _abstract.is_null()
_surely_near = _difference.is_in(["spelling", "glued", "small", "cut"])
_near = _surely_near | (_difference == "typo")
_part = _difference.is_in(["extra", "prefix", "shortened", "order", "swapped"])
_alike = (_title >= 86) | pl.col("begins") | (_difference == "order")
_long_title = pl.col("n_letters") >= 20
_long_abstract = pl.col("n_common") >= 350
MOST_DAYS = 180
"""Days between the dates of two records beyond which they are of two papers, unless an id or an abstract confirms them:
far more than the captures of one paper differ by, and less than the year between a conference and a journal."""
_apart = _difference.is_in(["number", "contrary"]) | ((_abstract < 50) & (pl.col("n_common") >= 120))
_backed, _opposed = pl.col("same_listing"), pl.col("other_listing")
_backed_twice = _backed & pl.col("same_authors")
_enough = (_difference != "extra") | (pl.col("n_letters") >= 40) | _backed_twice


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold for two records to be one paper, how `match_rule` tells of it, and what that means."""

    name: str
    match_rule: str
    holds: pl.Expr
    says: str


RULES = (
    Rule("same_id", "arxiv_id", pl.col("same_id"), "the same arXiv id or DOI"),
    Rule(
        "title_and_abstract",
        "title_key",
        _same_title & (_abstract >= pl.when(pl.col("n_letters") >= 40).then(50).otherwise(60)),
        "equal titles, like abstracts",
    ),
    Rule(
        "title_alone", "title_key", _same_title & _no_abstract & _long_title, "equal long titles, an abstract missing"
    ),
    Rule(
        "short_title_backed",
        "title_key",
        _same_title & _no_abstract & (pl.col("n_letters") >= 8) & _backed & ~_opposed,
        "equal short titles, an abstract missing, and the listing agrees",
    ),
    Rule(
        "title_and_summary",
        "title_key",
        _same_title & (pl.col("summary") >= 88),
        "equal titles, a summary for an abstract",
    ),
    Rule(
        "title_backed",
        "title_key",
        _same_title & (pl.col("n_letters") >= 40) & _backed_twice & ~_opposed,
        "equal long titles, other words for an abstract, and the listing agrees twice",
    ),
    Rule(
        "close_title_and_abstract",
        "fuzzy",
        (_title >= 93) & (_abstract >= 97) & pl.col("same_numbers"),
        "titles and abstracts that are nearly equal",
    ),
    Rule("near_title_and_abstract", "fuzzy", _near & (_abstract >= 70), "one title misspelt or cut, like abstracts"),
    Rule(
        "near_title_alone",
        "fuzzy",
        _surely_near & _no_abstract & _long_title & ~_opposed,
        "one long title misspelt or cut, an abstract missing",
    ),
    Rule(
        "near_title_and_summary", "fuzzy", _near & (pl.col("summary") >= 88), "one title misspelt or cut, and a summary"
    ),
    Rule(
        "longer_title", "fuzzy", _part & (_abstract >= 85), "one title with words that the other lacks, like abstracts"
    ),
    Rule(
        "longer_title_backed",
        "fuzzy",
        _part & ((_no_abstract & _long_title & _alike & _enough & ~_opposed) | (_abstract >= 70)) & _backed,
        "one title with words that the other lacks, and the listing agrees",
    ),
    Rule(
        "close_title_backed",
        "fuzzy",
        (_title >= 90)
        & _difference.is_in(["other", "typo"])
        & pl.col("same_numbers")
        & _no_abstract
        & _long_title
        & _backed_twice
        & ~_opposed,
        "long titles that are nearly equal, an abstract missing, and the listing agrees twice",
    ),
    Rule(
        "abstract_alone",
        "fuzzy",
        (_abstract >= 98.5) & _long_abstract,
        "other titles, long abstracts that are the same",
    ),
    Rule(
        "abstract_backed",
        "fuzzy",
        (_abstract >= 85) & _long_abstract & _backed,
        "other titles, like abstracts, and the listing agrees",
    ),
)
"""The first that holds counts."""

VETOES = {
    "other_id": pl.col("other_id"),
    "other_number": (_difference == "number") & ~pl.col("same_id"),
    "other_date": (pl.col("n_days") > MOST_DAYS) & _no_abstract & ~pl.col("same_id"),
}
"""What speaks against every rule."""

_is_accepted = pl.col("rule").is_not_null() & pl.col("veto").is_null()
_NEAR_MISS = (_title >= 90) | (_abstract >= 85)


def decide(scored: pl.DataFrame, rules: Sequence[Rule] = RULES) -> pl.DataFrame:
    """EVIDENCE of the pairs that a rule holds for and of near misses.

    Args:
        scored: `left`, `right`, SCORES, `difference`, `n_letters` of the shorter title, and what ids and listing say:
            `same_id`, `other_id`, `same_listing`, `same_authors`, `other_listing`, `n_days`.
        rules: those to apply, for the benchmark that leaves one out.
    """
    rule, told = (
        pl.coalesce([pl.when(one.holds).then(pl.lit(value)) for one, value in ((r, getattr(r, name)) for r in rules)])
        for name in ("name", "match_rule")
    )
    veto = pl.coalesce([pl.when(holds).then(pl.lit(name)) for name, holds in VETOES.items()])
    decided = scored.with_columns(rule=rule, match_rule=told, veto=veto, is_apart=_apart.fill_null(False))
    score = pl.when(pl.col("match_rule") == "fuzzy").then(pl.coalesce("abstract", "title")).otherwise("abstract")
    kept = decided.with_columns(match_score=score).filter(pl.col("rule").is_not_null() | _NEAR_MISS)
    return kept.select(EVIDENCE.names()).cast(EVIDENCE)


def apart(evidence: pl.DataFrame) -> pl.DataFrame:
    """`left`, `right` of the pairs that are two papers by what they say themselves."""
    return evidence.filter("is_apart", ~_is_accepted).select("left", "right")


def accepted(evidence: pl.DataFrame) -> pl.DataFrame:
    """EVIDENCE of the pairs that a rule joins and nothing speaks against; `is_confirmed` where an id or abstracts do.

    Args:
        evidence: EVIDENCE.
    """
    joined = evidence.filter(_is_accepted)
    return joined.with_columns(is_confirmed=pl.col("abstract").is_not_null() | (pl.col("match_rule") == "arxiv_id"))
