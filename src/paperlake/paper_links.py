"""The links of papers, from every sight of them: one row a paper and URL, with its role, and the best repository."""

from collections.abc import Mapping

import polars as pl

from paperlake.link_roles.rules import own_rules
from paperlake.link_roles.scores import add_paper_cues, judge_roles

LEAST_CONFIDENCE = 0.8
"""From which an official repository is named as the paper's: a wrong one is worse than none.

Source: `python -m benchmarks.link_roles`.
"""
_FURNITURE_PAPERS, _FURNITURE_SHARE = 5, 0.3
"""Papers of one dump, at least, and their share in it, that show one URL where it belongs to the page, not to them."""
_FIRST_SIGHT = ("kind", "repository", "subpath", "ref", "raw", "repairs", "found_in", "appearance_id")


def name_repositories(sights: pl.DataFrame, aliases: Mapping[str, str]) -> pl.DataFrame:
    """The sights with `repository_key`, every repository by today's name in its most frequent spelling.

    Args:
        sights: links as found, in order of entry, with `kind`, `url`, `repository`, `repairs`.
        aliases: today's `owner/name` by the old one in lower case.
    """
    renamed = _rename(sights, aliases)
    keyed = renamed.with_columns(repository_key=pl.col("repository").str.to_lowercase())
    spellings = keyed.drop_nulls("repository").group_by("repository_key", "repository", maintain_order=True).len()
    best = spellings.sort("len", descending=True, maintain_order=True).unique(
        "repository_key", keep="first", maintain_order=True
    )
    spelled = keyed.drop("repository").join(best.drop("len"), on="repository_key", how="left", maintain_order="left")
    root = "https://github.com/" + pl.col("repository")
    is_repository = pl.col("kind") == "github_repository"
    return spelled.with_columns(url=pl.when(is_repository).then(root).otherwise("url"))


def _rename(sights: pl.DataFrame, aliases: Mapping[str, str]) -> pl.DataFrame:
    if not aliases:
        return sights
    key = pl.col("repository").str.to_lowercase()
    step = (
        pl.when(key.is_in(list(aliases))).then(pl.lit(["renamed_repository"])).otherwise(pl.lit([], pl.List(pl.String)))
    )
    today = key.replace_strict(dict(aliases), default=pl.col("repository"), return_dtype=pl.String)
    return sights.with_columns(repairs=pl.col("repairs").list.concat(step), repository=today)


def collect_links(sights: pl.DataFrame, papers: pl.DataFrame) -> pl.DataFrame:
    """One row a paper and URL as at its first sight, with role, confidence and evidence from all of its sights.

    Beside the columns of the contract it has `official`, the share (0-1) that speaks for official code.

    Args:
        sights: as `name_repositories` gives them, with `appearance_id`, `dump_id`, `paper_id`.
        papers: `paper_id`, `title`.
    """
    links = (
        sights.with_columns(is_furniture=_is_furniture())
        .group_by("paper_id", "url", maintain_order=True)
        .agg(
            *(pl.col(name).first() for name in _FIRST_SIGHT),
            *(_united(name) for name in ("candidates", "cues")),
            pl.col("is_furniture").any(),
            n_appearances=pl.col("appearance_id").n_unique(),
        )
    )
    evident = add_paper_cues(links.join(papers, on="paper_id", how="left", maintain_order="left"))
    roles = judge_roles(evident["evidence"]).select("role", "confidence", official="official_code")
    return pl.concat([evident, roles], how="horizontal")


def best_repositories(links: pl.DataFrame) -> pl.DataFrame:
    """One row a paper with a repository: `repository`, `repository_confidence`, and `repositories`, best first.

    The first two are null where no official repository is sure enough.

    Args:
        links: as `collect_links` gives them.
    """
    named = links.filter(pl.col("kind") == "github_repository").sort("official", descending=True, maintain_order=True)
    is_sure = is_surely_own()
    return named.group_by("paper_id", maintain_order=True).agg(
        repositories=pl.col("repository").unique(maintain_order=True),
        repository=pl.col("repository").filter(is_sure).first(),
        repository_confidence=pl.col("confidence").filter(is_sure).first(),
    )


def is_surely_own() -> pl.Expr:
    """Whether a link with `role`, `confidence`, `evidence` may be named as its paper's own repository.

    Confidence alone is not enough: a lone repository at the end of an abstract is official more often than not, but
    a rule with `own = true` must say so.
    """
    has_word = pl.any_horizontal(pl.col("evidence").list.contains(rule) for rule in own_rules())
    return (pl.col("role") == "official_code") & (pl.col("confidence") >= LEAST_CONFIDENCE) & has_word


def _is_furniture() -> pl.Expr:
    """Whether one URL stands beside so many papers of one dump that it belongs to the page."""
    n_papers = pl.col("paper_id").n_unique().over("dump_id", "url", "subpath")
    n_shown = pl.col("paper_id").n_unique().over("dump_id")
    return (n_papers >= _FURNITURE_PAPERS) & (n_papers >= _FURNITURE_SHARE * n_shown)


def _united(column: str) -> pl.Expr:
    return pl.col(column).list.explode(keep_nulls=False, empty_as_null=False).unique(maintain_order=True)
