"""Documents beside the data: the table of columns, the release's README, and its Data Package."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from paperlake.release.encoding import split_rows
from paperlake.schemas import CONTRACT_VERSION, TABLES, Table

_FRICTIONLESS = {
    pl.String: "string",
    pl.Int32: "integer",
    pl.Int64: "integer",
    pl.Float32: "number",
    pl.Date: "date",
    pl.Boolean: "boolean",
    pl.List: "array",
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


def datapackage_text(n_rows: Mapping[str, int]) -> str:
    """A Data Package descriptor: one resource a table, with the paths of all its parts.

    Args:
        n_rows: rows of each table; they decide its parts.
    """
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": "paperlake",
        "version": CONTRACT_VERSION,
        "resources": [_resource(table, n_rows[name]) for name, table in TABLES.items()],
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


def _resource(table: Table, n_rows: int) -> dict[str, Any]:
    fields = [
        {"name": name, "type": _FRICTIONLESS[kind.base_type()], "description": table.descriptions[name]}
        for name, kind in table.polars_schema.items()
    ]
    return {
        "name": table.name.replace("_", "-"),
        "path": [f"{table.name}/part-{number:05d}.parquet" for number, _ in enumerate(split_rows(n_rows))],
        "format": "parquet",
        "schema": {"fields": fields, "primaryKey": list(table.key)},
    }
