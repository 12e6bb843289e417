"""Writes records whose papers are known, and says what is in them.

python -m benchmarks.noisy_papers 100000 --seed 7 --to records.parquet
"""

import argparse
from pathlib import Path

from benchmarks.noisy_papers.records import make_records
from benchmarks.noisy_papers.statistics import describe


def main() -> None:
    """Nothing; the frame stands in the file named by --to, its counts are printed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.noisy_papers", description=__doc__)
    parser.add_argument("records", type=int, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="chooses the papers")
    parser.add_argument("--to", type=Path, help="Parquet file to write")
    arguments = parser.parse_args()
    records = make_records(arguments.records, arguments.seed)
    print(describe(records))
    if arguments.to is not None:
        records.write_parquet(arguments.to)


if __name__ == "__main__":
    main()
