"""Papers as the page shows them: values, the places they stand in, links with evidence, what became of their ids."""

import polars as pl

from paperlake.frames import Frames

MOST_LINKS, MOST_APPEARANCES = 50, 50
"""Shown of one paper; `n_links` and `n_appearances` count all of them."""
_NOT_SHOWN = ("title_key", "first_appearance_id")
_OF_APPEARANCES = (
    "appearance_id", "line_start", "line_end", "title_raw", "is_cut", "match_rule", "match_score", "matched_with",
)  # fmt: skip
_OF_LINKS = ("url", "kind", "repository", "role", "confidence", "evidence", "raw", "repairs", "found_in", "candidates")


def describe_papers(tables: Frames, papers: pl.DataFrame) -> pl.DataFrame:
    """One row a paper, in the order given: its columns, and lists of structs `appearances`, `links` and `history`.

    An appearance has the path, capture date and layout of its dump; a link the place of its first sight, `path:lines`.

    Args:
        tables: of the release.
        papers: rows of `papers`, all columns or fewer.
    """
    is_own = pl.col("paper_id").is_in(papers["paper_id"].implode())
    rows = {name: tables[name].lazy().filter(is_own) for name in ("metrics", "appearances", "links")}
    seen = _with_dumps(rows["appearances"], tables["dumps"].lazy())
    found = (
        papers.lazy()
        .drop(_NOT_SHOWN, strict=False)
        .join(rows["metrics"], on="paper_id", how="left", maintain_order="left")
    )
    lists = (_appearances(seen), _links(rows["links"], seen), _history(tables["id_history"].lazy(), papers["paper_id"]))
    for listed in lists:
        found = found.join(listed, on="paper_id", how="left", maintain_order="left")
    return found.collect()


def _with_dumps(appearances: pl.LazyFrame, dumps: pl.LazyFrame) -> pl.LazyFrame:
    named = dumps.select("dump_id", "path", "captured_on", "layout")
    seen = appearances.select("paper_id", "dump_id", *_OF_APPEARANCES)
    return seen.join(named, on="dump_id", how="left", maintain_order="left").drop("dump_id")


def _appearances(seen: pl.LazyFrame) -> pl.LazyFrame:
    return _listed(seen, "appearances", MOST_APPEARANCES)


def _links(links: pl.LazyFrame, seen: pl.LazyFrame) -> pl.LazyFrame:
    """The likeliest first."""
    lines = pl.format("{}:{}-{}", "path", "line_start", "line_end")
    places = seen.select("appearance_id", place=lines)
    placed = links.select("paper_id", *_OF_LINKS, "appearance_id").join(places, on="appearance_id", how="left")
    ranked = placed.sort(pl.col("role") != "official_code", -pl.col("confidence"), "url").drop("appearance_id")
    counted = ranked.group_by("paper_id").agg(n_links=pl.len())
    return _listed(ranked, "links", MOST_LINKS).join(counted, on="paper_id", how="left")


def _history(history: pl.LazyFrame, ids: pl.Series) -> pl.LazyFrame:
    """What became of each id, and of those that lead to it."""
    wanted = ids.implode()
    events = history.filter(pl.col("event") != "created")
    columns = ("id", "event", "other_id", "release", "reason")
    own = events.filter(pl.col("paper_id").is_in(wanted)).select(
        "paper_id", pl.col("paper_id").alias("id"), *columns[1:]
    )
    led = events.filter(pl.col("other_id").is_in(wanted)).select(
        pl.col("other_id").alias("paper_id"), pl.col("paper_id").alias("id"), *columns[1:]
    )
    return _listed(pl.concat([own, led]), "history", MOST_APPEARANCES)


def _listed(rows: pl.LazyFrame, name: str, most: int) -> pl.LazyFrame:
    """One row a paper with its first rows as a list of structs."""
    fields = pl.struct(pl.exclude("paper_id")).head(most).alias(name)
    return rows.group_by("paper_id", maintain_order=True).agg(fields)
