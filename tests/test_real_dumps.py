"""The labelled real dumps, graded by their own grader. Skipped where PAPERLAKE_REAL_DUMPS is not set."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from paperlake import open_release
from tests.conftest import build_store

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def daily_store(real_dumps, tmp_path_factory):
    store = tmp_path_factory.mktemp("daily") / "store"
    build_store(real_dumps / "dumps" / "daily", store)
    return store


def grade(real_dumps: Path, what: str, store: Path, gold: Path) -> None:
    command = [sys.executable, str(real_dumps / "grade.py"), what, str(store), str(gold)]
    graded = subprocess.run(command, capture_output=True, text=True)
    assert graded.returncode == 0, graded.stdout + graded.stderr


def test_seeds(real_dumps, tmp_path):
    build_store(real_dumps / "dumps" / "seeds", tmp_path / "store")
    grade(real_dumps, "seeds", tmp_path / "store", real_dumps / "gold" / "seeds")


@pytest.mark.parametrize("name", [f"later-{layout}-{n}" for layout in ("compact", "spaced") for n in range(1, 7)])
def test_daily_dump(real_dumps, daily_store, name):
    grade(real_dumps, "dump", daily_store, real_dumps / "gold" / "daily" / f"{name}.json")


def test_all_daily_dumps_hold_287_papers(real_dumps, daily_store):
    papers = json.loads((real_dumps / "gold" / "daily-papers.json").read_text())["papers"]
    assert open_release(daily_store)["papers"].collect().height == len(papers) == 287


@pytest.mark.parametrize(
    "name", ["banner-only", "compact-with-submitters", "member-papers", "submitters-only-spaced", "submitters-only"]
)
def test_synthetic_dump_of_a_plain_layout(real_dumps, tmp_path, name):
    raw = tmp_path / "raw"
    raw.mkdir()
    shutil.copy(real_dumps / "dumps" / "synthetic" / f"{name}.txt", raw)
    from paperlake.errors import GateError

    try:
        build_store(raw, tmp_path / "store")
    except GateError:
        assert not (tmp_path / "store" / "latest.json").exists()
    grade(real_dumps, "dump", tmp_path / "store", real_dumps / "gold" / "synthetic" / f"{name}.json")


@pytest.mark.parametrize("at_a_time", [1, 2, 3])
def test_one_run_or_many_give_the_same_release(real_dumps, daily_store, tmp_path, at_a_time):
    raw = tmp_path / "raw"
    raw.mkdir()
    dumps = sorted((real_dumps / "dumps" / "daily").iterdir())
    for start in range(0, len(dumps), at_a_time):
        for dump in dumps[start : start + at_a_time]:
            shutil.copy(dump, raw)
        build_store(raw, tmp_path / "store")
    assert open_release(tmp_path / "store").manifest["fingerprint"] == open_release(daily_store).manifest["fingerprint"]


@pytest.mark.parametrize("name", ["clipper", "firecrawl", "linktag", "notebooklm", "refnum", "structmd"])
def test_a_layout_not_known_yet_is_refused_whole(real_dumps, tmp_path, name):
    from paperlake.dumps import find_dumps
    from paperlake.extract import extract_dumps
    from paperlake.settings import Settings

    folder = tmp_path / "raw"
    folder.mkdir()
    shutil.copy(real_dumps / "dumps" / "dialects" / f"{name}.txt", folder)
    frames = extract_dumps(find_dumps(folder), folder, Settings())
    assert frames["dumps"]["reason"].to_list() == ["unknown_layout"]
    assert frames["appearances"].is_empty()
