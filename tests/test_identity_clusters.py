"""Which rows are one paper: components of accepted pairs, unless ids or people contradict."""

import datetime as dt

import networkx
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from paperlake.identity.clusters import find_clusters
from paperlake.identity.decisions import MOST_DAYS

MOST = 14
SCHEMA = {"left": pl.UInt32, "right": pl.UInt32, "match_score": pl.Float32}
DAY = dt.date(2026, 1, 1)
IDS = [None, None, "2601.90001", "2601.90002", "2601.90003"]


def edges_of(*pairs, confirmed=()):
    rows = [(*sorted(pair[:2]), pair[2] if len(pair) > 2 else 90.0) for pair in pairs]
    edges = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    sure = pl.Series([row[:2] in confirmed for row in rows], dtype=pl.Boolean)
    return edges.with_columns(is_confirmed=sure)


def marks_of(ids, days=()):
    known = [None if day is None else DAY + dt.timedelta(days=day) for day in days or [None] * len(ids)]
    return pl.DataFrame(
        {"arxiv_id": ids, "published_on": known}, schema={"arxiv_id": pl.String, "published_on": pl.Date}
    )


def cluster(pairs, ids, same=(), different=()):
    return find_clusters(edges_of(*pairs), marks_of(ids), same, different).to_list()


def cluster_dated(pairs, days, confirmed=()):
    return find_clusters(edges_of(*pairs, confirmed=confirmed), marks_of([None] * len(days), days)).to_list()


@st.composite
def stores(draw):
    """Scored pairs of some rows and the arXiv ids of these."""
    n_rows = draw(st.integers(1, MOST))
    row = st.integers(0, n_rows - 1)
    pair = st.tuples(row, row).filter(lambda both: both[0] < both[1])
    scored = st.tuples(pair, st.sampled_from([60.0, 80.0, 100.0, None])).map(lambda both: (*both[0], both[1]))
    pairs = st.lists(scored, max_size=25, unique_by=lambda one: one[:2]) if n_rows > 1 else st.just([])
    return draw(pairs), draw(st.lists(st.sampled_from(IDS), min_size=n_rows, max_size=n_rows))


@st.composite
def judged_stores(draw):
    """The same with pairs of rows that people judged, without a contradiction."""
    pairs, ids = draw(stores())
    row = st.integers(0, len(ids) - 1)
    some = (
        st.lists(st.tuples(row, row).filter(lambda both: both[0] < both[1]), max_size=4)
        if len(ids) > 1
        else st.just([])
    )
    same, different = draw(some), draw(some)
    people = components(same, len(ids))
    assume(all(people[left] != people[right] for left, right in different))
    return pairs, ids, same, different


def components(pairs, n_rows):
    graph = networkx.Graph([pair[:2] for pair in pairs])
    graph.add_nodes_from(range(n_rows))
    return {row: min(part) for part in networkx.connected_components(graph) for row in part}


@given(stores())
def test_without_contradictions_clusters_are_the_components(store):
    pairs, ids = store
    expected = components(pairs, len(ids))
    assert cluster(pairs, [None] * len(ids)) == [expected[row] for row in range(len(ids))]


@given(judged_stores())
def test_each_row_names_the_first_of_its_cluster(store):
    found = cluster(*store)
    assert all(first <= row and found[first] == first for row, first in enumerate(found))


@given(judged_stores())
def test_clusters_never_reach_beyond_pairs_and_judgements(store):
    pairs, ids, same, _ = store
    reach = components([*pairs, *same], len(ids))
    assert all(reach[row] == reach[first] for row, first in enumerate(cluster(*store)))


@given(judged_stores())
def test_people_win_over_pairs(store):
    found = cluster(*store)
    _, _, same, different = store
    assert all(found[left] == found[right] for left, right in same)
    assert all(found[left] != found[right] for left, right in different)


@given(judged_stores())
def test_two_arxiv_ids_meet_only_where_people_say_so(store):
    _, ids, same, _ = store
    people = components(same, len(ids))
    found = cluster(*store)
    for first in set(found):
        members = [row for row, other in enumerate(found) if other == first and ids[row]]
        parts = {people[row] for row in members}
        told = [{ids[row] for row in members if people[row] == part} for part in parts]
        most = max(told, key=len, default=set())
        assert {ids[row] for row in members} <= most, "all of them are ids of one judged paper"


@given(judged_stores(), st.randoms(use_true_random=False))
def test_the_order_of_the_frame_makes_no_difference(store, chance):
    pairs, *others = store
    shuffled = chance.sample(pairs, len(pairs))
    assert cluster(shuffled, *others) == cluster(pairs, *others)


@given(stores(), st.integers(1, MOST))
def test_later_rows_never_part_earlier_ones(store, n_first):
    pairs, ids = store
    before = cluster([pair for pair in pairs if max(pair[:2]) < n_first], ids[:n_first])
    after = cluster(pairs, ids)
    assert all(after[row] == after[first] for row, first in enumerate(before))


A, B = "2601.90001", "2601.90002"


@pytest.mark.parametrize(
    ("pairs", "ids", "expected", "why"),
    [
        ([(0, 1), (1, 2)], [A, None, B], [0, 0, 2], "an unknown id joins the first and is no bridge"),
        ([(0, 2, 70.0), (1, 2, 90.0)], [A, B, None], [0, 1, 1], "the likelier of two"),
        ([(0, 2, 80.0), (1, 2, 80.0)], [A, B, None], [0, 1, 0], "of equals the earlier"),
        ([(1, 2, 60.0), (1, 3, 99.0)], [None, None, A, B], [0, 1, 1, 3], "the order of entry before the score"),
        ([(0, 1), (2, 3), (1, 2)], [A, None, None, B], [0, 0, 0, 3], "what came before is joined before"),
        ([(0, 1)], [A, A], [0, 0], "one id is no contradiction"),
        ([], [A, A], [0, 1], "ids join nothing by themselves"),
        ([(0, 1), (2, 3), (3, 4)], [None, None, A, None, B], [0, 0, 2, 2, 4], "elsewhere all stays as it was"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_who_joins_whom(pairs, ids, expected, why):
    assert cluster(pairs, ids) == expected, why


@pytest.mark.parametrize(
    ("pairs", "ids", "same", "different", "expected", "why"),
    [
        ([], [None] * 3, [(0, 2)], [], [0, 1, 0], "people join what nothing else does"),
        ([], [A, B, None], [(0, 1)], [], [0, 0, 2], "even two arXiv ids"),
        ([(0, 1)], [None] * 2, [], [(0, 1)], [0, 1], "people part a pair"),
        ([(0, 1), (1, 2)], [None] * 3, [], [(0, 2)], [0, 0, 2], "also those that hang together through a third"),
        ([(0, 1), (1, 2)], [None] * 3, [(1, 2)], [(0, 2)], [0, 1, 1], "judgements are joined first"),
        ([(0, 1), (0, 2), (1, 2)], [None] * 3, [], [(0, 1), (0, 2), (1, 2)], [0, 1, 2], "all three apart"),
        ([(0, 2), (1, 2)], [None] * 4, [(0, 3)], [(1, 3)], [0, 1, 0, 0], "what holds for a row holds for its paper"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_people_say(pairs, ids, same, different, expected, why):
    assert cluster(pairs, ids, same, different) == expected, why


def test_the_sort_of_numbers_is_kept_and_no_rows_are_no_clusters():
    found = find_clusters(edges_of(), marks_of([]))
    assert (found.dtype, found.to_list()) == (pl.UInt32, [])


def test_a_long_doubtful_chain_is_joined_in_time():
    n_rows = 50_000
    ids = [A, *[None] * (n_rows - 2), B]
    found = cluster([(row, row + 1) for row in range(n_rows - 1)], ids)
    assert found == [*[0] * (n_rows - 1), n_rows - 1]


FAR = MOST_DAYS + 1


@pytest.mark.parametrize(
    ("pairs", "days", "confirmed", "expected", "why"),
    [
        ([(0, 1)], [0, MOST_DAYS], [], [0, 0], "days near enough"),
        ([(0, 1), (1, 2)], [0, None, FAR], [], [0, 0, 2], "an unknown day is no bridge between days far apart"),
        ([(0, 1), (1, 2)], [0, None, FAR], [(1, 2)], [0, 0, 0], "unless an abstract or an id confirms the pair"),
        ([(0, 1), (1, 2)], [0, MOST_DAYS - 1, FAR], [], [0, 0, 2], "days far apart do not meet step by step"),
        ([(0, 1), (1, 2)], [0, FAR, FAR], [(0, 1)], [0, 0, 0], "a day within those of a paper widens nothing"),
        ([(0, 1), (1, 2)], [0, FAR, FAR + 1], [(0, 1)], [0, 0, 2], "a day beyond them does"),
        ([(0, 1), (1, 2), (3, 4)], [FAR, None, 0, 0, 0], [], [0, 0, 2, 3, 3], "elsewhere all stays as it was"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_days_far_apart(pairs, days, confirmed, expected, why):
    assert cluster_dated(pairs, days, confirmed) == expected, why


def cluster_at_odds(pairs, n_rows, apart, confirmed=()):
    odds = pl.DataFrame(apart, schema={"left": pl.UInt32, "right": pl.UInt32}, orient="row")
    return find_clusters(edges_of(*pairs, confirmed=confirmed), marks_of([None] * n_rows), apart=odds).to_list()


@pytest.mark.parametrize(
    ("pairs", "apart", "confirmed", "expected", "why"),
    [
        ([(0, 1), (1, 2)], [(0, 2)], [], [0, 0, 2], "a record without an abstract is no bridge between two papers"),
        ([(0, 1), (1, 2)], [(0, 2)], [(1, 2)], [0, 0, 0], "unless a pair is confirmed"),
        ([(0, 1), (2, 3), (1, 3)], [(0, 2)], [], [0, 0, 2, 0], "nor between clusters"),
        ([(0, 1), (1, 2), (3, 4)], [(0, 2), (0, 4)], [], [0, 0, 2, 3, 3], "elsewhere all stays as it was"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_rows_at_odds(pairs, apart, confirmed, expected, why):
    assert cluster_at_odds(pairs, len(expected), apart, confirmed) == expected, why


def test_a_title_of_very_many_papers_is_parted_in_time():
    n_rows = 60_000
    pairs = [(row - back, row) for row in range(2, n_rows) for back in (1, 2)]
    apart = [(row - 2, row) for row in range(2, n_rows, 2)]
    found = cluster_at_odds(pairs, n_rows, apart)
    assert all(found[left] != found[right] for left, right in apart)


@given(stores(), st.data())
def test_later_rows_never_part_earlier_ones_of_other_days(store, data):
    pairs, ids = store
    days = data.draw(st.lists(st.sampled_from([None, 0, 100, 200, 400]), min_size=len(ids), max_size=len(ids)))
    confirmed = [tuple(pair[:2]) for pair in pairs if data.draw(st.booleans())]
    n_first = data.draw(st.integers(1, len(ids)))
    before = cluster_dated([pair for pair in pairs if max(pair[:2]) < n_first], days[:n_first], confirmed)
    after = cluster_dated(pairs, days, confirmed)
    assert all(after[row] == after[first] for row, first in enumerate(before))


@given(stores(), st.data())
def test_days_far_apart_meet_only_where_a_pair_is_confirmed(store, data):
    pairs, ids = store
    days = data.draw(st.lists(st.sampled_from([None, 0, 100, 200, 400]), min_size=len(ids), max_size=len(ids)))
    found = cluster_dated(pairs, days)
    for first in set(found):
        known = [day for day, other in zip(days, found, strict=True) if other == first and day is not None]
        assert max(known, default=0) - min(known, default=0) <= MOST_DAYS
