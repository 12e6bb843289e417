"""Near misses: pairs of appearances that nearly were one paper, or were kept apart, for people to judge."""

import polars as pl

from paperlake.identity.judgements import Placed

REVIEW = pl.Schema(
    {
        "left_id": pl.String(),
        "right_id": pl.String(),
        "left_title": pl.String(),
        "right_title": pl.String(),
        "title": pl.Float32(),
        "abstract": pl.Float32(),
        "difference": pl.String(),
        "rule": pl.String(),
        "veto": pl.String(),
        "score": pl.Float32(),
    }
)
"""One row a pair of papers, the likeliest first. `score`: mean likeness of titles and abstracts, 0-100; of titles alone
where an abstract is missing. `rule` holds where something else kept the papers apart: `veto`, or what they hold."""
_SIDES = ("left", "right")
_TITLES = ("left_title", "right_title")


def find_near_misses(evidence: pl.DataFrame, matches: pl.DataFrame, judged: Placed | None = None) -> pl.DataFrame:
    """REVIEW without titles: pairs of EVIDENCE that ended in two papers, one a pair; not those that people judged.

    Args:
        evidence: EVIDENCE of the pairs of all appearances.
        matches: MATCHES of the appearances in order of entry.
        judged: what people judged to be one paper, or two.
    """
    papers = {f"{side}_paper": matches["paper_id"].gather(evidence[side]) for side in _SIDES}
    is_apart = papers["left_paper"] != papers["right_paper"]
    apart = evidence.with_columns(**papers).filter(is_apart).with_columns(score=pl.mean_horizontal("title", "abstract"))
    parted = pl.DataFrame(
        [] if judged is None else judged.different, schema={"left": pl.UInt32(), "right": pl.UInt32()}, orient="row"
    )
    open_ = apart.join(parted, on=["left", "right"], how="anti")
    best = open_.sort(-pl.col("score"), "right", "left").unique(
        ["left_paper", "right_paper"], keep="first", maintain_order=True
    )
    ids = {f"{side}_id": matches["appearance_id"].gather(best[side]) for side in _SIDES}
    return best.with_columns(**ids).select(name for name in REVIEW if name not in _TITLES)


def with_titles(review: pl.DataFrame, titles: pl.DataFrame) -> pl.DataFrame:
    """REVIEW.

    Args:
        review: as `find_near_misses` gives it.
        titles: `appearance_id`, `title`, at least of its appearances.
    """
    for side in _SIDES:
        named = titles.select(pl.col("appearance_id").alias(f"{side}_id"), pl.col("title").alias(f"{side}_title"))
        review = review.join(named, on=f"{side}_id", how="left", maintain_order="left")
    return review.select(REVIEW.names()).cast(REVIEW)
