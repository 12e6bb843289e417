"""How well found clusters agree with the truth, counted in pairs; the cost is linear in the records."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Pairs of records in one cluster.

    Attributes:
        n_true: Pairs of one paper.
        n_found: Pairs of one found cluster.
        n_right: Pairs of both.
    """

    n_true: int
    n_found: int
    n_right: int

    @property
    def precision(self) -> float:
        """Share of the found pairs that are right; 1 where none was found."""
        return self.n_right / self.n_found if self.n_found else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that were found; 1 where there is none."""
        return self.n_right / self.n_true if self.n_true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.n_true + self.n_found
        return 2 * self.n_right / both if both else 1.0


def pair_figures(found: pl.Series, truth: pl.Series) -> PairFigures:
    """Counts of pairs.

    Args:
        found: Cluster of each record, of any type.
        truth: Paper of each record, in the same order.

    >>> figures = pair_figures(pl.Series([1, 1, 1, 2]), pl.Series([7, 7, 8, 8]))
    >>> figures.n_true, figures.n_found, figures.n_right
    (2, 3, 1)
    """
    labels = pl.DataFrame({"found": found, "truth": truth})
    return PairFigures(*(_count_pairs(labels, by) for by in (["truth"], ["found"], ["found", "truth"])))


def figures_of(found: pl.Series, labels: pl.DataFrame) -> PairFigures:
    """Counts of pairs; where there are several sources, of those whose records are of two.

    Args:
        found: Cluster of each record, of any type.
        labels: `truth` of each record, and its `source` where they have several.
    """
    if "source" in labels.columns:
        return cross_source_figures(found, labels["truth"], labels["source"])
    return pair_figures(found, labels["truth"])


def cross_source_figures(found: pl.Series, truth: pl.Series, source: pl.Series) -> PairFigures:
    """Counts of the pairs whose records are of two different sources."""
    whole = pair_figures(found, truth)
    tagged = pl.DataFrame({"found": found, "truth": truth, "source": source})
    within = [_count_pairs(tagged, [*by, "source"]) for by in (["truth"], ["found"], ["found", "truth"])]
    return PairFigures(whole.n_true - within[0], whole.n_found - within[1], whole.n_right - within[2])


def recall_by_noise(found: pl.Series, records: pl.DataFrame) -> pl.DataFrame:
    """`noise`, `n_true`, `n_right`, `recall`: true pairs by each kind of noise of the later record, worst first.

    Args:
        found: Cluster of each record.
        records: `truth` and `noise` (kinds joined by `+`) in order of entry; a record without noise counts as `clean`.
    """
    kinds = pl.when(pl.col("noise") == "").then(pl.lit("clean")).otherwise("noise").str.split("+")
    pairs = _pairs_of_later(found, records).with_columns(noise=kinds).explode("noise")
    counted = pairs.group_by("noise").agg(pl.sum("n_true", "n_right")).filter(pl.col("n_true") > 0)
    return counted.with_columns(recall=pl.col("n_right") / pl.col("n_true")).sort("recall", "noise")


def false_pairs_by_family(found: pl.Series, records: pl.DataFrame) -> pl.DataFrame:
    """`family`, `n_found`, `n_false`: found pairs by the later record's family (may be ""), most false first."""
    pairs = _pairs_of_later(found, records)
    counted = pairs.group_by("family").agg(pl.sum("n_found"), n_false=(pl.col("n_found") - pl.col("n_right")).sum())
    return counted.sort("n_false", "family", descending=[True, False])


def _count_pairs(labels: pl.DataFrame, by: list[str]) -> int:
    size = labels.group_by(by).len()["len"].cast(pl.Int64)
    return int((size * (size - 1) // 2).sum())


def _pairs_of_later(found: pl.Series, records: pl.DataFrame) -> pl.DataFrame:
    """The records with `n_true`, `n_found` and `n_right`: how many pairs each makes with records before it."""
    labelled = records.with_columns(found.alias("found"))
    groups = {"n_true": ["truth"], "n_found": ["found"], "n_right": ["found", "truth"]}
    return labelled.with_columns(
        (pl.int_range(pl.len()).over(by)).cast(pl.Int64).alias(name) for name, by in groups.items()
    )
