"""Which records were joined into papers, the joins least sure, and the pairs that nearly were one."""

from typing import Any

import polars as pl

from paperlake.report.charts import draw, lying_bars
from paperlake.report.section import Chart, Column, Grid, Section, grid_of, tell_cap
from paperlake.report.view import View
from paperlake.vocabularies import MATCH_RULES

MOST_PAIRS, MOST_EVENTS = 20, 50
_SAYS = {
    "new": "the first of its paper",
    "arxiv_id": "the same arXiv id or DOI",
    "title_key": "the same title",
    "fuzzy": "a like title or abstract",
    "judgement": "a person judged so",
}


def identity_section(view: View) -> Section:
    """Joins by rule, the least sure of them, near misses, and what became of ids."""
    grids = [_events(view), _ended(view), _least_sure(view), _near_misses(view)]
    found = tuple(grid for grid in grids if grid is not None)
    return Section("identity", "Merges and near misses", tuple(_sentences(view)), (_chart(view),), found)


def _sentences(view: View) -> list[str]:
    n_several = view.scan("metrics").select((pl.col("n_appearances") > 1).sum()).collect().item()
    sentences = [f"{n_several:,} papers have more than one appearance."]
    near = view.facts.get("near_misses")
    if near is None:
        sentences.append("The pairs that nearly were one paper are not known of this release: “paperlake review”.")
    elif not near["likeliest"]:
        sentences.append("No two papers nearly were one.")
    return sentences


def _chart(view: View) -> Chart:
    counted = dict(view.scan("appearances").group_by("match_rule").agg(n=pl.len()).collect().iter_rows())
    rows = [(rule, counted.get(rule, 0), _SAYS[rule]) for rule in MATCH_RULES]
    joined = sum(n for rule, n, _ in rows if rule != "new")
    columns = (Column("rule"), Column("appearances", "number"), Column("which is"))
    svg = draw(lying_bars([{"rule": says, "n": n} for _, n, says in rows], "rule", "n"))
    says = f"{joined:,} of {view.counts['appearances']:,} appearances joined a paper that was there."
    return Chart("Appearances by how they joined their paper", says, svg, Grid("Appearances by rule", columns, rows))


def _events(view: View) -> Grid | None:
    """What became of ids in this release, and ever."""
    is_now = pl.col("release") == view.release
    events = view.scan("id_history").group_by("event").agg(now=is_now.sum(), ever=pl.len()).sort("event").collect()
    columns = (Column("event"), Column("in this release", "number"), Column("ever", "number"))
    return grid_of("What became of ids", columns, events) if events.height else None


def _ended(view: View) -> Grid | None:
    """The ids that ended in this release, or began as a part of another paper, and why."""
    is_told = (pl.col("release") == view.release) & (pl.col("event") != "created")
    events = view.scan("id_history").filter(is_told).select("paper_id", "event", "other_id", "reason").collect()
    if events.is_empty():
        return None
    named = view.scan("papers").select(other_id="paper_id", title="title")
    shown = events.head(MOST_EVENTS).lazy().join(named, on="other_id", how="left", maintain_order="left").collect()
    headings = (Column("id"), Column("event"), Column("other id"), Column("why", "text"), Column("its title", "text"))
    left_out = tell_cap(shown.height, events.height, "“id_history”")
    return grid_of("Ids that joined, parted or ended in this release", headings, shown, left_out)


def _least_sure(view: View) -> Grid | None:
    """Joins by likeness with the lowest scores: what to look at first."""
    columns = ("paper_id", "appearance_id", "title_raw", "match_score")
    joined = view.scan("appearances").filter(pl.col("match_rule") == "fuzzy").select(columns)
    scored = joined.sort("match_score", "appearance_id", nulls_last=True)
    n_all = joined.select(pl.len()).collect().item()
    lowest = scored.head(MOST_PAIRS).collect()
    if lowest.is_empty():
        return None
    is_named = pl.col("paper_id").is_in(lowest["paper_id"].implode())
    titles = view.scan("papers").filter(is_named).select("paper_id", "title").collect()
    rows = lowest.join(titles, on="paper_id", how="left", maintain_order="left")
    headings = (
        Column("score", "number"),
        Column("record", "text"),
        Column("joined the paper", "text"),
        Column("paper id"),
        Column("appearance"),
    )
    shown = rows.select(pl.col("match_score").round(1), "title_raw", "title", "paper_id", "appearance_id")
    left_out = tell_cap(shown.height, n_all, "“appearances”")
    return grid_of("Joins by likeness, the least sure first", headings, shown, left_out)


def _near_misses(view: View) -> Grid | None:
    """Pairs that nearly were one paper, as the manifest keeps the likeliest."""
    near: dict[str, Any] | None = view.facts.get("near_misses")
    if not near or not near["likeliest"]:
        return None
    headings = (
        Column("score", "number"),
        Column("one title", "text"),
        Column("other title", "text"),
        Column("kept apart by"),
        Column("one id"),
        Column("other id"),
    )
    rows = [
        (one["score"], one["left_title"], one["right_title"], one["apart_by"], one["left_id"], one["right_id"])
        for one in near["likeliest"]
    ]
    left_out = tell_cap(len(rows), near["n_pairs"], "“paperlake review”")
    return Grid("Pairs that nearly were one paper, the likeliest first", headings, rows, left_out)
