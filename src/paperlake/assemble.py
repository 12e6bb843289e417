"""The tables of a release from what was extracted, normalised and matched."""

from collections.abc import Mapping

import polars as pl

from paperlake.identity.merging import merge_metrics, merge_papers
from paperlake.paper_links import best_repositories, collect_links, name_repositories
from paperlake.schemas import TABLES

Tables = dict[str, pl.DataFrame]
_CLEAN = ("appearance_id", "title", "title_key", "abstract", "arxiv_id", "doi", "flags")
"""Columns of what was cleaned that tables are made of."""


def assemble_tables(
    extracted: Tables,
    clean: pl.DataFrame,
    found_links: pl.DataFrame,
    matches: pl.DataFrame,
    *,
    corrected: pl.DataFrame | None = None,
    aliases: Mapping[str, str] | None = None,
) -> Tables:
    """The seven content tables, in contract columns and order of entry.

    Args:
        extracted: `appearances` (values as read), `dumps` (with `sequence`), `rejects`, all in order of entry.
        clean: CLEAN of the same appearances.
        found_links: FOUND_LINKS of the same appearances.
        matches: MATCHES of the same appearances.
        corrected: the appearances with what people corrected; as read without it.
        aliases: today's `owner/name` by the old one in lower case.
    """
    appearances = _matched(extracted["appearances"], matches)
    trusted = appearances if corrected is None else _matched(corrected, matches)
    seen = _with_clean_values(trusted, clean, extracted["dumps"])
    papers = merge_papers(seen)
    sights = found_links.join(
        seen.select("appearance_id", "dump_id", "paper_id", "captured_on"),
        on="appearance_id",
        how="left",
        maintain_order="left",
    )
    sights = name_repositories(sights, aliases or {})
    links = collect_links(sights, papers.select("paper_id", "title"))
    return {
        "papers": _in_contract("papers", _finish_papers(papers, links)),
        "metrics": merge_metrics(seen),
        "appearances": appearances,
        "links": _in_contract("links", links),
        "repositories": _in_contract("repositories", _collect_repositories(sights)),
        "dumps": _in_contract("dumps", extracted["dumps"]),
        "rejects": _in_contract("rejects", extracted["rejects"]),
    }


def _matched(appearances: pl.DataFrame, matches: pl.DataFrame) -> pl.DataFrame:
    return _in_contract("appearances", _beside(appearances, matches))


def _beside(appearances: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """The appearances with more columns of the same ones; without a copy of texts where both stand in one order."""
    if appearances["appearance_id"].equals(more["appearance_id"]):
        return appearances.hstack(more.drop("appearance_id"))
    return appearances.join(more, on="appearance_id", how="left", maintain_order="left")


def _in_contract(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    schema = TABLES[table].polars_schema
    return frame.select(schema.names()).cast(schema)


def _with_clean_values(appearances: pl.DataFrame, clean: pl.DataFrame, dumps: pl.DataFrame) -> pl.DataFrame:
    values = _beside(appearances.drop("arxiv_id", "title_raw", "abstract_raw"), clean.select(_CLEAN))
    days = dumps.select("dump_id", "captured_on")
    return values.with_columns(
        values.select("dump_id").join(days, on="dump_id", how="left", maintain_order="left")["captured_on"]
    )


def _collect_repositories(links: pl.DataFrame) -> pl.DataFrame:
    named = links.filter(pl.col("kind") == "github_repository")
    parts = pl.col("repository").str.split_exact("/", 1)
    return (
        named.group_by("repository_key", maintain_order=True)
        .agg(
            pl.col("repository").first(),
            pl.col("url").first(),
            n_papers=pl.col("paper_id").n_unique(),
            github_stars=pl.lit(None, pl.Int32),
            first_seen_on=pl.col("captured_on").min(),
            last_seen_on=pl.col("captured_on").max(),
        )
        .with_columns(owner=parts.struct.field("field_0"), name=parts.struct.field("field_1"))
    )


def _finish_papers(papers: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    joined = papers.join(best_repositories(links), on="paper_id", how="left", maintain_order="left")
    no_list = pl.lit([], pl.List(pl.String))
    own_flags = pl.concat_list(
        pl.when(pl.col("abstract").is_null()).then(pl.lit(["no_abstract"])).otherwise(no_list),
        pl.when("has_conflict").then(pl.lit(["conflicting_ids"])).otherwise(no_list),
        pl.col("seen_flags").fill_null(no_list),
    )
    return joined.with_columns(pl.col("repositories").fill_null(no_list), flags=own_flags.list.unique().list.sort())
