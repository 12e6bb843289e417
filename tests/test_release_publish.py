import json
import signal
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pyarrow.parquet as pq
import pytest

from paperlake.errors import ContractError, ReleaseConflictError, StoreError
from paperlake.release import encoding, staging
from paperlake.release.file_damages import find_damages
from paperlake.release.fingerprint import fingerprint_values
from paperlake.release.pointers import heal
from paperlake.release.reading import open_release, versions
from paperlake.release.verify import verify
from paperlake.schemas import TABLES
from paperlake.stores import files as storage
from paperlake.stores import local
from tests.release_faults import after_tables, kill_before_step, run
from tests.release_frames import DOCUMENTS, frame_of, publish_tables, tables_of

RELEASE_FILES = {"manifest.json", *DOCUMENTS, *(f"{name}/part-00000.parquet" for name in TABLES)}


def pointer_of(store):
    return json.loads((store / "latest.json").read_bytes())


def inodes(release):
    return {path: (release.path / path).stat().st_ino for path in storage.list_files(release.path)}


def test_a_release_is_exactly_these_files(tmp_path):
    published = publish_tables(tmp_path, tables_of())
    assert published.release == f"releases/v000001-{published.manifest_sha256[:12]}"
    assert storage.list_files(tmp_path) == {
        ".lock", "_log/000001.json", "latest", "latest.json", *(f"{published.release}/{name}" for name in RELEASE_FILES)
    }  # fmt: skip
    assert (tmp_path / "latest").readlink().as_posix() == published.release
    assert pointer_of(tmp_path) == {
        "version": 1,
        "release": published.release,
        "fingerprint": published.fingerprint,
        "manifest_sha256": published.manifest_sha256,
    }
    assert verify(tmp_path) == []


def test_the_commit_record_holds_what_is_not_content(tmp_path):
    publish_tables(tmp_path, tables_of())
    publish_tables(tmp_path, tables_of(6))
    first, second = versions(tmp_path)
    assert (first.version, first.parent, second.version, second.parent) == (1, None, 2, 1)
    told = {"counts": dict.fromkeys(TABLES, 6), "quality": {}, "accepted": []}
    assert second.facts == {"run_id": "run-1", "operation": "build", "figures": told}
    assert second.time.endswith("+00:00")
    assert first.nonce != second.nonce
    assert versions(tmp_path / "nowhere") == []


def test_the_manifest_describes_every_table(tmp_path):
    publish_tables(tmp_path, tables_of(5), facts={"limits": ["a"]})
    manifest = open_release(tmp_path).manifest
    assert set(manifest) == {"format_version", "contract", "fingerprint", "tables", "documents", "facts"}
    assert manifest["facts"] == {"limits": ["a"]}
    links = manifest["tables"]["links"]
    assert (links["n_rows"], links["key"], links["schema"]["repairs"]) == (5, ["paper_id", "url"], "list<string>")
    assert set(links["schema"]) == set(TABLES["links"].polars_schema)
    assert [set(part) for part in links["parts"]] == [{"path", "n_rows", "n_bytes", "sha256", "fingerprint"}]
    assert manifest["contract"]["sha256"] == manifest["documents"]["contract.yaml"]["sha256"]


def test_the_same_content_is_not_published_twice(tmp_path):
    first = publish_tables(tmp_path, tables_of())
    files = storage.list_files(tmp_path)
    steps = []
    others = tables_of(changes=frame_of("changes", 2), id_history=frame_of("id_history", 2))
    again = publish_tables(tmp_path, others, parent=None, documents={}, fault=steps.append)
    assert (again.is_new, again.version, again.fingerprint) == (False, 1, first.fingerprint)
    assert storage.list_files(tmp_path) == files
    assert steps == ["sweep"]


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table.is_content])
def test_any_content_makes_a_release(tmp_path, name):
    publish_tables(tmp_path, tables_of())
    assert publish_tables(tmp_path, tables_of(**{name: frame_of(name, 6)})).is_new


def test_old_content_can_be_published_again(tmp_path):
    first, _, third = (publish_tables(tmp_path, tables_of(n)) for n in (5, 6, 5))
    assert (third.version, third.fingerprint) == (3, first.fingerprint)
    assert third.manifest_sha256 == first.manifest_sha256


def test_two_stores_hold_the_same_bytes(tmp_path):
    chunked = {name: pl.concat([frame[:2], frame[2:]], rechunk=False) for name, frame in tables_of(9).items()}
    one = publish_tables(tmp_path / "one", tables_of(9), commit={"run_id": "a"})
    two = publish_tables(tmp_path / "two", chunked, commit={"run_id": "b"})
    assert one == two
    for path in storage.list_files(tmp_path / "one" / one.release):
        assert (tmp_path / "one" / one.release / path).read_bytes() == (
            tmp_path / "two" / two.release / path
        ).read_bytes()


def test_unchanged_parts_are_the_same_files(tmp_path):
    publish_tables(tmp_path, tables_of(5))
    before = inodes(open_release(tmp_path))
    publish_tables(tmp_path, tables_of(5, papers=frame_of("papers", 6)))
    after = inodes(open_release(tmp_path))
    assert {path for path in after if path.endswith("parquet") and after[path] != before[path]} == {
        "papers/part-00000.parquet"
    }
    assert verify(tmp_path) == verify(tmp_path, 1) == []


def test_closed_parts_of_a_growing_table_are_kept(tmp_path):
    texts = pl.DataFrame({"reject_id": pl.int_range(16_384 + 4_096 + 1_024 + 9, eager=True).cast(pl.String)})
    empty = frame_of("rejects", 0)
    rejects = pl.concat([empty, texts], how="diagonal").select(empty.columns)
    publish_tables(tmp_path, tables_of(rejects=rejects[:-6]))
    before = open_release(tmp_path)
    publish_tables(tmp_path, tables_of(rejects=rejects))
    after = open_release(tmp_path)
    assert [part["n_rows"] for part in after.manifest["tables"]["rejects"]["parts"]] == [16_384, 4_096, 1_024, 9]
    kept = dict(set(inodes(before).items()) & set(inodes(after).items()))
    assert {path for path in kept if path.startswith("rejects/")} == {f"rejects/part-0000{i}.parquet" for i in range(3)}
    assert after.rejects.collect().equals(rejects)


def test_the_manifest_tells_the_values_of_every_file(tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "PART_SIZES", (16, 4))
    publish_tables(tmp_path, tables_of(27))
    release = open_release(tmp_path)
    for name, table in release.manifest["tables"].items():
        assert len(table["parts"]) == (2 if encoding.part_sizes(name) == (16,) else 4)
        for part in table["parts"]:
            assert fingerprint_values(pq.read_table(release.path / part["path"])) == part["fingerprint"]


def test_parts_of_another_format_are_written_again(tmp_path, monkeypatch):
    publish_tables(tmp_path, tables_of(5))
    before = inodes(open_release(tmp_path))
    monkeypatch.setattr(staging, "FORMAT_VERSION", 99)
    publish_tables(tmp_path, tables_of(5, papers=frame_of("papers", 6)))
    after = inodes(open_release(tmp_path))
    assert not {path for path in after if path.endswith("parquet") and after[path] == before[path]}


def test_a_damaged_part_is_not_passed_on(tmp_path):
    publish_tables(tmp_path, tables_of())
    part = open_release(tmp_path).path / "links" / "part-00000.parquet"
    part.chmod(0o644)
    part.write_bytes(part.read_bytes()[:-1] + b"X")
    publish_tables(tmp_path, tables_of(papers=frame_of("papers", 6)))
    assert verify(tmp_path) == []
    assert open_release(tmp_path).links.collect().equals(frame_of("links", 5))


def test_a_release_can_be_built_on_one_whose_folder_is_lost(tmp_path):
    first = publish_tables(tmp_path, tables_of())
    storage.discard(tmp_path, tmp_path / first.release)
    publish_tables(tmp_path, tables_of(6))
    assert verify(tmp_path) == []


def test_where_links_are_refused_parts_are_written(tmp_path, monkeypatch):
    publish_tables(tmp_path, tables_of())
    monkeypatch.setattr(storage, "link_file", lambda *_: False)
    publish_tables(tmp_path, tables_of(papers=frame_of("papers", 6)))
    assert verify(tmp_path) == []


@pytest.mark.parametrize("parent", [None, 1, 3])
def test_a_publisher_that_built_on_another_version_is_refused(tmp_path, parent):
    publish_tables(tmp_path, tables_of(5))
    publish_tables(tmp_path, tables_of(6))
    files = storage.list_files(tmp_path)
    with pytest.raises(ReleaseConflictError):
        publish_tables(tmp_path, tables_of(7), parent=parent)
    assert storage.list_files(tmp_path) == files


def test_the_commit_decides_when_there_is_no_lock(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "_LOCK_SECONDS", 0)
    publish_tables(tmp_path, tables_of(5))

    def another_is_faster(step):
        if step == "commit":
            publish_tables(tmp_path, tables_of(6))

    with pytest.raises(ReleaseConflictError) as caught:
        publish_tables(tmp_path, tables_of(7), fault=another_is_faster)
    assert caught.value.version == 2
    assert verify(tmp_path) == []
    assert [path.name for path in sorted((tmp_path / "releases").iterdir())] == [
        commit.release.removeprefix("releases/") for commit in versions(tmp_path)
    ]
    assert not list(tmp_path.glob(".staging*"))


def test_two_publishers_of_one_content_do_not_delete_each_other(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "_LOCK_SECONDS", 0)
    with pytest.raises(ReleaseConflictError):
        publish_tables(
            tmp_path, tables_of(), fault=lambda step: step == "commit" and publish_tables(tmp_path, tables_of())
        )
    assert verify(tmp_path) == []
    assert not publish_tables(tmp_path, tables_of()).is_new


def test_a_swept_publisher_gives_way(tmp_path):
    with pytest.raises(ReleaseConflictError):
        publish_tables(tmp_path, tables_of(), fault=lambda step: step == "move in" and storage.sweep_staging(tmp_path))
    assert versions(tmp_path) == []
    assert publish_tables(tmp_path, tables_of()).version == 1


def test_a_damaged_orphan_in_the_way_is_named(tmp_path):
    class CrashError(Exception):
        pass

    def crash(step):
        if step == "commit":
            raise CrashError

    with pytest.raises(CrashError):
        publish_tables(tmp_path, tables_of(), fault=crash)
    [orphan] = (tmp_path / "releases").iterdir()
    (orphan / "stray").touch()
    with pytest.raises(StoreError, match="stray: not in the manifest"):
        publish_tables(tmp_path, tables_of())
    assert publish_tables(tmp_path, tables_of(6)).version == 1
    assert not orphan.exists()


def test_wrong_tables_and_columns_are_refused(tmp_path):
    without = {name: frame for name, frame in tables_of().items() if name != "links"}
    with pytest.raises(ContractError, match="expected tables"):
        publish_tables(tmp_path / "store", without)
    papers = frame_of("papers", 1)
    for wrong in (papers.drop("title"), papers.select(reversed(papers.columns)), papers.cast({"n_authors": pl.Int64})):
        with pytest.raises(ContractError, match="expected columns"):
            publish_tables(tmp_path / "store", tables_of(papers=wrong))
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("content", [None, "", "junk", "[]", "{}", '{"version": 1}', '{"version": "2"}'])
def test_a_lost_or_broken_pointer_is_healed(tmp_path, content):
    publish_tables(tmp_path, tables_of(5))
    published = publish_tables(tmp_path, tables_of(6))
    for name in ("latest.json", "latest"):
        (tmp_path / name).unlink()
        if content is not None:
            (tmp_path / name).write_text(content)
    assert len(verify(tmp_path)) == 2
    heal(tmp_path)
    assert verify(tmp_path) == []
    assert pointer_of(tmp_path)["version"] == published.version


def test_a_publisher_with_nothing_new_heals_too(tmp_path):
    publish_tables(tmp_path, tables_of(5))
    (tmp_path / "latest.json").unlink()
    publish_tables(tmp_path, tables_of(5))
    assert verify(tmp_path) == []


def test_a_lost_log_is_told_and_nothing_is_buried(tmp_path):
    for n in (5, 6):
        published = publish_tables(tmp_path, tables_of(n))
    (tmp_path / "_log" / "000002.json").rename(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="expected a record of release 2, which latest.json names, found 1"):
        heal(tmp_path)
    with pytest.raises(StoreError, match="Bring `_log` back"):
        publish_tables(tmp_path, tables_of(7))
    assert pointer_of(tmp_path)["version"] == 2
    assert (tmp_path / published.release / "manifest.json").exists()
    (tmp_path / "elsewhere").rename(tmp_path / "_log" / "000002.json")
    assert verify(tmp_path) == []


def test_a_folder_in_place_of_the_symlink_is_told(tmp_path):
    publish_tables(tmp_path, tables_of(5))
    (tmp_path / "latest").unlink()
    (tmp_path / "latest").mkdir()
    with pytest.raises(StoreError, match="latest: expected a symlink, found a folder"):
        publish_tables(tmp_path, tables_of(6))


def test_a_publisher_overtaken_at_its_pointers_ends_at_the_head(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "_LOCK_SECONDS", 0)
    overtaken = []

    def overtake(step):
        if step == "latest.json" and not overtaken:
            overtaken.append(publish_tables(tmp_path, tables_of(6)))

    publish_tables(tmp_path, tables_of(5), fault=overtake)
    assert pointer_of(tmp_path)["version"] == 2
    assert verify(tmp_path) == []


def steps_of(tmp_path):
    """Every step of a second release that changes one table, from a store with one."""
    steps = []
    publish_tables(tmp_path / "steps", tables_of(3))
    publish_tables(tmp_path / "steps", after_tables(), fault=steps.append)
    return steps


def test_steps_have_names(tmp_path):
    assert steps_of(tmp_path) == [
        *("sweep", "stage"),
        *(f"write {name}/part-00000.parquet" for name in TABLES),
        *(f"write {name}" for name in (*DOCUMENTS, "manifest.json")),
        *("move in", "commit", "latest.json", "latest", "clean", "done"),
    ]


@pytest.mark.slow
def test_a_kill_at_any_step_leaves_whole_releases(tmp_path):
    for number, step in enumerate(steps_of(tmp_path)):
        store = tmp_path / f"store-{number}"
        publish_tables(store, tables_of(3))
        assert run(kill_before_step, store, step, after_tables()) == -signal.SIGKILL, step
        committed = step in ("latest.json", "latest", "clean", "done")
        release = open_release(store)
        assert release.version == (2 if committed else 1), step
        assert (
            find_damages(release.store, release.key) == find_damages(release.store, pointer_of(store)["release"]) == []
        ), step
        assert release.papers.collect().equals(frame_of("papers", 4 if committed else 3)), step
        healed = publish_tables(store, after_tables())
        assert (healed.version, healed.is_new) == (2, not committed), step
        assert verify(store) == verify(store, 1) == [], step
        assert publish_tables(store, tables_of(5)).version == 3
        folders = {f"releases/{path.name}" for path in (store / "releases").iterdir()}
        assert folders == {commit.release for commit in versions(store)}, step
        assert not list(store.glob(".staging*")), step


@pytest.mark.slow
@pytest.mark.parametrize(("step", "committed"), [("move in", False), ("commit", False), ("latest.json", True)])
def test_a_kill_in_the_first_release_leaves_none_or_a_whole_one(tmp_path, step, committed):
    assert run(kill_before_step, tmp_path, step, after_tables()) == -signal.SIGKILL
    assert len(versions(tmp_path)) == committed
    assert publish_tables(tmp_path, after_tables()).is_new != committed
    assert verify(tmp_path) == []
    assert len(list((tmp_path / "releases").iterdir())) == 1


def test_threads_compete_too(tmp_path):
    def land(seed):
        while True:
            try:
                return publish_tables(tmp_path, tables_of(1, seed=seed)).version
            except ReleaseConflictError:
                continue

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(land, range(4))) == [1, 2, 3, 4]
    assert verify(tmp_path) == []
