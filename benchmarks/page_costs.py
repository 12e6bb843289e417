"""What the page of a release costs, as a share of the build that publishes it, and how large it is.

    python -m benchmarks.page_costs                              100,000 papers
    python -m benchmarks.page_costs --papers 10000 1000000       other sizes

Measured while it is made, in a build that has a process of its own: the page pays for all that nothing else needs, what
draws its charts included.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from benchmarks.dump_generator import write_dumps
from benchmarks.history import record
from benchmarks.measuring import Cost, alone, measure
from paperlake import open_release
from paperlake.pipeline import build
from paperlake.release import documents
from paperlake.report import PAGE
from paperlake.report.page import page_text
from paperlake.report.view import View
from paperlake.settings import Settings
from paperlake.steps import PlainSteps

SEED = 7
_RECORDS_PER_PAPER = 4 / 3
"""Of the generator: a quarter of its records show a paper again."""


def measure_sizes(n_papers: int) -> dict[str, Any]:
    """CPU seconds of a build of about so many papers and of its page, their `share`, 0-1, and the page's `n_bytes`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_dumps(folder / "raw", round(n_papers * _RECORDS_PER_PAPER), SEED)
        whole, page = alone(_measure_build, folder)
        release = open_release(folder / "store")
    return {
        "papers": release.counts["papers"],
        "build_cpu_seconds": whole.cpu_seconds,
        "page_cpu_seconds": page.cpu_seconds,
        "share": page.cpu_seconds / whole.cpu_seconds,
        "n_bytes": release.manifest["documents"][PAGE]["n_bytes"],
    }


def _measure_build(folder: Path) -> tuple[Cost, Cost]:
    """What a build took, and its page."""
    pages: list[Cost] = []

    def make_page(view: View) -> str:
        text, cost = measure("page", page_text, view)
        pages.append(cost)
        return text

    settings = Settings(raw=folder / "raw", store=folder / "store", settle_seconds=0)
    with patch.object(documents, "page_text", make_page):
        _, whole = measure("build", build, settings, PlainSteps())
    return whole, pages[0]


def main(arguments: Sequence[str]) -> None:
    """Print a row a size, and record them in results/page_costs.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, nargs="+", default=[100_000])
    table = Table("papers", "build CPU s", "page CPU s", "share", "page MB")
    for n_papers in sorted(parser.parse_args(arguments).papers):
        found = measure_sizes(n_papers)
        record("page_costs", {str(n_papers): found})
        seconds = (f"{found['build_cpu_seconds']:.2f}", f"{found['page_cpu_seconds']:.2f}")
        table.add_row(f"{found['papers']:,}", *seconds, f"{found['share']:.1%}", f"{found['n_bytes'] / 1e6:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
