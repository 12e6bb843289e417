"""Whether a build still costs what it did: ratios to the floor, beside those that were committed.

    python -m benchmarks.check            exits with 1 where one is 1.5 times the committed one
    python -m benchmarks.check --write    commits those of today

Of three runs of 10,000 records each stage counts with its quickest, as does the floor: what else a machine does only
ever adds. Stages of less than a twentieth of the whole are not looked at, for their noise is larger than they are.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.run import run

N_RECORDS = 10_000
N_RUNS = 3
MOST_TIMES = 1.5
LEAST_SHARE = 0.05
WHOLE, FLOOR = "whole build", "floor"
BASELINE = Path(__file__).parent / "baseline.json"


def measure(n_records: int = N_RECORDS, n_runs: int = N_RUNS) -> dict[str, float]:
    """CPU seconds by stage over those of the floor, each the least of its runs."""
    seconds: dict[str, float] = {}
    for _ in range(n_runs):
        for cost in run(n_records)["costs"]:
            seconds[cost["name"]] = min(cost["cpu_seconds"], seconds.get(cost["name"], cost["cpu_seconds"]))
    return {name: round(cpu / seconds[FLOOR], 3) for name, cpu in seconds.items() if name != FLOOR}


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
    found = measure()
    if is_writing:
        BASELINE.write_text(json.dumps(found, indent=1) + "\n")
        return 0
    committed = json.loads(BASELINE.read_text())
    for name, ratio in found.items():
        sys.stdout.write(f"{name:26} {ratio:6.2f} of the floor, committed {committed.get(name, 0.0):6.2f}\n")
    slower = find_slower(found, committed)
    sys.stdout.write("".join(f"{line}\n" for line in slower))
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
