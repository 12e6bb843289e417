"""Pairs to clusters, the same for every peer: one arXiv id is one paper, two arXiv ids are two papers.

Most packages know no such rule, so that it is given to all of them: pairs with two ids fall out, records with one id
are joined, and a component that still holds two ids is joined anew by falling score, leaving out what would
join two ids.
"""

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

_SURE = float("inf")


def possible_pairs(pairs: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """The pairs that may be one paper: not of two arXiv ids, nor, where records come of two sources, of one source."""
    ids = records["arxiv_id"]
    left, right = ids.gather(pairs["left"]), ids.gather(pairs["right"])
    is_possible = (left == right).fill_null(value=True)
    source = records["source"]
    if source.n_unique() > 1:
        is_possible &= source.gather(pairs["left"]) != source.gather(pairs["right"])
    return pairs.filter(is_possible)


def pairs_of_ids(records: pl.DataFrame) -> pl.DataFrame:
    """One pair from the first record of each arXiv id to every other record of it."""
    first = pl.col("row").first().over("arxiv_id").alias("left")
    chained = records.filter(pl.col("arxiv_id").is_not_null()).select(first, pl.col("row").alias("right"))
    return chained.filter(pl.col("left") != pl.col("right")).with_columns(pl.lit(_SURE).alias("score"))


def join_pairs(pairs: pl.DataFrame, records: pl.DataFrame) -> pl.Series:
    """The number of the cluster (Int64) of every record."""
    edges = pl.concat([pairs_of_ids(records), possible_pairs(pairs, records)], how="vertical_relaxed")
    cluster = components(edges, records.height)
    members = records.select("row", "arxiv_id").with_columns(cluster.alias("cluster"))
    mixed = members.filter(pl.col("arxiv_id").drop_nulls().n_unique().over("cluster") > 1)
    again = _join_by_score(edges.filter(pl.col("left").is_in(mixed["row"].implode())), mixed)
    new = pl.Series([again.get(row, 0) for row in mixed["row"].to_list()], dtype=pl.Int64) + records.height
    return cluster.scatter(mixed["row"], new)


def components(edges: pl.DataFrame, n_records: int) -> pl.Series:
    """The number of the connected component (Int64) of every record."""
    ends = edges["left"].to_numpy(), edges["right"].to_numpy()
    graph = coo_array((np.ones(edges.height, dtype=np.int8), ends), shape=(n_records, n_records))
    return pl.Series(connected_components(graph, directed=False)[1], dtype=pl.Int64)


def _join_by_score(edges: pl.DataFrame, members: pl.DataFrame) -> dict[int, int]:
    """The first row of the cluster of each row, when edges are taken by falling score and no cluster has two ids."""
    root = {row: row for row in members["row"].to_list()}
    known = dict(members.select("row", "arxiv_id").iter_rows())

    def find(row: int) -> int:
        while root[row] != row:
            root[row] = root[root[row]]
            row = root[row]
        return row

    for left, right in edges.sort("score", descending=True).select("left", "right").iter_rows():
        one, other = find(left), find(right)
        if known[one] is None or known[other] is None or known[one] == known[other]:
            root[other] = one
            known[one] = known[one] or known[other]
    return {row: find(row) for row in root}
