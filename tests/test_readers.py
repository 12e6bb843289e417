"""Every common reader of Parquet gives the same rows of every table, from one file and from many."""

import base64
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType

import duckdb
import frictionless
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from paperlake import Release, open_release
from paperlake.release import encoding
from paperlake.schemas import TABLES
from tests.described_release import publish_described
from tests.hub_offline import import_datasets
from tests.release_frames import frame_of, tables_of

Found = tuple[list[str], list[tuple]]
"""Column names, and the values of the key columns, row by row."""


@pytest.fixture(scope="session")
def datasets(tmp_path_factory) -> ModuleType:
    return import_datasets(tmp_path_factory.mktemp("hub"))


@pytest.fixture(scope="module", params=["samples", "many files"])
def release(request, sample_store, tmp_path_factory) -> Release:
    """The sample dumps, one file a table; and invented rows, four files a table."""
    if request.param == "samples":
        return open_release(sample_store)
    history = frame_of("id_history", 27).with_columns(pl.col("release").fill_null(1))  # a key is never null
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "PART_SIZES", (16, 4))
        return publish_described(tmp_path_factory.mktemp("many") / "store", tables_of(27, id_history=history))


def read_polars(folder: Path, key: list[str]) -> Found:
    frame = pl.read_parquet(folder / "*.parquet")
    return frame.columns, frame.select(key).rows()


def read_duckdb(folder: Path, key: list[str]) -> Found:
    table = duckdb.read_parquet(f"{folder}/*.parquet")
    return table.columns, table.project(", ".join(f'"{name}"' for name in key)).fetchall()


def read_pandas(folder: Path, key: list[str]) -> Found:
    frame = pd.read_parquet(folder)
    return list(frame.columns), list(frame[key].itertuples(index=False, name=None))


def read_pyarrow(folder: Path, key: list[str]) -> Found:
    table = ds.dataset(folder, format="parquet").to_table()
    return table.column_names, rows_of(table.select(key).to_pylist(), key)


def read_frictionless(folder: Path, key: list[str]) -> Found:
    package = frictionless.Package(str(folder.parent / "datapackage.json"))
    resources = [resource for resource in package.resources if resource.path.startswith(f"{folder.name}/")]
    rows = [row.to_dict() for resource in resources for row in resource.read_rows()]
    return resources[0].schema.field_names, rows_of(rows, key)


def rows_of(records: Iterable[dict], key: list[str]) -> list[tuple]:
    return [tuple(record[name] for name in key) for record in records]


def expected_of(release: Release, name: str) -> Found:
    table = TABLES[name]
    rows = release.read(name).select(table.key).rows()
    assert len(rows) == release.manifest["tables"][name]["n_rows"]
    return table.polars_schema.names(), rows


READERS: list[Callable[[Path, list[str]], Found]] = [
    read_polars, read_duckdb, read_pandas, read_pyarrow, read_frictionless,
]  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("read", READERS)
def test_a_reader_gives_the_rows_of_a_table(release, name, read):
    assert read(release.path / name, list(TABLES[name].key)) == expected_of(release, name)


@pytest.mark.parametrize("name", TABLES)
def test_datasets_loads_a_table_by_its_name(release, name, datasets):
    key, expected = list(TABLES[name].key), expected_of(release, name)
    if expected[1]:
        rows = datasets.load_dataset(str(release.path), name, split="train")
        assert (rows.column_names, rows_of(rows.select_columns(key), key)) == expected
    # A table without rows can only be streamed, and any other can be, too.
    stream = datasets.load_dataset(str(release.path), name, split="train", streaming=True)
    assert (list(stream.features), rows_of(stream, key)) == expected


def test_datasets_refuses_a_split_without_rows(sample_store, datasets):
    """Why the pages say `streaming=True`; once this passes no more, they need not."""
    with pytest.raises(ValueError, match="corresponds to no data"):
        datasets.load_dataset(str(open_release(sample_store).path), "changes", split="train")


def test_datasets_loads_papers_where_no_table_is_named(sample_store, datasets):
    release = open_release(sample_store)
    assert datasets.get_dataset_config_names(str(release.path)) == list(TABLES)
    assert datasets.load_dataset(str(release.path))["train"].num_rows == release.manifest["tables"]["papers"]["n_rows"]


def test_pyarrow_shows_what_each_column_means(release):
    for name, table in TABLES.items():
        schema = ds.dataset(release.path / name, format="parquet").schema
        assert {field.name: field.metadata[b"description"].decode() for field in schema} == table.descriptions


def test_duckdb_hands_the_descriptions_over_packed(release):
    """It shows no metadata of columns, but the Arrow schema of the footer, which holds them."""
    for name, table in TABLES.items():
        relation = duckdb.sql(f"SELECT DISTINCT value FROM parquet_kv_metadata('{release.path}/{name}/*.parquet')")
        ((packed,),) = relation.fetchall()
        schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(packed)))
        assert {field.name: field.metadata[b"description"].decode() for field in schema} == table.descriptions
