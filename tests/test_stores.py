"""What every store promises, on a disk and in a bucket."""

import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from paperlake.errors import SettingsError, StoreError
from paperlake.stores import is_remote, open_store
from paperlake.stores.s3 import S3Store
from tests.s3_servers import BUCKET, SECRET, environment, moto_server


@pytest.fixture(scope="module")
def endpoint():
    with moto_server() as started:
        yield started


@pytest.fixture(params=["disk", "bucket"])
def store(request, tmp_path, monkeypatch):
    if request.param == "disk":
        opened = open_store(tmp_path / "store")
    else:
        for name, value in environment(request.getfixturevalue("endpoint")).items():
            monkeypatch.setenv(name, value)
        opened = open_store(f"s3://{BUCKET}/{tmp_path.name}")
    opened.prepare()
    return opened


def stage(store, files):
    staging = store.stage()
    for name, data in files.items():
        (staging.folder / name).parent.mkdir(exist_ok=True)
        (staging.folder / name).write_bytes(data)
        (staging.folder / name).chmod(0o444)
    return staging


RELEASE = {"papers/part-00000.parquet": b"socks", "manifest.json": b"{}"}


def test_a_key_is_created_once(store):
    store.create("_log/000001.json", b"one")
    with pytest.raises(FileExistsError):
        store.create("_log/000001.json", b"two")
    assert store.read("_log/000001.json") == b"one"


def test_of_many_who_create_a_key_one_succeeds(store):
    def create(number):
        try:
            store.create("_log/000002.json", str(number).encode())
        except FileExistsError:
            return None
        return number

    with ThreadPoolExecutor(8) as pool:
        [won] = [number for number in pool.map(create, range(24)) if number is not None]
    assert store.read("_log/000002.json") == str(won).encode()


def test_a_key_is_replaced(store):
    for text in (b"one", b"two"):
        store.replace("latest.json", text)
    assert store.read("latest.json") == b"two"
    assert store.read("nothing.json") is None


def test_a_release_is_moved_in_whole(store):
    staging = stage(store, RELEASE)
    assert store.names("releases") == []
    staging.move_in("releases/v000001-aa")
    staging.discard()
    assert not staging.folder.exists()
    assert store.names("releases") == ["v000001-aa"]
    assert store.sizes("releases/v000001-aa") == {"manifest.json": 2, "papers/part-00000.parquet": 5}
    key = "releases/v000001-aa/papers/part-00000.parquet"
    assert store.read(key) == b"socks"
    assert store.find_flaw(key) is None
    assert store.hash(key) == hashlib.sha256(b"socks").hexdigest()


def test_a_file_is_used_again(store):
    stage(store, RELEASE).move_in("releases/v000001-aa")
    key = "releases/v000001-aa/papers/part-00000.parquet"
    staging = stage(store, {"manifest.json": b"[]"})
    (staging.folder / "papers").mkdir()
    assert staging.reuse(key, "papers/part-00000.parquet", 5, store.hash(key))
    assert not staging.reuse(key, "papers/part-00001.parquet", 6, store.hash(key)), "another size"
    assert not staging.reuse("releases/gone", "papers/part-00001.parquet", 5, store.hash(key))
    staging.move_in("releases/v000002-bb")
    assert store.sizes("releases/v000002-bb") == {"manifest.json": 2, "papers/part-00000.parquet": 5}
    assert store.read("releases/v000002-bb/papers/part-00000.parquet") == b"socks"


def test_what_is_not_moved_in_leaves_nothing(store):
    stage(store, RELEASE).discard()
    assert store.names("releases") == []
    if not is_remote(store.location):
        assert not list(Path(store.location).glob(".staging*"))


def test_what_is_removed_is_gone(store):
    stage(store, RELEASE).move_in("releases/v000001-aa")
    store.remove("releases/v000001-aa")
    store.remove("releases/v000001-aa")
    assert store.names("releases") == []
    assert store.sizes("releases/v000001-aa") == {}


def test_folders_whose_names_begin_alike_are_two(store):
    stage(store, RELEASE).move_in("releases/v000001-aa")
    stage(store, RELEASE).move_in("releases/v000001-aab")
    store.remove("releases/v000001-aa")
    assert store.names("releases") == ["v000001-aab"]


@pytest.fixture
def bucket(endpoint, tmp_path, monkeypatch):
    for name, value in environment(endpoint).items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{tmp_path.name}"


def test_a_store_that_ignores_conditional_writes_is_refused(bucket, monkeypatch):
    monkeypatch.setattr(S3Store, "create", lambda self, key, data: self.replace(key, data))
    store = open_store(bucket)
    with pytest.raises(StoreError, match="If-None-Match"):
        store.prepare()
    assert store.sizes("_log") == {}, "the probe is gone"


def test_a_probe_leaves_nothing(bucket):
    store = open_store(bucket)
    store.prepare()
    assert store.sizes("_log") == {}


@pytest.mark.parametrize("url", ["s3://", "s3://A_B/x", "s3://me:pass-word@shelf/x", "s3://shelf/x?key=1"])
def test_urls_that_are_no_store(url):
    with pytest.raises(SettingsError, match="s3://bucket/prefix") as caught:
        open_store(url)
    assert "pass-word" not in str(caught.value)


def test_credentials_reach_no_message_and_no_log(bucket, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody-key")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr("paperlake.stores.s3._RETRIES", {"max_retries": 0})
    store = open_store(bucket)
    with pytest.raises(StoreError, match="AWS_ENDPOINT_URL") as caught:
        store.read("latest.json")
    told = f"{caught.value} {caught.value.__cause__!r} {store!r} {caplog.text}"
    assert SECRET not in told
    assert "nobody-key" not in told
