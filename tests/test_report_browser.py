"""The page of a release in a browser: it opens from disk, asks for nothing, draws, searches, sorts and prints."""

import re
from functools import partial

import polars as pl
import pytest
from playwright.sync_api import expect

from paperlake import open_release
from paperlake.link_roles.rules import link_rules
from tests.browsers import DESKTOP, PHONE

pytest_plugins = ("tests.browsers",)
pytestmark = pytest.mark.slow

A4 = (718, 1000)
"""CSS pixels between the margins that chromium leaves."""
TABLES, RESULTS, STATUS = "table[data-sortable]", "#results details.paper", "#search-status"
LOOKS = ("overflow", "smallText", "smallTargets", "repeatedIds", "charts", "dimChartText", "unlabelledRegions")
PRESS_EVERY_HEADING = """(table) => {
    const headings = [...table.tHead.rows[0].cells];
    const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
    return headings.flatMap((heading, at) => {
        const told = (row) => row.cells[at].dataset.value ?? row.cells[at].textContent.trim();
        const values = () => [...table.tBodies[0].rows].map(told);
        const isNumber = [...table.tBodies[0].rows].some((row) => row.cells[at].dataset.value);
        const compare = (one, other) => (isNumber ? one - other : collator.compare(one, other));
        return ["ascending", "descending"].map((sort) => {
            const n = values().length;
            heading.querySelector("button").click();
            const found = values();
            const known = found.filter((value) => value !== "");
            return {
                name: `${table.caption.textContent}: ${heading.textContent}, ${sort}`, isNumber, found, at, sort,
                sorts: headings.map((other) => other.getAttribute("aria-sort")),
                isWhole: n === found.length, areMissingLast: found.slice(known.length).every((value) => value === ""),
                steps: known.slice(1).map((value, n) => Math.sign(compare(known[n], value))),
            };
        });
    });
}"""
"""What a table looks like after each of two presses of each of its headings."""


@pytest.fixture
def report(quiet, sample_store):
    """A function that opens the page of the sample dumps, which stays quiet whatever a test does there."""
    return partial(quiet, sample_store / "latest" / "report.html")


@pytest.fixture(scope="module")
def release(sample_store):
    return open_release(sample_store)


@pytest.fixture(scope="module")
def paper(release):
    """One that has all that a search can name, and more than one appearance."""
    named = release["papers"].filter(pl.all_horizontal(pl.col("arxiv_id", "repository").is_not_null()))
    seen = named.join(release["metrics"].filter(pl.col("n_appearances") > 1), on="paper_id")
    return seen.collect().row(0, named=True)


def search(page, query):
    page.locator("#search").fill(query)
    return page.locator(RESULTS)


def test_it_opens_from_disk_and_says_what_it_is(report):
    watched = report()
    assert "release 1" in watched.page.title().lower()
    assert watched.page.locator("html").get_attribute("lang") == "en"
    assert watched.page.locator("h1").count() == 1
    assert watched.find_troubles() == watched.console == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everybody_can_read_it(report, shoot, size, dark):
    watched = report(size=size, dark=dark)
    search(watched.page, "the").first.locator("summary").click()
    shoot(watched, f"report-{'dark' if dark else 'light'}-{size[0]}")
    names = [*LOOKS, "bright"] if dark else LOOKS
    assert {name: found for name in names if (found := watched.find_faults(name))} == {}
    assert watched.find_barriers() == []


def part_of_title(paper):
    words = paper["title"].split()
    return " ".join(words[: len(words) // 2 + 1]).upper()


@pytest.mark.parametrize("how", [part_of_title, "repository", "paper_id", "arxiv_id"])
def test_search_finds_a_paper(report, paper, how):
    page = report().page
    found = search(page, paper[how] if isinstance(how, str) else how(paper))
    expect(found.first).to_contain_text(paper["title"])
    expect(page.locator(STATUS)).to_have_text(re.compile(rf"^{found.count()} paper"))
    assert page.locator(STATUS).get_attribute("aria-live") == "polite"


def test_a_paper_shows_its_places_and_its_links_with_their_evidence(report, release, paper):
    own = pl.col("paper_id") == paper["paper_id"]
    seen = release["appearances"].filter(own).join(release["dumps"], on="dump_id").collect()
    links = release["links"].filter(own).collect()
    page = report(f"#q={paper['paper_id']}").page
    found = page.locator(RESULTS)
    expect(found).to_have_count(1)
    if found.get_attribute("open") is None:
        found.locator("summary").click()
    for one in seen.to_dicts():
        lines = f"-{one['line_end']}" if one["line_end"] > one["line_start"] else ""
        expect(found).to_contain_text(f"{one['path']}:{one['line_start']}{lines},")
    for link in links.to_dicts():
        expect(found.locator(f'a[href="{link["url"]}"]').first).to_be_visible()
        expect(found).to_contain_text(f"{link['role']}, confidence {link['confidence']:.3f}")
        for rule in link["evidence"]:
            expect(found).to_contain_text(link_rules()[rule].says)
    assert seen.height > 1
    assert links.height


def test_search_says_that_nothing_is_found_and_forgets_what_is_cleared(report):
    page = report().page
    expect(search(page, "the").first).to_be_visible()
    expect(search(page, "kettles of antimony zzqx")).to_have_count(0)
    expect(page.locator(STATUS)).to_have_text(re.compile(r"^No paper"))
    search(page, "")
    expect(page.locator(STATUS)).to_have_text("")


@pytest.mark.parametrize("fragment", ["#q=%", "#q=%E0%A4%A", "#q=%3Cscript%3E", "#q=(.*", "#q=__proto__", "#nowhere"])
def test_an_odd_address_does_no_harm(report, fragment):
    assert expect(search(report(fragment).page, "the").first).to_be_visible() is None


def test_every_table_sorts_by_every_column(report):
    tables = report().page.locator(TABLES).all()
    pressed = [column for table in tables for column in table.evaluate(PRESS_EVERY_HEADING)]
    for column in pressed:
        name, wrong = column["name"], 1 if column["sort"] == "ascending" else -1
        assert [sort for sort in column["sorts"] if sort not in (None, "none")] == [column["sort"]], name
        assert column["sorts"][column["at"]] == column["sort"], name
        assert column["isWhole"], name
        assert column["areMissingLast"], name
        assert wrong not in column["steps"], name
    assert any(column["isNumber"] and column["found"] != sorted(column["found"]) for column in pressed)  # 9, then 10


def test_what_is_missing_stays_last(report):
    table = report().page.locator(TABLES).filter(has_text="metrics").first
    at = 1
    number = table.locator(f"tbody tr:nth-child(3) td:nth-child({at + 1})")
    row = table.locator("tbody tr:nth-child(3)").inner_text()
    number.evaluate("(cell) => { cell.dataset.value = '' }")  # as of a value that nobody knows
    for _ in ("ascending", "descending"):
        table.get_by_role("button").nth(at).click()
        assert table.locator("tbody tr").last.inner_text() == row


def test_a_press_turns_rows_round_and_the_next_turns_them_back(report):
    table = report().page.locator(TABLES).filter(has_text="metrics").first
    before = table.locator("tbody tr").all_inner_texts()
    button = table.get_by_role("button").first
    button.click()
    up = table.locator("tbody tr").all_inner_texts()
    button.click()
    assert up == sorted(before) != before
    assert table.locator("tbody tr").all_inner_texts() == up[::-1]


def test_a_table_is_sorted_with_the_keyboard_alone(report):
    page = report().page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"  # past the list of sections
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('th button')"):
            break
    heading = page.locator("th", has=page.locator("button:focus"))
    for key, sort in (("Enter", "ascending"), ("Space", "descending")):
        page.keyboard.press(key)
        assert heading.get_attribute("aria-sort") == sort  # and the button has the focus still
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_a_finger_sorts_and_opens(report, paper):
    page = report(f"#q={paper['title'].split()[0]}", PHONE).page
    page.locator("th button").first.tap()
    assert page.locator("th").first.get_attribute("aria-sort") == "ascending"
    summary = page.locator(f"{RESULTS} summary").first
    was_open = page.locator(RESULTS).first.get_attribute("open") is not None
    summary.tap()
    assert (page.locator(RESULTS).first.get_attribute("open") is not None) != was_open


def test_a_filter_leaves_the_rows_that_hold_its_words(report):
    page = report().page
    tools = page.locator(".table-tools").filter(visible=True).first
    rows = tools.locator("xpath=following-sibling::*[1]").locator("tbody tr")
    n_all, wanted = rows.count(), rows.last.locator("td").first.inner_text()
    tools.locator("input[type=search]").fill(wanted.upper())
    kept = [text for row in rows.all() if row.is_visible() for text in [row.inner_text().lower()]]
    assert 0 < len(kept) < n_all
    assert all(wanted.lower() in text for text in kept)
    expect(tools.get_by_role("status")).to_have_text(f"{len(kept)} of {n_all} rows")


def test_it_prints_whole_and_without_what_only_a_screen_has(report):
    watched = report(size=A4, dark=True)
    page = watched.page
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in ("#search", "nav", ".table-tools", "#pages"):
        assert not any(one.is_visible() for one in page.locator(hidden).all()), hidden
    assert all(heading.is_visible() for heading in page.locator("main > section:not(#search-section) > h2").all())
    assert all(heading.is_visible() for heading in page.locator("section > .table-box th button").all())
    assert watched.find_faults("cutOff") == watched.find_faults("overflow") == watched.find_faults("charts") == []
    assert watched.find_faults("dimChartText") == []
    assert watched.find_faults("bright") != []  # ink on white paper, whatever the screen is like
    pdf = page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type /Page\b", pdf)) > 2


def test_what_is_folded_up_is_open_on_paper_only(report):
    page = report().page
    folded = page.locator("main details:not([open])")
    n_folded = folded.count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert (n_folded > 0, folded.count()) == (True, 0)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.count() == n_folded


def test_without_scripts_all_but_the_search_is_there(report):
    plain, full = report(scripts=False), report()
    for part in ("figure.chart svg", TABLES, "main > section h2", "tbody tr"):
        assert plain.page.locator(part).count() == full.page.locator(part).count() > 0
    assert not plain.page.locator("#search").is_visible()
    assert plain.page.locator("th button, .table-tools").count() == 0  # nothing that would do nothing
    assert "JavaScript" in plain.page.locator("noscript").first.inner_text()
    assert plain.find_faults("charts") == plain.find_faults("overflow") == []


@pytest.mark.parametrize(
    "written",
    [
        "https://github.com/{repository}/tree/main?tab=readme#top",
        "git@github.com:{repository}.git",
        "github.com/{repository}",
        "arXiv:{arxiv_id}",
        "https://arxiv.org/pdf/{arxiv_id}v2.pdf",
        "https://hf.co/papers/{arxiv_id}",
    ],
)
def test_an_address_that_is_pasted_finds_its_paper_first(report, paper, written):
    page = report().page
    found = search(page, written.format(**paper))
    expect(found.first).to_contain_text(paper["paper_id"])
