"""The table of columns as Markdown: what every table holds, from the contract."""

from typing import Any

import polars as pl

from paperlake.schemas import TABLES
from paperlake.tables import Table


def columns_markdown() -> str:
    """Every table with its columns as Markdown; README.md carries the same text."""
    return "\n".join(_table_markdown(table) for table in TABLES.values())


def _table_markdown(table: Table) -> str:
    rows = "\n".join(
        f"| `{name}` | {_type_name(table.polars_schema[name])} | {description} |"
        for name, description in table.descriptions.items()
    )
    key = ", ".join(f"`{name}`" for name in table.key)
    return f"**{table.name}**: key {key}. {table.description}\n\n| column | type | |\n|---|---|---|\n{rows}\n"


def _type_name(kind: Any) -> str:
    return "list of strings" if kind.base_type() is pl.List else str(kind)
