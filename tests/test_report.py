"""The page of a release: what it says, what it looks back on, and that the same release gives the same page."""

import json
import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from benchmarks.dump_generator import write_dumps
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from typer.testing import CliRunner

from paperlake import open_release
from paperlake.cli import app
from paperlake.identity.registry import extend_history
from paperlake.near_misses import read_near_misses
from paperlake.release.earlier import MOST_RELEASES, read_earlier
from paperlake.release.pages import make_page, read_page
from paperlake.release.rollback import rollback
from paperlake.report.contents import _difference_of_shares
from paperlake.report.earlier import Earlier
from paperlake.report.links import calibration
from paperlake.report.page import page_text, served_policy
from paperlake.report.view import View
from paperlake.schemas import TABLES
from tests.conftest import SAMPLES, build_store
from tests.release_frames import DOCUMENTS, publish_tables, tables_of

DRAWS_CHARTS = True


@pytest.fixture(scope="module")
def release(sample_store):
    return open_release(sample_store)


@pytest.fixture(scope="module")
def page(release) -> HTMLParser:
    return HTMLParser(read_page(release))


@pytest.fixture(scope="module")
def view(release) -> View:
    tables = {name: release.read(name) for name in TABLES}
    return View(tables, release.manifest["facts"], release.version, release.manifest["fingerprint"])


@pytest.fixture(scope="module")
def life(tmp_path_factory) -> Path:
    """A store of four releases: two dumps, three more, one of which is taken back, and the second again."""
    folder = tmp_path_factory.mktemp("life")
    raw, store = folder / "raw", folder / "store"
    raw.mkdir()
    dumps = sorted(path for path in SAMPLES.glob("2026-*") if path.is_file())
    for group in (dumps[:2], dumps[3:6]):
        for dump in group:
            (raw / dump.name).write_bytes(dump.read_bytes())
        build_store(raw, store)
    (raw / "curation").mkdir()
    line = f'2026-05-01,mira,{dumps[3].name},"a test page"\n'
    (raw / "curation" / "retractions.csv").write_text("when,who,dump,why\n" + line)
    build_store(raw, store)
    rollback(store, 2, extend_history)
    return store


def table(page: HTMLParser, caption: str) -> list[list[str]]:
    """The cells of one table of the page."""
    [found] = [one for one in page.css("table") if one.css_first("caption").text() == caption]
    return [[cell.text() for cell in row.css("td")] for row in found.css("tbody tr")]


def test_the_page_is_the_one_that_is_made_of_the_release(release, life):
    for opened in (release, *(open_release(life, version) for version in (1, 2, 3, 4))):
        assert make_page(opened) == read_page(opened)


def test_the_headline_has_the_counts(page, release):
    tiles = [tile.text() for tile in page.css(".tiles li")]
    for name in ("papers", "links", "dumps", "rejects"):
        assert any(f"{release.counts[name]:,}" in tile and name in tile for tile in tiles)


def test_the_headline_tells_what_changed(life):
    opened, then = open_release(life, 3), open_release(life, 2).counts
    tiles = [tile.text() for tile in HTMLParser(read_page(opened)).css(".tiles li")]
    fewer = opened.counts["papers"] - then["papers"]
    assert fewer < 0
    assert any(f"{fewer:+,} since the release before" in tile and "papers" in tile for tile in tiles)
    rows = table(HTMLParser(read_page(opened)), "Rows that differ, by cause")
    assert ["a dump was taken back", "papers"] in [row[:2] for row in rows]


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        (0.99166, 0.99122, "+0.1 points since the release before"),
        (0.9912, 0.9911, "as in the release before"),
        (0.5, None, ""),
    ],
)
def test_a_share_differs_by_what_is_shown_of_it(now, then, said):
    assert _difference_of_shares(now, then) == said


def test_the_first_release_says_that_it_is_the_first(page):
    assert "first release of its store" in page.css_first("#changes").text()
    assert "since the release before" not in page.body.text()


def test_gates_and_figures_of_the_last_releases_are_told(life):
    page = HTMLParser(read_page(open_release(life)))
    gates = open_release(life).manifest["facts"]["gates"]
    assert [row[0] for row in table(page, "Gates before publishing")] == [gate["gate"] for gate in gates]
    rows = table(page, "The last releases")
    assert [row[0] for row in rows] == ["4", "3", "2", "1"]
    assert [row[2] for row in rows] == ["this one", "build", "build", "build"]
    assert [row[3] for row in rows] == [f"{open_release(life, n).counts['papers']:,}" for n in (4, 3, 2, 1)]
    assert page.css_first("#trust svg")


def test_every_table_of_the_page_agrees_with_the_release(page, view):
    layouts = dict(view.read("dumps", "layout", "n_papers").group_by("layout").sum().iter_rows())
    told = {row[0]: int(row[2]) for row in table(page, "Records by layout")}
    assert told == {layout or "none": n for layout, n in layouts.items()}
    links = view.read("links", "kind", "role").group_by("kind", "role").len()
    assert {(row[0], row[1], int(row[2])) for row in table(page, "Links by kind and role")} == set(links.iter_rows())
    rules = dict(view.read("appearances", "match_rule").group_by("match_rule").len().iter_rows())
    assert {row[0]: int(row[1]) for row in table(page, "Appearances by rule") if row[1] != "0"} == rules
    new = sum(int(row[1]) for row in table(page, "Records by dump"))
    assert new == view.counts["papers"]


def test_the_share_of_every_column_is_what_a_count_gives(page, view):
    told = {(row[0], row[1]): row[2] for row in table(page, "Every column that may be empty")}
    described = ("papers", "metrics", "appearances", "links", "repositories", "dumps")
    may_be_empty = {(name, column.name) for name in described for column in TABLES[name].columns if column.nullable}
    assert set(told) == may_be_empty
    for (name, column), share in told.items():
        values = view.read(name, column)[column]
        assert share.endswith("%")
        if share.split()[0].replace(".", "").isdigit():
            assert float(share.split()[0]) == pytest.approx(values.count() / len(values) * 100, abs=0.15), (
                name,
                column,
            )


def test_months_without_a_paper_stand_between_others(page):
    rows = table(page, "Papers by month of publication")
    months = [row[0] for row in rows]
    assert months == sorted(months)
    years, last = divmod(len(months) - 1 + int(months[0][5:]) - 1, 12)
    assert months[-1] == f"{int(months[0][:4]) + years}-{last + 1:02d}"
    assert "0" in [row[1] for row in rows]


def test_papers_that_two_layouts_show_are_counted_both_ways(page, view):
    found = {(row[0], row[1]): int(row[2]) for row in table(page, "Papers that two layouts show")}
    layouts = dict(view.read("dumps", "dump_id", "layout").iter_rows())
    shown: dict[str, set[str]] = {}
    for paper, dump in view.read("appearances", "paper_id", "dump_id").iter_rows():
        shown.setdefault(paper, set()).add(layouts[dump])
    naive: dict[tuple[str, str], int] = {}
    for several in shown.values():
        for one in several:
            for other in several - {one}:
                naive[one, other] = naive.get((one, other), 0) + 1
    assert found == naive


def test_rejects_are_shown_with_their_lines(page, view):
    [reject] = view.read("rejects", "reason", "line_start", "line_end").rows()
    [row] = table(page, "Rejects, some of every reason")
    assert row[0] == reject[0]
    assert row[2] == (str(reject[1]) if reject[1] == reject[2] else f"{reject[1]}-{reject[2]}")


def test_near_misses_are_those_of_the_build(tmp_path):
    write_dumps(tmp_path / "raw", 300, 7)
    build_store(tmp_path / "raw", tmp_path / "store")
    release = open_release(tmp_path / "store")
    near, review = release.manifest["facts"]["near_misses"], read_near_misses(tmp_path / "store" / ".work")
    assert near["n_pairs"] == review.height > 0
    page = HTMLParser(read_page(release))
    rows = table(page, "Pairs that nearly were one paper, the likeliest first")
    assert [row[4] for row in rows] == [one["left_id"] for one in near["likeliest"]]
    likely = [one["score"] for one in near["likeliest"] if one["score"] is not None]
    assert likely == sorted(likely, reverse=True)
    assert {row[3] for row in rows} == {"no rule joins them"}


def test_ids_that_ended_are_told_with_the_papers_they_lead_to(view):
    kept, title = view.read("papers", "paper_id", "title").row(0)
    rows = [("pl-000000000000", "merged_into", kept, "socks"), ("pl-111111111111", "retired", None, None)]
    columns = ("paper_id", "event", "other_id", "reason")
    events = [dict(zip(columns, row, strict=True)) | {"release": view.release} for row in rows]
    history = pl.DataFrame([*events, events[0] | {"release": 99}], schema=TABLES["id_history"].polars_schema)
    page = HTMLParser(page_text(replace(view, tables={**view.tables, "id_history": history})))
    told = table(page, "Ids that joined, parted or ended in this release")
    assert told == [
        ["pl-000000000000", "merged_into", kept, "socks", title],
        ["pl-111111111111", "retired", "–", "–", "–"],
    ]


def test_a_release_that_nobody_knows_the_near_misses_of_says_so(view):
    facts = {name: fact for name, fact in view.facts.items() if name != "near_misses"}
    assert "are not known of this release" in page_text(replace(view, facts=facts))


def test_the_page_of_no_rows_at_all_can_be_made(view):
    empty = {name: table.polars_schema.to_frame() for name, table in TABLES.items()}
    page = HTMLParser(page_text(View(empty, {}, 1, "0" * 64)))
    assert "Nothing was rejected" in page.css_first("#rejects").text()


def test_charts_are_drawn_and_named(page):
    charts = page.css("figure.chart svg")
    assert len(charts) >= 9
    for chart in charts:
        name = page.css_first(f"#{chart.attributes['aria-labelledby']}")
        assert name is not None
        assert name.text()
        assert chart.css("path, rect, line")
        assert "style" not in chart.html.partition("</svg>")[0].replace("font-style", "")


def test_confidences_stand_beside_how_right_they_were(page, view):
    rows = table(page, "Links by confidence, and how right labelled links of that confidence were")
    assert sum(int(row[1].replace(",", "")) for row in rows) == view.counts["links"]
    assert len(rows) == calibration().height


def test_nothing_but_the_page_s_own_script_and_style_may_run(release):
    text = read_page(release)
    page = HTMLParser(text)
    policy = page.css_first("meta[http-equiv]").attributes["content"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert len(re.findall(r"script-src '(sha256-[^']+)'", policy)) == 1
    addresses = [one.attributes.get(name, "") for name in ("src", "href") for one in page.css(f"[{name}]")]
    assert {address.partition(":")[0] for address in addresses if not address.startswith("#")} <= {
        "https",
        "http",
        "data",
    }
    for link in page.css("a[href^=http]"):
        assert "noopener" in link.attributes["rel"]


def test_a_served_page_carries_no_papers_and_its_policy_lets_it_ask_its_server(view):
    page = HTMLParser(page_text(view, is_served=True))
    assert page.css("script.papers") == []
    assert page.css_first("header a[href='/']") is not None
    assert page.css_first("meta[http-equiv]") is None
    assert "connect-src 'self'" in served_policy()


def test_text_of_dumps_is_escaped_and_its_steering_is_shown(view):
    title = "<script>alert(1)</script>\u202eevil {{ 7 * 7 }} " + "x" * 5000
    rejects = TABLES["rejects"].polars_schema
    row = {
        "reject_id": "0" * 16 + ":1",
        "dump_id": "0" * 64,
        "stage": "read",
        "reason": "empty",
        "detail": title,
        "text": title,
    }
    tables = {**view.tables, "rejects": pl.DataFrame([row], schema=rejects)}
    page = HTMLParser(page_text(replace(view, tables=tables)))
    cells = [cell for cell in page.css("#rejects td.text") if "evil" in cell.text()]
    assert len(cells) == 2
    for cell in cells:
        assert "<script>alert(1)</script>[U+202E]evil {{ 7 * 7 }} x" in cell.text()
        assert cell.css("script") == []
        assert len(cell.text()) <= 450


def test_the_number_of_releases_looked_back_on_is_bounded(tmp_path):
    for n_rows in range(1, MOST_RELEASES + 3):
        publish_tables(tmp_path, tables_of(n_rows), documents=DOCUMENTS)
    told = read_earlier(tmp_path, MOST_RELEASES + 1)
    assert [one.version for one in told] == list(range(2, MOST_RELEASES + 2))
    assert [one.counts["papers"] for one in told] == list(range(2, MOST_RELEASES + 2))
    assert read_earlier(tmp_path, None) == ()


def test_releases_whose_records_keep_no_figures_are_told_from_their_manifests(tmp_path):
    facts = {"quality": {"n_papers": 5}, "gates": [{"gate": "reject_share", "is_accepted": True}]}
    publish_tables(tmp_path, tables_of(5), facts=facts)
    record = tmp_path / "_log" / "000001.json"
    [told] = read_earlier(tmp_path, 1)
    kept = {name: value for name, value in json.loads(record.read_text()).items() if name != "figures"}
    record.chmod(0o644)
    record.write_text(json.dumps(kept))
    assert read_earlier(tmp_path, 1) == (told,)
    assert (told.accepted, told.quality) == (("reject_share",), {"n_papers": 5})
    record.write_text("{}")
    assert read_earlier(tmp_path, 1) == ()


def test_what_is_not_the_release_before_is_not_compared_with(view):
    far = Earlier(4, "2026-01-01T00:00:00", "build", dict.fromkeys(TABLES, 1), {})
    told = page_text(replace(view, release=6, earlier=(far,)))
    assert "since the release before" not in told
    assert "since the release before" in page_text(replace(view, release=5, earlier=(far,)))


def test_the_command_tells_where_the_page_is(sample_store, release):
    said = CliRunner().invoke(app, ["report", "--store", str(sample_store)])
    assert (said.exit_code, said.stdout.strip()) == (0, str(release.path / "report.html"))
    told = CliRunner().invoke(app, ["report", "1", "--json", "--store", str(sample_store)])
    assert json.loads(told.stdout) == {"version": 1, "page": str(release.path / "report.html")}
    assert CliRunner().invoke(app, ["report", "7", "--store", str(sample_store)]).exit_code == 5


def test_the_command_opens_the_page_or_says_that_it_cannot(sample_store, release, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda url: bool(opened.append(url)))
    said = CliRunner().invoke(app, ["report", "--open", "--store", str(sample_store)])
    assert opened == [(release.path / "report.html").as_uri()]
    assert "no browser could be started" in said.stderr


def test_a_damaged_page_is_told(life, tmp_path):
    import shutil

    store = tmp_path / "store"
    shutil.copytree(life, store, symlinks=True)
    page = open_release(store).path / "report.html"
    page.chmod(0o644)
    page.write_text("<p>forged</p>")
    said = CliRunner().invoke(app, ["report", "--store", str(store)])
    assert said.exit_code == 5
    assert "report.html: expected sha256" in said.stderr


def test_a_release_without_a_page_gets_one_or_says_why_not(tmp_path):
    publish_tables(tmp_path, tables_of(0), facts={}, documents=DOCUMENTS)
    said = CliRunner().invoke(app, ["report", "--store", str(tmp_path)])
    assert said.exit_code == 0
    assert "Release 1" in Path(said.stdout.strip()).read_text()
    other = replace(
        open_release(tmp_path), manifest=open_release(tmp_path).manifest | {"contract": {"version": "1.0.0"}}
    )
    with pytest.raises(Exception, match="expected contract .*, found 1.0.0"):
        make_page(other)
