"""Dumps of every layout with their truth, written by a command and read back."""

import polars as pl
import pytest
from benchmarks.page_writers import FIELDS, WRITERS
from benchmarks.page_writers.__main__ import main
from benchmarks.page_writers.folders import TRUTH

from paperlake.dumps import find_dumps
from paperlake.extract import extract_dumps
from paperlake.layouts import LAYOUTS
from paperlake.settings import Settings

N_PAPERS = 30


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("every")
    main([str(folder), "--papers", str(N_PAPERS), "--seed", "11", "--per-page", "20"])
    return folder


@pytest.fixture(scope="module")
def truth(written):
    return pl.read_parquet(written / "truth.parquet")


def test_every_layout_is_written():
    assert set(WRITERS) == {layout.name for layout in LAYOUTS}


def test_what_is_read_is_the_truth(written, truth):
    raw = written / "raw"
    frames = extract_dumps(find_dumps(raw), raw, Settings(raw=raw))
    assert frames["rejects"].height == 0
    dumps = frames["dumps"].select("dump_id", "layout", dump="path")
    assert dict(dumps.select("dump", "layout").iter_rows()) == dict(truth.select("dump", "layout").iter_rows())
    read = frames["appearances"].join(dumps, on="dump_id").sort("dump", "position")
    assert truth.schema == TRUTH
    expected = truth.sort("dump", "position")
    for name in ("dump", "position", "line_start", "line_end", *FIELDS):
        assert read[name].to_list() == expected[name].to_list(), name


def test_every_layout_shows_every_paper(truth):
    shown = truth.group_by("layout").agg(pl.col("paper").unique().sort())
    assert all(papers == list(range(N_PAPERS)) for papers in shown["paper"].to_list())
    ids = truth.filter(pl.col("arxiv_id").is_not_null()).select("paper", "arxiv_id").unique()
    assert ids.height == N_PAPERS


def test_the_same_arguments_give_the_same_bytes(written, tmp_path):
    main([str(tmp_path), "--papers", str(N_PAPERS), "--seed", "11", "--per-page", "20"])
    for path in (written / "raw").iterdir():
        assert (tmp_path / "raw" / path.name).read_bytes() == path.read_bytes()
