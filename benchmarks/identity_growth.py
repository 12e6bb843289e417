"""What finding papers costs alone, stage by stage as a build does it, from ten thousand records to five million.

Invented records (`benchmarks.noisy_papers`) are written to files, normalised file by file, and then matched in a
process of its own, so that nothing but matching needs memory. The floor reads what the records show and writes it
again, zstd 6.

    make bench-identity-growth                                       10,000 records
    python -m benchmarks.identity_growth --records 1000000 5000000   half an hour, some 15 GB of memory, 10 GB of disk
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks.history import record
from benchmarks.identity_costs import ROWS_A_PART
from benchmarks.identity_data import SHOWN, clean_records
from benchmarks.measured_steps import MeasuredSteps
from benchmarks.measuring import Cost, alone, by_name, growth, measure
from benchmarks.noisy_papers.files import write_records
from benchmarks.pair_figures import pair_figures
from paperlake.identity.facts import make_facts
from paperlake.identity.resolve import resolve_identity
from paperlake.match_files import map_frame
from paperlake.match_index import enter_rows, gather, matching_folder
from paperlake.match_parts import Waiting, cut_waiting, find_part, match_part
from paperlake.work import read_work

SEED = 2
NORMALISE, FLOOR, WHOLE = "normalise (not counted)", "floor", "all of matching"
_PAIRS = "pairs.arrow"

Facts = dict[str, Any]


def normalise_parts(parts: Sequence[Path], folder: Path) -> list[Cost]:
    """NORMALISE and FLOOR of records in files; the normalised ones go to files of the folder, under the same names."""
    folder.mkdir()
    copy = folder / "copy"

    def normalise() -> None:
        for part in parts:
            clean_records(pl.read_parquet(part)).write_parquet(folder / part.name)

    def read_and_write() -> None:
        for part in parts:
            pl.read_parquet(part, columns=list(SHOWN)).write_parquet(copy, compression="zstd", compression_level=6)

    costs = [measure(NORMALISE, normalise)[1], measure(FLOOR, read_and_write)[1]]
    copy.unlink()
    return costs


def match_all(clean: Sequence[Path], work: Path, rows_a_part: int = ROWS_A_PART) -> tuple[list[Cost], Facts]:
    """A cost a stage of matching all rows of normalised files, and how many pairs were found and weighed.

    `matches.parquet` of the work folder has the paper of each row.
    """
    work.mkdir()
    steps = MeasuredSteps()
    waiting = steps.call("enter", _enter, steps.call("facts", _read_facts, clean), work, rows_a_part)
    paired = steps.map("pair", find_part, waiting.to_pair)
    matched = steps.map("weigh", match_part, waiting.to_match(paired))
    steps.call("resolve", _resolve, work, matched)
    pairs = pl.concat([map_frame(folder / _PAIRS) for folder in paired])
    n_weighed = sum(read_work(folder, "evidence").height for folder in matched)
    return steps.costs, {"pairs": pairs["pair"].n_unique(), "evidence": n_weighed}


def _read_facts(clean: Sequence[Path]) -> pl.DataFrame:
    frames = (pl.read_parquet(path) for path in clean)
    return pl.concat([make_facts(frame, frame) for frame in frames], rechunk=False)


def _enter(facts: pl.DataFrame, work: Path, rows_a_part: int) -> Waiting:
    enter_rows(matching_folder(work), facts)
    return cut_waiting(work, rows_a_part)


def _resolve(work: Path, matched: Sequence[Path]) -> None:
    known = gather(matching_folder(work), [read_work(folder, "evidence") for folder in matched])
    resolve_identity(known.facts, known.evidence).write_parquet(work / "matches.parquet")


def run(n_records: int, rows_a_part: int = ROWS_A_PART) -> Facts:
    """Figures of one size: `costs` by stage with seconds and MiB, counts of pairs, precision and recall."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = alone(write_records, folder / "shown", n_records, SEED)
        around = alone(normalise_parts, parts, folder / "clean")
        clean = [folder / "clean" / part.name for part in parts]
        stages, counts = alone(match_all, clean, folder / "work", rows_a_part)
        truth = pl.concat([pl.read_parquet(part, columns=["truth"]) for part in parts])["truth"]
        figures = pair_figures(pl.read_parquet(folder / "work/matches.parquet")["paper_id"], truth)
    return {
        "records": n_records,
        "costs": by_name([*stages, _together(stages), *around], around[-1].cpu_seconds),
        **counts,
        "precision": figures.precision,
        "recall": figures.recall,
    }


def _together(stages: Sequence[Cost]) -> Cost:
    cpu, wall = (sum(getattr(cost, name) for cost in stages) for name in ("cpu_seconds", "wall_seconds"))
    peak, written = max(cost.peak_mib for cost in stages), sum(cost.written_mib for cost in stages)
    return Cost(WHOLE, cpu, wall, peak, written)


def show(facts: Facts, console: Console) -> None:
    """Print the figures of one size."""
    table = Table("stage", "CPU s", "wall s", "peak MiB", "parts", title=f"{facts['records']:,} invented records")
    for name, cost in facts["costs"].items():
        seconds = (f"{cost[of]:,.2f}" for of in ("cpu_seconds", "wall_seconds"))
        table.add_row(name, *seconds, f"{cost['peak_mib']:,.0f}", str(cost["n_parts"]))
    console.print(table)
    console.print(f"{facts['pairs']:,} pairs met, {facts['evidence']:,} rows of evidence")
    console.print(f"precision {facts['precision']:.4f}, recall {facts['recall']:.4f}")


def main(arguments: Sequence[str]) -> None:
    """Run each size; print its figures and record them in results/identity_growth.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[10_000])
    console, seconds = Console(), []
    for n_records in sorted(parser.parse_args(arguments).records):
        facts = run(n_records)
        show(facts, console)
        record("identity_growth", {str(n_records): facts})
        seconds.append((n_records, facts["costs"][WHOLE]["cpu_seconds"]))
    if len(seconds) > 1:
        console.print(f"growth exponent of CPU: {growth(seconds[0], seconds[-1]):.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
