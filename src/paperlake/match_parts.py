"""Matching in parts that any process can take: first pairs are found by spans of block keys, then weighed by later row.

The pairs of a block depend on that block alone, and the evidence of a pair on its two rows and the words known; so
parts of any number and order give the same. A pair may be met in several blocks and spans, but is weighed once: that
costs ten times what finding it does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from paperlake.identity.matching import weigh
from paperlake.identity.pairs import Pairs, Span, cut, distinct, find_pairs_within, of_rows
from paperlake.match_files import WAITING, Index, map_frame, read_index, write_mappable
from paperlake.match_index import matching_folder, waiting_index
from paperlake.work import make_folder_once, make_once, work_name

_PAIRS = "pairs.arrow"


@dataclass(frozen=True, slots=True)
class PairOrder:
    """A span of block keys to find pairs in, of the rows that wait in the index of a work folder."""

    work: Path
    waiting: str
    span: Span

    @property
    def folder(self) -> Path:
        """Where the pairs go."""
        return self.work / work_name("pairs", self.waiting, self.span)


@dataclass(frozen=True, slots=True)
class MatchOrder:
    """Rows that wait, from the first number up to the second, to be matched; and where all pairs lie."""

    work: Path
    waiting: str
    rows: tuple[int, int]
    paired: tuple[Path, ...]

    @property
    def folder(self) -> Path:
        """Where the evidence goes."""
        return self.work / work_name("evidence", self.waiting, self.rows)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The rows that wait in the index of a work folder, cut into parts."""

    work: Path
    name: str
    spans: tuple[Span, ...] = ()
    parts: tuple[tuple[int, int], ...] = ()

    @property
    def n_rows(self) -> int:
        """How many wait."""
        return sum(stop - start for start, stop in self.parts)

    @property
    def to_pair(self) -> list[PairOrder]:
        """An order a span of keys."""
        return [PairOrder(self.work, self.name, span) for span in self.spans]

    def to_match(self, paired: Sequence[Path]) -> list[MatchOrder]:
        """An order a part of the rows."""
        return [MatchOrder(self.work, self.name, rows, tuple(paired)) for rows in self.parts]


def cut_waiting(work: Path, rows_a_part: int) -> Waiting:
    """The rows that wait in parts of about so many, by their number alone."""
    index = waiting_index(matching_folder(work)) or Index()
    entered, first = index.segments[index.n_weighed :], _first_waiting(index)
    if not entered:
        return Waiting(work, "")
    n_rows = sum(one.facts.height for one in entered)
    n_parts = -(-n_rows // rows_a_part)
    edges = [first + n_rows * at // n_parts for at in range(n_parts + 1)]
    name = "-".join(one.name for one in entered)
    return Waiting(work, name, tuple(cut(entered[0].keys["key"].to_numpy(), n_parts)), tuple(pairwise(edges)))


def find_part(order: PairOrder) -> Path:
    """Folder with the pairs of rows that wait in a span of block keys."""

    def fill(folder: Path) -> None:
        index = read_index(matching_folder(order.work), WAITING)
        keys, n_old = index.known.keys, index.n_weighed
        pairs = find_pairs_within(order.span, keys[n_old:], keys[:n_old], _first_waiting(index))
        write_mappable(pl.DataFrame({"pair": pairs}), folder / _PAIRS)

    return make_folder_once(order.folder, fill)


def match_part(order: MatchOrder) -> Path:
    """Folder with `evidence`: EVIDENCE of all pairs of some rows that wait."""

    def make() -> dict[str, pl.DataFrame]:
        known = read_index(matching_folder(order.work), WAITING).known
        return {"evidence": weigh(_pairs_of(order), known)}

    return make_once(order.folder, make)


def _pairs_of(order: MatchOrder) -> Pairs:
    found = [map_frame(folder / _PAIRS)["pair"].to_numpy() for folder in order.paired]
    return distinct(np.concatenate([of_rows(pairs, *order.rows) for pairs in found]))


def _first_waiting(index: Index) -> int:
    return sum(one.facts.height for one in index.segments[: index.n_weighed])
