"""Writes invented dumps of every layout and, beside them, `truth.parquet`: which paper each card is, and its values.

python -m benchmarks.page_writers OUT --papers 100 --seed 7
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.page_writers.folders import write_every_layout


def main(arguments: Sequence[str]) -> None:
    """Write them, and say how many."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page_writers", description=__doc__)
    parser.add_argument("out", type=Path, help="folder for `raw`, the dumps, and truth.parquet")
    parser.add_argument("--papers", type=int, default=100, help="that every layout shows")
    parser.add_argument("--seed", type=int, default=1, help="chooses the papers")
    parser.add_argument("--per-page", type=int, default=50)
    asked = parser.parse_args(arguments)
    truth = write_every_layout(asked.out / "raw", asked.papers, asked.seed, asked.per_page)
    truth.write_parquet(asked.out / "truth.parquet")
    n_layouts, n_dumps = truth["layout"].n_unique(), truth["dump"].n_unique()
    print(f"{truth.height:,} cards of {asked.papers:,} papers in {n_dumps} dumps of {n_layouts} layouts")


if __name__ == "__main__":
    main(sys.argv[1:])
