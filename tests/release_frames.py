"""Small invented tables in the contract's columns, and one short way to publish them."""

import datetime as dt
import random

import polars as pl

from paperlake.release.draft import draft_of
from paperlake.release.publish import publish
from paperlake.release.reading import versions
from paperlake.schemas import TABLES

DOCUMENTS = {"contract.yaml": "version: 1\n", "datapackage.json": "{}\n", "README.md": "Socks.\n"}
WORDS = ("sock", "Käse", "teapot", "été\n", "🦔", "über", 'a "b" \\')


def frame_of(name: str, n_rows: int, seed: int = 0) -> pl.DataFrame:
    """Rows of a table; the first rows of a longer one are those of a shorter one."""
    schema = TABLES[name].polars_schema
    rows = []
    for row in range(n_rows):
        dice = random.Random(f"{name} {seed} {row}")
        rows.append({column: value_of(dtype, dice) for column, dtype in schema.items()})
        rows[-1] |= {column: f"{column}-{row}" for column in TABLES[name].key if schema[column] == pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def value_of(dtype: pl.DataType, dice: random.Random):
    if isinstance(dtype, pl.List):
        return [dice.choice(WORDS) for _ in range(dice.randrange(3))]
    if dice.random() < 0.2:
        return None
    if dtype == pl.String:
        return " ".join(dice.choices(WORDS, k=3))
    if dtype == pl.Boolean:
        return dice.random() < 0.5
    if dtype == pl.Date:
        return dt.date(2026, 1, 1) + dt.timedelta(days=dice.randrange(300))
    return dice.random() if dtype == pl.Float32 else dice.randrange(1000)


def tables_of(n_rows: int = 5, seed: int = 0, **others: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """All nine tables."""
    return {name: frame_of(name, n_rows, seed) for name in TABLES} | others


def publish_tables(store, tables, **changes):
    """Published on top of the head."""
    known = versions(store)
    given = {
        "parent": known[-1].version if known else None,
        "facts": {"rules_version": "1"},
        "commit": {"run_id": "run-1", "operation": "build"},
        "documents": DOCUMENTS,
    }
    given |= changes
    texts = given["documents"]
    return publish(draft_of(tables), store, **given | {"documents": texts if callable(texts) else lambda *_: texts})


def fill_columns(frame: pl.DataFrame, columns: dict[str, pl.Series]) -> pl.DataFrame:
    """The frame with columns exchanged, in the same order."""
    return frame.with_columns(**columns).select(frame.columns)
