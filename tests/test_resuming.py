"""A build that is killed at any moment: the next one loses nothing, and repeats no stage that was done."""

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from pathlib import Path

import pytest

from paperlake import open_release, versions
from paperlake.release.verify import verify
from tests.conftest import SAMPLES, build_store
from tests.test_pipeline import bytes_of

pytestmark = pytest.mark.slow

STAGES = ("extract", "enter", "corrections", "normalise", "index", "pair", "match", "resolve", "assemble", "check")
BATCH_BYTES = 2**15
"""The samples are several batches then."""

KILLED = """
import json, os, signal, sys
from pathlib import Path
from paperlake import match_parts, match_stages, stages, table_stages
from paperlake.pipeline import build
from paperlake.steps import PlainSteps
from paperlake.settings import Settings

raw, store, log, kill_after, batch_bytes = sys.argv[1:]

def note(*words):
    with open(log, "a") as file:
        file.write(json.dumps(words) + "\\n")

def noting(make_once):
    def make_and_note(path, make):
        if not path.is_dir():
            note("made", path.name)
        return make_once(path, make)
    return make_and_note

stages.make_once = noting(stages.make_once)
match_stages.make_once = noting(match_stages.make_once)
match_parts.make_once = noting(match_parts.make_once)
match_parts.make_folder_once = noting(match_parts.make_folder_once)
table_stages.make_folder_once = noting(table_stages.make_folder_once)

class Killed(PlainSteps):
    def done(self, name):
        if name == kill_after:
            os.kill(os.getpid(), signal.SIGKILL)

    def call(self, name, step, *arguments):
        made = step(*arguments)
        self.done(name)
        return made

    def map(self, name, step, orders):
        made = []
        for order in orders:
            made.append(step(order))
            self.done(name + "-first")
        self.done(name)
        return made

build(Settings(raw=Path(raw), store=Path(store), batch_bytes=int(batch_bytes)), Killed())
note("published")
"""


def start(store, log, kill_after="", batch_bytes=BATCH_BYTES):
    command = [sys.executable, "-c", textwrap.dedent(KILLED), SAMPLES, store, log, kill_after, batch_bytes]
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    return subprocess.Popen([*map(str, command)], env=environment, stderr=subprocess.PIPE)


def is_killed_after(seconds, store, log) -> bool:
    """Whether a build was killed that went on for so long after it began its first piece of work."""
    process, n_made = start(store, log), len(made_in(log))
    while process.poll() is None and len(made_in(log)) == n_made:
        time.sleep(0.005)  # it imports for longer than it works
    time.sleep(seconds)
    process.kill()
    _, told = process.communicate()
    assert process.returncode in (0, -signal.SIGKILL), told.decode()
    return process.returncode != 0


def made_in(log: Path) -> list[str]:
    """Names of the work folders that were made, in turn."""
    lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    return [words[1] for words in lines if words[0] == "made"]


def test_runs_that_are_killed_at_every_stage_boundary_make_every_work_folder_once(sample_store, tmp_path):
    store, logs = tmp_path / "store", []
    for stage in ("extract-first", *STAGES, ""):
        logs.append(tmp_path / f"log-{stage or 'last'}")
        process = start(store, logs[-1], stage)
        _, told = process.communicate()
        assert process.returncode == (-signal.SIGKILL if stage else 0), told.decode()
        assert len(versions(store)) == (0 if stage else 1)
    kinds = [Counter(name.split("-")[0] for name in made_in(log)) for log in logs]
    n_batches = kinds[0]["extracted"] + kinds[1]["extracted"]
    assert n_batches > 2
    assert kinds == [
        {"extracted": 1},
        {"extracted": n_batches - 1},
        {"entered": 1},
        {},
        {"normalised": n_batches},
        {},
        {"pairs": 1},
        {"evidence": 1},
        {"matches": 1},
        {"tables": 1},
        {},
        {},
    ]
    made = [name for log in logs for name in made_in(log)]
    assert len(set(made)) == len(made), "some work was done twice"
    assert bytes_of(store) == bytes_of(sample_store)
    assert verify(store) == []


@pytest.mark.parametrize("seed", range(2))
def test_runs_that_are_killed_at_random_moments_lose_nothing_and_repeat_one_work_folder_each(
    sample_store, tmp_path, seed
):
    store, log, chance = tmp_path / "store", tmp_path / "log", random.Random(seed)
    n_killed = sum(is_killed_after(chance.uniform(0, 0.3), store, log) for _ in range(4))
    process = start(store, log)
    _, told = process.communicate()
    assert process.returncode == 0, told.decode()
    again = build_store(SAMPLES, store)
    assert (again.is_new, again.version) == (False, 1)
    repeated = Counter(made_in(log)).total() - len(set(made_in(log)))
    assert repeated <= n_killed
    assert bytes_of(store) == bytes_of(sample_store)
    assert open_release(store).manifest["fingerprint"] == open_release(sample_store).manifest["fingerprint"]
    assert verify(store) == []
    assert not [path for path in (store / ".work").glob(".*-*") if path.is_dir()], "drafts of what was killed"
