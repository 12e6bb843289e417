"""What people write in `curation` reaches the release, and takes effect whenever it is written."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from benchmarks.page_writers import invent, write_page
from typer.testing import CliRunner

from paperlake import match_stages, open_release, stages, versions
from paperlake.cli import app
from paperlake.errors import CorrectionError
from paperlake.release import encoding
from tests.conftest import build_store

TORN = "We warm a kettle by slow pro-cessing and look on. Code: https://github.com/example-lab/ket-tle."
LINK = "https://github.com/example-lab/ket-tle"
PAPERS = [
    replace(paper, abstract=TORN + " " + paper.abstract) if number == 1 else paper
    for number, paper in enumerate(invent(10, seed=3))
]
PAGES = {
    name: write_page(layout, papers, captured_on=date(2026, 7, 20))
    for name, layout, papers in (("a.md", "firecrawl", PAPERS[:6]), ("b.md", "notebooklm", PAPERS[6:]))
}
LINE = PAGES["a.md"].expected[1]["line_start"]
TITLE = PAPERS[1].title


@pytest.fixture
def raw(tmp_path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    for name, page in PAGES.items():
        (folder / name).write_text(page.text)
    return folder


@pytest.fixture
def store(tmp_path) -> Path:
    return tmp_path / "store"


def write(raw: Path, *entries: dict, aliases: str = "") -> None:
    """Write these entries into the files of `curation`, and no others: without any, a file is empty."""
    (raw / "curation").mkdir(exist_ok=True)
    lines = [
        f"{key} = {json.dumps(value)}\n" if key != "header" else "[[correction]]\n"
        for entry in entries
        for key, value in ({"header": None} | entry).items()
    ]
    (raw / "curation" / "corrections.toml").write_text("".join(lines))
    header = "old,new,since,source\n" if aliases else ""
    (raw / "curation" / "repository_aliases.csv").write_text(header + aliases)


def entry(wrong="pro-cessing", right="processing", column="abstract", dump="a.md", line=LINE) -> dict:
    return {"dump": dump, "line": line, "column": column, "from": wrong, "to": right, "why": "seen in the paper"}


def paper(store: Path, title: str = TITLE) -> dict:
    [row] = open_release(store)["papers"].filter(pl.col("title") == title).collect().to_dicts()
    return row


def fingerprint(store: Path) -> str:
    return open_release(store).manifest["fingerprint"]


def causes(store: Path) -> dict[str, set[str]]:
    """Causes of the changes, by table and column."""
    rows = open_release(store)["changes"].select("table", "column", "cause").collect().rows()
    places = {f"{table}.{column}" for table, column, _ in rows}
    return {place: {cause for table, column, cause in rows if f"{table}.{column}" == place} for place in places}


def test_a_correction_changes_the_paper_and_not_the_appearance(raw, store):
    build_store(raw, store)
    before = open_release(store)
    write(raw, entry())
    report = build_store(raw, store)
    assert (report.is_new, report.n_dumps_new, report.version) == (True, 0, 2)
    after = open_release(store)
    assert "slow processing" in paper(store)["abstract"]
    assert after["appearances"].collect().equals(before["appearances"].collect())
    assert causes(store)["papers.abstract"] == {"correction"}
    assert set(after["changes"].collect()["key"]) == {paper(store)["paper_id"]}
    [fact] = after.manifest["facts"]["corrections"]
    assert (fact["from"], fact["to"], fact["why"]) == ("pro-cessing", "processing", "seen in the paper")
    assert after.manifest["facts"]["dumps"][0]["dump_id"] == fact["dump_id"]
    assert build_store(raw, store).is_new is False


def test_a_correction_taken_back_is_taken_back(raw, store):
    build_store(raw, store)
    wanted = fingerprint(store)
    write(raw, entry())
    build_store(raw, store)
    assert fingerprint(store) != wanted
    write(raw)
    assert build_store(raw, store).is_new
    assert fingerprint(store) == wanted
    assert causes(store)["papers.abstract"] == {"correction"}
    assert open_release(store).manifest["facts"]["corrections"] == []


def test_a_folder_that_is_gone_takes_nothing_back(raw, store):
    """A mount that is away for a night must not undo what people decided."""
    write(raw, entry())
    build_store(raw, store)
    shutil.rmtree(raw / "curation")
    with pytest.raises(CorrectionError, match=r"corrections\.toml: expected the file whose 1 entries .* an empty file"):
        build_store(raw, store)
    assert open_release(store).version == 1


def test_a_correction_of_a_retracted_dump_rests(raw, store):
    write(raw, entry())
    build_store(raw, store)
    (raw / "curation" / "retractions.csv").write_text("when,who,dump,why\n2026-07-21,mira,a.md,of another site\n")
    assert build_store(raw, store, accept=("has_papers", "papers_shrink", "abstract_share", "links_per_paper")).is_new
    (raw / "curation" / "retractions.csv").write_text("")
    assert build_store(raw, store).is_new
    assert "processing" in paper(store)["abstract"]


def test_a_correction_changed_is_a_correction(raw, store):
    write(raw, entry())
    build_store(raw, store)
    write(raw, entry(right="heating"))
    build_store(raw, store)
    assert "slow heating" in paper(store)["abstract"]
    assert causes(store)["papers.abstract"] == {"correction"}


def test_a_corrected_link_is_another_link(raw, store):
    build_store(raw, store)
    write(raw, entry(LINK, "https://github.com/example-lab/kettle"))
    build_store(raw, store)
    links = open_release(store)["links"].collect()
    assert links.filter(pl.col("url") == LINK).is_empty()
    [link] = links.filter(pl.col("repository") == "example-lab/kettle").to_dicts()
    assert (link["paper_id"], link["found_in"]) == (paper(store)["paper_id"], "abstract")
    assert "example-lab/kettle" in paper(store)["repositories"]
    assert set.union(*causes(store).values()) == {"correction"}


def test_a_corrected_id_joins_papers(raw, store):
    """The title key, the identity and the metrics stand on what was corrected, too."""
    build_store(raw, store)
    n_papers = open_release(store)["papers"].collect().height
    shown = open_release(store)["appearances"].filter(pl.col("title_raw") == TITLE).collect().to_dicts()[0]
    other = open_release(store)["appearances"].collect().row(0, named=True)
    write(
        raw,
        entry(shown["arxiv_id"], other["arxiv_id"], "arxiv_id"),
        entry(shown["paper_url"], other["paper_url"], "paper_url"),
        entry(str(shown["upvotes"]), "100000", "upvotes"),
    )
    build_store(raw, store, accept=("papers_shrink",))
    release = open_release(store)
    assert release["papers"].collect().height == n_papers - 1
    joined = release["appearances"].filter(pl.col("title_raw") == TITLE).collect().to_dicts()[0]
    assert joined["match_rule"] == "arxiv_id"
    assert (joined["arxiv_id"], joined["upvotes"]) == (shown["arxiv_id"], shown["upvotes"])
    metrics = release["metrics"].filter(pl.col("paper_id") == joined["paper_id"]).collect().to_dicts()[0]
    assert metrics["upvotes"] == 100_000
    assert causes(store)["papers.*"] == {"merge"}


def test_incremental_and_whole_builds_give_the_same(raw, store, tmp_path):
    aside = tmp_path / "b.md"
    shutil.move(raw / "b.md", aside)
    build_store(raw, store)
    write(raw, entry(), entry(LINK, "https://github.com/example-lab/kettle"))
    build_store(raw, store)
    shutil.move(aside, raw / "b.md")
    build_store(raw, store)
    build_store(raw, tmp_path / "whole")
    assert fingerprint(store) == fingerprint(tmp_path / "whole")
    assert open_release(store).version == 3


def test_a_correction_of_a_new_dump_is_no_change_by_correction(raw, store, tmp_path):
    aside = tmp_path / "a.md"
    shutil.move(raw / "a.md", aside)
    build_store(raw, store)
    shutil.move(aside, raw / "a.md")
    write(raw, entry())
    build_store(raw, store)
    assert set.union(*causes(store).values()) == {"new_dump"}


def test_a_correction_of_a_dump_whose_file_is_gone_works(raw, store):
    build_store(raw, store)
    (raw / "a.md").unlink()
    write(raw, entry())
    assert build_store(raw, store).is_new
    assert "slow processing" in paper(store)["abstract"]
    assert build_store(raw, store).is_new is False


def test_a_note_and_a_correction_of_one_dump_go_together(raw, store, tmp_path):
    build_store(raw, store)
    write(raw, entry())
    (raw / "dumps.toml").write_text('["a.md"]\nlicence = "CC0-1.0"\n')
    assert build_store(raw, store).n_dumps_new == 1
    assert "slow processing" in paper(store)["abstract"]
    build_store(raw, tmp_path / "whole")
    assert fingerprint(store) == fingerprint(tmp_path / "whole")


@pytest.mark.parametrize(
    "stale", [entry("boiling"), entry(dump="c.md"), entry(line=100_000), entry("slow", "by slow"), entry("e", "a")]
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_stale_correction_publishes_nothing(raw, store, stale, is_first):
    if not is_first:
        build_store(raw, store)
    write(raw, entry(), stale)
    with pytest.raises(CorrectionError, match=r"correction 2 \(line 8\): expected "):
        build_store(raw, store)
    assert len(versions(store)) == (0 if is_first else 1)
    write(raw, entry())
    assert build_store(raw, store).is_new


def test_a_stale_correction_makes_no_other_step_work(raw, store, monkeypatch):
    write(raw, entry("boiling"))
    monkeypatch.setattr(stages, "normalise_appearances", lambda *_: pytest.fail("normalised"))
    with pytest.raises(CorrectionError):
        build_store(raw, store)


def test_only_the_parts_concerned_are_cleaned_again(raw, store, monkeypatch):
    monkeypatch.setattr(encoding, "PART_SIZES", (4,))
    cleaned = []
    clean = stages.normalise_appearances
    monkeypatch.setattr(
        stages, "normalise_appearances", lambda rows: cleaned.append(rows["appearance_id"].to_list()) or clean(rows)
    )
    build_store(raw, store)
    write(raw, entry())
    build_store(raw, store)
    ids = open_release(store)["appearances"].collect()["appearance_id"].to_list()
    assert cleaned[1:] == [ids[:4], ids[4:8], ids[8:]]
    cleaned.clear()
    line = PAGES["b.md"].expected[3]["line_start"]
    write(raw, entry(), entry(PAPERS[9].title.split()[0], "Slow", "title", "b.md", line))
    assert build_store(raw, store).is_new
    assert cleaned == [ids[4:8], ids[8:]]


def test_what_changes_no_table_is_settled_once(raw, store, monkeypatch):
    write(raw, entry())
    build_store(raw, store)
    write(raw, entry(line=LINE + 1), aliases="example-lab/nobody,example-lab/somebody,,redirects\n")
    assert build_store(raw, store).is_new is False
    monkeypatch.setattr(match_stages, "resolve_identity", lambda *_: pytest.fail("resolved again"))
    assert build_store(raw, store).is_new is False
    write(raw, entry() | {"why": "another reason"})
    assert build_store(raw, store).is_new is False


def test_an_alias_names_the_repository_of_today_and_back(raw, store):
    build_store(raw, store)
    wanted = fingerprint(store)
    write(
        raw, aliases="Example-Lab/Ket-Tle,kettle-works/whistle,,redirects\nkettle-works/whistle,kettle-works/song,,x\n"
    )
    assert build_store(raw, store).is_new
    names = set(open_release(store)["repositories"].collect()["repository_key"])
    assert "kettle-works/song" in names
    assert not names & {"example-lab/ket-tle", "kettle-works/whistle"}
    assert "kettle-works/song" in paper(store)["repositories"]
    assert set.union(*causes(store).values()) == {"correction"}
    assert [fact["new"] for fact in open_release(store).manifest["facts"]["aliases"]] == [
        "kettle-works/whistle",
        "kettle-works/song",
    ]
    write(raw)
    build_store(raw, store)
    assert fingerprint(store) == wanted


def test_an_alias_that_cannot_be_used_stops_the_build(raw, store):
    write(raw, aliases="example-lab/ket-tle,example-lab/kettle,soon,redirects\n")
    with pytest.raises(CorrectionError, match=r"repository_aliases\.csv.*\n  line 2: expected a day"):
        build_store(raw, store)


def test_the_command_line_says_what_is_stale_and_exits_with_1(raw, store):
    write(raw, entry("boiling"), entry(dump="c.md"))
    done = CliRunner().invoke(app, ["build", "--raw", str(raw), "--store", str(store)])
    assert done.exit_code == 1
    assert "CorrectionError" in done.stderr
    assert "correction 1 (line 1): expected 'boiling'" in done.stderr
    assert "correction 2 (line 8): expected a dump of the store" in done.stderr
    assert versions(store) == []
