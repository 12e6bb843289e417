"""The contract as a document: Open Data Contract Standard YAML, generated from the schemas and committed.

`python -m paperlake.release.contract` writes it again; a test fails while the committed text differs.
"""

from importlib.resources import files
from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl
import yaml

from paperlake.schemas import CONTRACT_VERSION, TABLES, Table

_LOGICAL_TYPES: dict[Any, str] = {pl.String: "string", pl.Date: "date", pl.List: "array", pl.Boolean: "boolean"}
_NUMBERS: dict[Any, str] = {pl.Int32: "integer", pl.Int64: "integer", pl.Float32: "number"}
_RANGES = {"greater_than_or_equal_to": "minimum", "less_than_or_equal_to": "maximum"}
CONTRACT_FILE = "contract.yaml"
_DUMPER: type[yaml.SafeDumper] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""libyaml's, where PyYAML was built with it: the same text in a fifth of the time."""


def contract_text() -> str:
    """The whole contract as YAML, the same bytes every time."""
    contract = {
        "apiVersion": "v3.0.2",
        "kind": "DataContract",
        "id": "paperlake",
        "name": "paperlake",
        "version": CONTRACT_VERSION,
        "status": "active",
        "description": {"purpose": "Papers of listing pages and their code, each value traceable to a line of a dump."},
        "schema": [_table(table) for table in TABLES.values()],
    }
    return yaml.dump(contract, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=120)


def committed_contract() -> str:
    """The contract as the package ships it."""
    return files("paperlake").joinpath(CONTRACT_FILE).read_text(encoding="utf-8")


def _table(table: Table) -> dict[str, Any]:
    columns = table.model.to_schema().columns
    return {
        "name": table.name,
        "physicalType": "parquet",
        "physicalName": f"{table.name}/*.parquet",
        "description": table.description,
        "properties": [_column(column, table) for column in columns.values()],
    }


def _column(column: pa.Column, table: Table) -> dict[str, Any]:
    kind = column.dtype.type
    is_key = column.name in table.key
    fields: dict[str, Any] = {
        "name": column.name,
        "logicalType": {**_LOGICAL_TYPES, **_NUMBERS}[kind.base_type()],
        "physicalType": str(kind).lower(),
        "required": not column.nullable,
        "unique": bool(column.unique) or table.key == (column.name,),
        "description": column.description,
    }
    if is_key:
        fields |= {"primaryKey": True, "primaryKeyPosition": table.key.index(column.name) + 1}
    options, allowed = _promises(column)
    if options:
        fields["logicalTypeOptions"] = options
    if allowed:
        fields["quality"] = [{"type": "library", "rule": "validValues", "validValues": allowed}]
    return fields


def _promises(column: pa.Column) -> tuple[dict[str, Any], list[str]]:
    """Options of the type, and the values of an enumeration; an unknown check raises: no promise goes unwritten."""
    options: dict[str, Any] = {}
    allowed: list[str] = []
    for check in column.checks:
        facts = check.statistics
        if check.name in _RANGES:
            options[_RANGES[check.name]] = next(iter(facts.values()))
        elif check.name == "str_matches":
            options["pattern"] = str(getattr(facts["pattern"], "pattern", facts["pattern"]))
        elif check.name == "str_startswith":
            options["pattern"] = f"^{facts['string']}"
        elif check.name == "str_length":
            options |= {
                "minLength": facts["min_value"],
                **({"maxLength": facts["max_value"]} if facts["max_value"] else {}),
            }
        elif check.name == "isin":
            allowed = list(facts["allowed_values"])
        else:
            raise ValueError(f"contract cannot express check {check.name!r} of column {column.name!r}")
    return options, allowed


if __name__ == "__main__":
    Path(str(files("paperlake").joinpath(CONTRACT_FILE))).write_text(contract_text(), encoding="utf-8")
