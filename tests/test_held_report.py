"""What a report says of tables made bad: what each gate is about, what is new, and one id for one candidate."""

import datetime as dt
import json

import polars as pl
import pytest

from paperlake import open_release
from paperlake.release.draft import draft_of
from paperlake.release.gates import GateResult
from paperlake.release.held_report import make_report
from paperlake.release.held_subjects import find_subjects
from paperlake.schemas import TABLES
from tests.release_frames import fill_columns

NOW = dt.datetime(2026, 7, 20, 12, tzinfo=dt.UTC)
HELD = GateResult("reject_share", passed=False, finding="expected few, found many")


@pytest.fixture(scope="module")
def release(sample_store):
    return open_release(sample_store)


@pytest.fixture(scope="module")
def tables(release):
    return {name: release.read(name) for name in TABLES}


@pytest.fixture(scope="module")
def facts(release):
    return release.manifest["facts"]


def subjects(gate, tables, before=None):
    return {one["about"]: one for one in find_subjects(gate, tables, before)}


def named(papers: pl.DataFrame) -> list[dict]:
    return papers.select("paper_id", "title").to_dicts()


def on_all_papers(tables, **values):
    """One link on every paper but the last."""
    one = tables["links"].head(1).with_columns(**{name: pl.lit(value) for name, value in values.items()})
    papers = tables["papers"].head(-1).select("paper_id")
    return tables | {"links": papers.join(one.drop("paper_id"), how="cross").select(one.columns)}


def test_page_furniture_is_shown_with_its_papers(tables):
    found = subjects("page_furniture", on_all_papers(tables, url="https://example.org/subscribe"))
    n = tables["papers"].height - 1
    assert found["the most frequent url"]["rows"] == [{"url": "https://example.org/subscribe", "n_papers": n}]
    assert found["papers with that url"] == {
        "about": "papers with that url",
        "n_rows": n,
        "rows": named(tables["papers"].head(5)),
    }


def test_one_repository_is_shown_with_its_papers(tables):
    values = {"repository": "example-lab/one", "kind": "github_repository"}
    found = subjects("one_repository", on_all_papers(tables, **values))
    n = tables["papers"].height - 1
    assert found["the most frequent repository"]["rows"] == [{"repository": "example-lab/one", "n_papers": n}]
    other = on_all_papers(tables, repository="example-lab/one", kind="gitlab")
    assert all(not one["n_rows"] for one in subjects("one_repository", other).values())


def test_rejects_of_the_worst_dump_come_first(tables):
    worst = tables["dumps"]["dump_id"][-1]
    row = tables["rejects"].head(1)
    bad = pl.concat([row, *(row.with_columns(dump_id=pl.lit(worst), text=pl.lit(f"Lid {n}\nmore")) for n in range(6))])
    count = pl.when(dump_id=worst).then(6).otherwise(1).cast(pl.Int32)
    spoiled = tables | {"rejects": bad, "dumps": tables["dumps"].with_columns(n_rejects=count)}
    [rejects] = find_subjects("reject_share", spoiled, None)
    assert (rejects["n_rows"], [one["text"] for one in rejects["rows"]]) == (7, [f"Lid {n}" for n in range(5)])
    assert {one["path"] for one in rejects["rows"]} == {tables["dumps"]["path"][-1]}


def test_papers_that_went_are_named_but_those_that_people_took_back(tables):
    taken, *lost = tables["papers"].head(3)["paper_id"].to_list()
    values = {"table": "papers", "change": "removed", "column": "*", "cause": pl.Series(["retraction", "rule_change"])}
    rows = pl.DataFrame({"key": [taken, lost[0]]}).with_columns(
        **{name: pl.lit(value) if isinstance(value, str) else value for name, value in values.items()}
    )
    changes = pl.concat([tables["changes"].clear(), rows], how="diagonal")
    after = tables | {"papers": tables["papers"][3:], "changes": changes}
    found = subjects("papers_shrink", after, tables)["papers that went"]
    assert [(one["paper_id"], one["cause"]) for one in found["rows"]] == [(lost[0], "rule_change"), (lost[1], None)]
    assert found["rows"][0]["title"] == tables["papers"]["title"][1]


def test_papers_that_lost_their_abstract_or_never_had_one_are_named(tables):
    had = tables["papers"].filter(pl.col("abstract").is_not_null())
    bare = pl.when(paper_id=had["paper_id"][0]).then(None).otherwise("abstract").alias("abstract")
    after = tables | {"papers": tables["papers"].with_columns(bare)}
    [found] = find_subjects("abstract_share", after, tables)
    assert found["rows"] == named(had.head(1))
    [found] = find_subjects("abstract_share", after, tables | {"papers": tables["papers"].clear()})
    assert found["n_rows"] == tables["papers"]["abstract"].null_count() + 1


def test_papers_that_lost_links_are_named(tables):
    loser = tables["links"]["paper_id"][0]
    n = tables["links"].filter(paper_id=loser).height
    after = tables | {"links": tables["links"][1:]}
    found = subjects("links_per_paper", after, tables)
    [row] = found["papers with fewer links than before"]["rows"]
    assert (row["paper_id"], row["n_links"], row["n_before"]) == (loser, n - 1, n)
    assert found["new papers without a link"]["n_rows"] == 0
    found = subjects(
        "links_per_paper", after | {"links": tables["links"].clear()}, tables | {"papers": tables["papers"][1:]}
    )
    assert found["new papers without a link"]["rows"] == named(tables["papers"].head(1))


@pytest.mark.parametrize("gate", ["papers_shrink", "abstract_share", "links_per_paper", "has_papers", "counts_add_up"])
def test_the_first_release_is_compared_with_none(tables, gate):
    assert find_subjects(gate, tables, None) == []


def test_a_gate_that_passed_has_no_subjects(tables, facts, release):
    results = [HELD, GateResult("one_repository", passed=True, finding="expected no repository, found none")]
    gates = {gate["gate"]: gate for gate in make_report(draft_of(tables), results, facts, release, NOW)["gates"]}
    assert gates["one_repository"]["subjects"] == []
    assert len(gates["reject_share"]["subjects"]) == 1


def test_the_report_is_json_and_tells_both_sides(tables, facts, release):
    spoiled = tables | {"dumps": tables["dumps"].head(1)}
    report = make_report(draft_of(spoiled), [HELD], facts, release, NOW)
    assert json.loads(json.dumps(report)) == report
    assert (report["parent"], report["when"]) == (1, "2026-07-20T12:00:00+00:00")
    assert report["counts"]["dumps"] == {"before": tables["dumps"].height, "after": 1}
    assert report["quality"]["before"] == report["quality"]["after"] == facts["quality"]
    assert report["new_dumps"] == []
    first = make_report(draft_of(tables), [HELD], facts, None, NOW)
    assert (first["parent"], first["quality"]["before"], first["counts"]["papers"]["before"]) == (None, None, None)
    assert len(first["new_dumps"]) == tables["dumps"].height
    assert [dump["reason"] for dump in first["dumps_set_aside"]] == ["no_papers"]


def test_a_dump_in_another_state_is_new(tables, facts, release):
    dumps = tables["dumps"].with_columns(status=pl.when(sequence=1).then(pl.lit("retracted")).otherwise("status"))
    report = make_report(draft_of(tables | {"dumps": dumps}), [HELD], facts, release, NOW)
    assert [(dump["path"], dump["status"]) for dump in report["new_dumps"]] == [(dumps["path"][0], "retracted")]


def test_coverage_that_fell_is_told(tables, facts):
    bare = tables["appearances"].with_columns(abstract_raw=pl.lit(None, pl.String))
    drops = make_report(draft_of(tables | {"appearances": bare}), [HELD], facts, None, NOW)["coverage_drops"]
    assert {drop["field"] for drop in drops} == {"abstract_raw"}
    assert drops[0].keys() == {"path", "layout", "field", "usual", "found"}


def test_one_candidate_has_one_id_and_another_another(tables, facts, release):
    def id_of(tables=tables, results=(HELD,), facts=facts, parent=release, now=NOW):
        return make_report(draft_of(tables), list(results), facts, parent, now)["id"]

    first = id_of()
    assert len(first) == 12
    accepted = GateResult(HELD.gate, passed=False, finding=HELD.finding, is_accepted=True)
    assert {id_of(now=NOW + dt.timedelta(days=1)), id_of(results=[accepted])} == {first}
    titles = fill_columns(tables["papers"], {"title": tables["papers"]["title"].reverse()})
    history = tables["id_history"].with_columns(reason=pl.lit("socks"))
    others = (
        id_of(tables | {"papers": titles}),
        id_of(tables | {"id_history": history}),
        id_of(facts=facts | {"rules_version": "another"}),
        id_of(parent=None),
    )
    assert len({first, *others}) == 5
