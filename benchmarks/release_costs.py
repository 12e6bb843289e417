"""What publishing costs: one release, the steps after its staging, and its proof; beside plain writing and reading."""

import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import polars as pl

from paperlake.release.documents import make_documents
from paperlake.release.draft import draft_of
from paperlake.release.publish import publish
from paperlake.release.quality import measure_quality
from paperlake.release.verify import verify
from paperlake.schemas import TABLES

Tables = Mapping[str, pl.DataFrame]
Made = TypeVar("Made")

_BLOCK = 512
"""Bytes that `st_blocks` counts in, whatever the file system. Source: stat(2)."""
_READ = 1 << 18


@dataclass(frozen=True, slots=True)
class Times:
    """CPU seconds of all threads, user and system, and seconds on the clock."""

    cpu: float
    wall: float


@dataclass(frozen=True, slots=True)
class ReleaseCost:
    """What one release took.

    Attributes:
        whole: all of `publish`: fingerprints, files, documents, commit.
        commit: what comes after staging: the move, the commit record, the pointers.
        new_bytes: of files that no older release shares.
        n_bytes: of all of its files.
        n_files: how many these are.
    """

    whole: Times
    commit: Times
    new_bytes: int
    n_bytes: int
    n_files: int


def timed(work: Callable[[], Made]) -> tuple[Made, Times]:
    """What the work gives, and the time it takes."""
    cpu, wall = time.process_time(), time.perf_counter()
    made = work()
    return made, Times(time.process_time() - cpu, time.perf_counter() - wall)


def publish_tables(tables: Tables, store: Path, parent: int | None) -> ReleaseCost:
    """What it costs to publish the tables with all documents, as a build does, on top of the parent."""
    facts = {
        "dumps": tables["dumps"].select("dump_id", "path", "status", "n_papers").to_dicts(),
        "quality": measure_quality(dict(tables)),
    }
    started: list[tuple[float, float]] = []

    def note(step: str) -> None:
        if step == "move in":
            started.append((time.process_time(), time.perf_counter()))

    documents = partial(make_documents, tables, facts, (parent or 0) + 1, ())
    commit = {"run_id": "benchmark", "operation": "build"}
    published, whole = timed(
        lambda: publish(
            draft_of(tables), store, parent=parent, facts=facts, commit=commit, documents=documents, fault=note
        )
    )
    (cpu, wall), files = started[0], _files(store / published.release)
    return ReleaseCost(
        whole,
        Times(time.process_time() - cpu, time.perf_counter() - wall),
        sum(path.stat().st_size for path in files if path.stat().st_nlink == 1),
        sum(path.stat().st_size for path in files),
        len(files),
    )


def alone(work: Callable[..., Made], tables: Tables, *others: object) -> Made:
    """What `work(tables, *others)` gives in a process of its own, which reads the tables from files before.

    A process that invented the tables goes on freeing memory in other threads: a tenth of the CPU of a release.
    """
    with TemporaryDirectory() as folder, ProcessPoolExecutor(1, get_context("spawn")) as pool:
        for name, table in tables.items():
            table.write_parquet(Path(folder, name))
        return pool.submit(_with_tables, work, Path(folder), *others).result()


def _with_tables(work: Callable[..., Made], folder: Path, *others: object) -> Made:
    return work({name: pl.read_parquet(folder / name) for name in TABLES}, *others)


def write_plainly(tables: Tables, folder: Path) -> Times:
    """The floor: Polars writes each table as one file, zstd 6 as releases; the second of two runs."""

    def write() -> None:
        for name, table in tables.items():
            table.write_parquet(folder / f"{name}.parquet", compression="zstd", compression_level=6)

    folder.mkdir()
    write()
    return timed(write)[1]


def prove(store: Path) -> tuple[Times, Times]:
    """The time of `verify` of the newest release, and of merely reading its bytes; each the second of two runs.

    Raises:
        RuntimeError: the release is damaged.
    """
    if damages := verify(store):
        raise RuntimeError(f"{store} is damaged: {damages[0]}")
    files = _files(newest(store))
    for path in files:
        _read(path)
    return timed(lambda: verify(store))[1], timed(lambda: [_read(path) for path in files])[1]


def newest(store: Path) -> Path:
    """Folder of the newest release."""
    return store / json.loads((store / "latest.json").read_text())["release"]


def disk_bytes(folder: Path) -> int:
    """What a folder takes on the disk: whole blocks, a file of several names once."""
    kept = {(told.st_dev, told.st_ino): told.st_blocks for told in (path.lstat() for path in folder.rglob("*"))}
    return sum(kept.values()) * _BLOCK


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _read(path: Path) -> None:
    block = bytearray(_READ)
    with path.open("rb", buffering=0) as file:
        while file.readinto(block):
            pass
