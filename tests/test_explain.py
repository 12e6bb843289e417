"""`paperlake explain`: every value leads to the line that shows it, and every choice to what lost."""

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from benchmarks.page_writers import WRITERS, invent, write_page
from typer.testing import CliRunner

from paperlake import open_release
from paperlake.cli import app
from paperlake.errors import UnknownPaperError
from paperlake.explain.console import _quoted
from paperlake.explain.explanation import explain
from paperlake.explain.links import ExplainedLink, choose_repository
from paperlake.explain.source_lines import Source
from paperlake.explain.values import ALL_RULES
from paperlake.paper_links import LEAST_CONFIDENCE
from paperlake.schemas import TABLES
from paperlake.settings import Settings
from paperlake.vocabularies import LINK_ROLES
from tests.conftest import SAMPLES, build_store

BANNER = "Get trending papers in your email inbox!"
SLOW = "Kettles boil slowly and nobody asks why, so we asked four hundred of them, one by one. " * 4
WET = "Snails cross the wet garden at night and leave a shining question on every stone of it. " * 4
CODE = "Our code is available at https://github.com/example-lab/sock-net."
MENTION = "It is faster than the baseline of https://github.com/example-lab/old-kettle."
ARXIV = "We follow https://arxiv.org/abs/2601.90099 and https://doi.org/10.5555/kettle.7 here."
SOCKS = "SockNet: Pairing Socks for Early Risers in Dark Hallways"
SNAILS = "Where Snails Go in the Rain and When They Come Back"
TWINS = "On Spoons that Vanish from the Kitchens of Others"
FIRST = f"""{BANNER}
Subscribe{SOCKS.replace("for Early", "forEarly")}
{SLOW}{CODE} {MENTION}
{SNAILS}
{WET}{MENTION}
{TWINS}
{SLOW}{SLOW}
"""
SECOND = f"""{BANNER}
Subscribe{SOCKS}
{SLOW}{CODE} {MENTION} It is arange of socks, too.
{TWINS}
{WET}{WET}{ARXIV}
Mugs and Their Handles: A Survey of Cold and Warm Ones
{WET} Code: https://github.com/example-lab/mug-moved.
"""
UMBRELLAS = "Umbrellas: A Theory of Losing Them on Trains"
PAPERS = [
    replace(paper, arxiv_id=f"2601.9000{number}", title=title, abstract=abstract, upvotes=votes)
    for number, (paper, title, abstract, votes) in enumerate(
        zip(invent(2, seed=5), (SNAILS, UMBRELLAS), (WET + MENTION, SLOW), (7, 12), strict=True)
    )
]
CORRECTION = """[[correction]]
dump = "2026-03-02-second.txt"
line = 3
column = "abstract"
from = "arange of"
to = "a range of"
why = "torn in the dump"
"""
ALIASES = "old,new,since,source\nexample-lab/mug-moved,mug-works/mugs,2026-03-01,the old address leads there\n"

run = CliRunner()


@pytest.fixture(scope="module")
def raw(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("explain") / "raw"
    (folder / "curation").mkdir(parents=True)
    (folder / "2026-03-01-first.txt").write_text(FIRST)
    (folder / "2026-03-02-second.txt").write_text(SECOND)
    page = write_page("firecrawl", PAPERS, captured_on=date(2026, 3, 3))
    (folder / "2026-03-03-third.md").write_text(page.text)
    later = [replace(paper, upvotes=paper.upvotes + 1) for paper in PAPERS]
    (folder / "2026-03-04-fourth.md").write_text(write_page("firecrawl", later, captured_on=date(2026, 3, 4)).text)
    (folder / "curation" / "corrections.toml").write_text(CORRECTION)
    (folder / "curation" / "repository_aliases.csv").write_text(ALIASES)
    return folder


@pytest.fixture(scope="module")
def settings(raw) -> Settings:
    settings = Settings(raw=raw, store=raw.parent / "store")
    build_store(settings.raw, settings.store)
    return settings


def paper_of(asked, settings):
    [paper] = explain(asked, settings).papers
    return paper


def value_of(paper, column):
    [value] = [value for value in paper.values if value.column == column]
    return value


def id_of(settings, title):
    papers = open_release(settings.store).read("papers")
    return papers.filter(pl.col("title") == title)["paper_id"].to_list()


def call(settings, *arguments):
    return run.invoke(
        app, ["explain", *map(str, arguments), "--raw", str(settings.raw), "--store", str(settings.store)]
    )


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        (SOCKS, "title"),
        ("socknet -- pairing  socks for early risers in dark hallways", "title"),
        ("https://github.com/example-lab/sock-net", "repository"),
        ("http://www.github.com/Example-Lab/Sock-Net/tree/main/src", "repository"),
        ("git@github.com:example-lab/sock-net.git", "repository"),
        ("example-lab/Sock-Net", "repository"),
    ],
)
def test_spellings_of_titles_and_repositories_find_the_paper(settings, asked, kind):
    explained = explain(asked, settings)
    assert explained.asked_as == kind
    assert [paper.title for paper in explained.papers] == [SOCKS]


@pytest.mark.parametrize(
    ("asked", "kind", "title"),
    [
        ("2601.90000", "arxiv_id", SNAILS),
        ("arXiv: 2601.90000v2", "arxiv_id", SNAILS),
        ("https://arxiv.org/pdf/2601.90000.pdf", "arxiv_id", SNAILS),
        ("https://hf.co/papers/2601.90000", "arxiv_id", SNAILS),
        ("https://arxiv.org/abs/2601.90099", "arxiv_id", TWINS),
        ("doi:10.5555/Kettle.7", "doi", TWINS),
        ("https://doi.org/10.5555/kettle.7", "doi", TWINS),
        ("example-lab/mug-moved", "repository", "Mugs and Their Handles: A Survey of Cold and Warm Ones"),
        ("mug-works/mugs", "repository", "Mugs and Their Handles: A Survey of Cold and Warm Ones"),
    ],
)
def test_ids_and_addresses_find_the_paper(settings, asked, kind, title):
    explained = explain(asked, settings)
    assert explained.asked_as == kind
    assert [paper.title for paper in explained.papers] == [title]


def test_paper_ids_and_appearance_ids_find_the_paper(settings):
    [paper_id] = id_of(settings, SNAILS)
    appearances = open_release(settings.store).read("appearances").filter(pl.col("paper_id") == paper_id)
    assert appearances.height == 3
    for asked in (paper_id, *appearances["appearance_id"]):
        paper = paper_of(asked, settings)
        assert paper.paper_id == paper_id
        assert [row["appearance_id"] for row in paper.appearances] == appearances["appearance_id"].to_list()


def test_of_an_address_the_most_relevant_paper_comes_first(settings):
    explained = explain("https://github.com/example-lab/old-kettle", settings)
    links = open_release(settings.store).read("links").filter(pl.col("repository") == "example-lab/old-kettle")
    best = links.sort(pl.col("role") != "official_code", -pl.col("confidence"), maintain_order=True)
    assert [paper.paper_id for paper in explained.papers] == best["paper_id"].to_list()
    assert len(explained.papers) == 2
    first = explain("example-lab/old-kettle", settings, n_papers=1)
    assert [paper.paper_id for paper in first.papers] == best["paper_id"].to_list()[:1]
    assert [other["paper_id"] for other in first.others] == best["paper_id"].to_list()[1:]
    assert "1 more" in call(settings, "example-lab/old-kettle", "--papers", 1).stdout


def test_a_title_of_several_papers_lists_them(settings):
    explained = explain(TWINS.upper(), settings)
    assert explained.papers == ()
    assert [other["paper_id"] for other in explained.others] == id_of(settings, TWINS)
    result = call(settings, TWINS)
    assert (result.exit_code, "2 papers have this title" in result.stdout) == (0, True)
    assert all(paper_id in result.stdout for paper_id in id_of(settings, TWINS))


@pytest.mark.parametrize(
    ("asked", "found", "suggested"),
    [
        ("SockNet: Pairing Sox for Early Risers in a Dark Hallway", "the title", SOCKS),
        ("Snails Go in the Rain", "the title", SNAILS),
        ("sock nets", "the title", SOCKS),
        ("Quantum chromodynamics", "the title", None),
        ("pl-000000000000", "an id that no release knows", None),
        ("0123456789abcdef:1", "the appearance id", None),
        ("2601.91234", "the arxiv id", None),
        ("10.5555/kettle", "the doi", None),
        ("https://github.com/example-lab/nowhere", "the repository", None),
        ("...", "the title", None),
    ],
)
def test_what_is_no_paper_is_an_error_with_suggestions(settings, asked, found, suggested):
    with pytest.raises(UnknownPaperError) as caught:
        explain(asked, settings)
    assert found in str(caught.value)
    titles = [title for _, title in caught.value.suggestions]
    assert titles[:1] == ([suggested] if suggested else [])
    result = call(settings, asked)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "expected a paper of release 1" in result.stderr
    assert (suggested or "") in result.stderr
    assert ("No title comes close" in result.stderr) == (suggested is None and found == "the title")
    assert "see `paperlake show rejects`" in result.stderr or suggested or "pl-000000000000, an id" in result.stderr


def test_the_id_of_a_reject_says_so(sample_store):
    reject = open_release(sample_store).read("rejects")["reject_id"][0]
    with pytest.raises(UnknownPaperError, match="the id of a reject"):
        explain(reject, Settings(raw=SAMPLES, store=sample_store))


def test_a_title_shows_its_steps_and_its_line(settings):
    title = value_of(paper_of(SOCKS, settings), "title")
    assert (title.value, title.rule, title.raw) == (SOCKS, "first", SOCKS.replace("for Early", "forEarly"))
    assert (title.source.place, title.source.text) == (
        "2026-03-01-first.txt:2",
        "SubscribeSockNet: Pairing Socks forEarly Risers in Dark Hallways",
    )
    assert [(step.name, step.changes[0].before, step.changes[0].after) for step in title.steps] == [
        ("glued_words", "forEarly", "for Early")
    ]
    assert title.candidates == ()


def test_an_abstract_shows_rule_correction_and_losers(settings):
    abstract = value_of(paper_of(SOCKS, settings), "abstract")
    assert (abstract.rule, abstract.source.place) == ("longest", "2026-03-02-second.txt:3")
    assert "a range of socks" in abstract.value
    assert "arange of socks" in abstract.raw
    [correction] = abstract.corrections
    assert (correction["from"], correction["to"], correction["why"]) == ("arange of", "a range of", "torn in the dump")
    [loser] = abstract.candidates
    assert [source.place for source in loser.sources] == ["2026-03-01-first.txt:3"]
    shown = call(settings, SOCKS).stdout
    assert "'arange of' -> 'a range of': torn in the dump" in " ".join(shown.split())


def test_corrections_of_other_values_and_records_are_not_shown(settings):
    paper = paper_of(SOCKS, settings)
    assert [value.column for value in paper.values if value.corrections] == ["abstract"]
    mugs = paper_of("mug-works/mugs", settings)
    assert [value.column for value in mugs.values if value.corrections] == []


def test_counts_are_of_the_latest_capture(settings):
    paper = paper_of("2601.90000", settings)
    upvotes = value_of(paper, "upvotes")
    assert (upvotes.value, upvotes.rule, upvotes.source.dump) == (8, "latest", "2026-03-04-fourth.md")
    assert [(loser.value, loser.sources[0].dump) for loser in upvotes.candidates] == [(7, "2026-03-03-third.md")]
    assert upvotes.source.text.startswith("[8]")
    assert "from its file name" in value_of(paper, "first_seen_on").notes[0]
    assert value_of(paper, "n_appearances").value == 3


def test_appearances_say_why_they_are_one_paper(settings):
    rows = paper_of(SNAILS, settings).appearances
    assert (rows[0]["dump"], rows[0]["match_rule"]) == ("2026-03-01-first.txt", "new")
    assert {row["match_rule"] for row in rows[1:]} <= {"arxiv_id", "title_key", "fuzzy"}
    assert all(row["matched_with"] for row in rows[1:])


def test_a_link_shows_its_evidence_and_losing_roles(settings):
    links = {link.row["url"]: link for link in paper_of(SOCKS, settings).links}
    link = links["https://github.com/example-lab/sock-net"]
    assert (link.row["role"], link.row["repairs"]) == ("official_code", ["trailing_period"])
    assert (link.source.place, link.notes) == ("2026-03-01-first.txt:3", ())
    assert set(link.roles) == set(LINK_ROLES)
    assert sum(link.roles.values()) == pytest.approx(1, abs=0.01)
    assert link.roles["official_code"] == pytest.approx(link.row["confidence"], abs=0.001)
    assert {one.rule for one in link.evidence} == {"always", *link.row["evidence"]}
    weights = [abs(one.weight) for one in link.evidence]
    assert weights == sorted(weights, reverse=True)
    assert all(one.says for one in link.evidence)


def test_a_renamed_repository_shows_its_alias(settings):
    [link] = [link for link in paper_of("mug-works/mugs", settings).links if link.row["kind"] == "github_repository"]
    assert [(alias["old"], alias["new"]) for alias in link.aliases] == [("example-lab/mug-moved", "mug-works/mugs")]
    assert link.source.place == "2026-03-02-second.txt:7"
    others = [link for link in paper_of(SOCKS, settings).links if link.aliases]
    assert others == []


def test_the_repository_says_what_won_and_why_others_lost(settings):
    choice = paper_of(SOCKS, settings).repository
    assert (choice.repository, choice.least_confidence) == ("example-lab/sock-net", LEAST_CONFIDENCE)
    assert [(one.repository, one.why.partition(":")[0]) for one in choice.candidates] == [
        ("example-lab/sock-net", "chosen"),
        ("example-lab/old-kettle", "lost"),
    ]


def test_no_repository_is_explained_too(settings):
    choice = paper_of(SNAILS, settings).repository
    assert choice.repository is None
    assert "none of its repositories" in choice.why
    [lost] = choice.candidates
    assert lost.why.startswith("lost: its role is") or f"below {LEAST_CONFIDENCE}" in lost.why
    bare = paper_of("2601.90001", settings).repository
    assert (bare.repository, bare.candidates, bare.why) == (
        None,
        (),
        "no link of it names a GitHub repository for certain",
    )


def test_every_value_that_is_there_is_explained(settings, sample_store):
    columns = {name for table in ("papers", "metrics") for name in TABLES[table].polars_schema}
    assert columns == {*ALL_RULES, "repository", "repository_confidence", "repositories"}
    release = open_release(sample_store)
    rows = zip(release.read("papers").to_dicts(), release.read("metrics").to_dicts(), strict=True)
    for paper_row, metrics_row in rows:
        paper = paper_of(paper_row["paper_id"], Settings(raw=SAMPLES, store=sample_store))
        told = [(value.table, value.column, value.value) for value in paper.values]
        there = [("papers", name, value) for name, value in paper_row.items() if value not in (None, [])]
        there += [("metrics", *item) for item in metrics_row.items() if item[1] is not None and item[0] != "paper_id"]
        assert told == there


def holds(line: str, value) -> bool:
    """Whether a line shows a value, escapes and marks aside."""
    words = re.findall(r"[A-Za-z0-9]+", str(value).split("\n")[0])[:6]
    return bool(words) and all(word in line for word in words)


def sources_of(paper):
    """Each source of a paper with the column and the value that stands there."""
    for value in paper.values:
        if value.raw is not None and value.source:
            yield value.source, value.column, value.raw
    for link in paper.links:
        yield link.source, "link", link.row["raw"]


def test_every_value_stands_on_the_line_named(sample_store):
    lines = {path.name: path.read_text().split("\n") for path in SAMPLES.glob("*-*")}
    ids = open_release(sample_store).read("papers")["paper_id"]
    n_found = n_missed = 0
    for paper_id in ids:
        for source, column, raw in sources_of(paper_of(paper_id, Settings(raw=SAMPLES, store=sample_store))):
            if source.line is None:
                assert column == "n_authors", (column, raw, source)
                n_missed += 1
                continue
            line = lines[source.dump][source.line - 1]
            assert source.text.strip("…") in line
            if column not in ("upvotes", "comments", "github_stars", "paper_url"):
                assert holds(line, raw), (column, raw, line)
            assert source.line_start <= source.line <= source.line_end or "outside" in source.note
            n_found += 1
    assert n_found > 500
    assert n_missed < 20


@pytest.mark.slow
def test_every_value_of_every_third_real_paper_stands_on_the_line_named(real_dumps, tmp_path):
    settings = Settings(raw=real_dumps / "dumps", store=tmp_path / "store")
    build_store(settings.raw, settings.store, accept=("page_furniture", "one_repository"))
    ids = open_release(settings.store).read("papers")["paper_id"].gather_every(3)
    for paper in (paper for paper_id in ids for paper in explain(paper_id, settings).papers):
        for source, column, raw in sources_of(paper):
            assert source.line or column == "n_authors", (column, raw, source)


@pytest.mark.parametrize("layout", WRITERS)
def test_values_of_every_layout_are_found_inside_of_their_record(tmp_path, layout):
    (tmp_path / "raw").mkdir()
    page = write_page(layout, invent(12, seed=9), captured_on=date(2026, 7, 1))
    (tmp_path / "raw" / "page.txt").write_text(page.text)
    settings = Settings(raw=tmp_path / "raw", store=tmp_path / "store")
    build_store(settings.raw, settings.store)
    papers = [paper_of(paper_id, settings) for paper_id in open_release(settings.store).read("papers")["paper_id"]]
    assert len(papers) >= 10
    sources = [source for paper in papers for source in sources_of(paper)]
    missed = {column for source, column, _ in sources if source.line is None}
    assert missed <= {"n_authors", "paper_url"}
    for source, column, raw in sources:
        if source.line and column in ("title", "abstract", "link", "organisation", "submitted_by"):
            assert holds(page.lines[source.line - 1], raw), (column, raw)


def test_without_the_file_there_are_lines_but_no_quotation(settings, tmp_path):
    gone = Settings(raw=tmp_path, store=settings.store)
    title = value_of(paper_of(SOCKS, gone), "title")
    assert (title.source.line, title.source.text, title.source.place) == (None, None, "2026-03-01-first.txt:2-3")
    assert "is not in" in title.source.note
    (tmp_path / "2026-03-01-first.txt").write_text(FIRST + "more")
    title = value_of(paper_of(SOCKS, gone), "title")
    assert (title.source.line, "has other bytes" in title.source.note) == (None, True)
    tight = Settings(raw=settings.raw, store=settings.store, max_dump_lines=2)
    assert "too_many_lines" in value_of(paper_of(SOCKS, tight), "title").source.note


def test_other_rules_are_noted(settings, monkeypatch):
    assert explain(SOCKS, settings).is_by_installed_rules
    monkeypatch.setattr("paperlake.explain.explanation.rules_version", lambda: "f" * 12)
    explained = explain(SOCKS, settings)
    assert not explained.is_by_installed_rules
    assert explained.as_dict()["is_by_installed_rules"] is False
    assert "explained by rules ffffffffffff" in " ".join(call(settings, SOCKS).stdout.split())


def test_a_value_that_comes_out_otherwise_says_so(settings, monkeypatch):
    from paperlake.normalise import normalise_appearances

    def louder(rows):
        return normalise_appearances(rows).with_columns(pl.col("title").str.to_uppercase())

    monkeypatch.setattr("paperlake.explain.values.normalise_appearances", louder)
    paper = paper_of(SOCKS, settings)
    assert "other rules made it" in value_of(paper, "title").notes[0]
    assert value_of(paper, "title").source.place == "2026-03-01-first.txt:2"
    assert value_of(paper, "abstract").notes == ()


def test_a_role_that_comes_out_otherwise_says_so(settings, monkeypatch):
    from paperlake.link_roles.scores import judge_roles, role_weights

    weights = role_weights().with_columns(official_code=pl.col("official_code") - 5)
    monkeypatch.setattr("paperlake.explain.links.judge_roles", lambda evidence: judge_roles(evidence, weights))
    [link] = [link for link in paper_of(SOCKS, settings).links if link.row["role"] == "official_code"]
    assert "other rules made it" in link.notes[0]


def test_an_id_that_was_merged_leads_to_the_paper_it_is(tmp_path):
    settings = Settings(raw=tmp_path / "raw", store=tmp_path / "store")
    settings.raw.mkdir()
    [paper] = invent(1, seed=8)
    first = replace(paper, title=SOCKS)
    other = replace(paper, title=SNAILS, abstract="No snail was ever seen to hurry. " * 3)
    filler = invent(6, seed=11)
    pages = (("compact", [first, *filler]), ("firecrawl", [other, *filler[3:]]), ("firecrawl", [first, *filler[:3]]))
    for number, (layout, papers) in enumerate(pages):
        (settings.raw / f"{number}.txt").write_text(write_page(layout, papers, captured_on=date(2026, 7, 1)).text)
        build_store(settings.raw, settings.store, accept=("papers_shrink", "abstract_share", "links_per_paper"))
    history = open_release(settings.store).read("id_history").filter(pl.col("event") == "merged_into")
    assert history.height > 0
    for row in history.to_dicts():
        paper = paper_of(row["paper_id"], settings)
        assert paper.paper_id == row["other_id"]
        assert paper.why == f"{row['paper_id']} was merged into {row['other_id']} in release {row['release']}"
        assert row in paper.history
        shown = call(settings, row["paper_id"]).stdout
        assert f"{row['paper_id']} merged into {row['other_id']}" in shown
        before = explain(row["paper_id"], settings, at=row["release"] - 1)
        assert [paper.paper_id for paper in before.papers] == [row["paper_id"]]


def test_an_id_that_was_retired_says_where_it_was(tmp_path):
    settings = Settings(raw=tmp_path / "raw", store=tmp_path / "store")
    settings.raw.mkdir()
    papers = invent(8, seed=3)
    for name, shown in (("a.md", papers[:4]), ("b.md", papers[4:])):
        (settings.raw / name).write_text(write_page("firecrawl", shown, captured_on=date(2026, 7, 1)).text)
    build_store(settings.raw, settings.store)
    (settings.raw / "dumps.toml").write_text('["a.md"]\nlayout = "compact"')
    build_store(settings.raw, settings.store, accept=("papers_shrink", "abstract_share", "links_per_paper"))
    retired = open_release(settings.store).read("id_history").filter(pl.col("event") == "retired")["paper_id"][0]
    with pytest.raises(UnknownPaperError, match=rf"{retired}, an id that release 2 retired.\n.*--at 1"):
        explain(retired, settings)
    assert paper_of(open_release(settings.store).read("papers")["paper_id"][0], settings)
    result = call(settings, retired, "--at", 1)
    assert (result.exit_code, retired in result.stdout) == (0, True)


def test_an_id_that_was_born_later_says_when(tmp_path):
    settings = Settings(raw=tmp_path / "raw", store=tmp_path / "store")
    settings.raw.mkdir()
    papers = invent(8, seed=3)
    for name, shown in (("a.md", papers[:4]), ("b.md", papers[4:])):
        (settings.raw / name).write_text(write_page("firecrawl", shown, captured_on=date(2026, 7, 1)).text)
        build_store(settings.raw, settings.store)
    later = open_release(settings.store).read("papers")["paper_id"][-1]
    with pytest.raises(UnknownPaperError, match=rf"release 1, found {later}, an id that release 2 created.\n.*--at 2"):
        explain(later, settings, at=1)
    with pytest.raises(UnknownPaperError, match="found pl-000000000000, an id that no release knows"):
        explain("pl-000000000000", settings, at=1)


OFFICIAL_LINK = "https://github.com/example-lab/wet-garden"
MENDED_LINK = "https://github.com/example-lab/cold-mugs"


def corrected_link(tmp_path, shown, column, wrong, right):
    """The paper whose only link is another after this correction, and what people are shown of it."""
    settings = Settings(raw=tmp_path / "raw", store=tmp_path / "store")
    (settings.raw / "curation").mkdir(parents=True)
    page = write_page("linktag", shown, captured_on=date(2026, 7, 1))
    (settings.raw / "page.md").write_text(page.text)
    entry = {"dump": "page.md", "line": page.expected[0]["line_start"], "column": column, "from": wrong, "to": right}
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in (entry | {"why": "the page says so"}).items()]
    (settings.raw / "curation" / "corrections.toml").write_text("[[correction]]\n" + "".join(lines))
    build_store(settings.raw, settings.store, accept=("one_repository",))
    [paper] = explain(MENDED_LINK, settings).papers
    return paper, " ".join(call(settings, MENDED_LINK).stdout.split())


@pytest.mark.parametrize("before", ["", OFFICIAL_LINK])
def test_a_corrected_button_shows_its_correction_and_what_stood_there(tmp_path, before):
    shown = [replace(PAPERS[1], github=before.removeprefix("https://github.com/") or None, abstract=SLOW), PAPERS[0]]
    paper, told = corrected_link(tmp_path, shown, "github_url", before, MENDED_LINK)
    [link] = [link for link in paper.links if link.row["url"] == MENDED_LINK]
    [correction] = link.corrections
    assert (correction["from"], correction["to"], correction["why"]) == (before, MENDED_LINK, "the page says so")
    assert value_of(paper, "repositories").corrections == link.corrections
    assert f"corrected '{before}' -> '{MENDED_LINK}': the page says so (curation/corrections.toml)" in told
    if before:
        assert "wet-garden" in link.source.text
    else:
        assert (link.source.line, link.source.text, "a corrected value" in link.source.note) == (None, None, True)


def test_a_link_in_a_corrected_text_shows_only_the_correction_that_made_it(tmp_path):
    abstract = f"{SLOW}Code: https://github.com/example-lab/cold-mu."
    shown = [replace(PAPERS[1], github=None, abstract=abstract), PAPERS[0]]
    paper, _ = corrected_link(tmp_path, shown, "abstract", "cold-mu", "cold-mugs")
    [link] = [link for link in paper.links if link.row["url"] == MENDED_LINK]
    assert [one["to"] for one in link.corrections] == ["cold-mugs"]
    assert (link.source.text, "a corrected value" in link.source.note) == (None, True)
    assert all(not one.corrections for one in paper.links if one is not link)


def test_a_link_that_no_correction_made_shows_none(settings):
    assert [link.corrections for link in paper_of(SOCKS, settings).links] == [(), ()]


def choice_of(roles, confidence, *, is_own, chosen=None):
    row = {"kind": "github_repository", "repository": "example-lab/kettle", "role": roles, "confidence": confidence}
    link = ExplainedLink(row, Source("a:1", "a.txt", 1, 2), (), {"official_code": 0.9}, (), (), is_own, ())
    return choose_repository({"repository": chosen, "repository_confidence": None}, [link])


def test_a_repository_that_nothing_says_is_the_papers_own_is_not_named():
    choice = choice_of("official_code", 0.9, is_own=False)
    assert [one.why for one in choice.candidates] == ["lost: nothing says that it is the paper's own"]
    assert choice.why.startswith(
        "example-lab/kettle is official_code with a confidence of 0.8 or more, but nothing says"
    )
    other = choice_of("official_code", 0.9, is_own=True)
    assert "other rules made it" in other.why
    assert "other rules made it" in other.candidates[0].why
    assert "none of its repositories" in choice_of("mention", 0.9, is_own=False).why
    assert choice_of("official_code", 0.9, is_own=True, chosen="a/b").candidates[0].why.endswith("a/b is more so")


def test_whether_a_link_is_the_papers_own_is_what_paper_links_says(settings, monkeypatch):
    assert paper_of(SOCKS, settings).links[0].is_surely_own
    monkeypatch.setattr("paperlake.explain.links.is_surely_own", lambda: pl.col("role") == "dataset")
    assert not any(link.is_surely_own for link in paper_of(SOCKS, settings).links)


def test_each_value_from_links_says_what_it_is(settings):
    says = {value.column: value.rule_says for value in paper_of(SOCKS, settings).values}
    assert says["repositories"].startswith("every GitHub repository")
    assert says["repository"].startswith("the GitHub repository whose link is most official")
    assert says["repository_confidence"].startswith("the confidence")


def test_json_is_whole(settings):
    result = call(settings, SOCKS, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert told == json.loads(json.dumps(explain(SOCKS, settings).as_dict(), default=str))
    [paper] = told["papers"]
    assert set(paper) == {
        "paper_id", "title", "why", "history", "appearances", "values", "links", "repository",
    }  # fmt: skip
    assert {"raw", "steps", "corrections", "candidates", "source", "rule", "rule_says", "notes"} <= set(
        paper["values"][0]
    )


@pytest.mark.parametrize("width", [80, 100, 140])
def test_people_are_shown_it_as_wide_as_their_page(settings, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    lines = call(settings, SOCKS).stdout.splitlines()
    assert width - 20 < max(map(len, lines)) <= width
    assert [line for line in lines if line != line.rstrip()] == []


def test_words_are_quoted_as_they_stand():
    assert _quoted("71\\%,") == "'71\\%,'"
    assert _quoted("a\nb\u200b") == "'a\\nb\\u200b'"


def test_people_are_shown_what_there_is(settings, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    shown = call(settings, SOCKS).stdout
    for told in (
        "2026-03-01-first.txt:2-3, captured 2026-03-01 (its file name)",
        "“SubscribeSockNet: Pairing Socks forEarly Risers in Dark Hallways”",
        "'forEarly' -> 'for Early'",
        "https://github.com/example-lab/sock-net",
        "trailing_period",
        "code of ours, or of this paper",
        "example-lab/old-kettle: confidence",
    ):
        assert told in shown, told


def test_text_of_dumps_is_shown_as_it_is_and_secrets_are_not(tmp_path):
    settings = Settings(raw=tmp_path / "raw", store=tmp_path / "store")
    settings.raw.mkdir()
    title = "On [b]Socks[/b] :rocket: and the \x1b[31mSnails of the Garden"
    text = f"{SLOW}Data: https://ada:s3cret@kettle.example.org/data and so on."
    (settings.raw / "page.txt").write_text(f"{BANNER}\nSubscribe{title}\n{text}\n{SNAILS}\n{WET}\n")
    build_store(settings.raw, settings.store)
    [paper_id] = open_release(settings.store).read("papers")["paper_id"].to_list()[:1]
    shown = call(settings, paper_id).stdout
    assert "On [b]Socks[/b] :rocket: and the" in shown
    assert "\x1b" not in shown
    [link] = paper_of(paper_id, settings).links
    assert (link.source.line, "***@kettle.example.org" in link.source.text) == (3, True)
    assert "s3cret" not in shown + json.dumps(explain(paper_id, settings).as_dict(), default=str)


def test_a_damaged_part_is_a_damaged_store(settings, tmp_path):
    store = shutil.copytree(settings.store, tmp_path / "store", symlinks=True)
    (open_release(store).path / "links" / "part-00000.parquet").unlink()
    result = call(Settings(raw=settings.raw, store=store), SOCKS)
    assert (result.exit_code, "links:" in result.stderr) == (5, True)
