"""Coverage of fields per dump, and layouts that drift: judged by what earlier dumps of the layout showed."""

import polars as pl
import pytest

from paperlake.release.coverage import FIELDS, as_facts, find_drift, measure_coverage


def store(*dumps: tuple[str, str, int, dict[str, float]]) -> dict[str, pl.DataFrame]:
    """Tables of dumps given as (id, layout, number of papers, share of papers that show a field)."""
    rows = [
        {"dump_id": name, **{field: "x" if n < shares.get(field, 0) * n_papers else None for field in FIELDS}}
        for name, _, n_papers, shares in dumps
        for n in range(n_papers)
    ]
    heads = [
        {"dump_id": name, "path": f"{name}.txt", "layout": layout, "n_papers": n_papers, "status": "read"}
        for name, layout, n_papers, _ in dumps
    ]
    schema = {"dump_id": pl.String(), **dict.fromkeys(FIELDS, pl.String())}
    return {"appearances": pl.DataFrame(rows, schema=schema), "dumps": pl.DataFrame(heads)}


WHOLE = {"abstract_raw": 1.0, "upvotes": 1.0, "arxiv_id": 1.0, "published_raw": 1.0}


def test_coverage_is_the_share_of_papers_that_show_a_field():
    tables = store(("a", "firecrawl", 4, {"abstract_raw": 1.0, "comments": 0.25}))
    assert as_facts(measure_coverage(tables)) == [
        {"path": "a.txt", "layout": "firecrawl", "n_papers": 4, "fields": {"abstract_raw": 1.0, "comments": 0.25}}
    ]


def test_a_field_that_falls_away_is_drift_against_earlier_dumps():
    often, rarely = WHOLE | {"comments": 0.75}, WHOLE | {"comments": 0.2}
    tables = store(("a", "firecrawl", 40, often), ("b", "firecrawl", 10, rarely))
    [drift] = find_drift(tables, {"a"})
    assert (drift.path, drift.field, drift.usual, drift.found) == ("b.txt", "comments", 0.75, 0.2)
    assert str(drift) == "b.txt (firecrawl): comments on 20% of papers, usually 75%"


@pytest.mark.parametrize(("n_papers", "fields"), [(10, ["arxiv_id"]), (4, [])], ids=["enough papers", "too few"])
def test_without_earlier_dumps_the_layout_says_what_it_shows(n_papers, fields):
    tables = store(("a", "firecrawl", n_papers, WHOLE | {"arxiv_id": 0.1}))
    assert [drift.field for drift in find_drift(tables, set())] == fields


def test_dumps_of_the_release_before_and_other_layouts_are_not_judged():
    tables = store(
        ("a", "firecrawl", 40, WHOLE), ("b", "firecrawl", 10, {}), ("c", "compact", 10, {"abstract_raw": 1.0})
    )
    assert find_drift(tables, {"a", "b"}) == []
