"""Paperlake's own identity over records of a file, timed as the peers' scripts are.

    python -m benchmarks.identity_ours IN.parquet OUT.parquet

The time is CPU, user and system, from the normalised records as a frame in memory to the clusters; imports, reading and
writing are outside. The peak of memory is that of the whole process.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from benchmarks.identity_data import LISTED
from benchmarks.measuring import peak_mib
from paperlake.identity.clusters import find_clusters
from paperlake.identity.decisions import RULES, Rule, accepted, apart
from paperlake.identity.facts import FACTS, make_facts
from paperlake.identity.matching import Known, match


def find_papers(records: pl.DataFrame, rules: tuple[Rule, ...] = RULES) -> pl.Series:
    """For each record the number of the first record of its paper (UInt32).

    Args:
        records: CLEAN with what the listing shows, and `source` where only records of two sources may be one paper.
        rules: those to apply.
    """
    facts = make_facts(records, records)
    _, evidence = match(Known(), facts, rules)
    return find_clusters(edges_between(evidence, records), facts, apart=apart(evidence))


def edges_between(evidence: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """The pairs that a rule joins and nothing speaks against; none within a source."""
    joined = accepted(evidence)
    if "source" not in records.columns:
        return joined
    source = records["source"]
    return joined.filter(source.gather(joined["left"]) != source.gather(joined["right"]))


def main(arguments: Sequence[str]) -> None:
    """Find the papers of a file; write `appearance_id` and `cluster`, print CPU seconds and peak memory as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path)
    parser.add_argument("clusters", type=Path)
    parser.add_argument("--without", nargs="*", default=[], help="columns to read as unknown")
    asked = parser.parse_args(arguments)
    records = pl.read_parquet(asked.records, columns=_needed(asked.records))
    records = records.with_columns(pl.lit(None, records.schema[name]).alias(name) for name in asked.without)
    start = time.process_time()
    cluster = find_papers(records)
    seconds = time.process_time() - start
    records.select("appearance_id", cluster.alias("cluster")).write_parquet(asked.clusters)
    print(json.dumps({"cpu_seconds": round(seconds, 2), "peak_mib": round(peak_mib())}))


def _needed(records: Path) -> list[str]:
    """The columns of a file that identity reads, as the peers read only theirs."""
    needed = {*FACTS.names(), *LISTED, "source"}
    return [name for name in pl.read_parquet_schema(records) if name in needed]


if __name__ == "__main__":
    main(sys.argv[1:])
