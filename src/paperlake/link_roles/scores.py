"""The role of each link of a paper, how sure we are, and the rules that spoke.

Every rule that spoke for or against has a weight for each role, in `weights.csv`: the roles' sums become shares of
one (softmax). So a confidence follows from `evidence` alone. The weights are fitted to labelled links by
`python -m benchmarks.link_roles --fit`, all but those of rules that no single paper can show.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate

import numpy as np
import polars as pl

from paperlake.link_roles.rules import RuleError, link_rules, own_rules
from paperlake.vocabularies import LINK_ROLES

ALWAYS = "always"
"""The rule that speaks for every link: how often each role is met at all."""
_LEAST_NAME = 4
"""Letters of a repository's name that are enough to be met in a title by more than chance."""
_SEVERAL, _MANY = 3, 10
"""Papers that link one repository, from which it is hardly the code of each: a library, a benchmark, a tool."""
_PLACES_AFTER_POINT = 3
_WORD = re.compile(r"[a-z0-9]+")


def add_paper_cues(links: pl.DataFrame) -> pl.DataFrame:
    """The links with `evidence`: their `cues` and what only the paper's title and other links show, sorted.

    Args:
        links: one row a paper and URL with `paper_id`, `title`, `url`, `repository`, `cues` (list of rule names), and
            `is_furniture`, whether the URL stands beside a good part of the papers of one dump.
    """
    tests = _title_tests() | _listing_tests() | _frequency_tests()
    said = links.select("cues", *(test.fill_null(False).alias(cue) for cue, test in tests.items()))
    key = pl.concat_str(
        pl.col("cues").cast(pl.List(pl.String)).list.join(" "),
        *(pl.col(cue).cast(pl.Int8) for cue in tests),
        separator="|",
    )
    keyed = said.with_columns(key=key)
    distinct = keyed.unique("key", maintain_order=True).select("key", evidence=_with_found(list(tests)))
    return links.with_columns(keyed.join(distinct, on="key", how="left", maintain_order="left")["evidence"])


def _with_found(cues: Sequence[str]) -> pl.Expr:
    """`cues` with the names of the columns that say so, each once, sorted; made once for links that say the same."""
    found = pl.concat_list(pl.when(cue).then(pl.lit(cue)) for cue in cues)
    return pl.concat_list("cues", found.list.drop_nulls()).list.unique().list.sort()


def _title_tests() -> dict[str, pl.Expr]:
    """What the title says; nothing of a repository that several papers name: it may be what they write about."""
    is_own = pl.len().over("url") < _SEVERAL
    name = _letters(pl.col("repository").str.split("/").list.last())
    method = _letters(pl.col("title").str.extract(r"^([^:]+):"))
    stands_there = (name.str.len_chars() >= _LEAST_NAME) & _letters(pl.col("title")).str.contains(name, literal=True)
    as_words = pl.struct(pl.when(stands_there & is_own).then("title").alias("title"), name.alias("name"))
    return {
        "name_in_title": as_words.map_batches(_are_words, return_dtype=pl.Boolean),
        "method_in_name": is_own & (method.str.len_chars() >= _LEAST_NAME) & name.str.contains(method, literal=True),
    }


def _are_words(rows: pl.Series) -> pl.Series:
    """Whether each name is one word of its title, or several in a row; titles are null where it cannot be."""
    named = rows.struct.unnest().iter_rows()
    return pl.Series([title is not None and is_run_of_words(name, title) for title, name in named], dtype=pl.Boolean)


def is_run_of_words(name: str, title: str) -> bool:
    """Whether a name in small letters is one word of a title, or several in a row.

    >>> is_run_of_words("dripnet", "Drip Net for Pots"), is_run_of_words("verl", "Overlapping Pots")
    (True, False)
    """
    words = _WORD.findall(title.lower())
    starts = [0, *accumulate(map(len, words))]
    edges = set(starts)
    return any(words and "".join(words)[at : at + len(name)] == name and at + len(name) in edges for at in starts)


def _listing_tests() -> dict[str, pl.Expr]:
    is_code = pl.col("repository").is_not_null()
    is_listed = pl.col("cues").list.contains("in_listing")
    is_ours = is_code & pl.any_horizontal(pl.col("cues").list.contains(cue) for cue in own_rules())
    return {
        "listing_differs": is_code & ~is_listed & is_listed.any().over("paper_id"),
        "another_is_ours": is_code & ~is_ours & is_ours.any().over("paper_id"),
        "only_repository": is_code & (is_code.sum().over("paper_id") == 1),
    }


def _frequency_tests() -> dict[str, pl.Expr]:
    n_papers = pl.len().over("url")
    return {
        "several_papers": n_papers.is_between(_SEVERAL, _MANY - 1),
        "many_papers": n_papers >= _MANY,
        "page_furniture": pl.col("is_furniture"),
    }


def _letters(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.replace_all(r"[^a-z0-9]", "")


def judge_roles(evidence: pl.Series, weights: pl.DataFrame | None = None) -> pl.DataFrame:
    """One row a list of rule names: `role`, `confidence` (Float32, 0-1), and the share of each role under its name.

    Args:
        evidence: lists of rule names.
        weights: other weights than `role_weights()`.
    """
    keys = evidence.list.join(" ").alias("key")
    distinct = keys.unique(maintain_order=True)
    shares = _softmax(_summed(distinct, role_weights() if weights is None else weights)).round(_PLACES_AFTER_POINT)
    best = shares.argmax(axis=1)
    judged = pl.DataFrame(
        {
            "key": distinct,
            "role": pl.Series(np.array(LINK_ROLES)[best], dtype=pl.String),
            "confidence": pl.Series(shares.max(axis=1, initial=0), dtype=pl.Float32),
            **{role: pl.Series(shares[:, n], dtype=pl.Float32) for n, role in enumerate(LINK_ROLES)},
        }
    )
    return keys.to_frame().join(judged, on="key", how="left", maintain_order="left").drop("key")


@cache
def role_weights() -> pl.DataFrame:
    """`rule` and a column of weights for each role, in natural logarithms of odds.

    Raises:
        RuleError: a rule has no weights, or there are weights of no rule.
    """
    table = files("paperlake.link_roles").joinpath("weights.csv").read_bytes()
    weights = pl.read_csv(table, schema={"rule": pl.String(), **dict.fromkeys(LINK_ROLES, pl.Float64())})
    expect_weights(weights["rule"], link_rules())
    return weights


def expect_weights(weighed: Collection[str], rules: Collection[str]) -> None:
    """Check that each rule has weights, and that there are no others.

    Raises:
        RuleError: it is otherwise.
    """
    for rule in sorted(set(rules) ^ set(weighed)):
        expected, found = ("weights in weights.csv", "none") if rule in rules else ("a rule for its weights", "none")
        raise RuleError(rule, expected, found, "Run `python -m benchmarks.link_roles --fit`, which writes weights.csv.")


def _summed(keys: pl.Series, weights: pl.DataFrame) -> np.ndarray:
    """The weights of each line of rule names, summed: one row a line, one column a role."""
    rules = keys.to_frame("key").with_row_index("row").with_columns(rule=pl.col("key").str.split(" "))
    spoken = pl.concat([rules.explode("rule").select("row", "rule"), rules.select("row", rule=pl.lit(ALWAYS))])
    known = spoken.join(weights, on="rule", how="inner")
    return known.group_by("row").agg(pl.col(LINK_ROLES).sum()).sort("row").select(LINK_ROLES).to_numpy()


def _softmax(sums: np.ndarray) -> np.ndarray:
    powers: np.ndarray = np.exp(sums - sums.max(axis=1, keepdims=True, initial=0))
    shares: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return shares
