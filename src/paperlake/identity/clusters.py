"""Appearances that are one paper: the connected components of accepted pairs, unless something in one contradicts.

Pairs are joined in the order in which their later row entered, so that what a row joins depends on earlier rows alone:
dumps that come later may join clusters, and never part them.
"""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from paperlake.identity.decisions import MOST_DAYS
from paperlake.text_columns import hash64

Pair = tuple[int, int]
Firsts = npt.NDArray[np.uint32]
"""For each row the first row of its cluster."""


def find_clusters(
    edges: pl.DataFrame,
    marks: pl.DataFrame,
    same: Iterable[Pair] = (),
    different: Iterable[Pair] = (),
    apart: pl.DataFrame | None = None,
) -> pl.Series:
    """For each row the number of the first row of its cluster (UInt32).

    Args:
        edges: accepted pairs `left` < `right` (row numbers), `match_score`, `is_confirmed`.
        marks: `arxiv_id`, `published_on` of the rows, null where unknown. No cluster has two ids but by judgement, nor
            dates far apart but by a pair that is confirmed.
        same: pairs of rows that people judged to be one paper.
        different: pairs of rows that people judged to be two.
        apart: `left`, `right` of rows that say themselves that they are two papers: only a pair that is confirmed puts
            them into one cluster.
    """
    schema = {"left": pl.UInt32(), "right": pl.UInt32()}
    apart = pl.DataFrame(schema=schema) if apart is None else apart
    judged = pl.DataFrame(list(same), schema=schema, orient="row")
    first = _components(pl.concat([edges.select("left", "right"), judged]), marks.height)
    parted = [row for pair in different for row in pair]
    at_odds = apart.filter(pl.Series(first[apart["left"].to_numpy()] == first[apart["right"].to_numpy()]))
    doubtful = _doubtful_rows(first, marks, [*parted, *at_odds["left"]])
    if doubtful.is_empty():
        return pl.Series(first)
    inside = edges.filter(pl.col("right").is_in(doubtful["row"].implode()))
    joined = _Joined(doubtful.select("row", "arxiv_id", "day").rows(), different, at_odds.rows())
    return joined.first_rows(pl.Series(first), judged.rows(), inside)


def _doubtful_rows(first: Firsts, marks: pl.DataFrame, parted: list[int]) -> pl.DataFrame:
    """`row`, `arxiv_id`, `day` of the components that hold two ids, days far apart, or rows that people parted."""
    day = marks["published_on"].to_physical()
    ids = marks.select(hash64(pl.col("arxiv_id"))).to_series()
    is_doubtful = _holds_apart(first, ids, 0) | _holds_apart(first, day, MOST_DAYS)
    is_doubtful[first[parted]] = True
    rows = np.flatnonzero(is_doubtful[first]).astype(np.uint32)
    return pl.DataFrame({"row": rows, "arxiv_id": marks["arxiv_id"].gather(rows), "day": day.gather(rows)})


def _holds_apart(first: Firsts, values: pl.Series, most: int) -> npt.NDArray[np.bool_]:
    """Whether the component of a first row holds values farther apart than `most`; unknown values count for nothing."""
    known, of = values.drop_nulls().to_numpy(), first[values.is_not_null().to_numpy()]
    bounds = np.iinfo(known.dtype)
    lowest, highest = (np.full(len(first), bound, known.dtype) for bound in (bounds.max, bounds.min))
    np.minimum.at(lowest, of, known)
    np.maximum.at(highest, of, known)
    apart: npt.NDArray[np.bool_] = (highest > lowest) & (highest - lowest > most)
    return apart


def _components(edges: pl.DataFrame, n_rows: int) -> Firsts:
    """The first row of each row's component: of two that an edge joins the later first row gives way to the earlier.

    Each two rounds leave at most half of the first rows of a component, whatever the edges.
    """
    first: Firsts = np.arange(n_rows, dtype=np.uint32)
    left, right = edges["left"].to_numpy(), edges["right"].to_numpy()
    while len(left):
        mine, theirs = first[left], first[right]
        np.minimum.at(first, np.maximum(mine, theirs), np.minimum(mine, theirs))
        first = _settle(first)
        apart = first[left] != first[right]
        left, right = left[apart], right[apart]
    return first


def _settle(first: Firsts) -> Firsts:
    """Each row with the end of its way from first row to first row."""
    while not np.array_equal(further := first[first], first):
        first = further
    return first


class _Joined:
    """Clusters of the rows of doubtful components, joined pair by pair; Python, since it sees only those."""

    def __init__(
        self, rows: list[tuple[int, str | None, int | None]], different: Iterable[Pair], apart: Iterable[Pair]
    ) -> None:
        self._parent = {row: row for row, _, _ in rows}
        self._ids = {row: {name} for row, name, _ in rows if name}
        self._days = {row: (day, day) for row, _, day in rows if day is not None}
        self._others = self._by_row(different)
        self._odds = self._by_row(apart)

    def _by_row(self, pairs: Iterable[Pair]) -> dict[int, list[int]]:
        """The rows that each row of a pair must not meet."""
        others: defaultdict[int, list[int]] = defaultdict(list)
        for left, right in pairs:
            if left in self._parent and right in self._parent:
                others[left].append(right)
                others[right].append(left)
        return dict(others)

    def first_rows(self, first: pl.Series, judged: Iterable[Pair], edges: pl.DataFrame) -> pl.Series:
        """`first` with the first row of each cluster of the rows that are here."""
        for left, right in judged:
            if left in self._parent:
                self._join(self._root(left), self._root(right))
        in_order = edges.sort("right", -pl.col("match_score"), "left")
        for left, right, is_confirmed in in_order.select("left", "right", "is_confirmed").iter_rows():
            a, b = self._root(left), self._root(right)
            if a != b and self._may_join(a, b, is_confirmed):
                self._join(a, b)
        rows = list(self._parent)
        return first.scatter(rows, pl.Series([self._root(row) for row in rows], dtype=pl.UInt32))

    def _may_join(self, a: int, b: int, is_confirmed: bool) -> bool:
        mine, theirs = self._ids.get(a, set()), self._ids.get(b, set())
        if not (mine <= theirs or theirs <= mine) or self._are_parted(self._others, a, b):
            return False
        return is_confirmed or (self._days_agree(a, b) and not self._are_parted(self._odds, a, b))

    def _are_parted(self, others: dict[int, list[int]], a: int, b: int) -> bool:
        """Whether a row of one cluster must not meet a row of the other; the one with fewer such rows is asked."""
        if a not in others or b not in others:
            return False
        few, other = (a, b) if len(others[a]) <= len(others[b]) else (b, a)
        return any(self._root(row) == other for row in others[few])

    def _days_agree(self, a: int, b: int) -> bool:
        """Whether two clusters together are of days no farther apart than either alone, or than may be."""
        spans = [self._days[root] for root in (a, b) if root in self._days]
        farthest = max((last - first for first, last in spans), default=0)
        together = max((last for _, last in spans), default=0) - min((first for first, _ in spans), default=0)
        return together <= max(farthest, MOST_DAYS)

    def _join(self, left: int, right: int) -> None:
        a, b = sorted((left, right))
        if a == b:
            return
        self._parent[b] = a
        if b in self._ids:
            self._ids[a] = self._ids.get(a, set()) | self._ids.pop(b)
        for others in (self._others, self._odds):
            if b in others:
                few, many = sorted((others.pop(b), others.pop(a, [])), key=len)
                many += few
                others[a] = many
        spans = [self._days[root] for root in (a, b) if root in self._days]
        if spans:
            self._days[a] = min(first for first, _ in spans), max(last for _, last in spans)

    def _root(self, row: int) -> int:
        while self._parent[row] != row:
            self._parent[row] = self._parent[self._parent[row]]
            row = self._parent[row]
        return row
