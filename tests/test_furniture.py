"""Records that stand at the same edge of one dump after another are furniture; listings that overlap are not."""

import polars as pl
import pytest

from paperlake import open_release
from tests.conftest import build_store

BANNER = "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\nSubscribe\n"
ACCEPTED = ("reject_share", "page_furniture", "papers_shrink")
WORDS = ["kettles", "socks", "snails", "chalk", "slates", "teapots", "spoons", "drains", "towels", "lamps", "moths"]
NOTICE = (
    "Our Yearly Gathering of Listing Readers\nCome to the yearly gathering of people who read listings. "
    + "All are fed. " * 25
)


def record(dump: int, number: int) -> str:
    what = f"{WORDS[dump % 11]} and {WORDS[(dump + number) % 11]} number {dump * 10 + number}"
    return f"On {what} in Winter\n" + f"We look at {what} for a long time and write down what we see there. " * 6


def write(folder, dump: int, records: list[str]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{dump:02}.txt").write_text(BANNER + "\n".join(records))


def titles(store) -> set[str]:
    return set(open_release(store)["papers"].collect()["title"])


@pytest.mark.parametrize("runs", [[6], [4, 2], [1, 1, 1, 1, 1, 1], [5, 1]])
def test_what_ends_five_dumps_in_a_row_is_furniture_in_one_run_or_many(tmp_path, runs):
    raw, store, n = tmp_path / "raw", tmp_path / "store", 0
    for size in runs:
        for _ in range(size):
            write(raw, n, [record(n, 0), record(n, 1), NOTICE])
            n += 1
        build_store(raw, store, accept=ACCEPTED)
    release = open_release(store)
    assert "Our Yearly Gathering of Listing Readers" not in titles(store)
    assert release["papers"].collect().height == 12
    rejects = release["rejects"].collect()
    assert rejects["reason"].to_list() == ["page_furniture"] * 6
    assert rejects["line_start"].to_list() == [8] * 6
    assert rejects["text"][0].startswith("Our Yearly Gathering")
    dumps = release["dumps"].collect()
    assert dumps.select(pl.col("n_papers").sum(), pl.col("n_rejects").sum()).row(0) == (12, 6)


def test_one_run_and_many_give_the_same_content(tmp_path):
    fingerprints = set()
    for runs in ([6], [5, 1], [2, 2, 2]):
        raw, store, n = tmp_path / f"raw{runs}", tmp_path / f"store{runs}", 0
        for size in runs:
            for _ in range(size):
                write(raw, n, [record(n, 0), record(n, 1), NOTICE])
                n += 1
            build_store(raw, store, accept=ACCEPTED)
        fingerprints.add(open_release(store).manifest["fingerprint"])
    assert len(fingerprints) == 1


@pytest.mark.parametrize(
    ("name", "dumps"),
    [
        ("four dumps only", [[record(n, 0), record(n, 1), NOTICE] for n in range(4)]),
        ("inside the dumps", [[record(n, 0), NOTICE, record(n, 1)] for n in range(6)]),
        ("a week of one listing", [[record(0, m) for m in range(n, n + 6)] + [NOTICE] for n in range(6)]),
        ("not in one of them", [[record(n, 0), record(n, 1), *([] if n == 3 else [NOTICE])] for n in range(7)]),
    ],
)
def test_a_paper_that_is_listed_long_stays(tmp_path, name, dumps):
    for n, records in enumerate(dumps):
        write(tmp_path / "raw", n, records)
    build_store(tmp_path / "raw", tmp_path / "store")
    assert "Our Yearly Gathering of Listing Readers" in titles(tmp_path / "store"), name


def test_without_a_dump_that_betrayed_it_furniture_is_read_as_before(tmp_path):
    raw, stores = tmp_path / "raw", [tmp_path / "grown", tmp_path / "whole"]
    for n in range(5):
        write(raw, n, [record(n, 0), record(n, 1), NOTICE])
    build_store(raw, stores[0], accept=ACCEPTED)
    assert "Our Yearly Gathering of Listing Readers" not in titles(stores[0])
    (raw / "curation").mkdir()
    (raw / "curation" / "retractions.csv").write_text("when,who,dump,why\n2026-07-21,mira,02.txt,of another site\n")
    for store in stores:
        build_store(raw, store, accept=ACCEPTED)
        assert "Our Yearly Gathering of Listing Readers" in titles(store)
    grown, whole = (open_release(store).manifest["fingerprint"] for store in stores)
    assert grown == whole
