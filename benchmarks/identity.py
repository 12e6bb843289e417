"""How right paper identity is and what it costs, beside record-linkage packages on the same records in one run.

The peers are splink, rensa, datasketch, datatrove and recordlinkage (`benchmarks/identity_peers`); they live in
`.venv-identity-peers` and are never a dependency. Every engine runs alone, in a process of its own, over the same
normalised texts.

    make bench-identity
    python -m benchmarks.identity --records 100000 1000000     growth as well; takes minutes
    python -m benchmarks.identity --peers-at-most 0            paperlake alone

Rules and thresholds were chosen on invented records of seed 1, those of the peers too; figures are of other seeds. For
DBLP-ACM and Cora the peers' thresholds were picked on those very data, which flatters them. `PAPERLAKE_REAL_DUMPS`, a
folder with `matching`, adds the public sets. Labels of Cora split conference and journal versions of a paper.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks.history import record
from benchmarks.identity_costs import N_NEW, ablation, adversarial, floor_seconds, new_records_seconds, timed
from benchmarks.identity_data import clean_records, public_sets, store
from benchmarks.identity_engines import OURS, PEERS, THRESHOLDS, Engines, Row, compare
from benchmarks.measuring import growth
from benchmarks.noisy_papers import make_records
from benchmarks.pair_figures import false_pairs_by_family, recall_by_noise

SEEDS = {1_000_000: 3}
SEED = 2
N_ADVERSARIAL = 100_000

Facts = dict[str, Any]


def invented(n_records: int, engines: Engines, folder: Path) -> Facts:
    """Figures of invented records: a row an engine, what paperlake misses and joins wrongly, and what new ones cost."""
    records = make_records(n_records, SEEDS.get(n_records, SEED))
    floor = floor_seconds(records, folder)
    clean, normalising = timed(lambda: clean_records(records))
    stored = store(f"{n_records:,} invented", clean, folder)
    rows, ours = compare(stored, engines, floor)
    new = new_records_seconds(clean, folder / f"index-{n_records}")
    new["normalise"] = timed(lambda: clean_records(records.tail(N_NEW)))[1]
    whole = normalising + rows[0].cpu_seconds
    return {
        "records": n_records,
        "rows": rows,
        "floor_seconds": floor,
        "normalise_seconds": normalising,
        "new_records_seconds": new,
        "new_records_shares": {name: seconds / whole for name, seconds in new.items()},
        "recall_by_noise": recall_by_noise(ours, stored.labels).to_dicts(),
        "false_pairs_by_family": false_pairs_by_family(ours, stored.labels).to_dicts(),
    }


def read_public() -> dict[str, pl.DataFrame]:
    """The public sets, normalised; none unless `PAPERLAKE_REAL_DUMPS` names a folder with `matching`."""
    root = os.environ.get("PAPERLAKE_REAL_DUMPS")
    sets = public_sets(Path(root, "matching")) if root else {}
    return {name: clean_records(records) for name, records in sets.items()}


def public(sets: Mapping[str, pl.DataFrame], engines: Engines, folder: Path) -> list[Row]:
    """A row an engine and public set."""
    stored = [store(name, clean, folder) for name, clean in sets.items()]
    return [row for one in stored for row in compare(one, engines if one.name in THRESHOLDS else Engines(None))[0]]


def show_rows(title: str, rows: Sequence[Row], console: Console) -> None:
    """Print one table: precision, recall and F1 of pairs, how many found pairs are wrong, and cost."""
    table = Table("engine", "precision", "recall", "F1", "false", "CPU s", "floors", "MiB", title=title)
    for row in rows:
        pairs = row.figures
        shares = [f"{value:.4f}" for value in (pairs.precision, pairs.recall, pairs.f1)]
        floors = "" if row.times_floor is None else f"{row.times_floor:.1f}"
        cost = (f"{row.cpu_seconds:.2f}", floors, f"{row.peak_mib:.0f}")
        table.add_row(row.engine, *shares, str(pairs.n_found - pairs.n_right), *cost)
    console.print(table)


def show_facts(title: str, facts: Sequence[Facts], console: Console) -> None:
    """Print rows of facts as they stand."""
    if facts:
        table = Table(*facts[0], title=title)
        for row in facts:
            table.add_row(
                *(
                    f"{value:.4f}" if isinstance(value, float) else "" if value is None else str(value)
                    for value in row.values()
                )
            )
        console.print(table)


def show_invented(facts: Facts, console: Console) -> None:
    """Print the figures of one size of invented records."""
    show_rows(f"{facts['records']:,} invented records", facts["rows"], console)
    console.print(
        f"floor {facts['floor_seconds']:.2f} s, normalising (not in the above) {facts['normalise_seconds']:.2f} s"
    )
    shares = {name: f"{share:.2%}" for name, share in facts["new_records_shares"].items()}
    told = ", ".join(f"{name} {share}" for name, share in shares.items())
    together = sum(facts["new_records_shares"].values())
    console.print(f"{N_NEW:,} new into the rest, of normalising and finding all: {told}, together {together:.2%}")
    show_facts("recall by noise of the later record", facts["recall_by_noise"], console)
    show_facts("false pairs by family", facts["false_pairs_by_family"], console)


def growth_of(sizes: Sequence[Facts]) -> float | None:
    """Exponent of paperlake's CPU between the smallest and the largest size; None of one size."""
    if len(sizes) < 2:
        return None
    small, large = ((one["records"], one["rows"][0].cpu_seconds) for one in (sizes[0], sizes[-1]))
    return growth(small, large)


def run(asked: argparse.Namespace, folder: Path, console: Console) -> Facts:
    """All figures, printed as they come."""
    sizes = []
    for n_records in sorted(asked.records):
        engines = Engines(asked.python if n_records <= asked.peers_at_most else None)
        sizes.append(invented(n_records, engines, folder))
        show_invented(sizes[-1], console)
    if exponent := growth_of(sizes):
        console.print(f"growth exponent of {OURS}: {exponent:.2f}")
    sets = read_public()
    rows = public(sets, Engines(asked.python if asked.peers_at_most else None), folder)
    for name in dict.fromkeys(row.data for row in rows):
        show_rows(name, [row for row in rows if row.data == name], console)
    said = "peers' thresholds on DBLP-ACM and Cora: picked on the same data" if rows else _SKIPPED
    console.print(said)
    small, large = min(N_ADVERSARIAL, max(asked.records)), max(asked.records)
    hard = list(adversarial(sorted({small, 2 * small, large})))
    show_facts("made to hurt: CPU a record must not grow", hard, console)
    known = {name: clean for name, clean in sets.items() if name in THRESHOLDS}
    ablated = ablation({"invented": clean_records(make_records(small, SEED)), **known})
    show_facts("F1 without a rule", ablated, console)
    told: Facts = {str(size["records"]): {**size, "rows": [row.as_dict for row in size["rows"]]} for size in sizes}
    told |= {"public": [row.as_dict for row in rows]} if rows else {}
    return told | {"growth_exponent": exponent, "adversarial": hard, "ablation": ablated}


def main(arguments: Sequence[str]) -> None:
    """Run every engine; print the figures and record them in results/identity.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[100_000], help="sizes of the invented data")
    parser.add_argument(
        "--peers-at-most", type=int, default=100_000, help="records up to which the peers run; 0: never"
    )
    parser.add_argument("--python", type=Path, default=PEERS, help="interpreter of the peers' environment")
    asked = parser.parse_args(arguments)
    if asked.peers_at_most and not asked.python.exists():
        sys.exit(f"no interpreter of the peers at {asked.python}; `make bench-identity` makes their environment")
    with tempfile.TemporaryDirectory() as folder:
        facts = run(asked, Path(folder), Console())
    record("identity", facts)


_SKIPPED = "DBLP-ACM, Cora and hf-titles left out: PAPERLAKE_REAL_DUMPS names no folder with `matching`"

if __name__ == "__main__":
    main(sys.argv[1:])
