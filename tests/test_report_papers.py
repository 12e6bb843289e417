"""What the page shows of one paper: values, places, links with evidence, and what became of its ids."""

import polars as pl
import pytest

from paperlake import open_release
from paperlake.report.papers import MOST_LINKS, describe_papers


@pytest.fixture(scope="module")
def tables(sample_store) -> dict[str, pl.LazyFrame]:
    release = open_release(sample_store)
    return {name: release[name] for name in release.tables}


@pytest.fixture(scope="module")
def described(tables) -> pl.DataFrame:
    return describe_papers(tables, tables["papers"].collect())


def test_every_paper_is_described_once_in_its_order(tables, described):
    assert described["paper_id"].to_list() == tables["papers"].collect()["paper_id"].to_list()


def test_all_appearances_and_links_are_there_with_their_places(tables, described):
    n_seen = described["appearances"].list.len().sum()
    n_links = described["links"].list.len().sum()
    assert (n_seen, n_links) == (tables["appearances"].collect().height, tables["links"].collect().height)
    paths = set(tables["dumps"].collect()["path"])
    seen = described.explode("appearances").unnest("appearances", separator="_")
    assert set(seen["appearances_path"]) <= paths
    linked = described.drop_nulls("links").explode("links").unnest("links", separator="_")
    assert linked["links_place"].str.contains(r"^.+:[0-9]+-[0-9]+$").sum() == n_links


def test_official_links_come_first_and_only_so_many_are_listed(tables, described):
    one = described.filter(pl.col("links").list.len() > 0).row(0, named=True)
    links = tables["links"].filter(pl.col("paper_id") == one["paper_id"]).collect()
    many = pl.concat(
        [links.head(1).with_columns(url=pl.format("{}/{}", "url", pl.lit(n))) for n in range(MOST_LINKS + 9)]
    )
    paper = tables["papers"].filter(pl.col("paper_id") == one["paper_id"]).collect()
    [found] = describe_papers({**tables, "links": pl.concat([many, links.lazy().collect()])}, paper).to_dicts()
    assert len(found["links"]) == MOST_LINKS
    assert found["n_links"] == MOST_LINKS + 9 + links.height
    roles = [link["role"] for link in found["links"]]
    assert roles == sorted(roles, key=lambda role: role != "official_code")


def test_ids_that_lead_to_a_paper_are_told_and_its_making_is_not(tables):
    paper = tables["papers"].head(1).collect()
    kept = paper.item(0, "paper_id")
    events = [("pl-000000000000", "merged_into", kept), (kept, "created", None), ("pl-111111111111", "retired", None)]
    rows = [{"paper_id": a, "event": b, "other_id": c, "release": 2, "reason": None} for a, b, c in events]
    history = pl.DataFrame(rows, schema=tables["id_history"].collect_schema())
    [found] = describe_papers({**tables, "id_history": history}, paper).to_dicts()
    assert [(one["id"], one["event"], one["other_id"]) for one in found["history"]] == [events[0]]
