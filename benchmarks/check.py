"""Whether a build still costs what it did: ratios to the floor, beside those that were committed.

    python -m benchmarks.check            exits with 1 where one is 1.5 times the committed one
    python -m benchmarks.check --write    commits those of today

All is CPU time of one process. Of several runs of 10,000 records each stage counts with its quickest, and so does the
floor, which is run between them: what else a machine does only ever adds. Where a stage seems slower it is run more
often: a stage that is slower stays so, and noise goes. Stages of less than a twentieth of the whole are not looked at.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.build_tables import WHOLE
from benchmarks.measuring import Cost
from benchmarks.run import FLOOR, measure_first, prepare

N_RECORDS = 10_000
LEAST_RUNS, MOST_RUNS = 5, 10
MOST_TIMES = 1.5
LEAST_SHARE = 0.05
BASELINE = Path(__file__).parent / "baseline.json"


def compare(committed: dict[str, float], runs: Iterable[Sequence[Cost]]) -> dict[str, float]:
    """The ratios of some runs: of LEAST_RUNS, and of more until no stage is slower than it was."""
    ratios: dict[str, float] = {}
    for n_runs, ratios in enumerate(least_ratios(runs), start=1):
        if n_runs >= LEAST_RUNS and not find_slower(ratios, committed):
            break
    return ratios


def least_ratios(runs: Iterable[Sequence[Cost]]) -> Iterator[dict[str, float]]:
    """After every run the CPU seconds by stage over those of the floor, each the least of its runs so far."""
    seconds: dict[str, float] = {}
    for costs in runs:
        for cost in costs:
            seconds[cost.name] = min(cost.cpu_seconds, seconds.get(cost.name, cost.cpu_seconds))
        yield {name: round(cpu / seconds[FLOOR], 3) for name, cpu in seconds.items() if name != FLOOR}


def build_often(n_records: int = N_RECORDS, n_runs: int = MOST_RUNS) -> Iterator[list[Cost]]:
    """The costs of each run, of the same dumps into a new store."""
    with tempfile.TemporaryDirectory() as name:
        dumps = Path(name, "dumps")
        prepare(dumps, n_records)
        for number in range(n_runs):
            yield measure_first(shutil.copytree(dumps, Path(name, str(number)), copy_function=os.link))


def find_slower(found: dict[str, float], committed: dict[str, float]) -> list[str]:
    """The stages that cost far more than they did, in words."""
    looked_at = [name for name, ratio in committed.items() if ratio >= LEAST_SHARE * committed[WHOLE]]
    return [
        f"{name}: expected at most {MOST_TIMES} times the committed {committed[name]:.2f} of the floor, "
        f"found {found.get(name, 0.0):.2f}"
        for name in looked_at
        if found.get(name, 0.0) > MOST_TIMES * committed[name]
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the ratios beside the committed ones; 1 where one is far larger."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="commit those of today")
    is_writing = parser.parse_args(arguments).write
    if is_writing:
        *_, found = least_ratios(build_often())
        BASELINE.write_text(json.dumps(found, indent=1) + "\n")
        return 0
    committed = json.loads(BASELINE.read_text())
    found = compare(committed, build_often())
    for name, ratio in found.items():
        sys.stdout.write(f"{name:26} {ratio:6.2f} of the floor, committed {committed.get(name, 0.0):6.2f}\n")
    slower = find_slower(found, committed)
    sys.stdout.write("".join(f"{line}\n" for line in slower))
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
