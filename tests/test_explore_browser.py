"""The explorer in a browser: its page asks its own server alone, searches all papers, pages, and gives files away."""

from urllib.parse import urljoin

import polars as pl
import pytest
from playwright.sync_api import expect

from paperlake import open_release
from tests.explored import edition, open_explorer, publish_papers

pytest_plugins = ("tests.browsers",)
pytestmark = pytest.mark.slow

RESULTS, STATUS = "#results details.paper", "#search-status"


def test_a_search_shows_papers_of_the_store_with_all_that_is_known_of_them(quiet, sample_store):
    papers = open_release(sample_store).read("papers")
    paper = papers.filter(pl.col("repository").is_not_null() & pl.col("abstract").is_not_null()).row(0, named=True)
    with open_explorer(sample_store) as address:
        page = quiet(address).page
        assert page.url == urljoin(address, "/releases/1/")
        page.locator("#search").fill(paper["paper_id"])
        expect(page.locator(STATUS)).to_have_text("1 paper")
        expect(page.locator(RESULTS)).to_contain_text(paper["abstract"][:60])
        expect(page.locator(RESULTS)).to_contain_text("Appearances")
        page.locator("#search").fill("no such kettle anywhere")
        expect(page.locator(STATUS)).to_have_text("No paper found")


def test_what_is_found_is_paged(quiet, tmp_path):
    publish_papers(tmp_path / "store", edition(1, 120))
    with open_explorer(tmp_path / "store") as address:
        page = quiet(address).page
        page.locator("#search").fill("kettles")
        expect(page.locator(STATUS)).to_have_text("120 papers, page 1 of 3")
        expect(page.locator(RESULTS)).to_have_count(50)
        page.locator("#later").click()
        page.locator("#later").click()
        expect(page.locator(STATUS)).to_have_text("120 papers, page 3 of 3")
        expect(page.locator(RESULTS)).to_have_count(20)
        assert page.locator("#later").is_disabled()


def test_all_that_is_found_can_be_taken_away(watch, tmp_path):
    publish_papers(tmp_path / "store", edition(1, 120))
    with open_explorer(tmp_path / "store") as address:
        watched = watch()
        page = watched.open(address)
        page.locator("#search").fill("no 11")
        expect(page.locator(STATUS)).to_have_text("11 papers")
        with page.expect_download() as taken:
            page.locator("#as-csv").click()
        assert pl.read_csv(taken.value.path()).height == 11
        assert watched.find_troubles() == [f"download: {urljoin(page.url, 'search.csv?q=no%2011')}"]
