"""Peer: Splink on DuckDB, an unsupervised Fellegi-Sunter model, with blocking rules and comparisons made for papers.

The threshold is a match weight, the binary logarithm of the odds: probabilities above 0.999 are all alike to the eye.

    python splink_peer.py IN.parquet OUT.parquet
"""

import logging
from typing import Any

import duckdb
import polars as pl
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from peer_run import is_given, run
from peer_texts import key, numbers, plain
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.blocking_rule_library import CustomRule

THRESHOLD = 2.0
"""Best pair F1 for records with abstracts, on one seed of invented papers; with authors and years 14."""
SEED = 7
N_RARE = 3
EDGE = 24
"""Letters at either end of a title that make a block."""
SENTENCE = 60
"""Letters of the start of an abstract, or of one of its first sentences, that make a block."""
N_SENTENCES = 3
N_RANDOM_PAIRS = 500_000
RECALL_OF_TITLES = 0.5
"""Share of the true pairs whose titles have the same letters, for the prior."""

_IDS = "(l.arxiv_id = r.arxiv_id or l.arxiv_id is null or r.arxiv_id is null)"


def overlap(column: str, share: float) -> levels.CustomLevel:
    """Level: that share of the words of the shorter list is in the other; so a cut text is like its whole."""
    common = f"len(list_intersect({column}_l, {column}_r))"
    return levels.CustomLevel(f"{common} >= {share} * least(len({column}_l), len({column}_r))")


def jaccard(column: str, share: float) -> levels.CustomLevel:
    """Level: Jaccard of two lists of words is at least the share."""
    common = f"len(list_intersect({column}_l, {column}_r))"
    return levels.CustomLevel(f"{common} * (1 + {share}) >= {share} * (len({column}_l) + len({column}_r))")


def rare(level: Any, u: float) -> Any:
    """The level with u given: of random pairs, most that are so alike are one paper, which spoils the estimate."""
    return level.configure(u_probability=u, fix_u_probability=True)


def title_comparison() -> comparisons.CustomComparison:
    """Titles: same letters, other numbers, misspelt, cut, some words different, or some words shared."""
    starts = "starts_with(title_key_l, title_key_r) or starts_with(title_key_r, title_key_l)"
    near = levels.Or(levels.JaroWinklerLevel("title_key", 0.92), jaccard("title_words", 0.5))
    steps: list[Any] = [
        levels.NullLevel("title_key"),
        rare(levels.ExactMatchLevel("title_key"), 2e-6),
        rare(levels.And(levels.CustomLevel("numbers_l <> numbers_r"), near), 1e-5),
        rare(levels.JaroWinklerLevel("title_key", 0.97), 5e-7),
        rare(levels.CustomLevel(starts), 2e-6),
        rare(jaccard("title_words", 0.75), 1e-6),
        rare(levels.JaroWinklerLevel("title_key", 0.92), 2e-6),
        rare(jaccard("title_words", 0.5), 1e-5),
        overlap("title_words", 0.75),
        jaccard("title_words", 0.25),
        levels.ElseLevel(),
    ]
    return comparisons.CustomComparison(steps, output_column_name="title")


def abstract_comparison() -> comparisons.CustomComparison:
    """Abstracts: the same opening and nearly all words, or a falling share of the shorter one's words."""
    steps: list[Any] = [
        levels.NullLevel("abstract_head"),
        rare(levels.And(levels.ExactMatchLevel("abstract_head"), overlap("abstract_words", 0.9)), 1e-6),
        rare(overlap("abstract_words", 0.9), 1e-6),
        rare(overlap("abstract_words", 0.75), 1e-5),
        *(overlap("abstract_words", share) for share in (0.6, 0.45, 0.3)),
        levels.ElseLevel(),
    ]
    return comparisons.CustomComparison(steps, output_column_name="abstract")


def author_comparison() -> comparisons.CustomComparison:
    """Authors: the same letters, or a falling share of words."""
    shares = [jaccard("author_words", share) for share in (0.8, 0.5, 0.25)]
    first: list[Any] = [levels.NullLevel("authors_key"), levels.ExactMatchLevel("authors_key")]
    return comparisons.CustomComparison([*first, *shares, levels.ElseLevel()], output_column_name="authors")


def year_comparison() -> comparisons.CustomComparison:
    """Years: the same, neighbours, or others."""
    near = levels.CustomLevel("abs(year_l - year_r) <= 1")
    steps: list[Any] = [levels.NullLevel("year"), levels.ExactMatchLevel("year"), near, levels.ElseLevel()]
    return comparisons.CustomComparison(steps, output_column_name="year")


def rare_words(records: pl.DataFrame) -> pl.DataFrame:
    """Per row `rare`: the pairs of its title's rarest words, as texts."""
    words = records.select("row", pl.col("title_words").alias("word")).explode("word")
    counted = words.with_columns(pl.len().over("word").alias("n")).sort("row", "n", "word")
    rarest = counted.group_by("row", maintain_order=True).agg(pl.col("word").head(N_RARE).sort())
    word = [pl.col("word").list.get(place, null_on_oob=True) for place in range(N_RARE)]
    pairs = [word[a] + " " + word[b] for a in range(N_RARE) for b in range(a + 1, N_RARE)]
    return rarest.select("row", pl.concat_list(pairs).list.drop_nulls().alias("rare"))


def prepare(records: pl.DataFrame) -> pl.DataFrame:
    """The columns that rules and comparisons name, one row a record."""
    sentences = pl.col("abstract").str.split(". ").list.head(N_SENTENCES)
    openings = sentences.list.eval(key_of_sentence()).list.drop_nulls().list.unique()
    columns = records.select(
        "row",
        "arxiv_id",
        "source",
        "year",
        key("title").alias("title_key"),
        numbers("title").alias("numbers"),
        plain("title").str.split(" ").list.unique().alias("title_words"),
        key("abstract").str.head(SENTENCE).alias("abstract_head"),
        plain("abstract").str.split(" ").list.unique().alias("abstract_words"),
        openings.alias("openings"),
        key("authors").alias("authors_key"),
        plain("authors").str.split(" ").list.unique().alias("author_words"),
    )
    edges = [pl.col("title_key").str.head(EDGE).alias("head"), pl.col("title_key").str.tail(EDGE).alias("tail")]
    return columns.with_columns(edges).join(rare_words(columns), on="row", how="left", maintain_order="left")


def key_of_sentence() -> pl.Expr:
    """The first letters of a sentence; null for one too short to tell."""
    letters = pl.element().str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", "").str.head(SENTENCE)
    return pl.when(letters.str.len_chars() == SENTENCE).then(letters)


def blocking_rules() -> list[Any]:
    """Pairs to compare: same start or end of the title, two rare words, same sentence; ids permitting."""
    whole = [CustomRule(f"l.{name} = r.{name} and {_IDS}") for name in ("head", "tail")]
    exploded = [
        CustomRule(f"l.{name} = r.{name} and {_IDS}", arrays_to_explode=[name]) for name in ("rare", "openings")
    ]
    return [*whole, *exploded]


def settings(records: pl.DataFrame) -> SettingsCreator:
    """The model's settings: comparisons of what the records have."""
    wanted = {"abstract": abstract_comparison, "authors": author_comparison, "year": year_comparison}
    given = [make() for name, make in wanted.items() if is_given(records, name)]
    return SettingsCreator(
        link_type="link_only" if is_given(records, "source") else "dedupe_only",
        source_dataset_column_name="source",
        unique_id_column_name="row",
        comparisons=[title_comparison(), *given],
        blocking_rules_to_generate_predictions=blocking_rules(),
        retain_matching_columns=False,
    )


def train(linker: Linker, second_block: list[str]) -> None:
    """Estimates the prior, then u from random pairs, then m by EM among pairs of one title and of one second block."""
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("title_key")], recall=RECALL_OF_TITLES)
    training.estimate_u_using_random_sampling(max_pairs=N_RANDOM_PAIRS, seed=SEED)
    for block in (["title_key"], second_block):
        training.estimate_parameters_using_expectation_maximisation(block_on(*block), record_sample_proportion=1.0)


def link(records: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """The pairs whose match weight is at least the threshold."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    database = DuckDBAPI(connection)
    tables = [database.register(table.to_arrow()) for table in prepare(records).partition_by("source")]
    linker = Linker(tables, settings(records), log_level=logging.ERROR)
    train(linker, ["abstract_head"] if is_given(records, "abstract") else ["authors_key", "year"])
    found = linker.inference.predict(threshold_match_weight=threshold).as_duckdbpyrelation()
    pairs = found.project("row_l as left, row_r as right, match_weight as score")
    return pl.DataFrame(pairs.arrow())


if __name__ == "__main__":
    run(link, THRESHOLD, __doc__)
