"""The worked queries of docs/reading.md give what the page says."""

import polars as pl
import pytest

from paperlake import open_release
from tests.hub_offline import import_datasets
from tests.worked_queries import NOT_RUN, PAGE, build_releases, find_queries, run_query, with_results

TEXT = PAGE.read_text()
QUERIES = find_queries(TEXT)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return build_releases(tmp_path_factory.mktemp("queries"))


@pytest.mark.parametrize("number", range(len(QUERIES)), ids=[query.expected[:30] for query in QUERIES])
def test_a_query_gives_what_the_page_says(number, store, tmp_path):
    query = QUERIES[number]
    if "import load_dataset" in query.code:
        import_datasets(tmp_path)
    assert run_query(query, store) == query.expected, "run `python -m tests.worked_queries`"


def test_every_reader_has_a_query_and_only_those_that_need_more_are_not_run():
    assert {query.language for query in QUERIES} == {"python", "sql"}
    run = "".join(query.code for query in QUERIES)
    for package in ("polars", "pandas", "pyarrow", "datasets", "frictionless", "paperlake"):
        assert f"import {package}" in run or f"from {package}" in run, package
    left_out = [block.split("```")[0] for block in TEXT.split(NOT_RUN)[1:]]
    assert [("mlcroissant" in block, "spark" in block) for block in left_out] == [(True, False), (False, True)]


def test_a_query_without_a_result_is_an_error():
    with pytest.raises(ValueError, match="expected a line that starts with `->`"):
        with_results("```sql\nSELECT 1;\n```\n", PAGE)


def test_a_wrong_result_is_written_anew(store):
    text = "```sql\nSELECT count(*) FROM 'dumps/*.parquet';\n-- -> 1 rows, the first: 99\n```\n"
    assert with_results(text, store) == text.replace("99", "15")


def test_the_readme_of_the_second_release_tells_what_the_queries_find(store):
    release = open_release(store)
    card = (release.path / "README.md").read_text()
    assert "- ids merged: 1 (`pl-6782f2q4wf1k` into `pl-qoon4094m9qi`)\n" in card
    for (table,), rows in release.read("changes").group_by("table"):
        told = [
            f"{rows.filter(pl.col('change') == kind)['key'].n_unique()} {kind}"
            for kind in ("added", "removed", "changed")
        ]
        assert f"- `{table}`: {', '.join(told)} (" in card
