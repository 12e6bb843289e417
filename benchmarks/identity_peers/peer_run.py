"""What every peer's script does around its package: reads records, times the linking, writes clusters, prints facts.

The time is CPU, user and system, of the process and its children, from the records as a frame in memory to the
clusters; imports, reading and writing are outside. The peak of memory is that of the whole process, or of
its largest child.
"""

import argparse
import json
import os
import resource
from collections.abc import Callable
from pathlib import Path

import polars as pl
from peer_clusters import join_pairs

TEXT_COLUMNS = ("authors", "venue", "source")

Link = Callable[[pl.DataFrame, float], pl.DataFrame]
"""Pairs of records that are one paper at a threshold: `left` and `right` (UInt32, numbers of rows) and `score`."""


def cpu_seconds() -> float:
    """User and system seconds so far, of this process and of children that have ended."""
    return sum(os.times()[:4])


def peak_mib() -> float:
    """The most memory that the process or a child has had in RAM, in MiB (Linux counts in KiB).

    Of itself as `/proc` has it: the other count begins with what the process that started this one had.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def read_records(path: Path) -> pl.DataFrame:
    """Records with `row` (UInt32) in front; a column that the data lack is there as nulls, `year` as Int32."""
    records = pl.read_parquet(path).with_row_index("row")
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in TEXT_COLUMNS if name not in records.columns]
    year = pl.col("year").cast(pl.Int32, strict=False) if "year" in records.columns else pl.lit(None, dtype=pl.Int32)
    return records.with_columns(*missing, year.alias("year"))


def is_given(records: pl.DataFrame, column: str) -> bool:
    """Whether any record has a value in the column."""
    return records[column].null_count() < records.height


def run(link: Link, threshold: float, description: str | None) -> None:
    """The script of a peer: links the file of the command line, prints `cpu_seconds`, `peak_mib` and counts as JSON."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path)
    parser.add_argument("clusters", type=Path)
    parser.add_argument("--threshold", type=float, default=threshold)
    asked = parser.parse_args()
    records = read_records(asked.records)
    start = cpu_seconds()
    pairs = link(records, asked.threshold)
    cluster = join_pairs(pairs, records)
    seconds = cpu_seconds() - start
    records.select("appearance_id", cluster.alias("cluster")).write_parquet(asked.clusters)
    facts = {"records": records.height, "pairs": pairs.height, "clusters": cluster.n_unique()}
    print(json.dumps(facts | {"cpu_seconds": round(seconds, 2), "peak_mib": round(peak_mib())}))
