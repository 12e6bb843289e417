"""The tables of a release from what was extracted, normalised and matched."""

from collections.abc import Mapping

import polars as pl

from paperlake.identity.merging import merge_metrics, merge_papers
from paperlake.paper_links import best_repositories, collect_links, name_repositories
from paperlake.schemas import TABLES

Tables = dict[str, pl.DataFrame]
OF_CLEAN = ("appearance_id", "title", "title_key", "abstract", "arxiv_id", "doi", "flags")
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
    appearances = join_matches(extracted["appearances"], matches)
    trusted = appearances if corrected is None else join_matches(corrected, matches)
    seen = see(trusted, clean, extracted["dumps"])
    listed = {name: in_contract(name, extracted[name]) for name in ("dumps", "rejects")}
    return {"appearances": appearances} | assemble_papers(seen, found_links, aliases or {}) | listed


def assemble_papers(seen: pl.DataFrame, found_links: pl.DataFrame, aliases: Mapping[str, str]) -> Tables:
    """`papers`, `metrics`, `links` and `repositories`.

    Args:
        seen: as `see` gives all appearances.
        found_links: FOUND_LINKS of them.
        aliases: today's `owner/name` by the old one in lower case.
    """
    papers, sights = merge_papers(seen), place_sights(found_links, seen, aliases)
    links = collect_links(sights, papers.select("paper_id", "title"))
    return {
        "papers": finish_papers(papers, best_repositories(links)),
        "metrics": merge_metrics(seen),
        "links": in_contract("links", links),
        "repositories": collect_repositories(sights),
    }


def join_matches(appearances: pl.DataFrame, matches: pl.DataFrame) -> pl.DataFrame:
    """The `appearances` table.

    Args:
        appearances: values as read.
        matches: MATCHES of them.
    """
    return in_contract("appearances", _beside(appearances, matches))


def see(appearances: pl.DataFrame, clean: pl.DataFrame, dumps: pl.DataFrame) -> pl.DataFrame:
    """Appearances with the clean values that papers are made of, and the day of their dump.

    Args:
        appearances: rows of the `appearances` table, which may lack its texts.
        clean: CLEAN of them.
        dumps: `dump_id`, `captured_on`.
    """
    values = _beside(appearances.drop("arxiv_id", "title_raw", "abstract_raw", strict=False), clean.select(OF_CLEAN))
    return with_days(values, dumps)


def place_sights(found_links: pl.DataFrame, appearances: pl.DataFrame, aliases: Mapping[str, str]) -> pl.DataFrame:
    """Links as found, with dump, paper and day, their repositories by the names of today.

    Args:
        found_links: FOUND_LINKS of the appearances.
        appearances: `appearance_id`, `dump_id`, `paper_id`, `captured_on`.
        aliases: today's `owner/name` by the old one in lower case.
    """
    places = appearances.select("appearance_id", "dump_id", "paper_id", "captured_on")
    return name_repositories(found_links.join(places, on="appearance_id", how="left", maintain_order="left"), aliases)


def with_days(appearances: pl.DataFrame, dumps: pl.DataFrame) -> pl.DataFrame:
    """The appearances with `captured_on` of their dumps."""
    days = dumps.select("dump_id", "captured_on")
    of_rows = appearances.select("dump_id").join(days, on="dump_id", how="left", maintain_order="left")
    return appearances.with_columns(of_rows["captured_on"])


def _beside(appearances: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """The appearances with more columns of the same ones; without a copy of texts where both stand in one order."""
    if appearances["appearance_id"].equals(more["appearance_id"]):
        return appearances.hstack(more.drop("appearance_id"))
    return appearances.join(more, on="appearance_id", how="left", maintain_order="left")


def in_contract(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of a table out of a frame that has them, in its order and types."""
    schema = TABLES[table].polars_schema
    return frame.select(schema.names()).cast(schema)


def collect_repositories(sights: pl.DataFrame) -> pl.DataFrame:
    """The `repositories` table, from all sights as `place_sights` gives them."""
    named = sights.filter(pl.col("kind") == "github_repository")
    parts = pl.col("repository").str.split_exact("/", 1)
    rows = (
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
    return in_contract("repositories", rows)


def finish_papers(papers: pl.DataFrame, repositories: pl.DataFrame) -> pl.DataFrame:
    """The `papers` table.

    Args:
        papers: as `merge_papers` gives them.
        repositories: as `best_repositories` gives those of the same papers, and maybe of others.
    """
    joined = papers.join(repositories, on="paper_id", how="left", maintain_order="left")
    no_list = pl.lit([], pl.List(pl.String))
    own_flags = pl.concat_list(
        pl.when(pl.col("abstract").is_null()).then(pl.lit(["no_abstract"])).otherwise(no_list),
        pl.when("has_conflict").then(pl.lit(["conflicting_ids"])).otherwise(no_list),
        pl.col("seen_flags").fill_null(no_list),
    )
    flags = own_flags.list.unique().list.sort()
    return in_contract("papers", joined.with_columns(pl.col("repositories").fill_null(no_list), flags=flags))
