"""The parts of `paperlake diff` on their own: texts side by side, ids through their history, facts, causes."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake import open_release
from paperlake.diff.contrast import contrast
from paperlake.diff.facts import Fact, find_facts
from paperlake.diff.fates import FATES, find_fates
from paperlake.diff.keyed import DIFFERENCES
from paperlake.diff.row_causes import add_causes
from paperlake.diff.row_texts import describe_row, visible
from paperlake.diff.steps import TOLD
from tests.release_frames import publish_tables, tables_of

TEXTS = st.text(alphabet="ab. \n…é", max_size=400)


def joined(pieces):
    return "".join(piece.text for piece in pieces)


@given(TEXTS, TEXTS)
def test_differing_pieces_are_those_that_differ(before, after):
    old, new = contrast(before, after, most=10_000)
    assert [piece.text for piece in old if not piece.differs] == [piece.text for piece in new if not piece.differs]
    for shown, text in ((old, before), (new, after)):
        if "…" not in before + after:
            place = 0
            for stretch in joined(shown).split("…"):
                place = text.index(stretch, place) + len(stretch)


@given(TEXTS, TEXTS, st.integers(32, 80))
def test_two_texts_that_differ_never_look_alike(before, after, most):
    old, new = contrast(before, after, most)
    assert (joined(old) == joined(new)) == (before == after)
    assert max(len(joined(old)), len(joined(new))) <= most + 2


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        ("Kettles " * 30 + "sing" + " again" * 30, "Kettles " * 30 + "sigh" + " again" * 30, "si[ng] ", "si[gh] "),
        ("x" * 500, "x" * 499 + "y", "x[x]", "x[y]"),
        ("a b", "a\u00a0b", "a[ ]b", "a[\u00a0]b"),
        ("tea", "tea " + "and milk " * 90, "tea", "tea[ and milk "),
        ("one " + "and " * 40 + "two", "uno " + "and " * 40 + "due", "[two]", "[due]"),
    ],
)
def test_what_differs_is_shown_between_what_does_not(before, after, old, new):
    for pieces, expected in zip(contrast(before, after), (old, new), strict=True):
        marked = "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces)
        assert expected in marked
        assert len(marked) < 300


def test_what_cannot_be_seen_is_escaped():
    assert visible("Käse 🦔\u200b\x1b\u00a0x") == "Käse 🦔\\u200b\\x1b\\xa0x"


def test_short_values_stand_on_one_line_and_long_ones_below_one_another():
    row = {"table": "metrics", "column": "upvotes", "change": "changed", "causes": ["new_dump"], "releases": [2, 3]}
    [(_, line)] = describe_row(row | {"before": "7", "after": "null"}, with_releases=True)
    assert line.plain == "upvotes  7 -> null  (new_dump in releases 2, 3)"
    long = row | {
        "column": "title",
        "causes": [],
        "before": '"' + "tea " * 20 + 'x"',
        "after": '"' + "tea " * 20 + 'y"',
    }
    lines = [line.plain for _, line in describe_row(long, with_releases=False)]
    assert lines[0] == "title  (unknown)"
    assert [line[0] + line[-2:] for line in lines[1:]] == ['-x"', '+y"']


def history(*events):
    return pl.DataFrame([(*event, None) for event in events], FATES, orient="row")


def test_ids_are_followed_to_their_end(tmp_path):
    """Release 2 to 4: c into b into a; d came and went; f split from e, which split from a; g and h retired."""
    events = [
        ("a", "created", None, 1),
        ("b", "created", None, 1),
        ("c", "created", None, 1),
        ("h", "retired", None, 2),
    ]
    publish_tables(tmp_path, tables_of(2, id_history=history(*events[:3])))
    publish_tables(tmp_path, tables_of(3, id_history=history(*events)))
    events += [("c", "merged_into", "b", 3), ("d", "created", None, 3), ("e", "split_from", "a", 3)]
    publish_tables(tmp_path, tables_of(4, id_history=history(*events)))
    events += [("b", "merged_into", "a", 4), ("d", "retired", None, 4), ("f", "split_from", "e", 4)]
    publish_tables(tmp_path, tables_of(5, id_history=history(*events)))
    found = find_fates(open_release(tmp_path, 2), open_release(tmp_path, 4))
    assert set(found.select("paper_id", "event", "other_id", "release").rows()) == {
        ("b", "merged_into", "a", 4), ("c", "merged_into", "a", 3),
        ("e", "split_from", "a", 3), ("f", "split_from", "a", 4),
    }  # fmt: skip
    assert find_fates(open_release(tmp_path, 4), open_release(tmp_path, 4)).is_empty()


def test_a_value_takes_the_causes_of_its_column_and_a_row_those_of_all():
    told = pl.DataFrame(
        [
            ("papers", "a", "title", 2, "correction"),
            ("papers", "a", "abstract", 2, "correction"),
            ("papers", "a", "title", 3, "rule_change"),
            ("papers", "a", "title", 4, "correction"),
            ("papers", "b", "*", 2, "new_dump"),
            ("papers", "b", "title", 3, "rule_change"),
            ("links", "a", "*", 2, "merge"),
        ],
        TOLD,
        orient="row",
    )
    places = [("papers", "a", "title"), ("papers", "a", "doi"), ("papers", "b", "*"), ("papers", "b", "doi")]
    rows = pl.DataFrame([(*place, "changed", "1", "2") for place in places], DIFFERENCES, orient="row")
    found = add_causes(rows, told)
    assert found.select("table", "key", "column").rows() == places
    assert found.select("causes", "releases").rows() == [
        (["correction", "rule_change"], [2, 3, 4]), ([], []),
        (["new_dump", "rule_change"], [2, 3]), (["new_dump"], [2]),
    ]  # fmt: skip


def test_facts_of_any_kind_are_compared(tmp_path):
    publish_tables(tmp_path, tables_of(2))
    release = open_release(tmp_path)

    def having(version, columns, **facts):
        tables = {"papers": {"schema": columns}}
        manifest = {"contract": {"version": version}, "format_version": 1, "tables": tables, "facts": facts}
        return replace(release, manifest=manifest)

    gate = {"gate": "reject_share", "passed": False, "is_accepted": True, "finding": "x"}
    old = having("1.0.0", {"title": "string"}, limits={"most": 1}, rules_version="a", judgements=[{"left": "x"}])
    new = having(
        "1.1.0", {"title": "string", "doi": "string"}, limits={"most": 2}, rules_version="a",
        judgements=[{"left": "y"}], gates=[gate], brand_new=3,
        dumps=[{"path": "a.md", "status": "read", "dump_id": "f"}],
    )  # fmt: skip
    assert find_facts(old, new) == [
        Fact("brand_new", None, 3),
        Fact("columns.papers", [], ["doi string"]),
        Fact("contract.version", "1.0.0", "1.1.0"),
        Fact("dumps.a.md", None, "read"),
        Fact("gates.reject_share", None, "accepted"),
        Fact("judgements", [{"left": "x"}], [{"left": "y"}]),
        Fact("limits.most", 1, 2),
    ]
    assert find_facts(new, new) == []
