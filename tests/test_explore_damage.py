"""What the explorer says of releases whose data are gone or damaged, and that it goes on."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from paperlake.errors import StoreError
from paperlake.explore.shelf import shelve
from paperlake.release.commits import read_commit, record_key
from paperlake.release.prune import delete_data
from paperlake.release.reading import open_release
from paperlake.release.tombstones import Tombstone, begin_deletion
from paperlake.stores import open_store
from tests.explored import browse, edition, explorer, paper_id, publish_papers
from tests.life_stores import spoil

pytest_plugins = ("tests.life_fixtures",)
pytestmark = pytest.mark.slow

ASKED = ("", "search", "search.csv", "search.parquet", f"papers/{paper_id(1)}")
UNREADABLE = "a file is missing or damaged, or the store does not answer; `paperlake verify --all` says which"


@pytest.fixture
def client(store):
    for number in (1, 2):
        publish_papers(store, edition(number, 30 + number))
    with explorer(store) as address, browse(address) as client:
        yield client


def prune_first(store) -> None:
    begin_deletion(store, Tombstone(1, datetime(2026, 5, 1, tzinfo=UTC), "old"))
    delete_data(store, read_commit(store, 1).release)


def test_a_release_in_a_bucket_or_on_a_disk_is_served(client):
    assert client.get("/", follow_redirects=True).status_code == 200
    assert client.get("/releases/2/search", params={"q": "kettles"}).json()["n_found"] == 32
    assert client.get(f"/releases/1/papers/{paper_id(1)}").json()["title"] == "Kettles of edition 1, no 1"
    assert client.get("/releases/1/search.csv").text.count("\n") == 32


def test_nobody_is_sent_to_a_release_that_was_pruned(store):
    for number in (1, 2):
        publish_papers(store, edition(number, 3))
    prune_first(store)
    with pytest.raises(StoreError, match="release 1 was pruned"):
        shelve(open_store(store), "1")
    assert shelve(open_store(store), "2").first() == 2


@pytest.mark.parametrize("was_read", [False, True])
def test_a_pruned_release_is_told_whether_it_was_read_before_or_not(client, store, was_read):
    if was_read:
        assert client.get("/releases/1/search").status_code == 200
    prune_first(store)
    for path in ("search", "search.csv", f"papers/{paper_id(1)}"):
        answer = client.get(f"/releases/1/{path}")
        assert answer.status_code == 404, path
        assert answer.json()["error"] == (
            "release 1 was pruned on 2026-05-01; its commit record is kept; /releases lists those with their data"
        )
    listed = client.get("/releases").json()["releases"]
    assert [(one["version"], one["is_readable"]) for one in listed] == [(2, True), (1, False)]
    assert client.get("/releases/2/search").status_code == 200


@pytest.mark.parametrize("store", ["disk"], indirect=True)
@pytest.mark.parametrize("harmed", ["manifest.json", "papers/part-00000.parquet"])
@pytest.mark.parametrize("harm", ["gone", "empty", "garbage"])
def test_a_damaged_release_is_told_without_its_place(client, store, harmed, harm, caplog):
    key = f"{open_release(store, 2).commit.release}/{harmed}"
    if harm == "gone":
        Path(store.url(key)).unlink()
    else:
        spoil(store, key, b"" if harm == "empty" else b"PAR1 kettles and socks PAR1")
    for path in ASKED:
        answer = client.get(f"/releases/2/{path}")
        assert (answer.status_code, answer.json()["error"]) == (503, f"release 2 cannot be read: {UNREADABLE}"), path
        assert client.get("/releases/1/search").status_code == 200
    assert any("release 2 cannot be read: " in told.getMessage() for told in caplog.records), "the terminal tells more"


@pytest.mark.parametrize("store", ["disk"], indirect=True)
def test_a_damaged_record_is_one_release_that_cannot_be_read(client, store):
    spoil(store, record_key(1), b"{")
    first = {"version": 1, "time": None, "is_readable": False}
    assert client.get("/releases").json()["releases"][1] == first
    assert client.get("/releases/1/search").status_code == 503
    assert client.get("/releases/2/search").status_code == 200


@pytest.mark.parametrize("store", ["disk"], indirect=True)
def test_whatever_bytes_of_a_file_differ_the_explorer_goes_on(client, store):
    key = f"{open_release(store, 2).commit.release}/papers/part-00000.parquet"
    whole, dice = store.read(key), random.Random("bits")
    for _ in range(25):
        harmed = bytearray(whole)
        for at in dice.sample(range(len(whole)), 30):
            harmed[at] ^= 1 << dice.randrange(8)
        spoil(store, key, bytes(harmed))
        for path in ("search.csv", f"papers/{paper_id(1)}"):
            assert client.get(f"/releases/2/{path}").status_code in (200, 404, 503)
    assert client.get("/releases/1/search").status_code == 200


@pytest.mark.parametrize("store", ["disk"], indirect=True)
def test_a_store_that_lost_its_log_is_told_and_comes_back(client, store):
    log = Path(store.url("_log"))
    log.rename(log.with_name("lost"))
    assert client.get("/").json() == {"error": "expected releases in the store, found none"}
    log.with_name("lost").rename(log)
    assert client.get("/").status_code == 307


@pytest.mark.parametrize("store", ["disk"], indirect=True)
def test_a_release_of_another_contract_is_not_guessed_at(client, store, monkeypatch):
    monkeypatch.setattr("paperlake.explore.shelf.CONTRACT_VERSION", "99.0.0")
    answer = client.get("/releases/2/search")
    assert answer.status_code == 503
    assert "release 2: expected contract 99.0.0, found 2." in answer.json()["error"]
