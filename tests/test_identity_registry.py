"""Paper ids: their grammar, who keeps which, and their history on random lives of a store."""

import hashlib
import string

import networkx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from paperlake.identity.registry import extend_history, find_founders, follow, name_papers, new_ids
from paperlake.schemas import TABLES

HISTORY = TABLES["id_history"].polars_schema
MEMBERS = {"appearance_id": pl.String, "paper_id": pl.String}
NOTHING = pl.Series([], dtype=pl.String)


def strings(*values):
    return pl.Series(values, dtype=pl.String)


def name(groups, before=None, given=()):
    """The paper of each appearance: `groups` maps appearances, in order of entry, to anything that names a cluster."""
    labels = list(groups.values())
    rows = pl.DataFrame(
        {"appearance_id": list(groups), "first": [labels.index(label) for label in labels]},
        schema={"appearance_id": pl.String, "first": pl.UInt32},
    )
    old = None if before is None else pl.DataFrame(list(before.items()), schema=MEMBERS, orient="row")
    return dict(zip(groups, name_papers(rows, old, strings(*given)).to_list(), strict=True))


def write(history, before, papers, release):
    old = None if before is None else pl.DataFrame(list(before.items()), schema=MEMBERS, orient="row")
    return extend_history(history, old, pl.DataFrame(list(papers.items()), schema=MEMBERS, orient="row"), release)


def live_through(*steps):
    """The papers of each release and the history after them all."""
    history, before, lives = pl.DataFrame(schema=HISTORY), None, []
    for release, groups in enumerate(steps, start=1):
        papers = name(groups, before, history["paper_id"].unique())
        history = write(history, before, papers, release)
        lives.append(papers)
        before = papers
    return lives, history


def test_ids_keep_to_their_grammar_and_differ():
    ids = new_ids(pl.Series([f"{n:016x}:{n}" for n in range(20_000)]), NOTHING)
    assert ids.n_unique() == 20_000
    assert ids.str.contains(r"^pl-[0-9a-z]{12}$").all()
    assert ids.str.slice(3, 1).n_unique() == ids.str.tail(1).n_unique() == 36, "every place takes every letter"
    assert new_ids(NOTHING, NOTHING).to_list() == []


def test_ids_are_the_same_for_ever():
    assert new_ids(strings("0000000000000001:1"), NOTHING).to_list() == ["pl-xmmgw7hzszpe"]
    number, letters = int(hashlib.sha256(b"0000000000000001:1").hexdigest()[:16], 16), ""
    for _ in range(12):
        number, at = divmod(number, 36)
        letters += (string.digits + string.ascii_lowercase)[at]
    assert letters == "xmmgw7hzszpe"


def test_a_taken_id_gives_way_to_the_next_try():
    tries = []
    for _ in range(4):
        tries += new_ids(strings("x:1"), strings(*tries)).to_list()
    assert len(set(tries)) == 4
    assert new_ids(strings("x:1", "y:1", "x:1"), NOTHING)[[0, 2]].to_list() == tries[:2]
    assert new_ids(strings("y:1"), strings(*tries))[0] == new_ids(strings("y:1"), NOTHING)[0]


def test_every_try_leads_back_to_its_founder():
    tries = []
    for _ in range(16):
        tries += new_ids(strings("x:1", "y:1"), strings(*tries)).to_list()
    founders = find_founders({*tries, "pl-000000000000"}, strings("z:1", "y:1", "x:1"))
    assert founders == dict(zip(tries, ["x:1", "y:1"] * 16, strict=True))
    assert find_founders(tries, strings("z:1")) == {}


def test_a_number_that_is_another_record_by_now_gives_no_id_again():
    first = name({"d:1": 1, "d:2": 2})
    moved = {"d:2": first["d:1"]}  # `d:1` was read again as `d:2`, and what was `d:2` is gone
    after = name({"d:1": 1, "d:2": 2}, moved, first.values())
    assert after["d:2"] == first["d:1"]
    assert after["d:1"] not in first.values()
    history = write(pl.DataFrame(schema=HISTORY), None, first, 1)
    events = write(history, moved | {None: first["d:2"]}, after, 2).filter(pl.col("release") == 2)
    assert events.select("paper_id", "event").rows() == [(after["d:1"], "created"), (first["d:2"], "retired")]


def test_a_paper_is_named_for_its_first_appearance():
    papers = name({"a:1": 1, "a:2": 2, "b:1": 2, "b:2": 1})
    assert papers["a:1"] == papers["b:2"] == new_ids(strings("a:1"), NOTHING)[0]
    assert papers["a:2"] == papers["b:1"] == new_ids(strings("a:2"), NOTHING)[0]


@pytest.mark.parametrize(
    ("steps", "events"),
    [
        ([{"a": 1}, {"a": 1, "b": 2}], [("a", "created", None, 1), ("b", "created", None, 2)]),
        ([{"a": 1}, {"a": 1, "b": 1}], [("a", "created", None, 1)]),
        (
            [{"a": 1, "b": 2}, {"a": 1, "b": 1}],
            [("a", "created", None, 1), ("b", "created", None, 1), ("b", "merged_into", "a", 2)],
        ),
        ([{"a": 1, "b": 1}, {"a": 1, "b": 2}], [("a", "created", None, 1), ("b", "split_from", "a", 2)]),
        (
            [{"a": 1, "b": 1}, {"a": 1, "b": 2, "c": 2}],
            [("a", "created", None, 1), ("b", "split_from", "a", 2)],
        ),
        (
            [{"a": 1, "b": 2, "c": 2}, {"a": 1, "b": 1, "c": 3}],
            [
                ("a", "created", None, 1),
                ("b", "created", None, 1),
                ("c", "split_from", "b", 2),
                ("b", "merged_into", "a", 2),
            ],
        ),
        (
            [{"a": 1, "b": 2}, {"a": 1}],
            [("a", "created", None, 1), ("b", "created", None, 1), ("b", "retired", None, 2)],
        ),
        ([{"a": 1, "b": 1}, {"b": 1}], [("a", "created", None, 1)]),
        (
            [{"a": 1, "b": 2}, {"b": 2}, {"b": 2, "a": 2}],
            [("a", "created", None, 1), ("b", "created", None, 1), ("a", "retired", None, 2)],
        ),
        (
            [{"a": 1, "b": 1}, {"b": 1}, {"a": 1, "b": 1}, {"a": 1, "b": 2}],
            [("a", "created", None, 1), ("b", "split_from", "a", 4)],
        ),
        (
            [{"a": 1, "b": 1}, {"b": 1}, {"a": 2, "b": 1}],
            [("a", "created", None, 1), ("a#1", "created", None, 3)],
        ),
        (
            [{"a": 1, "b": 2}, {"a": 1, "b": 1}, {"a": 1, "b": 2}],
            [
                ("a", "created", None, 1),
                ("b", "created", None, 1),
                ("b", "merged_into", "a", 2),
                ("b#1", "split_from", "a", 3),
            ],
        ),
    ],
    ids=[
        "new paper",
        "new appearance",
        "merge",
        "split",
        "split, with one that is new",
        "merged where the first appearance is, the others parted",
        "retraction",
        "the first appearance retracted",
        "back in another paper",
        "back first, then parted",
        "back, its id with another",
        "merged and parted",
    ],
)
def test_history_tells_what_became_of_every_id(steps, events):
    _, history = live_through(*steps)
    made_from = {}
    for seed in "abc":
        for attempt in range(2):
            (made,) = new_ids(strings(seed), strings(*made_from)).to_list()
            made_from[made] = f"{seed}#{attempt}" if attempt else seed
    told = history.select("paper_id", "event", "other_id", "release").rows()
    assert [(made_from[a], event, other and made_from[other], release) for a, event, other, release in told] == events


def test_follow_goes_all_the_way():
    lives, history = live_through(
        {"a": 1, "b": 2, "c": 3, "d": 4}, {"a": 1, "b": 2, "c": 2, "d": 4}, {"a": 1, "b": 1, "c": 1}
    )
    a, b, c, d = lives[0].values()
    assert follow(history, c) == (a, [c, b, a])
    assert follow(history, b) == (a, [b, a])
    assert follow(history, a) == (a, [a])
    assert follow(history, d) == (None, [d])
    assert follow(history, "pl-000000000000") == (None, ["pl-000000000000"])
    _, ended = live_through({"a": 1, "b": 2}, {"a": 1, "b": 1}, {"c": 3})
    assert follow(ended, b) == (None, [b, a]), "merged into a paper that is retired"


@given(st.lists(st.lists(st.integers(0, 11), max_size=3), min_size=1, max_size=12), st.sets(st.integers(1, 11)))
def test_one_run_or_many_give_the_same_ids_where_clusters_only_grow(links, ends):
    """Each row is joined with some rows before it."""

    def groups(n_rows):
        graph = networkx.Graph()
        graph.add_nodes_from(range(n_rows))
        graph.add_edges_from((row, other) for row in range(n_rows) for other in links[row] if other < row)
        first = {row: min(part) for part in networkx.connected_components(graph) for row in part}
        return {f"d:{row}": first[row] for row in range(n_rows)}

    steps = [groups(min(end, len(links))) for end in [*sorted(ends), len(links)]]
    lives, _ = live_through(*steps)
    assert lives[-1] == name(steps[-1])


class LifeOfAStore(RuleBasedStateMachine):
    """Builds after random changes, against a model in plain Python."""

    def __init__(self):
        super().__init__()
        self.entered = []  # appearances in order of entry
        self.n_named = 0
        self.gone = set()  # those of retracted dumps
        self.group = {}
        self.before = None
        self.release = 0
        self.history = pl.DataFrame(schema=HISTORY)
        self.given = set()
        self.ended = {}  # id -> the id that it was merged into, None where it was retired

    @rule(dump=st.lists(st.integers(0, 6), min_size=1, max_size=4))
    def a_dump_enters(self, dump):
        for group in dump:
            self.n_named += 1
            appearance = f"{self.n_named:016x}:1"
            self.entered.append(appearance)
            self.group[appearance] = group

    @precondition(lambda self: self.entered)
    @rule(data=st.data())
    def dumps_are_retracted_and_come_back(self, data):
        self.gone ^= data.draw(st.sets(st.sampled_from(self.entered), min_size=1, max_size=4))

    @precondition(lambda self: self.gone)
    @rule(data=st.data())
    def a_dump_comes_back_at_the_end(self, data):
        appearance = data.draw(st.sampled_from(sorted(self.gone)))
        self.gone.remove(appearance)
        self.entered.remove(appearance)
        self.entered.append(appearance)

    @rule(one=st.integers(0, 6), other=st.integers(0, 6))
    def papers_merge(self, one, other):
        self.group = {name: other if group == one else group for name, group in self.group.items()}
        self.build()

    @precondition(lambda self: self.entered)
    @rule(data=st.data(), group=st.integers(0, 9))
    def some_appearances_move(self, data, group):
        for appearance in data.draw(st.sets(st.sampled_from(self.entered), min_size=1, max_size=3)):
            self.group[appearance] = group

    @precondition(lambda self: self.entered)
    @rule(data=st.data())
    def rules_change(self, data):
        groups = data.draw(st.lists(st.integers(0, 6), min_size=len(self.entered), max_size=len(self.entered)))
        self.group = dict(zip(self.entered, groups, strict=True))
        self.build()

    @rule()
    def build(self):
        groups = {name: self.group[name] for name in self.entered if name not in self.gone}
        papers = name(groups, self.before, sorted(self.given))
        self.release += 1
        history = write(self.history, self.before, papers, self.release)
        expected = self._expected_papers(groups)
        assert {a: p for a, p in papers.items() if expected[a]} == {a: p for a, p in expected.items() if p}
        self._check_new(groups, papers, expected)
        self._note_ended(papers)
        assert history.schema == HISTORY
        assert history.head(self.history.height).equals(self.history), "what was written stays"
        assert set(history.tail(history.height - self.history.height)["release"]) <= {self.release}
        self.history, self.before = history, papers
        self.given |= set(papers.values())

    def _heirs(self, groups):
        """Each id that lived and the earliest of its appearances that is still there, in order of entry."""
        heirs = {}
        for appearance in groups:
            if paper := (self.before or {}).get(appearance):
                heirs.setdefault(paper, appearance)
        return heirs

    def _expected_papers(self, groups):
        keeps = {}
        for paper, heir in self._heirs(groups).items():
            keeps.setdefault(groups[heir], paper)
        return {appearance: keeps.get(group) for appearance, group in groups.items()}

    def _check_new(self, groups, papers, expected):
        assert len({*zip(groups.values(), papers.values(), strict=True)}) == len(set(groups.values()))
        assert len(set(papers.values())) == len(set(groups.values())), "one paper, one id"
        assert not {paper for a, paper in papers.items() if not expected[a]} & self.given, "ids are given once"

    def _note_ended(self, papers):
        heirs = self._heirs(papers)
        for paper in set((self.before or {}).values()) - set(papers.values()):
            self.ended[paper] = papers[heirs[paper]] if paper in heirs else None

    @invariant()
    def every_living_id_is_in_the_history_once(self):
        born = self.history.filter(pl.col("event").is_in(["created", "split_from"]))["paper_id"]
        assert born.is_unique().all()
        assert set(born) == self.given

    @invariant()
    def an_id_that_ended_never_lives_again(self):
        assert not set((self.before or {}).values()) & set(self.ended)
        ends = self.history.filter(pl.col("event").is_in(["merged_into", "retired"])).select("paper_id", "other_id")
        assert ends["paper_id"].is_unique().all()
        assert dict(ends.iter_rows()) == self.ended

    @invariant()
    def every_id_leads_to_a_living_paper_or_to_none(self):
        living = set((self.before or {}).values())
        for paper in self.given:
            means = paper
            while means in self.ended:
                means = self.ended[means]
            found, way = follow(self.history, paper)
            assert found == means
            assert found is None or found in living
            assert way[0] == paper


TestLifeOfAStore = LifeOfAStore.TestCase
TestLifeOfAStore.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
