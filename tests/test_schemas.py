"""Every rule of the contract fires: one bad value a rule, made from a good row."""

from datetime import date

import polars as pl
import pytest

from paperlake.errors import ContractError
from paperlake.schemas import TABLES
from paperlake.validate import check_frame, model_of

DUMP = "0123456789abcdef" * 4
SIGHT = f"{DUMP[:16]}:1"
GOOD = {
    "papers": {
        "paper_id": "pl-0123456789ab", "title": "On Socks", "title_key": "onsocks", "abstract": "Socks.", "arxiv_id": "2601.90001",
        "doi": "10.1/x", "paper_url": "https://example.org", "published_on": date(2026, 1, 1), "organisation": "Example Lab",
        "submitted_by": "mira-k", "n_authors": 1, "repository": "example-lab/socks", "repository_confidence": 0.5,
        "repositories": ["example-lab/socks"], "first_appearance_id": SIGHT, "flags": [],
    },
    "metrics": {
        "paper_id": "pl-0123456789ab", "upvotes": 0, "comments": 0, "github_stars": 0, "first_seen_on": date(2026, 1, 1),
        "last_seen_on": date(2026, 1, 1), "n_appearances": 1, "n_dumps": 1,
    },
    "appearances": {
        "appearance_id": SIGHT, "dump_id": DUMP, "position": 1, "line_start": 1, "line_end": 2, "paper_id": "pl-0123456789ab",
        "title_raw": "On Socks", "abstract_raw": "Socks.", "arxiv_id": None, "paper_url": "u", "upvotes": 1, "comments": 1,
        "github_url": "u", "github_stars": 1, "n_authors": 1, "organisation": "o", "submitted_by": "s", "published_raw": "May 1",
        "published_on": None, "is_cut": False, "match_rule": "new", "match_score": 99.0, "matched_with": SIGHT,
    },
    "links": {
        "paper_id": "pl-0123456789ab", "url": "https://github.com/example-lab/socks", "kind": "github_repository",
        "repository": "example-lab/socks", "subpath": "src", "ref": "main", "role": "mention", "confidence": 0.1, "evidence": [],
        "raw": "x", "candidates": [], "repairs": [], "found_in": "abstract", "appearance_id": SIGHT,
        "n_appearances": 1,
    },
    "repositories": {
        "repository_key": "example-lab/socks", "owner": "example-lab", "name": "socks", "url": "https://github.com/example-lab/socks",
        "n_papers": 1, "github_stars": 1, "first_seen_on": None, "last_seen_on": None,
    },
    "dumps": {
        "dump_id": DUMP, "sequence": 1, "path": "a.txt", "layout": "compact", "page": "unknown", "query": "tea", "page_date_raw": "May 1",
        "captured_on": None, "source_url": "u", "licence": "l", "n_bytes": 1, "n_lines": 1, "n_papers": 1, "n_furniture": 1,
        "n_rejects": 0, "status": "read", "reason": "empty",
    },
    "rejects": {
        "reject_id": SIGHT, "dump_id": DUMP, "line_start": 1, "line_end": 1, "stage": "read", "reason": "empty", "detail": "d", "text": "t",
    },
    "changes": {
        "table": "papers", "key": "k", "column": "*", "change": "added", "before": "1", "after": "2", "cause": "new_dump",
    },
    "id_history": {
        "paper_id": "pl-0123456789ab", "event": "created", "other_id": "pl-0123456789ac", "release": 1, "reason": "r",
    },
}  # fmt: skip
BAD = {
    "str_matches": "?!", "str_startswith": "?!", "str_length": "", "isin": "never", "greater_than_or_equal_to": -1,
    "less_than_or_equal_to": 101.0,
}  # fmt: skip


def frame(table: str, *rows: dict) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=TABLES[table].polars_schema)


def rules():
    for name in TABLES:
        for column in model_of(name).columns.values():
            yield from ((name, column.name, check.name) for check in column.checks)
            if not column.nullable:
                yield name, column.name, "not_nullable"


@pytest.mark.parametrize("table", TABLES)
def test_a_good_row_passes_and_so_does_an_empty_table(table):
    check_frame(frame(table, GOOD[table]), table)
    check_frame(frame(table), table)


@pytest.mark.parametrize(("table", "column", "rule"), list(rules()))
def test_every_rule_fires(table, column, rule):
    bad = GOOD[table] | {column: None if rule == "not_nullable" else BAD[rule]}
    with pytest.raises(ContractError) as caught:
        check_frame(frame(table, bad), table)
    assert column in str(caught.value)
    assert rule in str(caught.value)


@pytest.mark.parametrize("table", TABLES)
def test_the_key_is_unique(table):
    with pytest.raises(ContractError):
        check_frame(frame(table, GOOD[table], GOOD[table]), table)


@pytest.mark.parametrize("change", ["missing", "added", "order", "type"])
def test_columns_are_exact(change):
    good = frame("metrics", GOOD["metrics"])
    bad = {
        "missing": good.drop("comments"),
        "added": good.with_columns(extra=1),
        "order": good.select(reversed(good.columns)),
        "type": good.with_columns(pl.col("upvotes").cast(pl.Int64)),
    }[change]
    with pytest.raises(ContractError):
        check_frame(bad, "metrics")


def test_all_failures_are_told_at_once():
    bad = frame("metrics", GOOD["metrics"] | {"upvotes": -1, "comments": -2, "n_dumps": 0})
    with pytest.raises(ContractError) as caught:
        check_frame(bad, "metrics")
    assert caught.value.n_failures == 3
    assert all(any(repr(name) in one for one in caught.value.failures) for name in ("upvotes", "comments", "n_dumps"))


@pytest.mark.parametrize("table", TABLES)
def test_every_column_and_table_is_described(table):
    assert TABLES[table].description
    assert all(text and text.endswith((".", "...")) for text in TABLES[table].descriptions.values())


def test_one_name_is_one_type_everywhere():
    types: dict[str, set] = {}
    for table in TABLES.values():
        for name, kind in table.polars_schema.items():
            types.setdefault(name, set()).add(kind)
    assert {name: kinds for name, kinds in types.items() if len(kinds) > 1} == {}
