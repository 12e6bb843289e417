"""What publishing costs, beside plain writing and Delta Lake; and what a store takes that grows.

A release of invented papers is published whole, then one with 1 % more papers and 0.5 % of the old ones seen again. CPU
is told as a ratio to the floor, Polars writing the same tables with zstd 6; all is measured in one run on one machine.

    make bench-releases                                     10,000 and 100,000 papers, and a store that grows
    python -m benchmarks.releases --records 1000000 --grow 0   a million; takes minutes
    python -m benchmarks.releases --peers-at-most 0            paperlake alone
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.growing_tables import GrowingTables
from benchmarks.history import record
from benchmarks.release_costs import Tables, Times, alone, prove, write_plainly
from benchmarks.release_growth import MOST_CPU, MOST_SPACE, SHARE_AGAIN, SHARE_NEW, Growth, grow, publish_alone
from paperlake.schemas import TABLES

PEERS = Path(__file__).parents[1] / ".venv-release-peers" / "bin" / "python"
SCRIPT = Path(__file__).parent / "release_peers" / "delta_peer.py"
SEED = 7
N_RELEASES = 20

Facts = dict[str, Any]


def run_size(n_papers: int, python: Path | None, folder: Path) -> Facts:
    """Figures of one size: a row for each way to write a release, the commit, the proof.

    Args:
        n_papers: of the first release.
        python: of the peers' environment; None to leave them out.
        folder: an empty one.
    """
    store = folder / "store"
    growing = GrowingTables(SEED)
    first = growing.grow(n_papers)
    floor = alone(write_plainly, first, folder / "floor")
    full = publish_alone(first, store, None)
    second = growing.grow(round(n_papers * SHARE_NEW), round(n_papers * SHARE_AGAIN))
    more = publish_alone(second, store, 1)
    proof, reading = prove(store)
    plain_bytes = sum(path.stat().st_size for path in (folder / "floor").iterdir())
    rows = [
        _row("plain Parquet, all of it", floor, floor, plain_bytes),
        _row("paperlake, full", full.whole, floor, full.new_bytes),
        _row("paperlake, 1 % more", more.whole, floor, more.new_bytes),
    ]
    rows += run_delta(first, second, floor, python, folder / "delta") if python else []
    return {
        "papers": n_papers,
        "rows": rows,
        "commit": asdict(more.commit),
        "verify": asdict(proof),
        "reading": asdict(reading),
        "times_reading": proof.cpu / reading.cpu,
        "files": more.n_files,
        "bytes": more.n_bytes,
    }


def run_delta(first: Tables, second: Tables, floor: Times, python: Path, folder: Path) -> list[Facts]:
    """A row for each way in which Delta Lake writes them, in a process of its own."""
    for name, tables in (("1", first), ("2", second)):
        (folder / name).mkdir(parents=True)
        for table, frame in tables.items():
            frame.write_parquet(folder / name / f"{table}.parquet", compression="uncompressed")
    (folder / "keys.json").write_text(json.dumps({name: table.key for name, table in TABLES.items()}))
    call = [str(python), str(SCRIPT), str(folder)]
    done = subprocess.run(call, stdout=subprocess.PIPE, check=True, text=True, env=os.environ)
    figures = json.loads(done.stdout.splitlines()[-1])
    name = f"Delta Lake {figures.pop('version')}"
    ways = {"full": "full", "overwrite": "1 % more, overwritten", "merge": "1 % more, merged"}
    return [
        _row(f"{name}, {ways[way]}", Times(told["cpu"], told["wall"]), floor, told["new_bytes"])
        for way, told in figures.items()
    ]


def _row(name: str, times: Times, floor: Times, n_bytes: int) -> Facts:
    return {"name": name, **asdict(times), "times_floor": times.cpu / floor.cpu, "new_bytes": n_bytes}


def show_size(facts: Facts, console: Console) -> None:
    """Print the figures of one size."""
    table = Table("", "CPU s", "floors", "s", "new MB", title=f"{facts['papers']:,} papers")
    for row in facts["rows"]:
        cost = (f"{row['cpu']:.2f}", f"{row['times_floor']:.2f}", f"{row['wall']:.2f}")
        table.add_row(row["name"], *cost, f"{row['new_bytes'] / 1e6:.2f}")
    console.print(table)
    commit, proof = facts["commit"], facts["verify"]
    console.print(f"after staging: {1000 * commit['wall']:.0f} ms, of which CPU {1000 * commit['cpu']:.0f} ms")
    told = f"CPU {proof['cpu']:.3f} s, {facts['times_reading']:.1f} times as much as reading the bytes"
    console.print(f"verify: {told}; {facts['files']} files, {facts['bytes'] / 1e6:.1f} MB")


def show_growth(growth: Growth, console: Console) -> None:
    """Print how a store grew."""
    first, *more = growth.releases
    table = Table(
        "papers", "CPU s", "of a full one", "new MB", "space", title=f"{first.papers:,} papers, then 1 % more"
    )
    for one, share in zip(more, growth.shares, strict=True):
        cost = (f"{one.cpu_seconds:.2f}", f"{share:.1%}", f"{one.new_bytes / 1e6:.2f}", f"{one.times_space:.2f}")
        table.add_row(f"{one.papers:,}", *cost)
    console.print(table)
    told = growth.figures
    shares = ", ".join(f"{name} {told[f'{name}_share']:.1%}" for name in ("mean", "median", "largest"))
    console.print(f"CPU of a full release: {shares} (goal: at most {MOST_CPU:.0%})")
    console.print(f"space: {growth.times_space:.2f} times the last release (goal: at most {MOST_SPACE})")


def run(asked: argparse.Namespace, folder: Path, console: Console) -> Facts:
    """All figures, printed as they come."""
    facts: Facts = {}
    for n_papers in asked.records:
        place = folder / str(n_papers)
        place.mkdir()
        size = run_size(n_papers, asked.python if n_papers <= asked.peers_at_most else None, place)
        show_size(size, console)
        facts[str(n_papers)] = size
    if asked.grow:
        growth = grow(asked.grow, N_RELEASES, SEED, folder)
        show_growth(growth, console)
        facts["growth"] = {**asdict(growth), **growth.figures}
    return facts


def main(arguments: Sequence[str]) -> None:
    """Run the benchmark; print the figures and record them in results/releases.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="*", default=[10_000, 100_000], help="papers of the first release")
    parser.add_argument("--grow", type=int, default=100_000, help="papers of the store that grows; 0: none")
    parser.add_argument(
        "--peers-at-most", type=int, default=100_000, help="papers up to which Delta Lake runs; 0: never"
    )
    parser.add_argument("--python", type=Path, default=PEERS, help="interpreter of the peers' environment")
    asked = parser.parse_args(arguments)
    if asked.peers_at_most and not asked.python.exists():
        sys.exit(f"no interpreter of the peers at {asked.python}; `make bench-releases` makes their environment")
    with tempfile.TemporaryDirectory() as folder:
        facts = run(asked, Path(folder), Console())
    record("releases", facts)


if __name__ == "__main__":
    main(sys.argv[1:])
