"""Appearances that are one paper: the connected components of accepted pairs, never with two arXiv ids in one."""

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def find_clusters(edges: pl.DataFrame, arxiv_ids: pl.Series) -> pl.Series:
    """For each row the number of the first row of its cluster (UInt32).

    Args:
        edges: accepted pairs `left`, `right` (row numbers), `match_rule`, `match_score`.
        arxiv_ids: the rows' arXiv ids, null where unknown; a component with two of them is joined again, strongest
            pair first, without the pairs that would bring two together.
    """
    labels = _components(edges, arxiv_ids.len())
    frame = pl.DataFrame({"label": labels, "arxiv_id": arxiv_ids}).with_row_index("row")
    n_ids = pl.col("arxiv_id").drop_nulls().n_unique().over("label")
    conflicting = frame.filter(n_ids > 1)
    first = frame.select(pl.col("row").min().over("label")).to_series()
    if conflicting.is_empty():
        return first
    inside = edges.filter(pl.col("right").is_in(conflicting["row"].implode()))
    rejoined = _join_without_conflict(inside, conflicting)
    return first.scatter(pl.Series(list(rejoined)), pl.Series(list(rejoined.values()), dtype=pl.UInt32))


def _components(edges: pl.DataFrame, n_rows: int) -> pl.Series:
    left, right = edges["left"].to_numpy(), edges["right"].to_numpy()
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(n_rows, n_rows))
    return pl.Series(connected_components(graph, directed=False)[1])


def _join_without_conflict(edges: pl.DataFrame, rows: pl.DataFrame) -> dict[int, int]:
    """First row of each row's cluster; Python, since it sees only the components in which two arXiv ids met."""
    parent = {row: row for row in rows["row"]}
    known = dict(rows.select("row", "arxiv_id").iter_rows())
    by_strength = [pl.col("match_rule") != "arxiv_id", -pl.col("match_score").fill_null(0), "right", "left"]
    for left, right in edges.sort(by_strength).select("left", "right").iter_rows():
        a, b = sorted((_root(parent, left), _root(parent, right)))
        if known[a] is None or known[b] is None or known[a] == known[b]:
            parent[b] = a
            known[a] = known[a] or known[b]
    return {row: _root(parent, row) for row in parent}


def _root(parent: dict[int, int], row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row
