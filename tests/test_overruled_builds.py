"""People's word wins: judgements and retractions in builds, and what the release tells of them."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from benchmarks.page_writers import invent, write_page

from paperlake import open_release
from paperlake.curating import write_judgement
from paperlake.curation.judgements import Judgement, is_paper_id, read_judgements
from paperlake.errors import CorrectionError, JudgementConflictError
from paperlake.identity.registry import follow, new_ids
from paperlake.near_misses import read_near_misses
from paperlake.settings import Settings
from tests.conftest import build_store

PAPERS = invent(8, seed=3)


@pytest.fixture
def raw(tmp_path) -> Path:
    """Two dumps: papers 0-4, and 3-7."""
    folder = tmp_path / "raw"
    (folder / "curation").mkdir(parents=True)
    for name, papers in (("a.md", PAPERS[:5]), ("b.md", PAPERS[3:])):
        (folder / name).write_text(write_page("firecrawl", papers, captured_on=date(2026, 7, 20)).text)
    return folder


@pytest.fixture
def store(raw, tmp_path) -> Path:
    build_store(raw, tmp_path / "store")
    return tmp_path / "store"


def judge(raw: Path, *rows: tuple[str, str, str]) -> None:
    lines = [f"2026-07-21,mira,{left},{right},{verdict},seen in print" for left, right, verdict in rows]
    (raw / "curation/judgements.csv").write_text("\n".join(["when,who,left,right,verdict,why", *lines]) + "\n")


def retract(raw: Path, *dumps: str) -> None:
    lines = [f"2026-07-21,mira,{dump},a page of another day" for dump in dumps]
    (raw / "curation/retractions.csv").write_text("\n".join(["when,who,dump,why", *lines]) + "\n")


def tables(store: Path) -> dict[str, pl.DataFrame]:
    release = open_release(store)
    return {name: release.read(name) for name in release.tables}


def paper_ids(store: Path) -> list[str]:
    return tables(store)["papers"]["paper_id"].to_list()


def events(store: Path) -> list[tuple]:
    history = tables(store)["id_history"].filter(pl.col("event") != "created")
    return history.select("paper_id", "event", "other_id", "reason").rows()


def test_two_papers_are_judged_one_and_then_two_again(raw, store):
    first, second, *others = paper_ids(store)
    judge(raw, (first, second, "same"))
    build_store(raw, store)
    assert paper_ids(store) == [first, *others]
    why = "judged same by mira: seen in print"
    assert events(store) == [(second, "merged_into", first, why)]
    changed = tables(store)["changes"].filter(pl.col("key").str.contains(second))
    assert set(changed["cause"]) == {"judgement"}
    joined = tables(store)["appearances"].filter(pl.col("match_rule") == "judgement")
    assert joined["paper_id"].to_list() == [first]

    judge(raw)
    build_store(raw, store)
    again = paper_ids(store)
    assert len(again) == 8
    assert second not in again, "an id that ended never lives again"
    [new] = set(again) - {first, *others}
    assert events(store)[-1][:3] == (new, "split_from", first)
    assert follow(tables(store)["id_history"], second)[0] == first


def test_one_paper_is_judged_two(raw, store):
    seen = tables(store)["appearances"].filter(pl.col("match_rule") != "new")
    row = seen.row(0, named=True)
    judge(raw, (row["appearance_id"], row["matched_with"], "different"))
    build_store(raw, store)
    appearances = tables(store)["appearances"]
    both = appearances.filter(pl.col("appearance_id").is_in([row["appearance_id"], row["matched_with"]]))
    assert both["paper_id"].n_unique() == 2
    assert row["paper_id"] in both["paper_id"].to_list()
    [(_, event, other, why)] = events(store)
    assert (event, other, why) == ("split_from", row["paper_id"], "judged different by mira: seen in print")


def test_an_id_of_a_paper_means_the_appearance_that_it_is_made_from(raw, store):
    row = tables(store)["appearances"].filter(pl.col("match_rule") != "new").row(0, named=True)
    [own] = new_ids(pl.Series([row["appearance_id"]]), pl.Series([], dtype=pl.String))
    judge(raw, (own, row["paper_id"], "different"))
    build_store(raw, store)
    assert events(store) == [(own, "split_from", row["paper_id"], "judged different by mira: seen in print")]
    assert not build_store(raw, store).is_new
    judge(raw)
    build_store(raw, store)
    assert events(store)[1:] == [(own, "merged_into", row["paper_id"], "judged different by mira: seen in print")]
    judge(raw, (own, row["paper_id"], "different"))
    retract(raw, "a.md")
    with pytest.raises(CorrectionError, match=r"no dump shows the appearance .* Name an appearance instead"):
        build_store(raw, store)


def test_a_judgement_that_was_given_holds_build_after_build(raw, store):
    ids = paper_ids(store)
    retract(raw, "a.md")
    build_store(raw, store)
    settings = Settings(raw=raw, store=store)
    given = Judgement(date(2026, 7, 22), "mira", ids[3], ids[5], "same", "seen in print")
    written, papers = write_judgement(given, settings)
    assert papers == (ids[3], ids[5]), "the first appearance of the one is gone, it lives by another"
    [line] = read_judgements(raw)
    assert line == written
    assert is_paper_id(line.left) is is_paper_id(line.right) is False
    build_store(raw, store)
    joined = paper_ids(store)
    assert joined == [ids[3], ids[4], ids[6], ids[7]]
    (raw / "c.md").write_text(write_page("firecrawl", invent(9, seed=3)[8:], captured_on=date(2026, 7, 23)).text)
    build_store(raw, store)
    assert paper_ids(store)[:4] == joined


def test_judgements_that_contradict_one_another_publish_nothing(raw, store):
    a, b, c, *_ = paper_ids(store)
    judge(raw, (a, b, "same"), (b, c, "same"), (a, c, "different"))
    with pytest.raises(JudgementConflictError, match=r"line 4"):
        build_store(raw, store)
    judge(raw, (a, "pl-000000000000", "same"))
    with pytest.raises(CorrectionError, match="pl-000000000000"):
        build_store(raw, store)
    assert open_release(store).version == 1


def test_a_retracted_dump_takes_its_papers_back_and_other_ids_stay(raw, store):
    before = tables(store)
    retract(raw, "a.md")
    build_store(raw, store)
    after = tables(store)
    status = dict(after["dumps"].select("path", "status").rows())
    assert status == {"a.md": "retracted", "b.md": "read"}
    assert after["dumps"].filter(pl.col("path") == "a.md")["reason"].to_list() == ["a page of another day"]
    ids = before["papers"]["paper_id"].to_list()
    assert after["papers"]["paper_id"].to_list() == ids[3:], "those of both dumps keep their ids"
    why = "dump retracted by mira: a page of another day"
    assert events(store) == [(name, "retired", None, why) for name in ids[:3]]
    assert set(after["changes"]["cause"]) == {"retraction"}
    assert follow(after["id_history"], ids[0])[0] is None
    assert not build_store(raw, store).is_new


def test_a_dump_that_is_retracted_no_longer_comes_back_under_new_ids(raw, store):
    ids = paper_ids(store)
    retract(raw, "a.md")
    build_store(raw, store)
    retract(raw)
    build_store(raw, store)
    after = paper_ids(store)
    assert len(after) == 8
    assert set(ids[:3]).isdisjoint(after), "an id that ended never lives again"
    assert set(ids[3:]) <= set(after)
    assert tables(store)["dumps"]["status"].to_list() == ["read", "read"]


def test_near_misses_are_kept_for_people(raw, store):
    near = read_near_misses(store / ".work")
    assert near is not None
    assert near["score"].is_sorted(descending=True)


def test_the_same_word_from_the_first_build_on_gives_the_same_papers(raw, store, tmp_path):
    first, second, *_ = paper_ids(store)
    judge(raw, (first, second, "same"))
    build_store(raw, store)
    build_store(raw, tmp_path / "anew")
    assert paper_ids(tmp_path / "anew") == paper_ids(store)
