from difflib import unified_diff

import pandera.polars as pa
import pytest
import yaml

from paperlake.release import contract
from paperlake.release.contract import _promises, committed_contract, contract_text
from paperlake.schemas import TABLES


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


def test_a_promise_that_cannot_be_written_down_is_an_error():
    column = pa.Column(str, pa.Check(lambda data: data, name="secret"), name="x")
    with pytest.raises(ValueError, match="cannot express"):
        _promises(column)
