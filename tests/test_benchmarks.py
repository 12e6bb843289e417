import json

import pytest
from benchmarks import start_up
from benchmarks.check import BASELINE, find_slower, measure
from benchmarks.dump_generator import write_dumps
from benchmarks.page_writers import WRITERS
from benchmarks.read_layouts import Ratio, measure_layout, times_together
from benchmarks.run import growth, run


def test_the_benchmark_measures_every_stage_and_knows_the_truth():
    result = run(400)
    names = [cost["name"] for cost in result["costs"]]
    assert names == [
        "extract",
        "enter",
        "corrections",
        "normalise",
        "index",
        "pair",
        "match",
        "resolve",
        "assemble",
        "check",
        "publish",
        "whole build",
        "second build, nothing new",
        "floor",
    ]
    assert result["quality"]["records"] == 1.0
    assert result["quality"]["precision"] >= 0.99
    assert result["quality"]["recall"] >= 0.9


@pytest.mark.parametrize("layout", WRITERS)
def test_the_benchmark_of_reading_reads_every_paper(layout):
    ratio = measure_layout(layout, n_pages=2, papers_per_page=10)
    assert ratio.n_papers == 20 * (2 if layout in ("linktag", "structmd") else 1)
    assert ratio.cost > ratio.floor > 0


def test_classes_of_layouts_are_weighed_together():
    ratios = [Ratio("compact", 1, 1, 1.0, 4.0), Ratio("clipper", 1, 1, 1.0, 50.0), Ratio("refnum", 1, 1, 9.0, 50.0)]
    assert [times_together(ratios, kind) for kind in ("plain", "others")] == [4.0, 10.0]


def test_the_generator_is_seeded(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_dumps(tmp_path / name, 60, seed)
    texts = {name: [path.read_bytes() for path in sorted((tmp_path / name).iterdir())] for name in "abc"}
    assert texts["a"] == texts["b"] != texts["c"]


def test_a_stage_that_costs_far_more_is_told_and_noise_is_not():
    committed = {"whole build": 10.0, "normalise": 4.0, "corrections": 0.01}
    assert find_slower(committed, committed) == []
    assert find_slower({"whole build": 14.9, "normalise": 5.9, "corrections": 1.0}, committed) == []
    [told] = find_slower({"whole build": 12.0, "normalise": 6.1, "corrections": 0.01}, committed)
    assert told == "normalise: expected at most 1.5 times the committed 4.00 of the floor, found 6.10"


def test_what_is_committed_names_the_stages_of_today():
    committed = json.loads(BASELINE.read_text())
    today = [cost["name"] for cost in run(40)["costs"]]
    assert [*committed, "floor"] == today


def test_the_quickest_run_of_each_stage_counts(monkeypatch):
    seconds = iter([(3.0, 2.0), (2.0, 1.0)])

    def measured(_n_records):
        whole, floor = next(seconds)
        return {"costs": [{"name": "whole build", "cpu_seconds": whole}, {"name": "floor", "cpu_seconds": floor}]}

    monkeypatch.setattr("benchmarks.check.run", measured)
    assert measure(10, 2) == {"whole build": 2.0}


@pytest.mark.slow
def test_the_benchmark_of_start_up_runs(tmp_path):
    costs = start_up.measure(tmp_path, n_dumps=3, n_runs=1)
    assert len(costs) == 5
    assert all(cpu > 0 and wall > 0 for cpu, wall in costs.values())


def test_growth_is_the_exponent():
    def result(records, seconds):
        return {"records": records, "costs": [{"name": "whole build", "cpu_seconds": seconds}]}

    assert growth(result(10, 1.0), result(100, 10.0)) == 1.0
