"""The tables of a release from what was extracted, normalised and matched."""

import polars as pl

from paperlake.identity.merging import merge_metrics, merge_papers
from paperlake.schemas import TABLES

Tables = dict[str, pl.DataFrame]


def assemble_tables(extracted: Tables, clean: pl.DataFrame, found_links: pl.DataFrame, matches: pl.DataFrame) -> Tables:
    """The seven content tables, in contract columns and order of entry.

    Args:
        extracted: `appearances` (values as read), `dumps` (with `sequence`), `rejects`, all in order of entry.
        clean: CLEAN of the same appearances.
        found_links: FOUND_LINKS of the same appearances.
        matches: MATCHES of the same appearances.
    """
    appearances = _in_contract(
        "appearances", extracted["appearances"].join(matches, on="appearance_id", how="left", maintain_order="left")
    )
    seen = _with_clean_values(appearances, clean, extracted["dumps"])
    spelled = _spell_repositories(
        found_links.join(
            seen.select("appearance_id", "paper_id", "captured_on"),
            on="appearance_id",
            how="left",
            maintain_order="left",
        )
    )
    links = _in_contract("links", _collect_links(spelled))
    papers = merge_papers(seen)
    return {
        "papers": _in_contract("papers", _finish_papers(papers, links)),
        "metrics": merge_metrics(seen),
        "appearances": appearances,
        "links": links,
        "repositories": _in_contract("repositories", _collect_repositories(spelled)),
        "dumps": _in_contract("dumps", extracted["dumps"]),
        "rejects": _in_contract("rejects", extracted["rejects"]),
    }


def _in_contract(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    schema = TABLES[table].polars_schema
    return frame.select(schema.names()).cast(schema)


def _with_clean_values(appearances: pl.DataFrame, clean: pl.DataFrame, dumps: pl.DataFrame) -> pl.DataFrame:
    values = appearances.drop("arxiv_id").join(clean, on="appearance_id", how="left", maintain_order="left")
    return values.join(dumps.select("dump_id", "captured_on"), on="dump_id", how="left", maintain_order="left")


def _spell_repositories(links: pl.DataFrame) -> pl.DataFrame:
    """Links with `repository_key`, every repository in its most frequent spelling (the earliest of equals)."""
    keyed = links.with_columns(repository_key=pl.col("repository").str.to_lowercase())
    spellings = keyed.drop_nulls("repository").group_by("repository_key", "repository", maintain_order=True).len()
    best = spellings.sort("len", descending=True, maintain_order=True).unique(
        "repository_key", keep="first", maintain_order=True
    )
    spelled = keyed.drop("repository").join(best.drop("len"), on="repository_key", how="left", maintain_order="left")
    root = "https://github.com/" + pl.col("repository")
    is_repository = pl.col("kind") == "github_repository"
    return spelled.with_columns(url=pl.when(is_repository).then(root).otherwise("url"))


def _collect_links(links: pl.DataFrame) -> pl.DataFrame:
    """One row a paper and URL, as at its first sight. Roles are not judged yet, so role and confidence are null."""
    columns = ("kind", "repository", "subpath", "ref", "raw", "repairs", "found_in", "appearance_id")
    return links.group_by("paper_id", "url", maintain_order=True).agg(
        *(pl.col(name).first() for name in columns),
        n_appearances=pl.col("appearance_id").n_unique(),
        role=pl.lit(None, pl.String),
        confidence=pl.lit(None, pl.Float32),
        evidence=pl.lit([], pl.List(pl.String)).first(),
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
    named = links.filter(pl.col("kind") == "github_repository")
    repositories = named.group_by("paper_id").agg(repositories=pl.col("repository").unique(maintain_order=True))
    joined = papers.join(repositories, on="paper_id", how="left", maintain_order="left")
    no_list = pl.lit([], pl.List(pl.String))
    own_flags = pl.concat_list(
        pl.when(pl.col("abstract").is_null()).then(pl.lit(["no_abstract"])).otherwise(no_list),
        pl.when("has_conflict").then(pl.lit(["conflicting_ids"])).otherwise(no_list),
        pl.col("seen_flags").fill_null(no_list),
    )
    return joined.with_columns(
        pl.col("repositories").fill_null(no_list),
        repository=pl.lit(None, pl.String),
        repository_confidence=pl.lit(None, pl.Float32),
        flags=own_flags.list.unique().list.sort(),
    )
