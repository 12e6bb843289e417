"""Releases in a bucket of a real server: published, read, killed at any step, by many at once."""

import multiprocessing
import os
import random
import signal
import time

import polars as pl
import pytest
from typer.testing import CliRunner

from paperlake.cli import app
from paperlake.errors import ReleaseConflictError
from paperlake.pipeline import PlainSteps, build
from paperlake.release.reading import open_release, versions
from paperlake.release.verify import verify
from paperlake.settings import Settings
from paperlake.stores import open_store
from paperlake.stores.s3 import S3Store
from tests.release_frames import frame_of, publish_tables, tables_of
from tests.s3_servers import BUCKET, SECRET, environment, seaweed_server

pytestmark = pytest.mark.slow
FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(["tests.release_frames", "paperlake.stores.s3"])


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    with seaweed_server(tmp_path_factory.mktemp("seaweed")) as started:
        yield started


@pytest.fixture
def url(endpoint, tmp_path, monkeypatch):
    """A prefix of its own."""
    for name, value in environment(endpoint).items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{tmp_path.name}"


def after_tables():
    return tables_of(3, papers=frame_of("papers", 4))


def test_a_build_into_a_bucket_is_the_same_as_on_a_disk(url, samples, sample_store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = Settings(raw=samples, store=url)
    report = build(settings, PlainSteps())
    assert not build(settings, PlainSteps()).is_new
    there, here = open_release(url), open_release(sample_store)
    assert report.fingerprint == here.manifest["fingerprint"]
    assert there.manifest == here.manifest, "down to the sha256 of every file"
    assert all(there.read(name).equals(here.read(name)) for name in here.tables)
    assert verify(url) == []
    assert settings.work.resolve().is_relative_to(tmp_path), "work files stay on this machine"


def test_commands_take_a_url(url, samples, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    assert run(app, ["build", "--raw", str(samples), "--store", url]).exit_code == 0
    for arguments in (
        ["versions"],
        ["show"],
        ["show", "papers"],
        ["verify"],
        ["review"],
        ["doctor", "--raw", str(samples)],
    ):
        result = run(app, [*arguments, "--store", url])
        assert result.exit_code == 0, result.output
        assert SECRET not in result.output
    paper = open_release(url).read("papers")["paper_id"][0]
    assert run(app, ["explain", paper, "--raw", str(samples), "--store", url]).exit_code == 0


def test_parts_that_did_not_change_are_copied_by_the_server(url, monkeypatch):
    publish_tables(url, tables_of(3))
    sent = []
    monkeypatch.setattr(
        "paperlake.stores.s3.S3Store.send", lambda store, path, key: sent.append((path, key)) or send(store, path, key)
    )
    publish_tables(url, after_tables())
    names = {key.split("/", 2)[2] for _, key in sent}
    assert {name for name in names if name.endswith(".parquet")} == {"papers/part-00000.parquet"}
    assert open_release(url).read("papers").equals(frame_of("papers", 4))
    assert verify(url) == []


send = S3Store.send


def kill_at(url, n_requests, variables):
    """A publisher killed before its n-th request."""
    os.environ |= variables
    left = iter(range(n_requests))

    def ask(store, key, asked, *args, **kwargs):
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(store, key, asked, *args, **kwargs)

    original = S3Store._asked
    S3Store._asked = ask
    publish_tables(url, after_tables())


def folders_of(url):
    """Releases that hold anything: SeaweedFS keeps the names of folders that are empty by now."""
    store = open_store(url)
    return {f"releases/{name}" for name in store.names("releases") if store.sizes(f"releases/{name}")}


def check_after_a_kill(url, where):
    """Whole releases only; the next run lands its own and is clean."""
    release = open_release(url)
    assert release.version in (1, 2), where
    assert release.read("papers").equals(frame_of("papers", 2 + release.version)), where
    assert [damage for damage in verify(url) if not damage.startswith("latest.json")] == [], where
    healed = publish_tables(url, after_tables())
    assert (healed.version, healed.is_new) == (2, release.version == 1), where
    assert publish_tables(url, tables_of(5)).version == 3
    assert [verify(url, version) for version in (1, 2, 3)] == [[]] * 3, where
    assert verify(url) == [], where
    store = open_store(url)
    assert {f"releases/{name}" for name in store.names("releases")} == {commit.release for commit in versions(url)}, (
        where
    )


def test_a_kill_before_any_request_leaves_whole_releases(url, endpoint):
    for n_requests in range(0, 200, int(os.environ.get("PAPERLAKE_KILL_EVERY", "8"))):
        prefix = f"{url}/{n_requests}"
        publish_tables(prefix, tables_of(3))
        victim = FORK.Process(target=kill_at, args=(prefix, n_requests, environment(endpoint)))
        victim.start()
        victim.join()
        check_after_a_kill(prefix, n_requests)
        if victim.exitcode == 0:
            break
    assert victim.exitcode == 0
    assert n_requests > 20


def publish_now(url, variables, barrier):
    os.environ |= variables
    barrier.wait()
    publish_tables(url, after_tables())


def test_kills_at_random_instants_leave_whole_releases(url, endpoint):
    dice, ended = random.Random(7), []
    for attempt in range(int(os.environ.get("PAPERLAKE_KILLS", "6"))):
        prefix, barrier = f"{url}/{attempt}", FORK.Barrier(2)
        publish_tables(prefix, tables_of(3))
        victim = FORK.Process(target=publish_now, args=(prefix, environment(endpoint), barrier))
        victim.start()
        barrier.wait()
        time.sleep(dice.uniform(0, 0.35))
        victim.kill()
        victim.join()
        ended.append(victim.exitcode)
        check_after_a_kill(prefix, attempt)
    assert -signal.SIGKILL in ended


def publish_until_landed(url, seeds, variables, barrier):
    os.environ |= variables
    barrier.wait()
    for seed in seeds:
        while True:
            known = versions(url)
            try:
                publish_tables(
                    url, tables_of(2, seed=seed), parent=known[-1].version if known else None, commit={"seed": seed}
                )
            except ReleaseConflictError:
                continue
            break


def test_of_forty_publishers_none_is_lost(url, endpoint):
    barrier = FORK.Barrier(4)
    seeds = [range(number, 40, 4) for number in range(4)]
    workers = [
        FORK.Process(target=publish_until_landed, args=(url, mine, environment(endpoint), barrier)) for mine in seeds
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(300)
    assert [worker.exitcode for worker in workers] == [0] * 4
    commits = versions(url)
    assert [commit.version for commit in commits] == list(range(1, 41))
    assert {commit.facts["seed"] for commit in commits} == set(range(40))
    assert verify(url) == []
    assert verify(url, 20) == []
    assert len(folders_of(url)) == 40


def read_pairs(url, variables, n_reads, seen):
    os.environ |= variables
    for _ in range(n_reads):
        release = open_release(url)
        papers, metrics = release.papers, release.metrics
        seen.put((release.version, papers.collect().height, metrics.select(pl.len()).collect().item()))


def test_two_tables_of_a_release_are_of_one_version(url, endpoint):
    publish_tables(url, tables_of(1))
    seen = FORK.Queue()
    reader = FORK.Process(target=read_pairs, args=(url, environment(endpoint), 60, seen))
    reader.start()
    n_rows = 1
    while reader.is_alive() or not seen.empty():
        n_rows += 1
        publish_tables(url, tables_of(n_rows))
        while not seen.empty():
            version, n_papers, n_metrics = seen.get()
            assert version == n_papers == n_metrics
    assert n_rows > 3
