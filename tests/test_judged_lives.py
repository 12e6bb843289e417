"""Random lives of a store: dumps go, come back and are read again, papers match, and people judge.

Whatever happened before, a build of what was built already changes nothing.
"""

from contextlib import suppress
from datetime import date

import polars as pl
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from paperlake.curation.judgements import Judgement
from paperlake.errors import CorrectionError, JudgementConflictError
from paperlake.identity.clusters import find_clusters
from paperlake.identity.judgements import name_appearances, place_judgements
from paperlake.identity.places import carry_over
from paperlake.identity.registry import extend_history, name_papers
from paperlake.schemas import TABLES

SHOWN = dict.fromkeys(("appearance_id", "dump_id", "title_raw", "arxiv_id"), pl.String) | {"line_start": pl.Int32}
EDGES = {"left": pl.UInt32, "right": pl.UInt32, "match_score": pl.Float32, "is_confirmed": pl.Boolean}
MARKS = {"arxiv_id": pl.String, "published_on": pl.Date}
REFUSED = (CorrectionError, JudgementConflictError)


class Life:
    """A store and its input. A record is a dump and a name in it, by which it stands; its number there may change."""

    def __init__(self, *dumps):
        self.dumps = {f"{number:016x}": list(names) for number, names in enumerate(dumps, start=1)}
        self.gone, self.again = set(), set()
        self.matching = set()
        self.judgements = []
        self.before, self.release = None, 0
        self.history = pl.DataFrame(schema=TABLES["id_history"].polars_schema)
        self.build()

    @property
    def records(self):
        return [(dump, name) for dump, names in self.dumps.items() for name in names]

    @property
    def papers(self):
        """Paper by record."""
        rows = self.before.select("dump_id", "title_raw", "paper_id").rows()
        return {(dump, name): paper for dump, name, paper in rows}

    def read_again(self, dump, names):
        self.dumps[dump] = list(names)
        self.again.add(dump)
        self.build()

    def go_or_come_back(self, *dumps):
        self.gone ^= set(dumps)
        self.build()

    def match(self, *records):
        """They match from now on, or no longer."""
        self.matching ^= {frozenset(records)}
        self.build()

    def judge(self, left, right, verdict, *, by_hand):
        """Somebody writes a judgement; not where it is refused."""
        judgement = Judgement(date(2026, 3, 14), "mira", left, right, verdict, "seen")
        if not by_hand:
            judgement = name_appearances(judgement, self.before, self.history)
        place_judgements([*self.judgements, judgement], self.before)
        self.judgements.append(judgement)
        self.build()

    def build(self):
        if fault := self._fault():
            assert self._fault() == fault, "what fails fails again"
            self.judgements.clear()  # people mend the file
        self._publish(*self._build(self.again))
        for again in ((), set(self.dumps)):
            assert self._build(again)[0].equals(self.before), "nothing new, nothing else"
        self.again = set()

    def _rows(self):
        held = ((dump, names) for dump, names in self.dumps.items() if dump not in self.gone)
        rows = [
            (f"{dump}:{position}", dump, name, None, ord(name))
            for dump, names in held
            for position, name in enumerate(names, start=1)
        ]
        return pl.DataFrame(rows, schema=SHOWN, orient="row")

    def _build(self, again):
        """The appearances with their papers, and what was judged."""
        rows = self._rows()
        row_of = {record: row for row, record in enumerate(rows.select("dump_id", "title_raw").rows())}
        there = sorted(sorted(row_of[one] for one in pair) for pair in self.matching if pair <= row_of.keys())
        edges = pl.DataFrame([(*pair, 90.0, True) for pair in there], schema=EDGES, orient="row")
        marks = pl.DataFrame([(None, None)] * rows.height, schema=MARKS, orient="row")
        placed = place_judgements(self.judgements, rows)
        rows = rows.with_columns(first=find_clusters(edges, marks, placed.same, placed.different))
        named = name_papers(rows, self._carried_over(rows, again), self.history["paper_id"])
        return rows.drop("first").with_columns(paper_id=named), placed

    def _carried_over(self, rows, again):
        return None if self.before is None else carry_over(self.before, rows, pl.Series(list(again), dtype=pl.String))

    def _fault(self):
        try:
            self._build(self.again)
        except REFUSED as error:
            return str(error)
        return None

    def _publish(self, after, placed):
        earlier = {} if self.before is None else self.papers
        if self.before is None or not after.equals(self.before):
            self.release += 1
            before = self._carried_over(after, self.again)
            self.history = extend_history(self.history, before, after, self.release)
        self.before = after
        self._check_ids(earlier)
        papers = after["paper_id"].to_list()
        assert all(papers[left] == papers[right] for left, right in placed.same)
        assert all(papers[left] != papers[right] for left, right in placed.different)

    def _check_ids(self, earlier):
        """Each id lives with the earliest of its records that is still there, or nowhere, and ends once."""
        heirs = {}
        for record in self.papers:
            heirs.setdefault(earlier.get(record), record)
        for paper in set(earlier.values()) & set(self.papers.values()):
            assert self.papers[heirs[paper]] == paper
        ended = self.history.filter(pl.col("event").is_in(["merged_into", "retired"]))["paper_id"]
        assert set(self.papers.values()) == set(self.history["paper_id"]) - set(ended)
        assert ended.is_unique().all()


X, Y, Z = ((f"{number:016x}", "a") for number in (1, 2, 3))


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_paper_whose_first_record_is_gone_is_judged(by_hand):
    life = Life("a", "a", "a")
    life.match(Y, Z)
    life.go_or_come_back(Y[0])
    papers = life.papers
    if by_hand:
        with pytest.raises(CorrectionError, match="Name an appearance instead"):
            life.judge(papers[X], papers[Z], "same", by_hand=True)
        return
    life.judge(papers[X], papers[Z], "same", by_hand=False)
    assert life.papers == {X: papers[X], Z: papers[X]}


def test_a_judgement_speaks_of_the_same_records_when_others_come_back():
    life = Life("a", "a", "a")
    life.match(X, Y)
    life.go_or_come_back(X[0])
    life.judge(life.papers[Z], life.papers[Y], "same", by_hand=False)
    assert (life.judgements[0].left, life.judgements[0].right) == (f"{Z[0]}:1", f"{Y[0]}:1")
    life.match(X, Y)
    life.match(X, Z)
    life.go_or_come_back(X[0])
    assert len(set(life.papers.values())) == 1
    life.match(X, Z)
    assert life.papers[Y] == life.papers[Z] != life.papers[X]


@pytest.mark.parametrize("by_hand", [False, True])
def test_an_id_of_many_partings_is_judged(by_hand):
    life = Life("a", "a")
    for _ in range(12):
        life.match(X, Y)
    assert life.history.filter(pl.col("event") == "split_from").height == 6
    life.judge(life.papers[X], life.papers[Y], "same", by_hand=by_hand)
    assert life.papers[X] == life.papers[Y]
    life.judgements.clear()
    life.build()
    assert life.papers[X] != life.papers[Y]


class RandomLife(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.life = Life("ab", "ab", "a")

    @rule(data=st.data(), names=st.sampled_from(["a", "b", "ab", "bc", "ac", "abc"]))
    def a_dump_is_read_again(self, data, names):
        self.life.read_again(data.draw(st.sampled_from(sorted(self.life.dumps))), names)

    @rule(data=st.data())
    def dumps_go_and_come_back(self, data):
        self.life.go_or_come_back(data.draw(st.sampled_from(sorted(self.life.dumps))))

    @rule(data=st.data())
    def records_match_or_match_no_longer(self, data):
        pairs = st.lists(st.sampled_from(self.life.records), min_size=2, max_size=2, unique=True)
        self.life.match(*data.draw(pairs))

    @rule(data=st.data(), verdict=st.sampled_from(["same", "different"]), by_hand=st.booleans())
    def somebody_judges(self, data, verdict, by_hand):
        ids = [*self.life.history["paper_id"].unique().sort(), *self.life.before["appearance_id"]]
        left, right = data.draw(st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True))
        with suppress(*REFUSED):
            self.life.judge(left, right, verdict, by_hand=by_hand)

    @precondition(lambda self: self.life.judgements)
    @rule(data=st.data())
    def a_judgement_is_removed(self, data):
        self.life.judgements.remove(data.draw(st.sampled_from(self.life.judgements)))
        self.life.build()


TestRandomLife = RandomLife.TestCase
TestRandomLife.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
