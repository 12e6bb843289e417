import copy
import pickle

import duckdb
import pandas as pd
import polars as pl
import pytest

import paperlake
from paperlake.errors import StoreError
from paperlake.release.reading import open_release
from paperlake.schemas import TABLES
from tests.release_frames import frame_of, publish_tables, tables_of


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = tmp_path_factory.mktemp("read [me] *") / "store"
    publish_tables(store, tables_of(5))
    publish_tables(store, tables_of(7, rejects=frame_of("rejects", 0)))
    return store


def test_a_release_gives_back_its_tables(store):
    for version, n_rows in ((1, 5), (2, 7), (None, 7)):
        release = open_release(str(store), version)
        assert release.tables == tuple(TABLES)
        assert release.version == (version or 2)
        for name in ("papers", "links", "id_history"):
            assert release[name].collect().equals(frame_of(name, n_rows))
        assert release.papers.collect().equals(release["papers"].collect())


def test_an_empty_table_has_its_columns(store):
    rejects = open_release(store).rejects.collect()
    assert rejects.is_empty()
    assert rejects.schema == TABLES["rejects"].polars_schema


def test_a_release_is_pinned(tmp_path, monkeypatch):
    publish_tables(tmp_path, tables_of(5))
    monkeypatch.chdir(tmp_path)
    release = paperlake.open_release(".")
    publish_tables(tmp_path, tables_of(6))
    monkeypatch.chdir("/")
    assert release.papers.collect().height == release.links.collect().height == 5


def test_the_log_decides_even_where_the_pointer_is_behind(tmp_path):
    publish_tables(tmp_path, tables_of(5))
    old = (tmp_path / "latest.json").read_bytes()
    publish_tables(tmp_path, tables_of(6))
    (tmp_path / "latest.json").unlink()
    (tmp_path / "latest.json").write_bytes(old)
    assert open_release(tmp_path).version == 2


def test_errors_say_what_to_do(store, tmp_path):
    with pytest.raises(StoreError, match=r"holds no release\nRun `paperlake build`"):
        open_release(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="expected release 9, found releases 1 to 2"):
        open_release(store, 9)
    with pytest.raises(AttributeError, match="no table 'paperz'; it has papers,"):
        _ = open_release(store).paperz
    with pytest.raises(KeyError, match="no table 'paperz'"):
        open_release(store)["paperz"]


def test_a_release_survives_copy_and_pickle(store):
    release = open_release(store)
    for twin in (copy.deepcopy(release), pickle.loads(pickle.dumps(release))):
        assert twin == release
        assert twin.papers.collect().equals(release.papers.collect())


@pytest.mark.parametrize("name", TABLES)
def test_other_readers_see_the_same_values(store, name):
    release = open_release(store)
    expected = release[name].collect()
    paths = [str(release.path / part["path"]) for part in release.manifest["tables"][name]["parts"]]
    with duckdb.connect() as connection:
        rows = connection.from_parquet(paths[0].replace("[", "[[]").replace("*", "[*]")).fetchall()
    assert rows == expected.rows()
    frame = pl.from_pandas(pd.concat([pd.read_parquet(path, dtype_backend="pyarrow") for path in paths]))
    assert frame.cast(dict(expected.schema)).equals(expected)
