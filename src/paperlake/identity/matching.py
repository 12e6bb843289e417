"""What the store knows of its records for matching: enough to match a batch without touching the rest.

A record is matched with earlier records only, by what it and they hold; so a batch now and a batch later give what
both at once give. Rows enter one after the other; then their pairs are found and weighed in parts, in any order.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from paperlake.identity.blocking import Keys, find_words, make_keys
from paperlake.identity.comparing import Compared, compare
from paperlake.identity.decisions import EVIDENCE, RULES, Rule, decide
from paperlake.identity.facts import FACTS
from paperlake.identity.pairs import Pairs, find_pairs, left_and_right
from paperlake.identity.sketches import Sketches, keep_hopeful, make_sketches, rows_met
from paperlake.identity.vocabulary import Vocabulary

_PAIRS_AT_ONCE = 200_000
"""Pairs compared together: their texts, as Python strings, take some 300 MB at most."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of rows: FACTS, keys, sketches and vocabulary. Parts are of consecutive rows."""

    facts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FACTS))
    keys: tuple[Keys, ...] = ()
    sketches: tuple[Sketches, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary.empty)


def match(known: Known, facts: pl.DataFrame, rules: tuple[Rule, ...] = RULES) -> tuple[Known, pl.DataFrame]:
    """What is known with rows that enter; and EVIDENCE of their pairs with earlier rows: all at once, in memory.

    Args:
        known: what was matched before.
        facts: FACTS of the rows that enter, in order.
        rules: those to apply, for the benchmark that leaves one out.
    """
    after = enter(known, facts)
    return after, weigh(find_pairs(after.keys[-1], known.keys, known.facts.height), after, rules)


def enter(known: Known, facts: pl.DataFrame) -> Known:
    """What is known with rows that enter.

    Args:
        known: of all earlier rows.
        facts: FACTS of the rows that enter, in order.
    """
    first_row = known.facts.height
    words = find_words(facts)
    vocabulary, earlier = known.vocabulary.extend(words, first_row)
    keys = make_keys(facts, first_row, words, earlier, known.keys)
    sketches = (*known.sketches, make_sketches(facts))
    return Known(_with_rows(known.facts, facts), (*known.keys, keys), sketches, vocabulary)


def weigh(pairs: Pairs, known: Known, rules: tuple[Rule, ...] = RULES) -> pl.DataFrame:
    """EVIDENCE of pairs, by their later row; what is weighed at once makes no difference.

    Args:
        pairs: of rows that are known.
        known: these rows, and maybe later ones.
        rules: those to apply.
    """
    weighed = [pl.DataFrame(schema=EVIDENCE)]
    hopeful = keep_hopeful(pairs, known.sketches)
    for start in range(0, len(hopeful), _PAIRS_AT_ONCE):
        left, right = left_and_right(hopeful[start : start + _PAIRS_AT_ONCE])
        rows = rows_met(known.facts.height, left, right)
        records = Compared.of(known.facts[rows], pl.Series(rows))
        at_left, at_right = (np.searchsorted(rows, side).astype(np.uint32) for side in (left, right))
        weighed.append(decide(compare(records, at_left, at_right, known.vocabulary.knows), rules))
    return pl.concat(weighed)


def _with_rows(known: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([known, new], rechunk=False) if known.height else new
