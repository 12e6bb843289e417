"""Many readers of an explorer while releases are published into its store."""

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock
from time import sleep

import httpx
import polars as pl
import pytest

from paperlake.explore.app import AT_ONCE
from paperlake.explore.search import Haystack
from tests.explored import browse, edition, explorer, publish_papers

pytestmark = pytest.mark.slow

N_READERS, MOST_ROUNDS = 50, 60
N_PAPERS = {1: 130, 2: 171, 3: 88}


def read(address: str, barrier: Barrier) -> list[int]:
    """The releases that one reader was led to, each asked for its page, a search, a paper and a download."""
    seen: list[int] = []
    with browse(address) as client:
        barrier.wait()
        while len(seen) < MOST_ROUNDS and seen[-1:] != [3]:
            seen.append(read_once(client, len(seen) % 2))
    return seen


def read_once(client: httpx.Client, is_second: int) -> int:
    """The release, after it was checked that all answers are of it."""
    way = client.get("/").headers["location"]
    release = int(way.split("/")[2])
    n_papers = N_PAPERS[release]
    assert f"release {release}: {n_papers}<" in get(client, way).text
    found = get(client, f"{way}search?q=kettles&page=2").json()
    assert (found["release"], found["n_found"]) == (release, n_papers)
    assert all(f"edition {release}," in row["title"] for row in found["papers"])
    if is_second:
        taken = pl.read_parquet(io.BytesIO(get(client, f"{way}search.parquet").content))
        assert taken.height == n_papers
        assert taken["title"].str.contains(f"edition {release},", literal=True).all()
    else:
        told = get(client, f"{way}papers/{found['papers'][0]['paper_id']}").json()
        assert told["title"] == found["papers"][0]["title"]
    return release


def get(client: httpx.Client, path: str) -> httpx.Response:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return answer


def test_fifty_readers_see_whole_releases_while_others_are_published(tmp_path):
    publish_papers(tmp_path, edition(1, N_PAPERS[1]))
    barrier = Barrier(N_READERS + 1)
    with explorer(tmp_path) as address, ThreadPoolExecutor(N_READERS) as pool:
        readers = [pool.submit(read, address, barrier) for _ in range(N_READERS)]
        barrier.wait()
        for number in (2, 3):
            publish_papers(tmp_path, edition(number, N_PAPERS[number]))
        seen = [reader.result(120) for reader in readers]
        with browse(address) as client:
            old = client.get("/releases/1/search?q=kettles").json()
    assert all(releases == sorted(releases) for releases in seen), "the way in leads forward alone"
    assert {releases[-1] for releases in seen} == {3}
    assert {release for releases in seen for release in releases} >= {1, 3}
    assert old["n_found"] == N_PAPERS[1], "a release stays as it was"


def test_only_so_many_questions_are_answered_at_once_and_nobody_else_waits(tmp_path, monkeypatch):
    publish_papers(tmp_path, edition(1, 9))
    running, most, lock, may_end = [], [], Lock(), Event()

    def find_slowly(haystack, query):
        with lock:
            running.append(query)
            most.append(len(running))
        may_end.wait(30)
        with lock:
            running.remove(query)
        return pl.Series([0], dtype=pl.UInt32)

    monkeypatch.setattr(Haystack, "find", find_slowly)
    with explorer(tmp_path) as address, browse(address) as client, ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(client.get, "/releases/1/search") for _ in range(20)]
        while len(running) < AT_ONCE:
            sleep(0.01)
        assert client.get("/health", timeout=10).status_code == 200
        assert client.get("/", timeout=10).headers["location"] == "/releases/1/"
        may_end.set()
        assert [one.result(30).status_code for one in asked] == [200] * 20
    assert max(most) == AT_ONCE
