"""The page of dumps that wish it harm: nothing of theirs runs, is asked for, or moves what stands beside it."""

import pytest
from playwright.sync_api import expect

from tests.browsers import DESKTOP, PHONE

pytest_plugins = ("tests.browsers",)
pytestmark = pytest.mark.slow

FAULTS = (
    "foreignMarkup",
    "overflow",
    "notApart",
    "turnedRound",
    "towers",
    "charts",
    "repeatedIds",
    "unlabelledRegions",
)


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def hostile(request, quiet, hostile_store):
    """The page with all of its papers found and opened; it stays quiet, else its test fails."""
    watched = quiet(hostile_store / "latest" / "report.html", size=request.param)
    watched.page.locator("#search").fill("e")
    found = watched.page.locator("#results details.paper")
    expect(found.nth(20)).to_be_visible()
    watched.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    expect(found.last).to_contain_text("as written")
    return watched


def test_nothing_of_it_runs_or_moves_anything(hostile):
    assert {name: found for name in FAULTS if (found := hostile.find_faults(name))} == {}


def test_it_shows_all_as_text(hostile):
    shown = hostile.page.locator("#results").inner_text()
    for text in (
        "<script>window.__pwned = 1; alert(1)</script>Socks That Run",
        '<img src=x onerror="window.__pwned = 3"> A Kettle in a Frame',
        "{{7*7}} Templates for Toast {% raw %} ${7*7}",
        "]]> The End of a Section <![CDATA[",
        "&lt;script&gt;alert(10)&lt;/script&gt; Escaped Once, &amp;amp; Twice",
        "ميزان الجوارب 12 (34) שקילת גרביים: 56 Socks",
        "javascript:alert(14)// A Script of a Play",
        '=HYPERLINK("https://evil.example","Sum of All Crumbs")',
        "__proto__",
        "k" * 4000,
    ):
        assert text in shown
    assert "\u202e" not in hostile.page.locator("body").inner_text()


def test_it_has_no_more_scripts_than_a_friendly_page(hostile, quiet, sample_store):
    friendly = quiet(sample_store / "latest" / "report.html")
    kinds = "[...document.scripts].map((one) => `${one.type} ${one.className}`)"
    assert hostile.page.evaluate(kinds) == friendly.page.evaluate(kinds)


def test_a_hostile_query_is_a_query(quiet, hostile_store):
    watched = quiet(hostile_store / "latest" / "report.html")
    box, status = watched.page.locator("#search"), watched.page.locator("#search-status")
    for query in ("<script>alert(1)</script>", "(.*)+$ [a-z", "\u202e", "constructor", "{{7*7}}", "__proto__"):
        box.fill("")
        expect(status).to_have_text("")
        box.fill(query)
        expect(status).not_to_have_text("")
    expect(watched.page.locator("#results details.paper")).to_have_count(1)
    assert watched.find_faults("foreignMarkup") == []
