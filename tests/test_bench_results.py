"""The history of figures, and the tables that are made of it."""

import json
import re

import pytest
from benchmarks import history
from benchmarks.marked_tables import fill
from benchmarks.tables import PAGES, with_tables


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.setattr(history, "RESULTS", tmp_path / "results")
    return tmp_path / "results"


def on(monkeypatch, **said):
    monkeypatch.setattr(history, "surroundings", lambda: {"date": "2026-03-01", "rules": "aa", **said})


def test_a_day_and_its_rules_have_one_entry(results, monkeypatch):
    on(monkeypatch)
    history.record("build", {"10": {"cpu": 1.0}, "20": {"cpu": 2.0}})
    history.record("build", {"10": {"cpu": 1.5}})
    assert [entry["figures"] for entry in history.read("build")] == [{"10": {"cpu": 1.5}, "20": {"cpu": 2.0}}]
    on(monkeypatch, rules="bb")
    history.record("build", {"10": {"cpu": 3.0}})
    on(monkeypatch, date="2026-03-02", rules="bb")
    history.record("build", {"10": {"cpu": 4.0}})
    assert [(entry["date"], entry["rules"]) for entry in history.read("build")] == [
        ("2026-03-01", "aa"),
        ("2026-03-01", "bb"),
        ("2026-03-02", "bb"),
    ]
    found = history.newest("build")
    assert {name: (entry["date"], figure["cpu"]) for name, (entry, figure) in found.items()} == {
        "10": ("2026-03-02", 4.0),
        "20": ("2026-03-01", 2.0),
    }


def test_a_benchmark_that_never_ran_has_no_entries(results):
    assert history.read("kettles") == []
    assert history.newest("kettles") == {}


def test_an_entry_says_what_ran_and_not_where(results):
    history.record("build", {"10": {}})
    [entry] = json.loads((results / "build.json").read_text())
    assert set(entry) == {"date", "rules", "python", "paperlake", "polars", "pyarrow", "cpus", "figures"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry["date"])


@pytest.mark.parametrize("value", [{}, [], {"a": []}, {"a": [1, {"b": None}], "c": "ö"}, [[{"x": 0.5}]]])
def test_json_is_read_back(value):
    assert json.loads(history.as_json(value)) == value


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_tables_are_those_of_the_results(page):
    assert with_tables(page) == page.read_text(), "run `make bench-tables`"


def test_results_name_no_machine():
    for path in history.RESULTS.iterdir():
        assert not re.search(r"/(?:home|tmp|root|work|Users)/", path.read_text()), path.name


def test_a_table_without_marks_is_an_error():
    with pytest.raises(ValueError, match="not enough values"):
        fill("no marks", {"lids": "new"}, "make it")
