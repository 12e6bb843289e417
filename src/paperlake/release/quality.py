"""Figures of a release: what its manifest says of it, and the next one is compared with."""

import polars as pl

from paperlake.frames import Frames, height

Quality = dict[str, float]


def measure_quality(tables: Frames) -> Quality:
    """Figures of a release by name: counts, and shares 0-1. The manifest keeps them for the next release."""
    papers = tables["papers"].lazy().select(n=pl.len(), n_without=_has_flag("no_abstract").sum()).collect()
    n_papers, n_without = papers.row(0)
    links = tables["links"].lazy().select("paper_id", "url", "repository", "kind").collect()
    read = tables["dumps"].lazy().filter(pl.col("status") == "read").select("n_papers", "n_rejects").sum().collect()
    n_read, n_rejects = read.row(0)
    github, per_paper = links.filter(pl.col("kind") == "github_repository"), max(n_papers, 1)
    return {
        "n_papers": n_papers,
        "n_appearances": height(tables["appearances"]),
        "abstract_share": round((n_papers - n_without) / per_paper, 6),
        "reject_share": round(n_rejects / max(n_read + n_rejects, 1), 6),
        "links_per_paper": round(links.height / per_paper, 6),
        "most_frequent_url_share": round(_most_frequent(links, "url") / per_paper, 6),
        "most_frequent_repository_share": round(_most_frequent(github, "repository") / per_paper, 6),
    }


def _has_flag(flag: str) -> pl.Expr:
    """Abstracts are half of a release, and flags tell as much of them."""
    return pl.col("flags").list.contains(flag)


def _most_frequent(links: pl.DataFrame, column: str) -> int:
    counts = links.group_by(column).agg(n=pl.col("paper_id").n_unique())["n"]
    return int(counts.max() or 0)  # type: ignore[arg-type]  # Polars types max() as any literal; this column is UInt32
