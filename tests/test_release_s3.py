"""Releases in a bucket of a real server: published, read, killed at any step, by many at once."""

import os
import signal
from pathlib import Path

import pytest
from benchmarks.dump_generator import write_dumps
from typer.testing import CliRunner

from paperlake import ledger_stages
from paperlake.cli import app
from paperlake.ledger_stages import adds_only
from paperlake.pipeline import build
from paperlake.release.reading import open_release
from paperlake.release.verify import verify
from paperlake.settings import Settings
from paperlake.steps import PlainSteps
from paperlake.stores.s3 import S3Store
from tests.release_crowds import check_forty_publishers, check_pairs
from tests.release_faults import (
    after,
    after_tables,
    check_after_a_kill,
    check_kills_at_random,
    die,
    kill_every,
    run,
)
from tests.release_frames import frame_of, publish_tables, tables_of
from tests.s3_servers import BUCKET, SECRET, environment, seaweed_server

pytestmark = pytest.mark.slow
DRAWS_CHARTS = True


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    with seaweed_server(tmp_path_factory.mktemp("seaweed")) as started:
        yield started


@pytest.fixture
def variables(endpoint, tmp_path):
    """Of publishers; what a killed one leaves on this machine goes away with the test."""
    return environment(endpoint) | {"TMPDIR": str(tmp_path)}


@pytest.fixture
def url(variables, tmp_path, monkeypatch):
    """A prefix of its own."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{tmp_path.name}"


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


def test_the_page_of_a_release_in_a_bucket_is_copied_to_this_machine(url, samples, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    build(Settings(raw=samples, store=url), PlainSteps())
    said = CliRunner().invoke(app, ["report", "--store", url])
    assert said.exit_code == 0
    assert Path(said.stdout.strip()).read_text() == open_release(url).read_document("report.html")


def test_new_dumps_are_added_to_a_release_in_a_bucket(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_dumps(tmp_path / "made", 120, 5, 30)
    dumps, raw = sorted((tmp_path / "made").iterdir()), tmp_path / "raw"
    raw.mkdir()
    asked = []
    monkeypatch.setattr(ledger_stages, "adds_only", lambda order: asked.append(adds_only(order)) or asked[-1])
    for dump in dumps:
        dump.rename(raw / dump.name)
        for store in (url, tmp_path / "store"):
            build(Settings(raw=raw, store=store, settle_seconds=0), PlainSteps())
    assert asked == [True] * 2 * (len(dumps) - 1)
    assert open_release(url).manifest == open_release(tmp_path / "store").manifest
    assert verify(url) == []


def test_commands_take_a_url(url, samples, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    invoke = CliRunner().invoke
    assert invoke(app, ["build", "--raw", str(samples), "--store", url]).exit_code == 0
    for arguments in (
        ["versions"],
        ["show"],
        ["show", "papers"],
        ["verify"],
        ["review"],
        ["doctor", "--raw", str(samples)],
    ):
        result = invoke(app, [*arguments, "--store", url])
        assert result.exit_code == 0, result.output
        assert SECRET not in result.output
    paper = open_release(url).read("papers")["paper_id"][0]
    assert invoke(app, ["explain", paper, "--raw", str(samples), "--store", url]).exit_code == 0


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
    """A publisher killed before its request after the first n."""
    os.environ |= variables
    before = after(n_requests, die)

    def ask(store, key, asked, *args, **kwargs):
        before()
        return original(store, key, asked, *args, **kwargs)

    original = S3Store._asked
    S3Store._asked = ask
    publish_tables(url, after_tables())


def test_a_kill_before_any_request_leaves_whole_releases(url, variables):
    for n_requests in range(0, 200, kill_every(8)):
        prefix = f"{url}/{n_requests}"
        publish_tables(prefix, tables_of(3))
        exitcode = run(kill_at, prefix, n_requests, variables)
        check_after_a_kill(prefix, n_requests)
        if exitcode == 0:
            break
    assert exitcode == 0
    assert n_requests > 20


def test_kills_at_random_instants_leave_whole_releases(url, variables):
    ended = check_kills_at_random(url, variables, n_kills=6)
    assert any(exitcode == -signal.SIGKILL for exitcode, _ in ended), ended


def test_of_forty_publishers_none_is_lost(url, variables):
    check_forty_publishers(url, variables)


def test_two_tables_of_a_release_are_of_one_version(url, variables):
    check_pairs(url, variables, n_reads=60)
