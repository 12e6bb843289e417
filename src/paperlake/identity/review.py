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


def find_near_misses(
    evidence: pl.DataFrame, matches: pl.DataFrame, titles: pl.Series, judged: Placed | None = None
) -> pl.DataFrame:
    """REVIEW: pairs of EVIDENCE that ended in two papers, one a pair of papers; not those that people judged.

    Args:
        evidence: EVIDENCE of the pairs of all appearances.
        matches: MATCHES of the appearances in order of entry.
        titles: their titles.
        judged: what people judged to be one paper, or two.
    """
    sides = {side: evidence[side] for side in ("left", "right")}
    papers = {f"{side}_paper": matches["paper_id"].gather(rows) for side, rows in sides.items()}
    ids = {f"{side}_id": matches["appearance_id"].gather(rows) for side, rows in sides.items()}
    named = {f"{side}_title": titles.gather(rows) for side, rows in sides.items()}
    score = pl.mean_horizontal("title", "abstract")
    apart = evidence.with_columns(**papers, **ids, **named, score=score).filter(
        pl.col("left_paper") != pl.col("right_paper")
    )
    parted = pl.DataFrame(
        [] if judged is None else judged.different, schema={"left": pl.UInt32(), "right": pl.UInt32()}, orient="row"
    )
    open_ = apart.join(parted, on=["left", "right"], how="anti")
    best = open_.sort(-pl.col("score"), "right", "left").unique(
        ["left_paper", "right_paper"], keep="first", maintain_order=True
    )
    return best.select(REVIEW.names()).cast(REVIEW)
