import datetime as dt
import json

import polars as pl
import pytest

from paperlake.release.compare import find_changes
from paperlake.schemas import TABLES
from tests.release_frames import frame_of

NO_CAUSES = pl.DataFrame(schema={"paper_id": pl.String, "cause": pl.String})


def pair(papers=None, links=None):
    return {
        "papers": frame_of("papers", 4) if papers is None else papers,
        "links": frame_of("links", 4) if links is None else links,
    }


def set_value(frame, row, column, value):
    new = pl.Series([value], dtype=frame.schema[column])
    return frame.with_columns(pl.when(pl.int_range(pl.len()) == row).then(pl.lit(new)).otherwise(column).alias(column))


def test_first_release_and_equal_releases_have_no_changes():
    for before in (None, pair()):
        changes = find_changes(before, pair(), NO_CAUSES)
        assert changes.is_empty()
        assert changes.schema == TABLES["changes"].polars_schema


@pytest.mark.parametrize(
    ("column", "before", "after"),
    [
        ("title", 'One "sock" \\ é 🦔\n', "Two}"),
        ("abstract", None, "null"),
        ("n_authors", 3, None),
        ("repository_confidence", 0.5, 0.25),
        ("repositories", ["a/b"], []),
        ("flags", ["a", "b"], ["b", "a"]),
        ("published_on", None, dt.date(2026, 3, 2)),
    ],
)
def test_a_changed_value_is_told_as_json(column, before, after):
    old, new = (set_value(frame_of("papers", 4), 2, column, value) for value in (before, after))
    [change] = find_changes(pair(old), pair(new), NO_CAUSES).to_dicts()
    assert (change["table"], change["key"], change["column"], change["change"]) == (
        "papers",
        "paper_id-2",
        column,
        "changed",
    )
    told = [json.loads(change[side]) for side in ("before", "after")]
    assert told == json.loads(json.dumps([before, after], default=str))


def test_rows_come_and_go_whole():
    links = frame_of("links", 4)
    changes = find_changes(pair(links=links[:3]), pair(links=links[1:]), NO_CAUSES)
    removed, added = changes.to_dicts()
    assert (removed["change"], removed["key"], removed["column"], removed["after"]) == (
        "removed",
        "paper_id-0 url-0",
        "*",
        None,
    )
    assert (added["change"], added["key"], added["column"], added["before"]) == ("added", "paper_id-3 url-3", "*", None)
    assert json.loads(added["after"]) == json.loads(links[3:].write_json())[0]
    assert list(json.loads(removed["before"])) == links.columns


def test_causes_go_by_paper_and_the_rest_is_the_rules():
    old, new = frame_of("papers", 4), frame_of("papers", 4, seed=1)
    causes = pl.DataFrame({"paper_id": ["paper_id-1", "paper_id-1"], "cause": ["merge", "new_dump"]})
    changes = find_changes(pair(old[:2]), pair(new[:2]), causes)
    told = changes.group_by("key").agg(pl.col("cause").unique()).sort("key").rows()
    assert told == [("paper_id-0", ["rule_change"]), ("paper_id-1", ["merge"])]


def test_links_take_the_cause_of_their_paper():
    causes = pl.DataFrame({"paper_id": ["paper_id-3"], "cause": ["new_dump"]})
    changes = find_changes(pair(links=frame_of("links", 3)), pair(), causes)
    assert changes["cause"].to_list() == ["new_dump"]


def test_order_is_removed_then_the_new_order_of_rows_and_columns():
    old, new = frame_of("papers", 5), frame_of("papers", 5)
    new = set_value(set_value(set_value(new, 4, "title", "z"), 2, "flags", ["q"]), 2, "title", "y")
    changes = find_changes(pair(old.filter(pl.col("paper_id") != "paper_id-3")), pair(new[1:]), NO_CAUSES)
    assert changes.select("key", "column").rows() == [
        ("paper_id-0", "*"),
        ("paper_id-2", "title"),
        ("paper_id-2", "flags"),
        ("paper_id-3", "*"),
        ("paper_id-4", "title"),
    ]


def test_a_row_that_only_moved_has_not_changed():
    assert find_changes(pair(), pair(frame_of("papers", 4).reverse()), NO_CAUSES).is_empty()


def test_columns_of_one_side_only_are_not_compared():
    old = frame_of("papers", 4).drop("title_key").with_columns(gone=pl.lit("x"))
    assert find_changes(pair(old), pair(), NO_CAUSES).is_empty()


def test_changes_match_a_naive_comparison():
    old, new = frame_of("papers", 30, seed=1), frame_of("papers", 30, seed=2)
    changes = find_changes(pair(old[:20]), pair(new[5:]), NO_CAUSES)
    before, after = ({row["paper_id"]: row for row in frame.to_dicts()} for frame in (old[:20], new[5:]))
    naive = {(key, "*", "added") for key in after.keys() - before.keys()}
    naive |= {(key, "*", "removed") for key in before.keys() - after.keys()}
    for key in before.keys() & after.keys():
        naive |= {(key, column, "changed") for column in old.columns if before[key][column] != after[key][column]}
    rows = changes.select("key", "column", "change").rows()
    assert len(rows) == len(set(rows))
    assert set(rows) == naive
