"""Every appearance with its paper, and why: accepted pairs and people's judgements put together, papers named."""

import polars as pl

from paperlake.identity.clusters import find_clusters
from paperlake.identity.decisions import accepted, apart
from paperlake.identity.judgements import Placed
from paperlake.identity.registry import name_papers

MATCHES = pl.Schema(
    {
        "appearance_id": pl.String(),
        "paper_id": pl.String(),
        "match_rule": pl.String(),
        "match_score": pl.Float32(),
        "matched_with": pl.String(),
    }
)
_LOUDNESS = {rule: at for at, rule in enumerate(("judgement", "arxiv_id", "title_key", "fuzzy"))}


def resolve_identity(
    facts: pl.DataFrame,
    evidence: pl.DataFrame,
    judged: Placed | None = None,
    before: pl.DataFrame | None = None,
    given: pl.Series | None = None,
) -> pl.DataFrame:
    """MATCHES: the same rows in the same order.

    Args:
        facts: FACTS of all appearances in order of entry.
        evidence: EVIDENCE of their pairs.
        judged: what people judged to be one paper, or two.
        before: `appearance_id`, `paper_id` of the release before; None in the first.
        given: every paper id that was ever given.
    """
    judged = judged or Placed([], [])
    edges = _edges(evidence, judged)
    rows = facts.select("appearance_id").with_row_index("row")
    rows = rows.with_columns(first=find_clusters(edges, facts, judged.same, judged.different, apart(evidence)))
    matched = rows.with_columns(paper_id=name_papers(rows.select("appearance_id", "first"), before, given))
    matched = matched.join(_best_edges(edges, rows), on="row", how="left", maintain_order="left")
    return matched.with_columns(pl.col("match_rule").fill_null("new")).select(MATCHES.names()).cast(MATCHES)


def _edges(evidence: pl.DataFrame, judged: Placed) -> pl.DataFrame:
    matched = accepted(evidence)
    schema = {"left": pl.UInt32(), "right": pl.UInt32()}
    people = pl.DataFrame(judged.same, schema=schema, orient="row").with_columns(
        match_rule=pl.lit("judgement"), match_score=pl.lit(None, pl.Float32), is_confirmed=pl.lit(True)
    )
    return pl.concat([people, matched.select(people.columns)])


def _best_edges(edges: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """For each row that is not the first of its cluster the pair that speaks loudest, earlier partners first."""
    first = rows["first"]
    both = pl.concat(
        [edges.rename({"left": "partner", "right": "row"}), edges.rename({"left": "row", "right": "partner"})],
        how="diagonal",
    )
    firsts = first.gather(both["row"])
    inside = both.filter((firsts == first.gather(both["partner"])) & (firsts != both["row"]))
    loudness = pl.col("match_rule").replace_strict(_LOUDNESS, return_dtype=pl.UInt8)
    loudest = inside.sort(
        "row", pl.col("partner") > pl.col("row"), loudness, -pl.col("match_score").fill_null(0), "partner"
    ).unique("row", keep="first", maintain_order=True)
    names = rows["appearance_id"].gather(loudest["partner"])
    return loudest.select("row", "match_rule", "match_score", matched_with=names)
