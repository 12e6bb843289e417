"""`paperlake diff`: what differs between two releases, and why."""

import json
import shutil
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
import typer
from benchmarks.page_writers import invent, write_page
from typer.testing import CliRunner

from paperlake import open_release
from paperlake.diff.difference import CONTENT, compare_releases
from paperlake.diff.keyed import DIFFERENCES, find_differences
from paperlake.diff_commands import diff
from paperlake.errors import StoreError
from paperlake.release.compare import find_changes
from paperlake.schemas import TABLES
from tests.conftest import build_store
from tests.release_frames import fill_columns, frame_of, publish_tables, tables_of

PAPERS = invent(8, seed=3)
LATER = [replace(PAPERS[4], upvotes=PAPERS[4].upvotes + 5), *invent(2, seed=9)]
CORRECTION = """[[correction]]
dump = "a.md"
line = {line}
column = "title"
from = {old}
to = {new}
why = "as printed"
"""

app = typer.Typer()
app.command("diff")(diff)


def call(store, *arguments, columns=None):
    env = {"COLUMNS": str(columns) if columns else None}
    return CliRunner().invoke(app, [*map(str, arguments), "--store", str(store)], env=env)


def write(raw, name, papers, day=20):
    (raw / name).write_text(write_page("firecrawl", papers, captured_on=date(2026, 7, day)).text)


def judge(raw, *rows):
    lines = [f"2026-07-21,mira,{left},{right},{verdict},seen in print" for left, right, verdict in rows]
    (raw / "curation/judgements.csv").write_text("\n".join(["when,who,left,right,verdict,why", *lines]) + "\n")


def retract(raw, *dumps):
    lines = [f"2026-07-21,mira,{dump},a page of another day" for dump in dumps]
    (raw / "curation/retractions.csv").write_text("\n".join(["when,who,dump,why", *lines]) + "\n")


def ids_of(store, version=None):
    return open_release(store, version).read("papers")["paper_id"].to_list()


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Five releases: two dumps; two papers judged one; a third dump; the second retracted; no judgement any more."""
    folder = tmp_path_factory.mktemp("diff")
    raw, store = folder / "raw", folder / "store"
    (raw / "curation").mkdir(parents=True)
    write(raw, "a.md", PAPERS[:5])
    write(raw, "b.md", PAPERS[3:])
    build_store(raw, store)
    judge(raw, (*ids_of(store)[:2], "same"))
    build_store(raw, store)
    write(raw, "c.md", LATER, day=22)
    build_store(raw, store)
    retract(raw, "b.md")
    build_store(raw, store)
    judge(raw)
    build_store(raw, store)
    return store


def summary_of(difference, table):
    [found] = [summary for summary in difference.summaries if summary.table == table]
    return found


def cause_lists(difference, table):
    return difference.rows_of(table)["causes"].unique().to_list()


def test_a_new_dump_adds_papers_and_is_their_cause(store):
    difference = compare_releases(store, 2, 3)
    papers = summary_of(difference, "papers")
    assert (papers.n_before, papers.n_after, papers.changes) == (7, 9, {"added": 2, "removed": 0, "changed": 0})
    assert papers.causes["added"] == {"new_dump": 2}
    assert difference.fates["event"].to_list() == ["created"] * 2
    for table in ("metrics", "appearances", "links", "repositories", "dumps"):
        assert cause_lists(difference, table) == [["new_dump"]], table
    assert ("dumps.c.md", None, "read") in [(fact.name, fact.before, fact.after) for fact in difference.facts]


def test_rows_of_one_step_are_those_of_the_changes_table(store):
    changes = open_release(store, 4).read("changes")
    rows = compare_releases(store, 3, 4).rows.filter(pl.col("table").is_in(["papers", "links"]))
    assert rows.select(DIFFERENCES.names()).rows() == changes.select(DIFFERENCES.names()).rows()
    assert rows["causes"].to_list() == [[cause] for cause in changes["cause"]]
    assert set(rows.explode("releases")["releases"]) == {4}


def test_a_merged_paper_is_told_as_merged(store):
    first, second, *_ = ids_of(store, 1)
    difference = compare_releases(store, 1, 2, ("papers",))
    assert difference.fates.select("paper_id", "event", "other_id").rows() == [(second, "merged_into", first)]
    said = call(store, 1, 2, "--table", "papers").stdout
    assert f"{second}  {PAPERS[1].title}  merged into {first} in release 2: judged same by mira: seen in print" in said
    assert "merged 1" in said


def test_a_retraction_takes_papers_back_and_says_so(store):
    difference = compare_releases(store, 3, 4)
    assert summary_of(difference, "papers").causes["removed"] == {"retraction": 3}
    assert set(difference.fates["event"]) == {"retired"}
    for table in ("appearances", "dumps", "metrics"):
        assert cause_lists(difference, table) == [["retraction"]], table
    said = call(store, 3, 4).stdout
    assert "dumps.b.md: read -> retracted" in said
    assert "retired 3" in said


def test_across_releases_each_value_keeps_its_causes_in_order(store):
    difference = compare_releases(store, 1, 5)
    [votes] = difference.rows.filter(pl.col("table") == "metrics", pl.col("column") == "upvotes").to_dicts()
    assert (votes["before"], votes["after"]) == (str(PAPERS[4].upvotes), str(LATER[0].upvotes))
    assert (votes["causes"], votes["releases"]) == (["new_dump", "retraction"], [3, 4])
    assert summary_of(difference, "papers").causes["removed"] == {"retraction": 3, "judgement": 1}
    first, second, *_ = ids_of(store, 1)
    fates = {row["paper_id"]: row for row in difference.fates.to_dicts()}
    assert (fates[second]["event"], fates[second]["other_id"]) == ("merged_into", first)
    [split] = [row for row in fates.values() if row["event"] == "split_from"]
    assert split["other_id"] == first


def test_what_changed_and_changed_back_is_no_difference(store):
    there, back = compare_releases(store, 1, 2, ("papers",)), compare_releases(store, 1, 5, ("papers",))
    first = ids_of(store, 1)[0]
    assert first in there.rows["key"].to_list(), "joined with another paper, it has the other's abstract or flags"
    assert first not in back.rows["key"].to_list()


def test_a_correction_is_told_and_taken_back_it_is_no_difference(tmp_path):
    raw, store = tmp_path / "raw", tmp_path / "store"
    (raw / "curation").mkdir(parents=True)
    page = write_page("firecrawl", PAPERS[:5], captured_on=date(2026, 7, 20))
    (raw / "a.md").write_text(page.text)
    build_store(raw, store)
    old, word = PAPERS[2].title, PAPERS[2].title.split()[-1]
    where = {"line": page.expected[2]["line_start"], "old": json.dumps(word), "new": json.dumps("Teapots")}
    (raw / "curation/corrections.toml").write_text(CORRECTION.format(**where))
    build_store(raw, store)
    (raw / "curation/corrections.toml").write_text("")
    build_store(raw, store)
    rows = compare_releases(store, 1, 2, ("papers",)).rows.filter(pl.col("column") == "title")
    assert rows.select("before", "after", "causes").rows() == [
        (json.dumps(old), json.dumps(old.replace(word, "Teapots")), ["correction"])
    ]
    assert "corrections: + column title" in call(store, 1, 2).stdout
    assert compare_releases(store, 1, 3).rows.is_empty()
    assert "no difference in papers, metrics" in call(store, 1, 3).stdout


@pytest.mark.parametrize(("before", "after"), [(1, 5), (1, 2), (2, 4), (3, 5)])
def test_every_difference_is_found_and_none_is_invented(store, before, after):
    difference = compare_releases(store, before, after)
    for name in CONTENT:
        key = list(TABLES[name].key)
        old, new = (
            {tuple(row[part] for part in key): row for row in open_release(store, version).read(name).to_dicts()}
            for version in (before, after)
        )
        expected = {(" ".join(map(str, one)), "*", "added") for one in new.keys() - old.keys()}
        expected |= {(" ".join(map(str, one)), "*", "removed") for one in old.keys() - new.keys()}
        for one in old.keys() & new.keys():
            expected |= {
                (" ".join(map(str, one)), column, "changed")
                for column in new[one]
                if old[one][column] != new[one][column]
            }
        found = difference.rows_of(name).select("key", "column", "change").rows()
        assert len(found) == len(set(found))
        assert set(found) == expected, name


def test_the_other_way_round_is_the_mirror_image(store):
    there, back = compare_releases(store, 1, 5), compare_releases(store, 5, 1)
    mirrored = {"added": "removed", "removed": "added", "changed": "changed"}
    rows = {(row["table"], row["key"], row["column"]): row for row in there.rows.to_dicts()}
    assert len(rows) == back.rows.height
    for row in back.rows.to_dicts():
        other = rows[row["table"], row["key"], row["column"]]
        assert (row["before"], row["after"], row["change"]) == (
            other["after"], other["before"], mirrored[other["change"]],
        )  # fmt: skip
        assert row["causes"] == other["causes"]
    assert back.fates.equals(there.fates), "what happened is told as it happened"
    facts = {(fact.name, str(fact.before), str(fact.after)) for fact in there.facts}
    assert {(fact.name, str(fact.after), str(fact.before)) for fact in back.facts} == facts


def test_the_newest_two_releases_are_compared_unless_others_are_named(store):
    def versions(*arguments):
        told = json.loads(call(store, *arguments, "--json").stdout)
        return told["before"]["version"], told["after"]["version"]

    assert versions() == (4, 5)
    assert versions(2) == (2, 5)
    assert versions(3, 1) == (3, 1)


def test_json_holds_all_of_it(store):
    told = json.loads(call(store, 1, 5, "--json").stdout)
    difference = compare_releases(store, 1, 5)
    assert set(told) == {"before", "after", "is_same", "tables", "papers", "facts", "untold_releases", "rows"}
    assert [table["table"] for table in told["tables"]] == list(CONTENT)
    assert len(told["rows"]) == difference.rows.height > 10
    assert all(isinstance(row["causes"], list) for row in told["rows"])
    [added] = [row for row in told["rows"] if row["table"] == "dumps" and row["change"] == "added"]
    assert (added["before"], added["after"]["path"]) == (None, "c.md")
    papers = json.loads(call(store, 1, 5, "--table", "papers", "--rows", 2, "--json").stdout)
    assert [row["table"] for row in papers["rows"]] == ["papers"] * 2


def test_equal_releases_have_no_difference(store):
    said = call(store, 3, 3, "--table", "papers")
    assert (said.exit_code, "no difference in papers" in said.stdout) == (0, True)
    told = json.loads(call(store, 3, 3, "--json").stdout)
    assert (told["is_same"], told["rows"], told["papers"], told["facts"]) == (True, [], [], [])


def test_errors_say_what_there_is(store, tmp_path, samples):
    unknown = call(store, 1, 9)
    assert (unknown.exit_code, "expected release 9, found releases 1 to 5" in unknown.stderr) == (5, True)
    assert "holds no release" in call(tmp_path, "1").stderr
    table = call(store, "--table", "changes")
    assert (table.exit_code, "expected one of papers" in table.stderr) == (2, True)
    publish_tables(tmp_path / "single", tables_of(3))
    single = call(tmp_path / "single")
    assert (single.exit_code, "expected two releases to compare, found one" in single.stderr) == (5, True)


@pytest.mark.parametrize("columns", [80, 200])
def test_no_line_is_longer_than_the_terminal(store, columns):
    for table in CONTENT:
        said = call(store, 1, 5, "--table", table, "--rows", 0, columns=columns).stdout
        assert max(map(len, said.splitlines())) <= columns


def test_in_a_pipe_nothing_is_wrapped_or_coloured(store):
    said = call(store, 1, 5, "--table", "links", "--rows", 0).stdout
    rows = compare_releases(store, 1, 5, ("links",)).rows
    assert rows.height
    assert all(key in said for key in rows["key"])
    assert "\x1b" not in said
    assert not any(line.endswith(" ") for line in said.splitlines())


def test_rows_that_are_left_out_are_counted(store):
    n_rows = compare_releases(store, 1, 5, ("metrics",)).rows.height
    assert n_rows > 3
    said = call(store, 1, 5, "--table", "metrics", "--rows", 3).stdout
    assert f"the first 3 of {n_rows}, all with --rows 0" in said


def publish_steps(store, *steps, operation="build"):
    """A release for each frame of papers, with the changes to it, on otherwise equal tables."""
    links, changes, before = frame_of("links", 1), TABLES["changes"].polars_schema.to_frame(), None
    causes = pl.DataFrame(schema={"paper_id": pl.String, "cause": pl.String})
    for papers in steps:
        if before is not None and operation == "build":
            changes = find_changes({"papers": before, "links": links}, {"papers": papers, "links": links}, causes)
        tables = tables_of(1, papers=papers, links=links, changes=changes)
        publish_tables(store, tables, commit={"operation": operation})
        before = papers


def with_title(frame, row, title):
    return fill_columns(frame, {"title": frame["title"].scatter(row, title)})


def with_doi(frame, row, doi):
    return fill_columns(frame, {"doi": frame["doi"].scatter(row, doi)})


def test_a_difference_in_a_long_text_is_shown_and_the_rest_is_not(store, tmp_path):
    old, new = ("Kettles boil slowly and nobody asks why. " * 20 + f"Then they {end}." for end in ("whistle", "sing"))
    papers = frame_of("papers", 4)
    publish_steps(tmp_path, with_title(papers, 1, old), with_title(papers, 1, new))
    for columns in (80, 200):
        said = call(tmp_path, 1, 2, "--table", "papers", columns=columns).stdout
        assert "…" in said
        shown = " ".join(said.split("differences in papers")[1].split())
        assert 'Then they whistle."' in shown
        assert 'Then they sing."' in shown
        assert "(rule_change)" in shown
        assert "slowly and nobody asks why. Kettles boil slowly and nobody" not in shown.split("(rule_change)")[1]


def test_signs_that_would_steer_the_terminal_are_written_as_escapes(tmp_path):
    papers = frame_of("papers", 4)
    steps = with_title(papers, 0, "tea \x1b[31m\u202e[bold]x\n"), papers, with_title(papers, 0, "tea \x07\u2066y")
    publish_steps(tmp_path, *steps)
    said = call(tmp_path, 1, 3, "--table", "papers", columns=100).stdout
    assert not set(said) & set("\x1b\x07\u202e\u2066")
    assert r"\x1b[31m\u202e[bold]x\n" in said
    assert r"tea \x07\u2066y" in said


def test_causes_of_a_release_that_is_gone_are_unknown(store, tmp_path):
    pruned = tmp_path / "pruned"
    shutil.copytree(store, pruned, symlinks=True)
    shutil.rmtree(open_release(pruned, 3).path)
    difference = compare_releases(pruned, 1, 5, ("papers", "dumps"))
    assert difference.untold == (3,)
    assert difference.rows.drop("causes", "releases").equals(
        compare_releases(store, 1, 5, ("papers", "dumps")).rows.drop("causes", "releases")
    )
    said = call(pruned, 1, 5).stdout
    assert "release 3 is gone or damaged: the causes of its step are unknown" in said
    assert "added 3    unknown 2, judgement 1" in said


def test_a_damaged_end_is_an_error(store, tmp_path):
    damaged = tmp_path / "damaged"
    shutil.copytree(store, damaged, symlinks=True)
    part = open_release(damaged, 5).path / "papers/part-00000.parquet"
    part.unlink()
    with pytest.raises(StoreError, match="papers"):
        compare_releases(damaged, 1, 5, ("papers",))


def test_parts_that_both_releases_hold_are_not_read(tmp_path):
    """65,536 rows stay as they are and are not there at all; the rows behind them differ."""
    whole = pl.DataFrame({"paper_id": [f"pl-{number:012d}" for number in range(65_546)]})
    schema = TABLES["metrics"].polars_schema
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name != "paper_id"]
    metrics = whole.with_columns(missing).select(schema.names())
    changed = fill_columns(metrics, {"upvotes": metrics["upvotes"].scatter(65_540, 7)})[:65_545]
    publish_tables(tmp_path, tables_of(2, metrics=metrics))
    publish_tables(tmp_path, tables_of(2, metrics=changed))
    for version in (1, 2):
        (open_release(tmp_path, version).path / "metrics/part-00000.parquet").unlink()
    rows = compare_releases(tmp_path, 1, 2, ("metrics",)).rows
    assert rows.select("key", "column", "before", "after").rows()[1:] == [("pl-000000065540", "upvotes", "null", "7")]
    assert (rows["key"][0], rows["change"][0], rows.height) == ("pl-000000065545", "removed", 2)


def test_several_steps_say_where_to_look(tmp_path):
    """Rows and columns that no step touched are not compared; what is found is what the whole comparison finds."""
    n_rows = 65_540
    papers = pl.concat([frame_of("papers", 1)] * n_rows, rechunk=True)
    papers = fill_columns(papers, {"paper_id": pl.Series([f"pl-{number:012d}" for number in range(n_rows)])})
    steps = [papers, with_doi(papers, 3, "10.1/a"), with_doi(papers, 3, "10.1/b")[:-1]]
    publish_steps(tmp_path, *steps)
    rows = compare_releases(tmp_path, 1, 3, ("papers",)).rows
    assert rows.select("key", "column", "before", "after", "releases").rows()[1:] == [
        ("pl-000000000003", "doi", json.dumps(papers["doi"][3], ensure_ascii=False), '"10.1/b"', [2, 3])
    ]
    assert (rows["key"][0], rows["change"][0], rows.height) == ("pl-000000065539", "removed", 2)
    whole = find_differences("papers", papers, steps[-1])
    assert rows.select(whole.columns).equals(whole)


def test_changes_of_what_is_no_build_are_not_trusted(tmp_path):
    papers = frame_of("papers", 4)
    publish_steps(tmp_path, papers, with_title(papers, 1, "Tea"), operation="rollback")
    assert open_release(tmp_path).read("changes").is_empty()
    rows = compare_releases(tmp_path, 1, 2, ("papers",)).rows
    assert rows.select("key", "column", "after", "causes").rows() == [("paper_id-1", "title", '"Tea"', [])]


def test_rows_that_only_one_side_has_need_no_part_of_the_other(tmp_path):
    rejects = frame_of("rejects", 3)
    assert find_differences("rejects", rejects.clear(), rejects)["change"].to_list() == ["added"] * 3
    publish_tables(tmp_path, tables_of(2, rejects=rejects.clear()))
    publish_tables(tmp_path, tables_of(2, rejects=rejects))
    assert compare_releases(tmp_path, 1, 2, ("rejects",)).rows["change"].to_list() == ["added"] * 3


def test_values_of_lists_numbers_and_days_are_compared(tmp_path):
    old, new = frame_of("dumps", 6), frame_of("dumps", 6, seed=1)
    rows = find_differences("dumps", old, new)
    assert set(rows["change"]) == {"changed"}
    for row in rows.to_dicts():
        position = int(row["key"].rpartition("-")[2])
        told = [json.loads(row[side]) for side in ("before", "after")]
        assert told == json.loads(json.dumps([old[row["column"]][position], new[row["column"]][position]], default=str))
