"""Why rows differ: what the steps tell of `papers` and `links`; for other tables, of the paper or dump they follow."""

from collections.abc import Callable

import polars as pl

from paperlake.diff.parts import read_differing
from paperlake.diff.steps import Steps
from paperlake.release.compare import COMPARED

_FOUND = pl.Schema({"key": pl.String(), "release": pl.Int32(), "cause": pl.String()})
_GITHUB = "https://github.com/"


def add_causes(rows: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The rows with `causes`, each once and in order, and with the `releases` in which the value changed.

    A whole row takes the causes of all its values. Both lists are empty where nothing is told.

    Args:
        rows: DIFFERENCES.
        told: TOLD of the same tables, in order of the releases.
    """
    numbered = rows.with_row_index("number")
    keys = numbered.select("number", "table", "key", "column")
    matched = keys.join(told, on=["table", "key"], suffix="_told", maintain_order="left_right")
    is_same = pl.col("column") == pl.col("column_told")
    lists = (
        matched.filter(is_same | (pl.col("column") == "*") | (pl.col("column_told") == "*"))
        .group_by("number")
        .agg(pl.col("cause", "release").unique(maintain_order=True))
        .rename({"cause": "causes", "release": "releases"})
    )
    joined = numbered.join(lists, on="number", how="left", maintain_order="left").drop("number")
    return joined.with_columns(pl.col("causes", "releases").fill_null([]))


def tell_causes(table: str, steps: Steps) -> pl.DataFrame:
    """TOLD of one table, as far as it is known.

    Raises:
        StoreError: a file is missing or damaged.
    """
    if table in COMPARED:
        return steps.told.filter(pl.col("table") == table)
    found = _FOLLOWED[table](steps).unique().sort("release")
    return found.select(table=pl.lit(table), key="key", column=pl.lit("*"), release="release", cause="cause")


def _of_metrics(steps: Steps) -> pl.DataFrame:
    """Of the paper, and of the dumps that show it."""
    return pl.concat([_of_papers(steps), _of_dumps_of(steps, "appearances", "paper_id")])


def _of_appearances(steps: Steps) -> pl.DataFrame:
    """Of the dump; where that is as it was, of the paper."""
    by_dump = _of_dumps_of(steps, "appearances", "appearance_id")
    owners = _owners(steps, "appearances", "appearance_id", "paper_id")
    others = owners.join(by_dump, on="key", how="anti")
    return pl.concat([by_dump, _joined(others, _of_papers(steps).rename({"key": "owner"}))])


def _of_rejects(steps: Steps) -> pl.DataFrame:
    return _of_dumps_of(steps, "rejects", "reject_id")


def _of_dumps(steps: Steps) -> pl.DataFrame:
    return steps.dumps.select("release", "cause", key="dump_id").select(_FOUND.names())


def _of_repositories(steps: Steps) -> pl.DataFrame:
    """Of the links whose URL, the last part of their key, is the repository's."""
    links = steps.told.filter(pl.col("table") == "links")
    url = pl.col("key").str.split_exact(" ", 1).struct.field("field_1").str.to_lowercase()
    named = links.select(url.alias("key"), "release", "cause").filter(pl.col("key").str.starts_with(_GITHUB))
    return named.with_columns(pl.col("key").str.strip_prefix(_GITHUB))


def _of_papers(steps: Steps) -> pl.DataFrame:
    """Of the papers and their links: both keys begin with the paper's id."""
    return steps.told.select(pl.col("key").str.split(" ").list.first(), "release", "cause")


def _of_dumps_of(steps: Steps, table: str, key: str) -> pl.DataFrame:
    return _joined(_owners(steps, table, key, "dump_id"), steps.dumps.rename({"dump_id": "owner"}))


def _owners(steps: Steps, table: str, key: str, owner: str) -> pl.DataFrame:
    """`key` and `owner` of the rows that can differ, in either release."""
    frames = read_differing(steps.older, steps.newer, table, list({key, owner})) or ()
    columns = pl.DataFrame(schema={"key": pl.String(), "owner": pl.String()})
    return pl.concat([columns, *(frame.select(key=key, owner=owner) for frame in frames)]).unique()


def _joined(owners: pl.DataFrame, causes: pl.DataFrame) -> pl.DataFrame:
    return owners.join(causes, on="owner").select(_FOUND.names())


_FOLLOWED: dict[str, Callable[[Steps], pl.DataFrame]] = {
    "metrics": _of_metrics,
    "appearances": _of_appearances,
    "repositories": _of_repositories,
    "dumps": _of_dumps,
    "rejects": _of_rejects,
}
