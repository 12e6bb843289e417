"""Publishers that die, and what must stand then: tried alike on a disk and in a bucket.

`PAPERLAKE_KILLS` is how many publishers are killed at random instants, `PAPERLAKE_KILL_EVERY` the step between the
calls that others are killed before: 1 tries every one.
"""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import polars as pl

from paperlake.release.pointers import read_pointer
from paperlake.release.reading import open_release, versions
from paperlake.release.verify import verify
from paperlake.stores import Location, open_store
from tests.release_frames import frame_of, publish_tables, tables_of

FORK = multiprocessing.get_context("forkserver")
_COMMANDS = ("paperlake.build_commands", "paperlake.life_commands")
FORK.set_forkserver_preload(["tests.release_crowds", "paperlake.stores.s3", *_COMMANDS, "pandera.polars"])
SECONDS = 300
"""How long a process may take."""

FILLING = ("open", "link", "mkdir", "symlink", "fsync")
"""Calls of `os` that need room, `open` for a new file; a rename in one file system needs none."""
CALLS = (*FILLING, "fdopen", "fchmod", "chmod", "rename", "replace", "unlink", "rmdir")
"""Calls of `os` that change a disk; between `fdopen` and `fchmod` a file is written."""


def kill_every(default: int) -> int:
    return int(os.environ.get("PAPERLAKE_KILL_EVERY", default))


def after_tables() -> dict[str, pl.DataFrame]:
    """What is published on top of `tables_of(3)`: one table is another, the others are used again."""
    return tables_of(3, papers=frame_of("papers", 4))


def after(n_calls: int, act: Callable[[], None]) -> Callable[[], None]:
    """To be called before each call: it acts before every one but the first `n_calls`."""
    left = iter(range(n_calls))
    return lambda: None if next(left, None) is not None else act()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def run(target: Callable[..., None], *arguments: object) -> int | None:
    """How a process ended that did nothing but this."""
    process = FORK.Process(target=target, args=arguments)
    process.start()
    process.join(SECONDS)
    return process.exitcode


@contextmanager
def called_before(names: Sequence[str], act: Callable[[str, Sequence[Any]], None]) -> Iterator[None]:
    """Some functions of `os`, each of which first calls `act` with its name and its arguments."""

    def watched(name):
        @wraps(originals[name])
        def call(*args, **kwargs):
            act(name, args)
            return originals[name](*args, **kwargs)

        return call

    originals = {name: getattr(os, name) for name in names}
    try:
        for name in names:
            setattr(os, name, watched(name))
        yield
    finally:
        for name, original in originals.items():
            setattr(os, name, original)


def kill_before_call(store: Path, n_calls: int) -> None:
    """A publisher killed before its call to the disk after the first n."""
    before = after(n_calls, die)
    with called_before(CALLS, lambda *_: before()):
        publish_tables(store, after_tables())


def kill_before_step(store: Path, step: str, tables: dict[str, pl.DataFrame]) -> None:
    """A publisher killed before a step that has a name."""
    publish_tables(store, tables, fault=lambda reached: die() if reached == step else None)


def check_after_a_kill(location: Location, where: object) -> int:
    """The release that stood after it: whole, as the pointers are; the next run loses nothing and is clean."""
    version = open_release(location).version
    check_what_stands(location, version, where)
    check_the_next_run(location, version, where)
    return version


def check_what_stands(location: Location, version: int, where: object) -> None:
    """The first release or the second, and pointers to one of those."""
    assert version in (1, 2), where
    assert open_release(location).read("papers").equals(frame_of("papers", 2 + version)), where
    assert [damage for damage in verify(location) if not damage.startswith("latest")] == [], where
    store, commits = open_store(location), versions(location)
    assert read_pointer(store) in [commit.pointer for commit in commits], where
    assert not store.has_links or store.read_link() in {commit.release for commit in commits}, where


def check_the_next_run(location: Location, version: int, where: object) -> None:
    """It lands its own, once, and so does the one after it."""
    healed = publish_tables(location, after_tables())
    assert (healed.version, healed.is_new) == (2, version == 1), where
    assert publish_tables(location, tables_of(5)).version == 3
    assert [verify(location, version) for version in (None, 1, 2, 3)] == [[]] * 4, where
    store = open_store(location)
    found = {f"releases/{name}" for name in store.names("releases")}
    assert found == {commit.release for commit in versions(location)}, where
    if store.has_links:  # in a bucket nobody is known to be alone: there a probe stays for a day, until `repair`
        assert store.leftovers() == {}, where


def publish_now(location: Location, variables: Mapping[str, str], barrier) -> None:
    os.environ |= variables
    publish_tables(location, tables_of(3))
    barrier.wait()
    publish_tables(location, after_tables())


def run_publisher(
    location: Location, variables: Mapping[str, str], seconds: float | None = None
) -> tuple[int | None, float]:
    """How one ended that published twice, maybe killed so many seconds into the second time; and how many that took."""
    barrier = FORK.Barrier(2)
    publisher = FORK.Process(target=publish_now, args=(location, variables, barrier))
    publisher.start()
    barrier.wait(SECONDS)
    start = time.perf_counter()
    if seconds is not None:
        time.sleep(seconds)
        publisher.kill()
    publisher.join(SECONDS)
    return publisher.exitcode, time.perf_counter() - start


def check_kills_at_random(location: str, variables: Mapping[str, str], n_kills: int) -> Counter:
    """How often a publisher ended with which exit code, and which release then stood.

    Args:
        location: each store lies below it.
        variables: of the environment of publishers.
        n_kills: how many, where `PAPERLAKE_KILLS` does not say.
    """
    dice, ended = random.Random(7), Counter()
    most = min(run_publisher(f"{location}/timed-{attempt}", variables)[1] for attempt in range(3))
    for attempt in range(int(os.environ.get("PAPERLAKE_KILLS", n_kills))):
        store = f"{location}/{attempt}"
        exitcode, _ = run_publisher(store, variables, dice.uniform(0, most))
        ended[exitcode, check_after_a_kill(store, attempt)] += 1
    return ended
