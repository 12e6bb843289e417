"""What a build costs: seconds, peak memory and bytes written per stage, beside the floor; and how right it is.

Four builds of one store are measured: of all its records, of nothing new, and twice of a thousandth more, since the
first of these may do once what later ones find done. The floor is Polars reading the release's Parquet and writing it
again with the same compression. Figures are ratios to it, measured in one run on one machine; each size has a process
of its own, which has built a few records before.

    make bench                                            10,000 records
    make bench RECORDS="10000 100000 1000000"             growth as well; takes minutes
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console

from benchmarks.build_tables import WHOLE, show
from benchmarks.dump_generator import Truth, write_dumps
from benchmarks.history import record
from benchmarks.measured_steps import MeasuredSteps
from benchmarks.measuring import Cost, alone, by_name, measure
from paperlake import open_release
from paperlake.pipeline import build
from paperlake.release.encoding import PART_SIZES, compression_level
from paperlake.release.reading import Release
from paperlake.settings import Settings
from paperlake.steps import PlainSteps

SEED = 7
NEW_SHARE, LEAST_NEW = 0.001, 10
N_WARMING = 200
N_FLOORS = 4
NOTHING, FLOOR = "build of nothing new", "floor"
NEW, NEXT = "build of new records", "next build of new records"
"""What is no stage, as WHOLE is none."""
_MORE = {NEW: "new", NEXT: "next"}
"""Folders of the dumps that come later, each of a seed of its own."""

Facts = dict[str, Any]


def prepare(folder: Path, n_records: int) -> Truth:
    """The truth about the dumps that it writes to `raw` of the folder; a few go to `few`, and some are for later."""
    write_dumps(folder / "few", N_WARMING, SEED)
    for seed, later in enumerate(_MORE.values(), start=SEED + 1):
        write_dumps(folder / later, count_new(n_records), seed)
    return write_dumps(folder / "raw", n_records, SEED)


def count_new(n_records: int) -> int:
    """How many records come later into a store of so many, each time."""
    return max(LEAST_NEW, round(n_records * NEW_SHARE))


def measure_all(folder: Path) -> dict[str, list[Cost]]:
    """What each build takes, by WHOLE, NEW and NEXT, after one of the `few`: what loads but once is no stage's."""
    build(Settings(raw=folder / "few", store=folder / "store-of-few", settle_seconds=0), PlainSteps())
    return {WHOLE: measure_first(folder)} | {name: measure_later(folder, name) for name in _MORE}


def measure_first(folder: Path) -> list[Cost]:
    """What it takes to build the `store` of a prepared folder: a cost for each stage, then WHOLE, NOTHING and FLOOR."""
    settings = _settings(folder)
    stages = measure_build(settings, WHOLE)
    floor = measure_floor(open_release(folder / "store"), folder)
    return [*stages, measure(NOTHING, build, settings, PlainSteps())[1], floor]


def measure_later(folder: Path, name: str) -> list[Cost]:
    """What it takes to build the same store with more dumps in `raw`: a cost for each stage, then one of that name."""
    settings = _settings(folder)
    for path in (folder / _MORE[name]).iterdir():
        path.rename(settings.raw / f"later-{_MORE[name]}-{path.name}")
    return measure_build(settings, name)


def _settings(folder: Path) -> Settings:
    return Settings(raw=folder / "raw", store=folder / "store", settle_seconds=0)


def measure_build(settings: Settings, name: str) -> list[Cost]:
    """What one build takes: a cost for each stage and, last, of that name, for all of it."""
    steps = MeasuredSteps()
    _, whole = measure(name, build, settings, steps)
    return [*steps.costs, replace(whole, peak_mib=max(cost.peak_mib for cost in (*steps.costs, whole)))]


def measure_floor(release: Release, folder: Path) -> Cost:
    """The floor, of several runs the one that took least CPU: the first of a process takes more than the others."""
    costs = [measure(FLOOR, read_and_write, release, folder)[1] for _ in range(N_FLOORS)]
    return min(costs, key=lambda cost: cost.cpu_seconds)


def read_and_write(release: Release, folder: Path) -> None:
    """The floor: every table of the release read by Polars and written again, as tightly as large parts of it are."""
    for name in release.tables:
        level = compression_level(name, PART_SIZES[0])
        release[name].collect().write_parquet(folder / f"{name}.parquet", compression="zstd", compression_level=level)


def pair_scores(release: Release, truth: Truth) -> dict[str, float]:
    """Precision and recall, 0-1, of pairs of appearances put together, against the generator's truth."""
    paths = release["dumps"].select("dump_id", dump=pl.col("path"))
    found = release["appearances"].join(paths, on="dump_id").select("dump", "position", "paper_id").collect()
    both = found.join(truth.to_frame().cast({"position": pl.Int32}), on=["dump", "position"], how="inner")
    n_found, n_true, n_right = (_n_pairs(both, key) for key in (["paper_id"], ["paper"], ["paper_id", "paper"]))
    return {
        "records": both.height / len(truth.paper),
        "precision": n_right / max(n_found, 1),
        "recall": n_right / max(n_true, 1),
    }


def _n_pairs(frame: pl.DataFrame, key: list[str]) -> int:
    sizes = frame.group_by(key).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def run(n_records: int) -> Facts:
    """Figures of the builds of `n_records` generated records in a fresh store.

    `costs` are of the first build, `later` of NEW and NEXT, by stage: CPU and wall seconds, MiB, parts, and
    `times_floor` by CPU; `quality` is what `pair_scores` gives.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        truth = prepare(folder, n_records)
        builds = alone(measure_all, folder)
        quality = pair_scores(open_release(folder / "store"), truth)
    floor = builds[WHOLE][-1].cpu_seconds
    return {
        "records": n_records,
        "new_records": count_new(n_records),
        "costs": by_name(builds[WHOLE], floor),
        "later": {name: by_name(builds[name], floor) for name in _MORE},
        "quality": quality,
    }


def main(arguments: Sequence[str]) -> None:
    """Run the benchmark for each size asked for; print the figures and record them in results/build.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[10_000])
    results = []
    for n_records in sorted(parser.parse_args(arguments).records):
        results.append(run(n_records))
        record("build", {str(n_records): results[-1]})
    show(results, Console())


if __name__ == "__main__":
    main(sys.argv[1:])
