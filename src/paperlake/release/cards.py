"""Documents beside the data: the table of columns, the release's README, and its Data Package."""

import json
from typing import Any

import polars as pl

from paperlake.schemas import CONTRACT_VERSION, TABLES, Table

_FRICTIONLESS = {
    pl.String: "string",
    pl.Int32: "integer",
    pl.Int64: "integer",
    pl.Float32: "number",
    pl.Date: "date",
    pl.List: "list",
}


def columns_markdown() -> str:
    """Every table with its columns as Markdown; README.md carries the same text."""
    return "\n".join(_table_markdown(table) for table in TABLES.values())


def readme_text(quality: dict[str, float], n_dumps: int) -> str:
    """The release's README: what it holds and how to read it. Deterministic: no version, no time."""
    counts = f"{quality['n_papers']:,.0f} papers, seen {quality['n_appearances']:,.0f} times in {n_dumps:,} dumps."
    intro = f"# paperlake release\n\n{counts} Contract {CONTRACT_VERSION}: see `contract.yaml`.\n"
    reading = 'Read a table with `read_parquet("papers/*.parquet")` in Polars, DuckDB, pandas or Spark.\n'
    return f"{intro}\n{reading}\n{columns_markdown()}"


def datapackage_text() -> str:
    """A Data Package descriptor: one resource a table."""
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": "paperlake",
        "version": CONTRACT_VERSION,
        "resources": [_resource(table) for table in TABLES.values()],
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _table_markdown(table: Table) -> str:
    rows = "\n".join(
        f"| `{name}` | {_type_name(table.polars_schema[name])} | {description} |"
        for name, description in table.descriptions.items()
    )
    key = ", ".join(f"`{name}`" for name in table.key)
    return f"**{table.name}**: key {key}. {table.description}\n\n| column | type | |\n|---|---|---|\n{rows}\n"


def _type_name(kind: Any) -> str:
    return "list of strings" if kind.base_type() is pl.List else str(kind)


def _resource(table: Table) -> dict[str, Any]:
    fields = [
        {"name": name, "type": _FRICTIONLESS[kind.base_type()], "description": table.descriptions[name]}
        for name, kind in table.polars_schema.items()
    ]
    schema = {"fields": fields, "primaryKey": list(table.key)}
    return {
        "name": table.name.replace("_", "-"),
        "path": f"{table.name}/part-00000.parquet",
        "format": "parquet",
        "schema": schema,
    }
