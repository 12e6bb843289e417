import json

import pytest
from benchmarks import explore_costs, page_costs, start_up
from benchmarks.build_tables import WHOLE, growth_exponents, later_share
from benchmarks.check import BASELINE, build_often, compare, find_slower, least_ratios
from benchmarks.dump_generator import write_dumps
from benchmarks.measured_steps import MeasuredSteps
from benchmarks.measuring import Cost
from benchmarks.page_writers import WRITERS
from benchmarks.read_layouts import Ratio, measure_layout, times_together
from benchmarks.run import FLOOR, NEW, NEXT, NOTHING, count_new, measure_build, measure_later, prepare, run

from paperlake import open_release
from paperlake.settings import Settings

STAGES = [
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
]


def told(**seconds):
    return [Cost(name, cpu, 9.0, 9.0, 9.0) for name, cpu in seconds.items()]


def test_the_benchmark_measures_every_stage_and_knows_the_truth():
    result = run(400)
    assert list(result["costs"]) == [*STAGES, WHOLE, NOTHING, FLOOR]
    with_ledger = [STAGES[0], "ledger", *STAGES[1:]]
    assert {name: list(costs) for name, costs in result["later"].items()} == {
        name: [*with_ledger, name] for name in (NEW, NEXT)
    }
    assert (
        later_share(result, NEXT) == result["later"][NEXT][NEXT]["cpu_seconds"] / result["costs"][WHOLE]["cpu_seconds"]
    )
    assert result["quality"]["records"] == 1.0
    assert result["quality"]["precision"] >= 0.99
    assert result["quality"]["recall"] >= 0.9
    assert all(cost["wall_seconds"] > 0 for cost in result["costs"].values())
    assert result["costs"][WHOLE]["peak_mib"] == max(result["costs"][name]["peak_mib"] for name in (*STAGES, WHOLE))


def test_new_records_come_into_the_store_of_the_others(tmp_path):
    prepare(tmp_path, 30)
    settings = Settings(raw=tmp_path / "raw", store=tmp_path / "store")
    measure_build(settings, WHOLE)
    old = set(open_release(tmp_path / "store")["dumps"].collect()["path"])
    for name in (NEW, NEXT):
        measure_later(tmp_path, name)
    dumps = open_release(tmp_path / "store")["dumps"].collect()
    assert set(dumps["path"][:1]) == old
    assert [path.split("-20")[0] for path in dumps["path"][1:]] == ["later-new", "later-next"]
    assert dumps["n_papers"].to_list() == [30, 10, 10]
    assert [count_new(n_records) for n_records in (30, 100_000, 1_000_000)] == [10, 100, 1_000]


def test_steps_over_partitions_are_one_cost():
    steps = MeasuredSteps()
    assert steps.map("boil", lambda n: n + 1, [1, 2, 3]) == [2, 3, 4]
    assert [(cost.name, cost.n_parts) for cost in steps.costs] == [("boil", 3)]


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
    [costs] = build_often(40, 1)
    assert [*json.loads(BASELINE.read_text()), FLOOR] == [cost.name for cost in costs]


def test_the_quickest_run_of_each_stage_counts():
    runs = [told(**{WHOLE: 3.0, FLOOR: 1.0}), told(**{WHOLE: 2.0, FLOOR: 2.0})]
    assert list(least_ratios(runs)) == [{WHOLE: 3.0}, {WHOLE: 2.0}]


def test_what_seems_slower_is_run_more_often():
    slow, right = told(**{WHOLE: 9.0, FLOOR: 1.0}), told(**{WHOLE: 5.0, FLOOR: 1.0})
    runs = iter([slow] * 6 + [right] + [slow] * 3)
    assert compare({WHOLE: 4.0}, runs) == {WHOLE: 5.0}
    assert len(list(runs)) == 3
    runs = iter([right] * 10)
    assert compare({WHOLE: 4.0}, runs) == {WHOLE: 5.0}
    assert len(list(runs)) == 5
    assert compare({WHOLE: 4.0}, [slow] * 10) == {WHOLE: 9.0}


@pytest.mark.slow
def test_the_benchmark_of_start_up_runs(tmp_path):
    costs = start_up.measure(tmp_path, n_dumps=3, n_runs=1)
    assert len(costs) == 5
    assert all(cpu > 0 and wall > 0 for cpu, wall in costs.values())


@pytest.mark.slow
def test_the_benchmark_of_pages_tells_their_share_of_a_build():
    found = page_costs.measure_sizes(300)
    assert 200 < found["papers"] < 400
    assert 0 < found["page_cpu_seconds"] < found["build_cpu_seconds"]
    assert found["share"] == found["page_cpu_seconds"] / found["build_cpu_seconds"]
    assert 100_000 < found["n_bytes"] < 3_000_000


@pytest.mark.slow
def test_the_benchmark_of_the_explorer_tells_each_question():
    found = explore_costs.measure_size(300)
    assert len(found["costs"]) == 7
    assert all(cost["cpu_seconds"] > 0 and cost["times_floor"] > 0 for cost in found["costs"].values())


def test_growth_is_the_exponent_of_each_stage():
    def result(records, **seconds):
        return {"records": records, "costs": {name: {"cpu_seconds": cpu} for name, cpu in seconds.items()}}

    small, large = result(10, extract=1.0, match=1.0, pair=0.001), result(100, extract=10.0, match=100.0, pair=1.0)
    assert growth_exponents(small, large) == {"extract": 1.0, "match": 2.0}
