"""Peer: recordlinkage, on pandas: sorted neighbourhood and blocks, Jaro-Winkler and word counts, a sum with weights.

The classifier that learns alone (ECM) wants yes or no for every comparison; a sum with weights keeps how much.

    python recordlinkage_peer.py IN.parquet OUT.parquet
"""

import pandas as pd
import polars as pl
import recordlinkage
from peer_run import is_given, run
from peer_texts import key, numbers, plain

THRESHOLD = 0.94
"""Best pair F1 for records with abstracts, in steps of 0.02 on one seed of invented papers; with authors 0.92."""
WINDOW = 7
EDGE = 12
SENTENCE = 80
ABSTRACT = 300
"""Letters of an abstract that are compared."""


def prepare(records: pl.DataFrame) -> pd.DataFrame:
    """The columns that index and comparisons name, indexed by number of row."""
    columns = records.select(
        "row",
        "source",
        "year",
        key("title").fill_null("").alias("title"),
        numbers("title").alias("numbers"),
        plain("abstract").str.head(ABSTRACT).alias("abstract"),
        plain("authors").alias("authors"),
    )
    edges = {
        "head": pl.col("title").str.head(EDGE),
        "tail": pl.col("title").str.tail(EDGE),
        "backwards": pl.col("title").str.reverse(),
        "abstract_head": pl.col("abstract").str.head(SENTENCE),
    }
    return columns.with_columns(**edges).to_pandas().set_index("row")


def index_pairs(frames: list[pd.DataFrame]) -> pd.MultiIndex:
    """Pairs to compare: neighbours among the titles in order, read from either end; same start of the abstract."""
    indexer = recordlinkage.Index()
    indexer.sortedneighbourhood("title", window=WINDOW)
    indexer.sortedneighbourhood("backwards", window=WINDOW)
    if frames[0]["abstract_head"].notna().any():
        indexer.block("abstract_head")
    return indexer.index(*frames)


def comparisons(records: pl.DataFrame) -> tuple[recordlinkage.Compare, dict[str, float]]:
    """The comparisons for what the records have, and the weight of each."""
    compare = recordlinkage.Compare()
    compare.string("title", "title", method="jarowinkler", label="title")
    compare.exact("numbers", "numbers", label="numbers")
    weights = {"title": 0.5, "numbers": 0.2}
    if is_given(records, "abstract"):
        compare.string("abstract", "abstract", method="cosine", missing_value=float("nan"), label="abstract")
        weights["abstract"] = 0.3
    if is_given(records, "authors"):
        compare.string("authors", "authors", method="cosine", missing_value=float("nan"), label="authors")
        compare.exact("year", "year", missing_value=float("nan"), label="year")
        weights |= {"authors": 0.2, "year": 0.1}
    return compare, weights


def link(records: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """The pairs whose mean with weights, over the comparisons that both records have values for, is high enough."""
    prepared = prepare(records)
    frames = [part for _, part in prepared.groupby("source", dropna=False)]
    pairs = index_pairs(frames)
    compare, weights = comparisons(records)
    features = compare.compute(pairs, *frames)
    weight = pd.Series(weights)
    given = features.notna().mul(weight, axis=1).sum(axis=1)
    score = features.fillna(0).mul(weight, axis=1).sum(axis=1) / given
    found = score[score >= threshold]
    ends = [found.index.get_level_values(level).to_numpy() for level in (0, 1)]
    return pl.DataFrame({"left": ends[0], "right": ends[1], "score": found.to_numpy()}).cast(
        {"left": pl.UInt32, "right": pl.UInt32}
    )


if __name__ == "__main__":
    run(link, THRESHOLD, __doc__)
