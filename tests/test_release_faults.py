"""Releases on a disk whose publishers die before any call to it, compete, or find it full."""

import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from contextlib import suppress

import pytest
from typer.testing import CliRunner

from paperlake.cli import app
from paperlake.dumps import find_dumps
from paperlake.release.reading import open_release, versions
from paperlake.release.verify import verify
from tests.conftest import SAMPLES, build_store
from tests.release_crowds import check_forty_publishers, check_pairs
from tests.release_faults import (
    FILLING,
    FORK,
    after_tables,
    called_before,
    check_after_a_kill,
    check_kills_at_random,
    kill_before_call,
    kill_before_step,
    kill_every,
    run,
)
from tests.release_frames import publish_tables, tables_of

PAGE = 4096
"""Bytes that a file of a tmpfs takes at least."""


@pytest.fixture(scope="module")
def littered(tmp_path_factory):
    """A store with one release, and with what crashed publishers left: half a folder, and a whole one."""
    store = tmp_path_factory.mktemp("littered") / "store"
    publish_tables(store, tables_of(3))
    for step in ("commit", "move in"):
        assert run(kill_before_step, store, step, tables_of(7)) == -signal.SIGKILL
    assert len(list(store.glob(".staging-*"))) == 1
    assert len(list((store / "releases").iterdir())) == 2
    return store


def again(store, target):
    """A copy of a store."""
    return shutil.copytree(store, target, symlinks=True)


@pytest.mark.slow
def test_a_kill_before_any_call_to_the_disk_leaves_whole_releases(littered, tmp_path):
    seen = set()
    for n_calls in range(0, 1000, kill_every(4)):
        store = again(littered, tmp_path / str(n_calls))
        exitcode = run(kill_before_call, store, n_calls)
        seen.add((exitcode, check_after_a_kill(store, n_calls)))
        if exitcode == 0:
            break
    assert seen == {(-signal.SIGKILL, 1), (-signal.SIGKILL, 2), (0, 2)}
    assert n_calls > 80


@pytest.mark.slow
def test_kills_at_random_instants_leave_whole_releases(tmp_path):
    ended = check_kills_at_random(str(tmp_path), {}, n_kills=20)
    assert (-signal.SIGKILL, 1) in ended, ended


@pytest.mark.slow
@pytest.mark.parametrize("patience", [600, 0], ids=["in turns", "without a lock"])
def test_of_forty_publishers_none_is_lost(tmp_path, patience):
    check_forty_publishers(tmp_path, {}, patience)


@pytest.mark.slow
def test_two_tables_of_a_release_are_of_one_version(tmp_path):
    check_pairs(tmp_path, {}, n_reads=500)


def litter_of(store):
    """Everything below a store that is named as unfinished."""
    return [path for path in store.rglob(".*") if path.name not in (".work", ".lock")]


class FullDisk:
    """A disk without room from a call on that needs some: for good, or for that call alone."""

    def __init__(self, first, is_lasting):
        self.first, self.is_lasting, self.n_calls = first, is_lasting, 0

    def take(self, name, args):
        if name == "open" and not args[1] & os.O_CREAT:
            return
        n_before, self.n_calls = self.n_calls, self.n_calls + 1
        if n_before == self.first or (self.is_lasting and n_before > self.first):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.slow
@pytest.mark.parametrize("is_lasting", [True, False], ids=["from then on", "once"])
def test_a_disk_that_is_full_at_any_call_keeps_no_litter(tmp_path, is_lasting):
    publish_tables(tmp_path / "old", tables_of(3))
    n_refused = 0
    for n_calls in range(0, 1000, kill_every(4)):
        store, disk = again(tmp_path / "old", tmp_path / str(n_calls)), FullDisk(n_calls, is_lasting)
        with called_before(FILLING, disk.take):
            try:
                publish_tables(store, after_tables())
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                n_refused += 1
        assert litter_of(store) == [], n_calls
        check_after_a_kill(store, n_calls)
        if disk.n_calls <= n_calls:
            break
    assert n_refused > 0
    assert 40 < disk.n_calls <= n_calls


def limit_files(n_bytes):
    """No file longer than that can be written by this process: Python sees an OSError, for it ignores the signal."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, most))


def publish_limited(store, n_bytes):
    limit_files(n_bytes)
    try:
        publish_tables(store, after_tables())
    except OSError as error:
        sys.exit(error.errno)


@pytest.mark.slow
def test_a_file_that_cannot_be_written_to_its_end_stops_a_publisher(tmp_path):
    publish_tables(tmp_path / "old", tables_of(3))
    publish_tables(again(tmp_path / "old", tmp_path / "whole"), after_tables())
    release = open_release(tmp_path / "whole")
    papers = "papers/part-00000.parquet"
    sizes = release.store.sizes(release.key)
    for n_bytes, ended in ((0, errno.EFBIG), (sizes[papers] - 1, errno.EFBIG), (max(sizes.values()), 0)):
        store = again(tmp_path / "old", tmp_path / str(n_bytes))
        assert run(publish_limited, store, n_bytes) == ended
        assert len(versions(store)) == (2 if ended == 0 else 1)
        assert litter_of(store) == []
        check_after_a_kill(store, n_bytes)


@pytest.fixture
def two_dumps(tmp_path):
    """A folder of raw dumps, a store built from the first of them alone."""
    raw, store = tmp_path / "raw", tmp_path / "store"
    first, second = (SAMPLES / dump.path for dump in find_dumps(SAMPLES)[:2])
    raw.mkdir()
    shutil.copy(first, raw)
    build_store(raw, store)
    shutil.copy(second, raw)
    return raw, store


def build(raw, store):
    return CliRunner().invoke(app, ["build", "--raw", str(raw), "--store", str(store)])


def build_limited(raw, store, n_bytes, told):
    limit_files(n_bytes)
    result = build(raw, store)
    told.put((result.exit_code, result.output))


def check_a_stopped_build(store, exit_code, output, number):
    assert exit_code == 1, output
    assert f"[Errno {number}] {os.strerror(number)}: " in output
    assert len(versions(store)) in (1, 2), "a commit stands, even where there is no room for a pointer to it"
    assert [damage for damage in verify(store) if not damage.startswith("latest")] == verify(store, 1) == []
    assert litter_of(store) == []
    for index in (store / ".work").glob("matching-*"):
        kept = set()
        for state in index.glob("*.json"):  # rows that wait are named by a state of their own
            known = json.loads(state.read_bytes())
            kept |= {*known["segments"], f"{known['vocabulary']}.arrow", state.name}
        assert {path.name for path in index.iterdir()} == kept


@pytest.mark.slow
def test_a_build_that_cannot_write_a_file_to_its_end_says_so(two_dumps):
    raw, store = two_dumps
    told = FORK.SimpleQueue()
    for limit in range(9, 30):
        assert run(build_limited, raw, store, 2**limit, told) == 0
        exit_code, output = told.get()
        if exit_code == 0:
            break
        check_a_stopped_build(store, exit_code, output, errno.EFBIG)
    assert limit > 11
    assert open_release(store).version == 2
    assert verify(store) == []


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 4 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = [shutil.which("mount") or "false", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk):
    """A file that takes all the room there is."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(PAGE)):
            pass
    return ballast


@pytest.mark.slow
def test_builds_on_a_full_disk_say_so_until_there_is_room(two_dumps, small_disk):
    raw, elsewhere = two_dumps
    store = again(elsewhere, small_disk / "store")
    ballast = fill(small_disk)
    n_builds = 0
    while (result := build(raw, store)).exit_code:
        n_builds += 1
        check_a_stopped_build(store, result.exit_code, result.output, errno.ENOSPC)
        os.truncate(ballast, ballast.stat().st_size - PAGE * kill_every(16))
    assert n_builds > 3
    assert open_release(store).version == 2
    assert verify(store) == []
    assert build(raw, elsewhere).exit_code == 0
    assert open_release(store).manifest == open_release(elsewhere).manifest
