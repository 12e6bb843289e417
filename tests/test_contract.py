from dataclasses import fields
from difflib import unified_diff

import polars as pl
import pytest
import yaml

from paperlake.release import contract
from paperlake.release.contract import _column, committed_contract, contract_text
from paperlake.schemas import TABLES
from paperlake.tables import Column, Table
from paperlake.validate import checks_of


def test_the_committed_contract_is_that_of_the_schemas():
    difference = list(
        unified_diff(
            committed_contract().splitlines(), contract_text().splitlines(), "committed", "schemas.py", lineterm="", n=3
        )
    )
    assert not difference, "run `make contract` and look at what changed:\n" + "\n".join(difference)


def test_the_text_is_the_same_without_libyaml(monkeypatch):
    fast = contract_text()
    monkeypatch.setattr(contract, "_DUMPER", yaml.SafeDumper)
    assert contract_text() == fast


def test_the_contract_names_every_table_and_column():
    contract = yaml.safe_load(contract_text())
    columns = {table["name"]: [column["name"] for column in table["properties"]] for table in contract["schema"]}
    assert columns == {name: table.polars_schema.names() for name, table in TABLES.items()}


def test_the_contract_states_keys_ranges_patterns_and_values():
    tables = {
        table["name"]: {c["name"]: c for c in table["properties"]}
        for table in yaml.safe_load(contract_text())["schema"]
    }
    assert tables["links"]["url"]["primaryKeyPosition"] == 2
    assert tables["papers"]["repository_confidence"]["logicalTypeOptions"] == {"minimum": 0, "maximum": 1}
    assert tables["papers"]["paper_id"]["logicalTypeOptions"]["pattern"].startswith("^pl-")
    assert "fuzzy" in tables["appearances"]["match_rule"]["quality"][0]["validValues"]
    assert tables["papers"]["abstract"]["required"] is False


PROMISES = {
    "nullable": True, "unique": True, "minimum": 1, "maximum": 9, "min_length": 1, "max_length": 9,
    "pattern": "^socks$", "prefix": "socks", "values": ("socks",),
}  # fmt: skip
"""One promise of each kind; `max_length` stands beside a `min_length`."""


def test_there_is_one_of_each_kind():
    assert set(PROMISES) == {field.name for field in fields(Column)} - {"name", "dtype", "description"}


@pytest.mark.parametrize("kind", PROMISES)
def test_every_promise_is_written_down_and_checked(kind):
    beside = {"min_length": 1} if kind == "max_length" else {}
    without, promised = (
        Column("socks", pl.String(), "Socks.", **more) for more in (beside, {**beside, kind: PROMISES[kind]})
    )
    table = Table("drawers", "A drawer.", ("drawer",), ())
    assert _column(promised, table) != _column(without, table)
    if kind not in ("nullable", "unique"):
        assert [str(check) for check in checks_of(promised)] != [str(check) for check in checks_of(without)]
