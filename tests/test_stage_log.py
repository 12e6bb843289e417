"""Every stage of a build leaves one line: its name, seconds, counts; and nothing of what dumps say."""

import pytest

from paperlake import open_release
from paperlake.pipeline import build
from paperlake.settings import Settings
from paperlake.stage_log import LoggedSteps, Stage
from paperlake.steps import PlainSteps
from tests.conftest import SAMPLES


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    store, lines = tmp_path_factory.mktemp("store"), []
    steps = LoggedSteps(PlainSteps(), lines.append)
    report = build(Settings(raw=SAMPLES, store=store), steps)
    return store, report, steps, lines


def test_each_stage_is_one_line_in_order(logged):
    _, _, steps, lines = logged
    names = [line.split()[0] for line in lines]
    found = ["index", "pair", "match", "resolve"]
    stages = ["extract", "enter", "corrections", "normalise", *found, "assemble", "check", "publish"]
    assert names == [f"stage={name}" for name in stages]
    assert [stage.name for stage in steps.stages] == stages
    assert all(stage.seconds > 0 for stage in steps.stages)


def test_counts_are_those_of_the_release(logged):
    _, report, steps, _ = logged
    by_name = {stage.name: stage.counts for stage in steps.stages}
    assert by_name["assemble"] == report.counts
    assert by_name["extract"]["dumps"] == report.counts["dumps"]
    assert by_name["index"] == {"waiting": report.counts["appearances"]}
    assert by_name["pair"]["pairs"] >= by_name["match"]["evidence"] > 0
    assert by_name["check"] == {"gates": len(report.gates), "accepted": 0}
    assert by_name["publish"] == {"release": 1, "is_new": 1}


def test_lines_hold_numbers_alone(logged):
    store, _, _, lines = logged
    titles = open_release(store).read("papers")["title"].to_list()
    text = "\n".join(lines)
    assert not any(title in text for title in titles)
    assert all("=" in word for line in lines for word in line.split())


def test_a_stage_that_fails_is_told_with_the_kind_of_its_error():
    lines = []

    def fails():
        raise OSError("the disk of a very private title is full")

    with pytest.raises(OSError, match="disk"):
        LoggedSteps(PlainSteps(), lines.append).call("publish", fails)
    assert lines[0].startswith("stage=publish seconds=0.0")
    assert lines[0].endswith(" error=OSError")


def test_a_run_that_is_interrupted_is_told():
    lines = []

    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        LoggedSteps(PlainSteps(), lines.append).call("resolve", interrupt)
    assert lines[0].endswith(" error=stopped")


def test_a_stage_is_told_to_machines():
    assert Stage("enter", 0.5, {"dumps": 3}).as_dict() == {
        "name": "enter", "seconds": 0.5, "counts": {"dumps": 3}, "error": "",
    }  # fmt: skip
    assert str(Stage("enter", 0.5, {"dumps": 3})) == "stage=enter seconds=0.500 dumps=3"
