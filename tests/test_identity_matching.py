"""Matching a batch against a store: the same as matching all at once, and linear whatever comes."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperlake.identity import matching
from paperlake.identity.decisions import EVIDENCE, RULES
from paperlake.identity.matching import Known, match
from paperlake.identity.pairs import WINDOW
from tests.identity_records import abstract, evidence_of, facts_of, noisy_facts

N_NOISY = 600


@settings(max_examples=25)
@given(st.integers(0, 3), st.lists(st.integers(0, 250), max_size=8))
def test_batches_give_what_all_at_once_gives(seed, sizes):
    facts = noisy_facts(N_NOISY, seed)
    assert evidence_of(facts, sizes).equals(evidence_of(facts))


def test_one_by_one_gives_what_all_at_once_gives():
    facts = noisy_facts(N_NOISY, 7)[:150]
    assert evidence_of(facts, [1] * 150).equals(evidence_of(facts))


def test_the_pairs_compared_together_make_no_difference(monkeypatch):
    facts = noisy_facts(N_NOISY, 1)
    whole = evidence_of(facts)
    monkeypatch.setattr(matching, "_PAIRS_AT_ONCE", 97)
    assert evidence_of(facts).equals(whole)


def test_evidence_is_in_order_of_the_later_row_each_pair_once():
    evidence = evidence_of(noisy_facts(N_NOISY, 2))
    assert evidence.height > 200
    assert evidence["rule"].n_unique() > 5
    assert evidence.equals(evidence.sort("right", "left"))
    assert (evidence["left"] < evidence["right"]).all()
    assert evidence.select("left", "right").is_unique().all()


def test_a_batch_gives_only_pairs_of_its_own_rows_and_leaves_what_is_known_as_it_was():
    facts = noisy_facts(N_NOISY, 2)
    before, _ = match(Known(), facts[:400])
    after, evidence = match(before, facts[400:])
    assert evidence["right"].min() >= 400
    assert (before.facts.height, len(before.keys)) == (400, 1)
    assert after.facts.equals(facts)
    assert len(after.keys) == 2


def test_no_rows_have_no_evidence():
    facts = noisy_facts(N_NOISY, 2)
    known, evidence = match(Known(), facts.clear())
    assert evidence.is_empty()
    assert evidence.schema == EVIDENCE
    later, found = match(known, facts[:50])
    assert found.equals(evidence_of(facts[:50]))
    assert match(later, facts.clear())[1].is_empty()


def test_a_rule_left_out_joins_nothing():
    facts = noisy_facts(N_NOISY, 2)
    rules = tuple(rule for rule in RULES if rule.name != "title_alone")
    assert "title_alone" in set(evidence_of(facts)["rule"])
    assert "title_alone" not in set(match(Known(), facts, rules)[1]["rule"])


@pytest.fixture
def n_compared(monkeypatch):
    """How many pairs were compared."""
    counts = []
    found = matching.find_pairs

    def count(*arguments):
        pairs = found(*arguments)
        counts.append(len(pairs))
        return pairs

    monkeypatch.setattr(matching, "find_pairs", count)
    return lambda: sum(counts)


N_SAME = 5_000
ADVERSARIAL = {
    "one title for all": lambda n: {"title_raw": "Copper Kettles Boil Faster in Gardens", "abstract_raw": f"{n}"},
    "one title, no abstracts": lambda _: {"title_raw": "Copper Kettles Boil Faster in Gardens"},
    "one sentence for all": lambda n: {"title_raw": f"Kettle Q{n}x", "abstract_raw": abstract("tea", 1)},
    "one long abstract for all": lambda n: {"title_raw": f"Kettle Q{n}x", "abstract_raw": abstract("tea")},
    "one beginning and one end": lambda n: {"title_raw": f"Copper Kettles Boil Q{n}x in the Gardens of Sleepy Snails"},
    "one arXiv id": lambda n: {"title_raw": f"Kettle Q{n}x", "arxiv_id": "2601.90001"},
    "nothing at all": lambda _: {},
}


@pytest.mark.parametrize("make", ADVERSARIAL.values(), ids=ADVERSARIAL)
def test_alike_records_make_a_few_pairs_each(make, n_compared):
    facts = facts_of(*map(make, range(N_SAME)))
    evidence = evidence_of(facts)
    assert n_compared() <= 4 * (WINDOW + 1) * N_SAME
    assert evidence.height <= n_compared()


def test_all_records_with_one_title_and_no_abstract_hang_together():
    facts = facts_of(*({"title_raw": "Copper Kettles Boil Faster in Gardens"} for _ in range(1_000)))
    joined = evidence_of(facts, [300, 300]).filter(pl.col("rule") == "title_alone")
    assert set(joined.filter(pl.col("left") == 0)["right"]) == set(range(1, 1_000)), "each with the first"
