"""Matching in parts: whatever their number and order, and however often they are made, the evidence is the same."""

import pickle
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperlake import match_index, match_parts
from paperlake.match_index import enter_rows, gather, matching_folder
from paperlake.match_parts import cut_waiting, find_part, match_part
from paperlake.work import read_work
from tests.identity_records import evidence_of, noisy_facts

FACTS = noisy_facts(600, 5)


def match_in_parts(work, facts, rows_a_part):
    enter_rows(matching_folder(work), facts)
    waiting = cut_waiting(work, rows_a_part)
    paired = [find_part(order) for order in waiting.to_pair]
    matched = [match_part(order) for order in waiting.to_match(paired)]
    return gather(matching_folder(work), [read_work(part, "evidence") for part in matched]).evidence


@pytest.mark.parametrize("rows_a_part", [1_000, 600, 250, 37])
def test_parts_of_any_size_give_what_all_at_once_gives(tmp_path, rows_a_part):
    assert match_in_parts(tmp_path, FACTS, rows_a_part).equals(evidence_of(FACTS))


@settings(max_examples=10)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(20, 700)), max_size=5), st.integers(50, 700))
def test_any_steps_in_parts_give_what_one_gives(tmp_path_factory, steps, rows_at_once):
    work = tmp_path_factory.mktemp("work")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(match_index, "_ROWS_AT_ONCE", rows_at_once)
        for end, rows_a_part in [*sorted(steps), (600, 100)]:
            found = match_in_parts(work, FACTS[:end], rows_a_part)
            assert found.equals(evidence_of(FACTS[:end]))


def test_the_number_of_new_rows_alone_says_how_many_parts(tmp_path):
    enter_rows(matching_folder(tmp_path), FACTS[:500])
    assert [len(cut_waiting(tmp_path, rows).parts) for rows in (1_000, 500, 499, 100, 3)] == [1, 1, 2, 5, 167]
    match_in_parts(tmp_path, FACTS[:500], 100)
    enter_rows(matching_folder(tmp_path), FACTS)
    waiting = cut_waiting(tmp_path, 100)
    assert (len(waiting.spans), waiting.parts) == (1, ((500, 600),))


def test_what_is_known_has_no_parts(tmp_path):
    match_in_parts(tmp_path, FACTS, 100)
    enter_rows(matching_folder(tmp_path), FACTS)
    waiting = cut_waiting(tmp_path, 100)
    assert (waiting.to_pair, waiting.to_match([])) == ([], [])


def test_orders_travel_and_come_in_any_order(tmp_path):
    enter_rows(matching_folder(tmp_path), FACTS)
    waiting = pickle.loads(pickle.dumps(cut_waiting(tmp_path, 100)))
    paired = {order.span: find_part(order) for order in reversed(pickle.loads(pickle.dumps(waiting.to_pair)))}
    orders = pickle.loads(pickle.dumps(waiting.to_match(list(paired.values()))))
    matched = {order.rows: match_part(order) for order in reversed(orders)}
    found = [read_work(matched[rows], "evidence") for rows in waiting.parts]
    assert gather(matching_folder(tmp_path), found).evidence.equals(evidence_of(FACTS))


def test_a_part_that_was_made_is_not_made_again(tmp_path, monkeypatch):
    enter_rows(matching_folder(tmp_path), FACTS)
    waiting = cut_waiting(tmp_path, 100)
    paired = [find_part(order) for order in waiting.to_pair]
    matched = [match_part(order) for order in waiting.to_match(paired)]
    monkeypatch.setattr(match_parts, "weigh", lambda *_: pytest.fail("matched again"))
    monkeypatch.setattr(match_parts, "find_pairs_within", lambda *_: pytest.fail("paired again"))
    enter_rows(matching_folder(tmp_path), FACTS)
    assert [find_part(order) for order in cut_waiting(tmp_path, 100).to_pair] == paired
    assert [match_part(order) for order in waiting.to_match(paired)] == matched


def test_parts_of_rows_that_entered_anew_are_other_parts(tmp_path):
    enter_rows(matching_folder(tmp_path), FACTS[:300])
    before = cut_waiting(tmp_path, 100)
    shutil.rmtree(matching_folder(tmp_path))
    enter_rows(matching_folder(tmp_path), FACTS[300:])
    after = cut_waiting(tmp_path, 100)
    assert before.parts == after.parts
    assert not {one.folder for one in before.to_match([])} & {one.folder for one in after.to_match([])}


def test_each_pair_is_weighed_once_however_many_spans_meet_it(tmp_path, monkeypatch):
    weighed, weigh = [], match_parts.weigh

    def count(pairs, known):
        weighed.append(len(pairs))
        return weigh(pairs, known)

    monkeypatch.setattr(match_parts, "weigh", count)
    match_in_parts(tmp_path / "one", FACTS, 600)
    match_in_parts(tmp_path / "many", FACTS, 100)
    assert weighed[0] == sum(weighed[1:]) > 600
    assert len(weighed) == 7
