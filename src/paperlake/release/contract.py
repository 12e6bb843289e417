"""The contract as a document: Open Data Contract Standard YAML, generated from the schemas and committed.

`python -m paperlake.release.contract` writes it again; a test fails while the committed text differs.
"""

from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from paperlake.schemas import CONTRACT_VERSION, TABLES
from paperlake.tables import Column, Table

_LOGICAL_TYPES: dict[Any, str] = {
    pl.String: "string", pl.Date: "date", pl.List: "array", pl.Boolean: "boolean", pl.Int32: "integer",
    pl.Int64: "integer", pl.Float32: "number",
}  # fmt: skip
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
    return {
        "name": table.name,
        "physicalType": "parquet",
        "physicalName": f"{table.name}/*.parquet",
        "description": table.description,
        "properties": [_column(column, table) for column in table.columns],
    }


def _column(column: Column, table: Table) -> dict[str, Any]:
    is_key = column.name in table.key
    fields: dict[str, Any] = {
        "name": column.name,
        "logicalType": _LOGICAL_TYPES[column.dtype.base_type()],
        "physicalType": str(column.dtype).lower(),
        "required": not column.nullable,
        "unique": column.unique or table.key == (column.name,),
        "description": column.description,
    }
    if is_key:
        fields |= {"primaryKey": True, "primaryKeyPosition": table.key.index(column.name) + 1}
    if options := _options(column):
        fields["logicalTypeOptions"] = options
    if column.values:
        fields["quality"] = [{"type": "library", "rule": "validValues", "validValues": list(column.values)}]
    return fields


def _options(column: Column) -> dict[str, Any]:
    """What a column promises of its values, as options of the logical type."""
    options = {
        "pattern": column.pattern,
        "minimum": column.minimum,
        "maximum": column.maximum,
        "minLength": column.min_length,
        "maxLength": column.max_length,
    }
    told = {name: option for name, option in options.items() if option is not None}
    return told | ({"pattern": f"^{column.prefix}"} if column.prefix else {})


if __name__ == "__main__":
    Path(str(files("paperlake").joinpath(CONTRACT_FILE))).write_text(contract_text(), encoding="utf-8")
