"""Publishers that compete, and readers beside them: tried alike on a disk and in a bucket."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

import polars as pl

from paperlake.errors import ReleaseConflictError
from paperlake.release.reading import open_release, versions
from paperlake.release.verify import verify
from paperlake.stores import Location, local, open_store
from tests.release_faults import FORK, SECONDS
from tests.release_frames import publish_tables, tables_of

N_PUBLISHERS = 40
_N_PROCESSES = 4


def publish_until_landed(location: Location, seeds: range, variables: Mapping[str, str], patience: float, barrier):
    os.environ |= variables
    local._LOCK_SECONDS = patience
    barrier.wait()
    for seed in seeds:
        while True:
            try:
                published = publish_tables(location, tables_of(2, seed=seed), commit={"seed": seed})
            except ReleaseConflictError:
                continue
            assert published.is_new
            break


def publish_forty(location: Location, variables: Mapping[str, str], patience: float) -> list[int | None]:
    """How the processes ended that shared forty releases among them."""
    barrier = FORK.Barrier(_N_PROCESSES)
    workers = [
        FORK.Process(
            target=publish_until_landed,
            args=(location, range(first, N_PUBLISHERS, _N_PROCESSES), variables, patience, barrier),
        )
        for first in range(_N_PROCESSES)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(SECONDS)
    return [worker.exitcode for worker in workers]


def check_forty_publishers(location: Location, variables: Mapping[str, str], patience: float = 600) -> None:
    """Forty releases of four processes: each once, none lost, in one gap-free line."""
    assert publish_forty(location, variables, patience) == [0] * _N_PROCESSES
    commits, store = versions(location), open_store(location)
    line = [(version - 1 or None, version) for version in range(1, N_PUBLISHERS + 1)]
    assert [(commit.parent, commit.version) for commit in commits] == line
    assert {commit.facts["seed"] for commit in commits} == set(range(N_PUBLISHERS))
    assert [verify(location, version) for version in (None, 1, 20)] == [[]] * 3
    # Some servers go on naming a folder without files.
    found = {f"releases/{name}" for name in store.names("releases") if store.sizes(f"releases/{name}")}
    assert found == {commit.release for commit in commits}


def publish_growing(location: Location, variables: Mapping[str, str], is_over) -> None:
    """Version n has n rows a table."""
    os.environ |= variables
    n_rows = 1
    while not is_over.is_set():
        n_rows += 1
        publish_tables(location, tables_of(n_rows))


@contextmanager
def publisher_beside(location: Location, variables: Mapping[str, str]) -> Iterator[BaseProcess]:
    """A process that publishes one release after another until this is left."""
    is_over = FORK.Event()
    publisher = FORK.Process(target=publish_growing, args=(location, variables, is_over), daemon=True)
    publisher.start()
    try:
        yield publisher
    finally:
        is_over.set()
        publisher.join(SECONDS)
    assert publisher.exitcode == 0


def read_pair(location: Location) -> tuple[int, int, int]:
    """Version of a release, and rows of two of its tables, one read after the other."""
    release = open_release(location)
    papers, metrics = release.papers, release.metrics
    return release.version, papers.collect().height, metrics.select(pl.len()).collect().item()


def check_pairs(location: Location, variables: Mapping[str, str], n_reads: int, n_releases: int = 10) -> None:
    """Two tables of a release, read while others are published, are of one version: at least so many pairs."""
    publish_tables(location, tables_of(1))
    pairs = [read_pair(location)]
    with publisher_beside(location, variables) as publisher:
        while len(pairs) < n_reads or pairs[-1][0] < n_releases:
            assert publisher.is_alive()
            pairs.append(read_pair(location))
    assert [pair for pair in pairs if len(set(pair)) > 1] == []
    assert len({version for version, _, _ in pairs}) > n_releases // 2
