"""Records for the tests of paper identity: invented papers as FACTS, one by one or by the hundred."""

import functools
import re
from random import Random

import polars as pl
from benchmarks.noisy_papers import make_records

from paperlake.identity.facts import make_facts
from paperlake.identity.matching import Known, match
from paperlake.normalise import normalise_appearances

SHOWN = pl.Schema(
    {
        "title_raw": pl.String(),
        "abstract_raw": pl.String(),
        "arxiv_id": pl.String(),
        "paper_url": pl.String(),
        "github_url": pl.String(),
        "published_on": pl.Date(),
        "n_authors": pl.Int32(),
        "organisation": pl.String(),
    }
)
_WORDS = [
    "kettle",
    "snail",
    "sock",
    "teapot",
    "garden",
    "chalk",
    "spoon",
    "drawer",
    "saucer",
    "mitten",
    "lantern",
    "pebble",
    "thimble",
    "ladle",
    "cushion",
    "basket",
    "candle",
    "button",
    "ribbon",
    "bucket",
    "hammer",
    "pillow",
    "carpet",
    "window",
    "curtain",
    "marble",
    "feather",
    "blanket",
    "whistle",
    "ladder",
    "shovel",
    "bottle",
]


def facts_of(*records: dict) -> pl.DataFrame:
    """FACTS of records in order; each names only the values that it has, and comes from a dump of its own."""
    frame = pl.DataFrame(list(records), schema=SHOWN, orient="row")
    given = [record.get("appearance_id", name) for record, name in zip(records, names(frame.height), strict=True)]
    return _facts(frame.with_columns(appearance_id=pl.Series(given, dtype=pl.String)))


def names(n_rows: int) -> list[str]:
    """Appearance ids of as many dumps."""
    return [f"{row:016x}:1" for row in range(n_rows)]


def abstract(seed: object, n_sentences: int = 6) -> str:
    """Invented sentences: like those of no other seed."""
    chance = Random(str(seed))
    sentences = [" ".join(chance.choices(_WORDS, k=12)).capitalize() + "." for _ in range(n_sentences)]
    return " ".join(sentences)


def reworded(seed: object, n_kept: int) -> str:
    """The abstract of a seed in eight sentences with all but the first few replaced: 65 % alike for 3, 86 % for 6."""
    return " ".join([*_sentences(abstract(seed, 8))[:n_kept], abstract(f"not {seed}", 8 - n_kept)])


def summary(seed: object) -> str:
    """Two sentences from the middle of an abstract."""
    return " ".join(_sentences(abstract(seed))[2:4])


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=\.) ", text)


@functools.cache
def noisy_facts(n_records: int, seed: int) -> pl.DataFrame:
    """FACTS of noisy papers."""
    return _facts(make_records(n_records, seed=seed))


def evidence_of(facts: pl.DataFrame, sizes: list[int] | None = None) -> pl.DataFrame:
    """EVIDENCE of all pairs, of rows that come in batches of these sizes, then the rest."""
    known, found, start = Known(), [], 0
    for size in [*(sizes or []), facts.height]:
        known, evidence = match(known, facts[start : start + size])
        found.append(evidence)
        start = min(start + size, facts.height)
    return pl.concat(found)


def _facts(shown: pl.DataFrame) -> pl.DataFrame:
    return make_facts(normalise_appearances(shown.with_columns(is_cut=pl.lit(False))), shown)
