"""The labelled real dumps, graded by their own grader. Skipped where PAPERLAKE_REAL_DUMPS is not set."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from paperlake import open_release
from paperlake.errors import GateError
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


def test_the_labelled_repositories_of_the_seeds_are_their_papers_own(real_dumps, tmp_path):
    """Read by eye, every one of them is the authors' code; confidence must say so, and hardly one be left out."""
    build_store(real_dumps / "dumps" / "seeds", tmp_path / "store")
    release = open_release(tmp_path / "store")
    labels = json.loads((real_dumps / "gold" / "seeds" / "links.json").read_text())["links"]
    wanted = {label["github_key"] for label in labels if label["kind"] == "github_repo"}
    links = release["links"].filter(pl.col("kind") == "github_repository").collect()
    assert set(links["repository"].str.to_lowercase()) == wanted
    assert set(links["role"]) == {"official_code"}
    assert links["confidence"].mean() > 0.9
    named = release["papers"].filter(pl.col("repository").is_not_null()).collect()
    assert named["repository"].str.to_lowercase().is_in(list(wanted)).all()
    assert named.height >= 0.95 * links.height


@pytest.mark.parametrize("name", [f"later-{layout}-{n}" for layout in ("compact", "spaced") for n in range(1, 7)])
def test_daily_dump(real_dumps, daily_store, name):
    grade(real_dumps, "dump", daily_store, real_dumps / "gold" / "daily" / f"{name}.json")


def test_all_daily_dumps_hold_287_papers(real_dumps, daily_store):
    papers = json.loads((real_dumps / "gold" / "daily-papers.json").read_text())["papers"]
    assert open_release(daily_store)["papers"].collect().height == len(papers) == 287


FORMS = {
    "dialects": ["clipper", "firecrawl", "linktag", "notebooklm", "refnum", "structmd"],
    "synthetic": [
        "api-daily-papers", "banner-only", "compact-with-submitters", "email-digest", "mcp-paper-search",
        "member-papers", "raw-html", "submitters-only-spaced", "submitters-only",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in FORMS.items() for name in names])
def test_dump_of_another_form(real_dumps, tmp_path, kind, name):
    raw = tmp_path / "raw"
    raw.mkdir()
    [dump] = (real_dumps / "dumps" / kind).glob(f"{name}.*")
    shutil.copy(dump, raw)
    gold = real_dumps / "gold" / kind / f"{name}.json"
    if json.loads(gold.read_text()):
        build_store(raw, tmp_path / "store")
    else:  # a page without papers gives no release, and says why
        with pytest.raises(GateError, match="has_papers"):
            build_store(raw, tmp_path / "store")
    grade(real_dumps, "dump", tmp_path / "store", gold)


@pytest.mark.parametrize("kind", FORMS)
def test_every_form_is_read_in_one_store_and_nothing_is_lost(real_dumps, kind, tmp_path):
    build_store(real_dumps / "dumps" / kind, tmp_path / "store")
    dumps = open_release(tmp_path / "store")["dumps"].collect()
    without_papers = {"banner-only", "member-papers", "submitters-only-spaced", "submitters-only"}
    rejected = dumps.filter(pl.col("status") == "rejected")
    assert {Path(path).stem for path in rejected["path"]} == (without_papers if kind == "synthetic" else set())
    assert dumps.filter(pl.col("status") == "read")["n_rejects"].sum() == 0


@pytest.mark.parametrize("separator", ["", "\n"], ids=["as cat does", "with newlines"])
def test_all_forms_in_one_file(real_dumps, tmp_path, separator):
    dumps = [
        *sorted((real_dumps / "dumps" / "dialects").iterdir()),
        *sorted((real_dumps / "dumps" / "seeds").iterdir()),
    ]
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "all.txt").write_text(separator.join(dump.read_text() for dump in dumps))
    build_store(tmp_path / "raw", tmp_path / "store")
    one = open_release(tmp_path / "store")
    for dump in dumps:
        shutil.copy(dump, tmp_path / "raw")
    (tmp_path / "raw" / "all.txt").unlink()
    build_store(tmp_path / "raw", tmp_path / "many")
    columns = ["title_raw", "abstract_raw", "arxiv_id", "upvotes", "comments", "github_url", "published_raw"]
    each = open_release(tmp_path / "many")["appearances"].select(columns).collect()
    assert one["appearances"].select(columns).collect().sort(columns).equals(each.sort(columns))


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
