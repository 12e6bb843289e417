"""What paper identity costs: the floor, a few new records, records made to hurt; and what each rule brings."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from benchmarks.identity_data import ADVERSARIAL, SHOWN, clean_records
from benchmarks.identity_ours import edges_between, find_papers
from benchmarks.measuring import growth
from benchmarks.pair_figures import figures_of
from paperlake.identity.clusters import find_clusters
from paperlake.identity.decisions import RULES, apart
from paperlake.identity.facts import make_facts
from paperlake.match_index import enter_rows, gather, matching_folder
from paperlake.match_parts import cut_waiting, find_part, match_part
from paperlake.settings import Settings
from paperlake.work import read_work

N_NEW = 1_000
ROWS_A_PART: int = Settings.model_fields["match_rows"].default
Made = TypeVar("Made")


def timed(work: Callable[[], Made]) -> tuple[Made, float]:
    """What the work gives, and the CPU seconds, of all threads, that it takes."""
    start = time.process_time()
    made = work()
    return made, time.process_time() - start


def floor_seconds(records: pl.DataFrame, folder: Path) -> float:
    """CPU seconds of Polars reading and writing what the records show, as Parquet, zstd 6; the second of two runs."""
    source, copy = folder / "floor.parquet", folder / "floor-copy.parquet"
    records.select(SHOWN).write_parquet(source)

    def read_and_write() -> None:
        pl.read_parquet(source).write_parquet(copy, compression="zstd", compression_level=6)

    read_and_write()
    _, seconds = timed(read_and_write)
    source.unlink()
    copy.unlink()
    return seconds


def match_all(work: Path, facts: pl.DataFrame, rows_a_part: int = ROWS_A_PART) -> pl.DataFrame:
    """EVIDENCE of the pairs of all rows, as a build finds it in its work folder: what that knows is matched no more."""
    enter_rows(matching_folder(work), facts)
    waiting = cut_waiting(work, rows_a_part)
    paired = [find_part(order) for order in waiting.to_pair]
    matched = [match_part(order) for order in waiting.to_match(paired)]
    return gather(matching_folder(work), [read_work(part, "evidence") for part in matched]).evidence


def new_records_seconds(clean: pl.DataFrame, folder: Path, n_new: int = N_NEW) -> dict[str, float]:
    """CPU seconds of the last `n_new` records into an index of all others: `match` alone, and `clusters` of all anew.

    Args:
        clean: the records, normalised, in order of entry.
        folder: an empty work folder.
        n_new: how many enter; at most all.
    """
    facts = make_facts(clean, clean)
    match_all(folder, facts.head(max(clean.height - n_new, 0)))
    evidence, matching = timed(lambda: match_all(folder, facts))
    _, clustering = timed(lambda: find_clusters(edges_between(evidence, clean), facts, apart=apart(evidence)))
    return {"match": matching, "clusters": clustering}


def ablation(sets: Mapping[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """`without`, and for each set by name the F1 of pairs with that rule left out; with none ("") first.

    Args:
        sets: normalised records with `truth`, and `source` where only records of two sources may be one paper.
    """
    names = ("", *(rule.name for rule in RULES))
    left = {name: tuple(rule for rule in RULES if rule.name != name) for name in names}
    return [
        {"without": name, **{of: figures_of(find_papers(clean, rules), clean).f1 for of, clean in sets.items()}}
        for name, rules in left.items()
    ]


def adversarial(sizes: Sequence[int]) -> Iterator[dict[str, Any]]:
    """`data`, `records`, `microseconds` of CPU a record, and `exponent` of the growth since the smallest size."""
    for name, make in ADVERSARIAL.items():
        first = 0.0
        for n_records in sizes:
            clean = clean_records(make(n_records))
            _, seconds = timed(partial(find_papers, clean))
            first = first or seconds
            exponent = growth((sizes[0], first), (n_records, seconds)) if n_records > sizes[0] else None
            yield {
                "data": name,
                "records": n_records,
                "microseconds": 1e6 * seconds / n_records,
                "exponent": exponent,
            }
