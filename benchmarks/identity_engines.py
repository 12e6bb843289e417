"""Paperlake and its peers over one set of records: each alone, in a process of its own, with two threads at most."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.identity_data import Stored
from benchmarks.pair_figures import PairFigures, figures_of

SCRIPTS = Path(__file__).parent / "identity_peers"
PEERS = Path(__file__).parents[1] / ".venv-identity-peers" / "bin" / "python"
OURS = "paperlake"
NO_COUNTS = "no n_authors"
PEER_NAMES = ("splink", "rensa", "datasketch", "datatrove", "recordlinkage")
THRESHOLDS = {
    "DBLP-ACM": {"recordlinkage": 0.92, "splink": 14.0, "rensa": 0.75, "datasketch": 0.75, "datatrove": 0.95},
    "Cora": {"recordlinkage": 0.88, "splink": 0.0, "rensa": 0.65, "datasketch": 0.65, "datatrove": 0.95},
}
"""Of the peers on public sets, picked on these sets; elsewhere each script has its default, chosen on seed 1."""
_TWO_THREADS = dict.fromkeys(("POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS"), "2")


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one engine over one set."""

    data: str
    engine: str
    figures: PairFigures
    cpu_seconds: float
    peak_mib: float
    times_floor: float | None = None

    @property
    def as_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        shares = {name: getattr(self.figures, name) for name in ("precision", "recall", "f1")}
        counts = {name: getattr(self.figures, name) for name in ("n_true", "n_found", "n_right")}
        told = {name: getattr(self, name) for name in ("data", "engine", "cpu_seconds", "peak_mib", "times_floor")}
        return told | shares | counts


@dataclass(frozen=True, slots=True)
class Engines:
    """Those to run: paperlake always, and the peers where `python`, of their environment, is given."""

    python: Path | None

    def commands(self, data: str) -> dict[str, list[str]]:
        """By name the command of each engine without its files; peers take no set of which they have no threshold."""
        ours = [sys.executable, "-m", "benchmarks.identity_ours"]
        commands = {OURS: ours}
        if data in THRESHOLDS:
            commands[NO_COUNTS] = [*ours, "--without=n_authors"]
        for name in PEER_NAMES if self.python else ():
            threshold = [f"--threshold={THRESHOLDS[data][name]}"] if data in THRESHOLDS else []
            commands[name] = [str(self.python), str(SCRIPTS / f"{name}_peer.py"), *threshold]
        return commands


def run_engine(command: Sequence[str], records: Path) -> tuple[pl.Series, dict[str, float]]:
    """The cluster of each record, and `cpu_seconds` and `peak_mib`, by an engine in a process of its own."""
    clusters = records.with_suffix(".clusters.parquet")
    call = [command[0], *command[1:], str(records), str(clusters)]
    done = subprocess.run(call, stdout=subprocess.PIPE, check=True, text=True, env=os.environ | _TWO_THREADS)
    return pl.read_parquet(clusters)["cluster"], json.loads(done.stdout.splitlines()[-1])


def compare(stored: Stored, engines: Engines, floor: float | None = None) -> tuple[list[Row], pl.Series]:
    """A row an engine over one set; and paperlake's clusters."""
    rows, ours = [], pl.Series()
    for engine, command in engines.commands(stored.name).items():
        is_ours = engine in (OURS, NO_COUNTS)
        found, cost = run_engine(command, stored.ours if is_ours else stored.peers)
        ours = found if engine == OURS else ours
        figures, seconds = figures_of(found, stored.labels), cost["cpu_seconds"]
        rows.append(Row(stored.name, engine, figures, seconds, cost["peak_mib"], seconds / floor if floor else None))
    return rows, ours
