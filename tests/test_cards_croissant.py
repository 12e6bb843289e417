"""croissant.json: its structure, and mlcroissant's word on it where its environment stands."""

import json
import subprocess
from pathlib import Path

import polars as pl
import pytest

from paperlake import open_release
from paperlake.release import encoding
from paperlake.release.croissant import croissant_text
from paperlake.schemas import TABLES
from tests.described_release import parts_of, publish_described
from tests.release_frames import tables_of

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-croissant" / "bin" / "python"
CHECK = ROOT / "benchmarks" / "croissant_check" / "read_croissant.py"
LACKING = {"datePublished", "license"}
"""What mlcroissant wants and no content tells."""


@pytest.fixture(scope="module")
def release(sample_store):
    return open_release(sample_store)


@pytest.fixture(scope="module")
def croissant(release) -> dict:
    return json.loads((release.path / "croissant.json").read_text())


def read_croissant(folder: Path) -> subprocess.CompletedProcess[str]:
    if not PYTHON.exists():
        pytest.skip("there is no .venv-croissant: `make check-croissant` makes it")
    return subprocess.run([PYTHON, CHECK, folder], capture_output=True, text=True, check=False)


def test_it_names_every_file_with_its_hash(release, croissant):
    files = [entry for entry in croissant["distribution"] if entry["@type"] == "cr:FileObject"]
    expected = {part.path: part for parts in parts_of(release).values() for part in parts}
    assert {file["contentUrl"]: file["sha256"] for file in files} == {
        path: part.sha256 for path, part in expected.items()
    }
    assert all(file["contentSize"] == f"{expected[file['contentUrl']].n_bytes} B" for file in files)
    assert len(files) == len(expected)


def test_ids_are_unique_and_every_reference_has_one(croissant):
    nodes = [*croissant["distribution"], *croissant["recordSet"]]
    fields = [field for records in croissant["recordSet"] for field in records["field"]]
    ids = [node["@id"] for node in [*nodes, *fields]]
    assert len(ids) == len(set(ids))
    keys = [key["@id"] for records in croissant["recordSet"] for key in records["key"]]
    assert {*keys, *(field["source"]["fileSet"]["@id"] for field in fields)} <= set(ids)


def test_every_table_is_a_record_set_with_its_columns_and_key(croissant):
    found = {records["@id"]: records for records in croissant["recordSet"]}
    assert list(found) == list(TABLES)
    for name, table in TABLES.items():
        columns = {field["source"]["extract"]["column"]: field["description"] for field in found[name]["field"]}
        assert columns == table.descriptions
        assert [key["@id"] for key in found[name]["key"]] == [f"{name}/{column}" for column in table.key]


def test_types_are_those_of_the_columns_and_lists_are_marked(croissant):
    types = {"sc:Text": pl.String, "cr:Int32": pl.Int32, "cr:Int64": pl.Int64, "cr:Float32": pl.Float32}
    types |= {"sc:Date": pl.Date, "sc:Boolean": pl.Boolean}
    for records in croissant["recordSet"]:
        schema = TABLES[records["@id"]].polars_schema
        for field in records["field"]:
            kind = types[field["dataType"]]()
            expected = pl.List(kind) if field.get("isArray") else kind
            assert schema[field["source"]["extract"]["column"]] == expected, field["@id"]


def test_a_licence_is_told_where_it_is_known(release):
    parts = parts_of(release)
    assert json.loads(croissant_text(parts, "ab" * 32, "MIT"))["license"] == "MIT"
    assert "license" not in json.loads(croissant_text(parts, "ab" * 32, None))


def test_mlcroissant_reads_every_table(release):
    done = read_croissant(release.path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {name for name in LACKING for warning in found["warnings"] if f'/{name}"' in warning} == LACKING
    assert len(found["warnings"]) == len(LACKING)
    assert {name: table["n_records"] for name, table in found["tables"].items()} == {
        name: table["n_rows"] for name, table in release.manifest["tables"].items()
    }
    for name, table in found["tables"].items():
        assert table["columns"] == (TABLES[name].polars_schema.names() if table["n_records"] else [])


def test_mlcroissant_reads_all_files_of_a_table(tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "PART_SIZES", (16, 4))
    release = publish_described(tmp_path, tables_of(27))
    done = read_croissant(release.path)
    assert done.returncode == 0, done.stderr
    assert {table["n_records"] for table in json.loads(done.stdout)["tables"].values()} == {27}


def test_the_check_fails_where_a_file_is_another(tmp_path):
    release = publish_described(tmp_path, tables_of(2))
    damaged = release.path / "papers" / "part-00000.parquet"
    damaged.chmod(0o644)
    damaged.write_bytes(b"socks")
    done = read_croissant(release.path)
    assert done.returncode == 1
    assert "found others: papers/part-00000.parquet" in done.stderr


def test_the_environment_asks_for_mlcroissant_only():
    folder = CHECK.parent
    asked = [line for line in (folder / "requirements.in").read_text().splitlines() if not line.startswith("#")]
    assert asked == ["mlcroissant[parquet]>=1.1"]
    lock = (folder / "requirements.lock").read_text()
    assert "mlcroissant==1.1" in lock
    assert lock.count("==") <= lock.count("--hash=sha256:")
