"""Each gate fires on data made bad, and passes the data it was made from."""

from pathlib import Path

import polars as pl
import pytest

from paperlake import open_release
from paperlake.release import gates
from paperlake.release.gate_names import GATES
from paperlake.release.quality import measure_quality
from paperlake.schemas import TABLES


@pytest.fixture(scope="module")
def tables(sample_store):
    release = open_release(sample_store)
    return {name: release[name].collect() for name in TABLES}


def failed(tables, before=None, accepted=()):
    results = gates.check_gates(tables, measure_quality(tables), before, accepted)
    return {result.gate for result in results if result.holds}


def test_good_tables_pass(tables):
    assert failed(tables) == set()
    assert failed(tables, gates.Before(measure_quality(tables))) == set()


ALL_ON_ONE = {"url": "https://github.com/example-lab/one", "repository": "example-lab/one", "kind": "github_repository"}
BAD = {
    "has_papers": {"papers": lambda t: t.clear()},
    "counts_add_up": {"appearances": lambda t: t.head(-1)},
    "reject_share": {"dumps": lambda t: t.with_columns(n_rejects=pl.col("n_papers").cast(pl.Int32))},
    "page_furniture": {
        "links": lambda t: t.with_columns(url=pl.lit("https://example.org/"), kind=pl.lit("other")),
    },
    "layout_drift": {"appearances": lambda t: t.with_columns(abstract_raw=pl.lit(None, pl.String))},
    "one_repository": {
        "links": lambda t: t.with_columns(**{name: pl.lit(value) for name, value in ALL_ON_ONE.items()})
    },
}


@pytest.mark.parametrize("gate", BAD)
def test_a_gate_fires(tables, gate):
    links = (
        tables["papers"]
        .select("paper_id")
        .join(tables["links"].drop("paper_id").head(1), how="cross")
        .select(tables["links"].columns)
    )
    base = tables | ({"links": links} if gate in ("page_furniture", "one_repository") else {})
    bad = base | {name: change(base[name]) for name, change in BAD[gate].items()}
    assert gate in failed(bad)


@pytest.mark.parametrize(
    ("gate", "figure", "factor"),
    [
        ("papers_shrink", "n_papers", 2),
        ("abstract_share", "abstract_share", 1.2),
        ("links_per_paper", "links_per_paper", 3),
    ],
)
def test_a_gate_fires_against_the_release_before(tables, gate, figure, factor):
    before = measure_quality(tables)
    assert failed(tables, gates.Before(before | {figure: before[figure] * factor})) == {gate}


@pytest.mark.parametrize(
    ("n_papers", "n_rejects", "holds"), [(5, 4, False), (4, 5, True), (60, 10, False), (45, 15, True)]
)
def test_few_records_may_lose_more_of_them(tables, n_papers, n_rejects, holds):
    dump = (
        tables["dumps"]
        .head(1)
        .with_columns(n_papers=pl.lit(n_papers, pl.Int32), n_rejects=pl.lit(n_rejects, pl.Int32), status=pl.lit("read"))
    )
    few = tables | {"dumps": dump}
    assert ("reject_share" in failed(few)) is holds


def test_a_finding_says_how_to_look(tables):
    bad = tables | {"dumps": tables["dumps"].with_columns(n_rejects=pl.col("n_papers").cast(pl.Int32))}
    results = gates.check_gates(bad, measure_quality(bad), None, ())
    [finding] = [result.finding for result in results if result.gate == "reject_share"]
    assert finding.endswith("see it with `paperlake inspect DUMP`")


def test_orphans_are_named(tables):
    for name in gates._ORPHANS:
        assert not gates._ORPHANS[name](tables), name
    spoiled = {
        "appearances without a paper": {"papers": tables["papers"].head(-1)},
        "papers without an appearance": {
            "appearances": tables["appearances"].filter(pl.col("paper_id") != tables["papers"]["paper_id"][0])
        },
        "papers without metrics": {"metrics": tables["metrics"].clear()},
        "links without a paper": {"papers": tables["papers"].clear()},
        "appearances without a dump": {"dumps": tables["dumps"].clear()},
        "dumps whose papers do not add up": {"appearances": tables["appearances"].head(1)},
        "dumps whose rejects do not add up": {"rejects": tables["rejects"].clear()},
    }
    assert set(spoiled) == set(gates._ORPHANS)
    for name, change in spoiled.items():
        assert gates._ORPHANS[name](tables | change), name


def test_a_person_can_accept_a_gate_but_not_a_bug(tables):
    bad = tables | {"dumps": tables["dumps"].with_columns(n_rejects=pl.lit(99, pl.Int32))}
    assert failed(bad, accepted=("reject_share", "counts_add_up")) == {"counts_add_up"}
    results = gates.check_gates(bad, measure_quality(bad), None, ("reject_share",))
    assert [fact["gate"] for fact in gates.as_facts(results) if fact["is_accepted"]] == ["reject_share"]


def test_every_gate_has_its_name_in_the_list_and_the_readme(tables):
    quality = measure_quality(tables)
    assert tuple(result.gate for result in gates.check_gates(tables, quality, gates.Before(quality), ())) == GATES
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    assert all(f"`{gate}`" in readme for gate in GATES)


def test_the_readme_has_every_gate_with_its_limit():
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    rows = [line for line in readme.splitlines() if line.startswith("| `") and line.count("|") == 3]
    told = {name: row for row in rows for name in GATES if f"`{name}`" in row.split("|")[1]}
    assert set(told) == set(GATES)
    limits = {"reject_share": gates._MOST_REJECT_SHARE, "one_repository": gates._MOST_SHARE_OF_ONE}
    limits |= {"papers_shrink": gates._LEAST_PAPERS_SHARE}
    assert all(f"{limit:.0%}".replace("%", " %") in told[name] for name, limit in limits.items())
    assert f"{gates._MOST_REJECT_SHARE_OF_FEW:.0%}".replace("%", " %") in told["reject_share"]
    assert f"{gates._MOST_ABSTRACT_LOSS * 100:.0f} points" in told["abstract_share"]
