"""Every appearance with its paper, and why: exact ids decide, equal titles with agreeing abstracts come next.

A pure function of the appearances in order of entry. So one run or many make no difference: the same appearances give
the same papers, ids and matches.
"""

import polars as pl

from paperlake.identity.blocking import find_pairs
from paperlake.identity.clusters import find_clusters
from paperlake.identity.registry import paper_ids
from paperlake.identity.scoring import LEAST_AGREEMENT, abstract_agreement

LEAST_KEY = 20
"""Letters of a title key that is enough alone where one side has no abstract: "HyperNetworks" is not."""

MATCHES = pl.Schema(
    {
        "appearance_id": pl.String(),
        "paper_id": pl.String(),
        "match_rule": pl.String(),
        "match_score": pl.Float32(),
        "matched_with": pl.String(),
    }
)


def resolve_identity(clean: pl.DataFrame) -> pl.DataFrame:
    """MATCHES: the same rows in the same order.

    Args:
        clean: `appearance_id`, `title_key`, `abstract_key`, `arxiv_id` of all appearances in order of entry.
    """
    rows = clean.select("appearance_id", "title_key", "abstract_key", "arxiv_id").with_row_index("row")
    edges = pl.concat([_arxiv_edges(rows), _title_edges(rows)])
    rows = rows.with_columns(first=find_clusters(edges, rows["arxiv_id"]))
    ids = paper_ids(rows.filter(pl.col("row") == pl.col("first"))["appearance_id"])
    first_ids = rows.filter(pl.col("row") == pl.col("first")).select(first="row", paper_id=ids)
    matched = rows.join(first_ids, on="first", how="left", maintain_order="left")
    matched = matched.join(_best_edges(edges, rows), on="row", how="left", maintain_order="left")
    return matched.with_columns(pl.col("match_rule").fill_null("new")).select(MATCHES.names()).cast(MATCHES)


def _arxiv_edges(rows: pl.DataFrame) -> pl.DataFrame:
    pairs = find_pairs(rows, "arxiv_id")
    return pairs.with_columns(match_rule=pl.lit("arxiv_id"), match_score=pl.lit(None, pl.Float32))


def _title_edges(rows: pl.DataFrame) -> pl.DataFrame:
    facts = rows.select("row", "title_key", "abstract_key", "arxiv_id")
    pairs = find_pairs(rows, "title_key")
    for side in ("left", "right"):
        named = facts.rename({name: f"{side}_{name}" for name in facts.columns})
        pairs = pairs.join(named, left_on=side, right_on=f"{side}_row", how="left", maintain_order="left")
    pairs = pairs.with_columns(match_score=abstract_agreement(pairs["left_abstract_key"], pairs["right_abstract_key"]))
    same_id = (pl.col("left_arxiv_id") == pl.col("right_arxiv_id")).fill_null(True)
    long_key = pl.col("left_title_key").str.len_chars() >= LEAST_KEY
    agrees = (pl.col("match_score") >= LEAST_AGREEMENT).fill_null(long_key)
    accepted = pairs.filter(same_id & agrees)
    return accepted.select("left", "right", match_rule=pl.lit("title_key"), match_score="match_score")


def _best_edges(edges: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """For each row that is not the first of its cluster the pair that speaks loudest, earlier partners first."""
    firsts = rows.select("row", "first")
    both = pl.concat(
        [edges.rename({"left": "partner", "right": "row"}), edges.rename({"left": "row", "right": "partner"})],
        how="diagonal",
    )
    inside = both.join(firsts, on="row").join(firsts.rename({"row": "partner", "first": "partner_first"}), on="partner")
    inside = inside.filter((pl.col("first") == pl.col("partner_first")) & (pl.col("row") != pl.col("first")))
    loudest = inside.sort(
        "row",
        pl.col("partner") > pl.col("row"),
        pl.col("match_rule") != "arxiv_id",
        -pl.col("match_score").fill_null(0),
        "partner",
    ).unique("row", keep="first", maintain_order=True)
    names = rows.select(partner="row", matched_with="appearance_id")
    return loudest.join(names, on="partner", how="left").select("row", "match_rule", "match_score", "matched_with")
