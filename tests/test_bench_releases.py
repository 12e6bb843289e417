"""The benchmark of releases: its tables are those of a build, its figures are of what was published."""

import json

import polars as pl
import pytest
from benchmarks import history, releases
from benchmarks.growing_tables import GrowingTables
from benchmarks.release_costs import disk_bytes, newest, publish_tables
from benchmarks.release_growth import GrownRelease, Growth, grow

from paperlake.release import encoding
from paperlake.release.reading import open_release
from paperlake.release.verify import verify_all
from paperlake.schemas import TABLES
from paperlake.validate import check_frame

N_PAPERS = 400


@pytest.fixture(scope="module")
def grown():
    growing = GrowingTables(seed=4)
    return growing.grow(N_PAPERS), growing.grow(8, 4)


def test_the_tables_keep_the_contract(grown):
    for tables in grown:
        assert set(tables) == set(TABLES)
        for name in TABLES:
            check_frame(tables[name], name)


def test_growth_adds_papers_and_shows_some_again(grown):
    before, after = grown
    assert [tables["papers"].height for tables in grown] == [N_PAPERS, N_PAPERS + 8]
    assert after["appearances"].height == N_PAPERS + 8 + 4
    for name in ("papers", "appearances", "dumps", "rejects", "id_history"):
        assert after[name][: before[name].height].equals(before[name]), "rows of old content stand where they stood"
    seen_again = after["metrics"].filter(pl.col("n_appearances") == 2)
    assert seen_again.height == 4
    assert set(seen_again["paper_id"]) <= set(before["papers"]["paper_id"])
    added = after["changes"].filter(pl.col("table") == "papers", pl.col("change") == "added")
    assert set(added["key"]) == set(after["papers"]["paper_id"][N_PAPERS:])


def test_the_same_seed_gives_the_same_tables(grown):
    again, other = GrowingTables(seed=4), GrowingTables(seed=5)
    for tables, count in zip(grown, ((N_PAPERS,), (8, 4)), strict=True):
        made = again.grow(*count)
        assert all(made[name].equals(tables[name]) for name in TABLES)
    assert not other.grow(N_PAPERS)["papers"].equals(grown[0]["papers"])


def test_costs_are_of_what_was_published(grown, tmp_path):
    full = publish_tables(grown[0], tmp_path, None)
    assert full.new_bytes == full.n_bytes == sum(path.stat().st_size for path in newest(tmp_path).rglob("*.*"))
    more = publish_tables(grown[1], tmp_path, 1)
    assert 0 < more.new_bytes <= more.n_bytes
    assert full.whole.cpu > full.commit.cpu > 0
    release = open_release(tmp_path)
    assert release.commit.version == 2
    assert all(release.read(name).equals(grown[1][name]) for name in TABLES)
    assert verify_all(tmp_path) == []


def test_disk_space_counts_a_file_of_two_names_once(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 100_000)
    alone = disk_bytes(tmp_path)
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    assert disk_bytes(tmp_path) == alone >= 100_000
    (tmp_path / "c").write_bytes(b"y" * 100_000)
    assert disk_bytes(tmp_path) >= alone + 100_000


def test_shares_are_of_full_releases_of_as_many_papers():
    kept = [GrownRelease(papers, cpu, 1, 1, 1.5) for papers, cpu in ((100, 1.0), (150, 0.6), (300, 0.3))]
    growth = Growth(tuple(kept), last_in_full=3.0)
    assert growth.shares == pytest.approx([0.4, 0.1])
    assert growth.figures == pytest.approx(
        {"mean_share": 0.25, "median_share": 0.25, "largest_share": 0.4, "times_space": 1.5}
    )


@pytest.mark.slow
def test_the_benchmark_runs_without_peers(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(history, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(releases, "N_RELEASES", 2)
    releases.main(["--records", "300", "--grow", "300", "--peers-at-most", "0"])
    [entry] = json.loads((tmp_path / "results" / "releases.json").read_text())
    facts = entry["figures"]
    size = facts["300"]
    assert [row["name"] for row in size["rows"]] == [
        "plain Parquet, all of it",
        "paperlake, full",
        "paperlake, 1 % more",
    ]
    assert size["rows"][0]["times_floor"] == 1
    assert [one["papers"] for one in facts["growth"]["releases"]] == [300, 303, 306]
    assert facts["growth"]["times_space"] == facts["growth"]["releases"][-1]["times_space"] > 1
    assert "space:" in capsys.readouterr().out


def test_a_missing_environment_of_peers_is_told(tmp_path):
    with pytest.raises(SystemExit, match="make bench-releases"):
        releases.main(["--records", "--python", str(tmp_path / "nothing")])


@pytest.mark.slow
def test_a_store_that_grows_takes_little_more_than_its_last_release(tmp_path, monkeypatch):
    """A tenth of the papers of the goal, so parts of an eighth; of the tables alone, since documents would weigh much.

    With parts of 65,536 and 8,192 rows, an eighth of them, it was 2.8 times.
    """
    monkeypatch.setattr(encoding, "PART_SIZES", tuple(size // 8 for size in encoding.PART_SIZES))
    monkeypatch.setattr("paperlake.release.documents.page_text", lambda _: "")
    growth = grow(10_000, 20, 3, tmp_path, publish_tables)
    store = tmp_path / "growing"
    assert table_bytes(store) <= 2.55 * table_bytes(newest(store))
    assert growth.times_space == disk_bytes(store) / disk_bytes(newest(store))
    assert max(growth.shares) < 1
    assert verify_all(store) == []


def table_bytes(folder) -> int:
    return sum({path.stat().st_ino: path.stat().st_size for path in folder.rglob("*.parquet")}.values())
