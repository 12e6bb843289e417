"""The same release, byte for byte, whoever runs the steps: plain calls, threads, or workers of a Dask cluster."""

import os
import signal
from functools import partial
from pathlib import Path

import pytest
from benchmarks.dask_cluster import dask_cluster

from paperlake import open_release
from paperlake.errors import CorrectionError, DumpError, GateError
from paperlake.pipeline import build
from paperlake.release.verify import verify
from paperlake.settings import Settings
from tests.conftest import SAMPLES, build_store

pytestmark = pytest.mark.slow
DRAWS_CHARTS = True
SMALL = {"batch_bytes": 20_000, "match_rows": 40}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with dask_cluster(tmp_path_factory.mktemp("cluster"), n_workers=2) as address:
        yield address


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Manifests of two releases, the second of one more dump; made in one part."""
    return releases_of(tmp_path_factory.mktemp("plain"), lambda settings: build_store(settings.raw, settings.store))


def releases_of(folder, build_into):
    """The manifests of two releases by which all their files are the same or not."""
    raw, store = folder / "raw", folder / "store"
    raw.mkdir()
    texts = [(path.name, path.read_bytes()) for path in sorted(SAMPLES.glob("*.txt"))]
    for names in (texts[:-1], texts[-1:]):
        for name, text in names:
            (raw / name).write_bytes(text)
        build_into(Settings(raw=raw, store=store, **SMALL))
    assert verify(store) == []
    return [open_release(store, version).manifest for version in (1, 2)]


def run_flow(settings, runner, steps=None):
    """A build under Prefect, with the steps of the project or of a test."""
    from flows.prefect_steps import PrefectSteps
    from prefect import flow

    @flow(name="cluster", task_runner=runner)
    def build_once():
        return build(settings, steps or PrefectSteps())

    return build_once()


def runner_of(kind, cluster):
    from flows.runners import task_runner

    return task_runner("dask", cluster) if kind == "dask" else task_runner("threads", threads=kind)


@pytest.mark.parametrize("kind", [1, 2, "dask"])
def test_every_runner_gives_the_release_of_a_plain_build(prefect_server, cluster, plain, tmp_path, kind):
    assert releases_of(tmp_path, lambda settings: run_flow(settings, runner_of(kind, cluster))) == plain


def counted_steps(wrapped):
    """Steps of Prefect that count their partitions; `wrapped` gives what workers run for a step of a name."""
    from flows.prefect_steps import PrefectSteps

    class Counted(PrefectSteps):
        def __init__(self):
            self.counts = {}

        def map(self, name, step, orders):
            self.counts[name] = len(orders)
            return super().map(name, wrapped(name, step), orders)

    return Counted()


def note_process(folder, step, order):
    (folder / str(os.getpid())).touch()
    return step(order)


def test_each_mapped_stage_has_several_partitions_and_workers(prefect_server, cluster, tmp_path):
    steps = counted_steps(lambda name, step: partial(note_process, noted(tmp_path, name), step))
    settings = Settings(raw=SAMPLES, store=tmp_path / "store", **SMALL)
    run_flow(settings, runner_of("dask", cluster), steps)
    assert set(steps.counts) == {"extract", "normalise", "pair", "match"}
    assert min(steps.counts.values()) >= 3
    processes = {path.name for path in (tmp_path / "noted").rglob("*") if path.is_file()}
    assert len(processes) == 2
    assert str(os.getpid()) not in processes


def noted(folder, name):
    made = folder / "noted" / name
    made.mkdir(parents=True)
    return made


def is_made_now(marker):
    """Whether nobody made the marker before: of many at once one alone does."""
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def die_once(marker, step, order):
    """What the step gives; but the first one is killed with its worker, before anybody hears of what it made."""
    is_first = is_made_now(marker)
    made = step(order)
    if is_first:
        os.kill(os.getpid(), signal.SIGKILL)
    return made


@pytest.mark.parametrize("at", ["extract", "match"])
def test_a_worker_that_is_killed_changes_nothing(prefect_server, plain, tmp_path, at):
    def deadly(name, step):
        return partial(die_once, tmp_path / "killed", step) if name == at else step

    (tmp_path / "cluster").mkdir()
    with dask_cluster(tmp_path / "cluster", n_workers=2) as address:
        manifests = releases_of(
            tmp_path, lambda settings: run_flow(settings, runner_of("dask", address), counted_steps(deadly))
        )
    assert (tmp_path / "killed").exists()
    assert manifests == plain


ERRORS = [
    DumpError("late.txt", "empty", "expected text, found none"),
    GateError([("has_papers", "found none")], ["has_papers"], "/store/.work/held/2026", ["reject_share"]),
    CorrectionError("corrections.toml", ["line 3: stale"]),
]


def fail(error, _order):
    raise error


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_of_a_worker_ends_the_flow_as_itself(prefect_server, cluster, tmp_path, error):
    steps = counted_steps(lambda name, step: partial(fail, error) if name == "match" else step)
    settings = Settings(raw=SAMPLES, store=tmp_path / "store")
    with pytest.raises(type(error)) as caught:
        run_flow(settings, runner_of("dask", cluster), steps)
    assert (str(caught.value), caught.value.__dict__) == (str(error), error.__dict__)
    assert caught.value.exit_code == error.exit_code
    assert not (tmp_path / "store" / "_log").exists()


def test_folders_that_are_not_absolute_reach_the_workers(prefect_server, cluster, sample_store, tmp_path, monkeypatch):
    from flows.build_papers import build_papers

    monkeypatch.chdir(SAMPLES.parent.parent)
    raw, store = SAMPLES.relative_to(Path.cwd()), os.path.relpath(tmp_path / "store")
    build_papers.with_options(task_runner=runner_of("dask", cluster))(raw=raw, store=store)
    assert open_release(store).manifest == open_release(sample_store).manifest
