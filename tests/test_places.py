"""A dump that is read again: its records keep their papers, whatever numbers they have by now."""

from datetime import date

import polars as pl
import pytest
from benchmarks.page_writers import invent, write_page
from hypothesis import given
from hypothesis import strategies as st

from paperlake import open_release
from paperlake.identity.places import carry_over
from tests.conftest import build_store

COLUMNS = ("appearance_id", "dump_id", "line_start", "title_raw", "arxiv_id", "paper_id")
SCHEMA = dict.fromkeys(COLUMNS, pl.String) | {"line_start": pl.Int32}
AGAIN = pl.Series(["a"])


def reading(*records, dump="a"):
    """Appearances of a dump, by line, title and arXiv id, numbered in their order."""
    rows = [
        (f"{dump}:{number}", dump, line, title, (*more, None)[0], f"{dump}{number}")
        for number, (line, title, *more) in enumerate(records, start=1)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def ids(before, today):
    return carry_over(before, today.drop("paper_id"), AGAIN)["appearance_id"].to_list()


@pytest.mark.parametrize(
    ("before", "today", "expected"),
    [
        ([(1, "Socks"), (9, "Kettles")], [(1, "Socks"), (5, "Snails"), (9, "Kettles")], ["a:1", "a:3"]),
        ([(1, "Socks"), (9, "Kettles")], [(9, "Kettles")], [None, "a:1"]),
        ([(1, "Socks"), (9, "Kettles")], [(1, "On Socks"), (9, "On Kettles")], ["a:1", "a:2"]),
        ([(9, "Kettles")], [(2, "Socks"), (7, "Kettles")], ["a:2"]),
        ([(9, r"Ket\_tles", "2601.90001")], [(2, "Socks"), (7, "Ket_tles", "2601.90001")], ["a:2"]),
        ([(9, "Kettles")], [(2, "Socks"), (7, "Snails")], [None]),
        ([(5, "Socks"), (9, "Kettles")], [(5, "Kettles"), (9, "Snails")], [None, "a:1"]),
        ([(1, "Socks"), (1, "Snails"), (1, "Kettles")], [(1, "Socks"), (1, "Kettles")], ["a:1", None, "a:2"]),
        ([(1, "Socks"), (1, "Socks"), (1, "Tea")], [(1, "Socks"), (1, "Socks"), (1, "Teas")], ["a:1", "a:2", "a:3"]),
        ([(1, "Socks"), (1, "Socks"), (2, "Socks")], [(1, "Socks"), (2, "Socks")], [None, None, "a:2"]),
        ([(1, "Socks", "2601.90001"), (9, "Tea", "2601.90001")], [(5, "Milk", "2601.90001")], [None, None]),
        ([], [(1, "Socks")], []),
        ([(1, "Socks")], [], [None]),
    ],
    ids=[
        "one more before it",
        "one fewer",
        "other titles",
        "block begins above",
        "other escapes, block begins above",
        "gone",
        "on the line of another",
        "one line of JSON, one fewer",
        "one line of JSON, titles alike",
        "how many is not known",
        "an id twice says nothing",
        "all new",
        "all gone",
    ],
)
def test_a_record_is_found_by_what_it_shows_and_where(before, today, expected):
    assert ids(reading(*before), reading(*today)) == expected


RECORD = st.tuples(st.integers(1, 4), st.sampled_from("xyz"), st.sampled_from(["p", "q", None]))
RECORDS = st.lists(RECORD, max_size=8).map(lambda records: sorted(records, key=lambda record: record[0]))


@given(RECORDS)
def test_the_same_reading_changes_nothing(records):
    before = reading(*records)
    assert carry_over(before, before, AGAIN).equals(before)


@given(RECORDS, RECORDS)
def test_no_two_records_become_one_and_other_dumps_stay(one, other):
    elsewhere = reading((1, "Socks"), (5, "Tea"), dump="b")
    before = pl.concat([elsewhere.head(1), reading(*one), elsewhere.tail(1)])
    today = pl.concat([reading(*other), reading((1, "Milk"), dump="b")])
    after = carry_over(before, today, AGAIN)
    assert after.drop("appearance_id").equals(before.drop("appearance_id"))
    named = after["appearance_id"].drop_nulls()
    assert named.is_unique().all()
    assert (after["appearance_id"][0], after["appearance_id"][-1]) == ("b:1", "b:2"), "it was not read again"
    assert set(named) <= {*today["appearance_id"], "b:2"}


def shown(store):
    """Paper and appearance by title as read."""
    rows = open_release(store).read("appearances")
    return (dict(rows.select("title_raw", column).iter_rows()) for column in ("paper_id", "appearance_id"))


def test_papers_keep_their_ids_when_their_dump_is_read_again_and_gives_more(tmp_path):
    raw, store = tmp_path / "raw", tmp_path / "store"
    raw.mkdir()
    (raw / "a.md").write_text(write_page("firecrawl", invent(6, seed=3), captured_on=date(2026, 7, 20)).text)
    build_store(raw, tmp_path / "whole")
    lengths = open_release(tmp_path / "whole").read("appearances")["abstract_raw"].str.len_chars().to_list()
    build_store(raw, store, max_value_chars=max(lengths) - 1)
    papers, numbers = shown(store)
    (raw / "dumps.toml").write_text('["a.md"]\nlicence = "CC0-1.0"\n')
    build_store(raw, store)
    after, numbers_after = shown(store)
    assert len(after) == len(papers) + 1
    assert any(numbers_after[title] != number for title, number in numbers.items()), "numbers move"
    assert {title: after[title] for title in papers} == papers
    [new] = set(after.values()) - set(papers.values())
    history = open_release(store).read("id_history")
    assert history.filter(pl.col("release") == 2).select("paper_id", "event").rows() == [(new, "created")]
    whole_rows = open_release(store).read("changes").filter(pl.col("column") == "*", pl.col("table") == "papers")
    assert whole_rows.select("key", "change").rows() == [(new, "added")]
    assert not build_store(raw, store).is_new
