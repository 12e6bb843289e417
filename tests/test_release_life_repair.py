"""Repair: what can be mended is, what cannot is told, and no committed release is ever lost."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from paperlake.errors import StoreError
from paperlake.release.commits import read_commit
from paperlake.release.pointers import read_pointer
from paperlake.release.reading import open_release, versions
from paperlake.release.repair import repair
from paperlake.release.tombstones import Tombstone, begin_deletion
from paperlake.release.verify import verify_all
from paperlake.stores import files, is_remote
from tests.life_stores import fill, flip, on_both, replace_alone, snapshot, spoil
from tests.release_frames import frame_of, publish_tables, tables_of

pytest_plugins = ("tests.life_fixtures",)

LINKS, PAPERS = "links/part-00000.parquet", "papers/part-00000.parquet"


def states(repairs):
    return {one.found.partition(": ")[0]: one.state for one in repairs}


def mend(store):
    """What a dry run finds; it changes nothing, and after `apply` nothing is left that can be repaired."""
    before = snapshot(store)
    dry = repair(store)
    assert snapshot(store) == before
    done = repair(store, apply=True)
    assert [one.state for one in done] == [one.state.replace("repairable", "repaired") for one in dry]
    assert [one.found for one in done] == [one.found for one in dry]
    assert "repairable" not in states(repair(store)).values()
    return states(done)


def age(store, key, seconds):
    """A file or folder of a disk as if it had been written earlier."""
    path = Path(store.url(key))
    for one in (path, *path.rglob("*")):
        os.utime(one, times=(time.time() - seconds,) * 2, follow_symlinks=False)


def test_pointers_lead_to_the_head_again(store):
    fill(store, 2)
    for content in (None, b"junk", b'{"version": 1}'):
        store.remove("latest.json")
        if content:
            store.create("latest.json", content)
        assert states(repair(store, apply=True)) == {"latest.json": "repaired"}
        assert read_pointer(store)["version"] == 2


def test_the_symlink_leads_to_the_head_again(disk):
    first, second = fill(disk, 2)
    disk.replace_link(first.release)
    assert mend(disk) == {"latest": "repaired"}
    assert disk.read_link() == second.release
    files.discard(disk.root, disk.root / "latest")
    (disk.root / "latest").mkdir()
    [one] = repair(disk, apply=True)
    assert one.state == "beyond repair"
    assert "Move" in one.remedy


def test_a_pointer_ahead_of_the_log_means_lost_records(store):
    fill(store, 3)
    store.remove("_log/000003.json")
    found = mend(store)
    assert found == {"_log": "beyond repair"}
    assert len(store.names("releases")) == 3, "its release stays"
    store.remove("latest.json")
    if not is_remote(store.location):
        files.discard(store.root, store.root / "latest")
        age(store, "releases", 2 * 24 * 3600)
    mend(store)
    assert read_commit(store, 2).release.removeprefix("releases/") in store.names("releases")


def test_lost_and_broken_records_are_beyond_repair_and_their_releases_stay(disk):
    fill(disk, 4)
    assert mend(disk) == {}
    disk.remove("_log/000002.json")
    replace_alone(disk, "_log/000003.json", b"junk")
    assert mend(disk) == {"_log/000002.json": "beyond repair", "_log/000003.json": "beyond repair"}
    assert len(disk.names("releases")) == 4


def orphan(store, version, number=0):
    """A folder as a publisher leaves it that died, or was overtaken, before its commit."""
    release = f"releases/v{version:06d}-{number:012x}"
    store.create(f"{release}/manifest.json", b"{}")
    return release


def test_folders_that_nobody_can_commit_go(store):
    fill(store, 2)
    old, of_another = orphan(store, 1), orphan(store, 2)
    beyond = orphan(store, 3)
    store.create("releases/notes/todo", b"buy socks")
    assert mend(store) == {old: "repaired", of_another: "repaired", "releases/notes": "beyond repair"}
    assert beyond.removeprefix("releases/") in store.names("releases"), "a publisher may be about to commit it"
    assert [open_release(store, version).version for version in (1, 2)] == [1, 2]


def test_an_old_folder_beyond_the_head_goes(disk):
    fill(disk, 2)
    beyond = orphan(disk, 3)
    age(disk, beyond, 2 * 24 * 3600)
    assert mend(disk) == {beyond: "repaired"}


def test_leftovers_go_when_nobody_publishes_or_after_a_day(disk):
    fill(disk, 1)
    young, old = files.scratch_path(disk.root).name, files.scratch_path(disk.root).name
    for name in (young, old):
        (disk.root / name / "papers").mkdir(parents=True)
    age(disk, old, 2 * 24 * 3600)
    with disk.turn():
        assert states(repair(disk, apply=True)) == {old: "repaired"}
    assert mend(disk) == {young: "repaired"}
    assert disk.leftovers() == {}


@pytest.mark.slow
@pytest.mark.parametrize("store", ["bucket"], indirect=True)
def test_old_probes_of_a_bucket_go(store, monkeypatch):
    fill(store, 1)
    store.create("_log/.probe-1", b"")
    assert mend(store) == {}, "a publisher may be probing"
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 2 * 24 * 3600)
    assert mend(store) == {"_log/.probe-1": "repaired"}
    assert [commit.version for commit in versions(store)] == [1]


def test_a_half_deleted_release_is_deleted(store):
    first, *_ = fill(store, 2)
    begin_deletion(store, Tombstone(1, datetime(2026, 3, 4, tzinfo=UTC), "old"))
    store.remove(f"{first.release}/manifest.json")
    assert mend(store) == {first.release: "repaired"}
    assert store.files(first.release) == {}
    assert verify_all(store) == []


@on_both
def test_damaged_parts_are_brought_back_from_another_release(store):
    first, second = fill(store, 2)
    names = ("links", "metrics", "dumps")
    keys = [f"{first.release}/{name}/part-00000.parquet" for name in names]
    before = [store.read(key) for key in keys]
    replace_alone(store, keys[0], flip(before[0], 50))
    replace_alone(store, keys[1], before[1][:50])
    store.remove(f"{first.release}/dumps")
    assert mend(store) == dict.fromkeys(keys, "repaired")
    assert [store.read(key) for key in keys] == before
    assert [store.read(f"{second.release}/{name}/part-00000.parquet") for name in names] == before
    assert verify_all(store) == []
    assert open_release(store, 1).links.collect().equals(frame_of("links", 3))


def test_what_no_other_file_holds_is_beyond_repair(disk):
    first, *_ = fill(disk, 2)
    key = f"{first.release}/{PAPERS}"
    replace_alone(disk, key, flip(disk.read(key), 50))
    assert mend(disk) == {key: "beyond repair"}
    [damage] = verify_all(disk)
    assert damage.startswith(key)


def test_hard_links_share_their_damage(disk):
    first, second, third = fill(disk, 3)
    data = disk.read(f"{first.release}/{LINKS}")
    disk.remove(f"{third.release}/{LINKS}")
    disk.create(f"{third.release}/{LINKS}", data)  # the same bytes, another inode
    spoil(disk, f"{first.release}/{LINKS}", flip(data, 50))
    assert mend(disk) == {f"{one.release}/{LINKS}": "repaired" for one in (first, second)}
    assert verify_all(disk) == []
    for one in (first, second, third):
        assert disk.read(f"{one.release}/{LINKS}") == data
    spoil(disk, f"{first.release}/{LINKS}", flip(data, 50))
    assert set(mend(disk).values()) == {"beyond repair"}


def test_a_file_under_another_name_is_brought_back_and_the_other_told(store):
    first, *_ = fill(store, 1)
    key = f"{first.release}/{PAPERS}"
    data = store.read(key)
    store.remove(key)
    store.create(f"{key}.bak", data)
    assert mend(store) == {key: "repaired", f"{key}.bak": "beyond repair"}
    assert store.read(key) == store.read(f"{key}.bak") == data
    assert verify_all(store) == [f"{key}.bak: not in the manifest"]


def test_a_manifest_is_brought_back_and_then_the_files_it_names(store):
    for number in (3, 4, 3):
        publish_tables(store, tables_of(number))
    first, _, third = versions(store)
    assert first.manifest_sha256 == third.manifest_sha256
    store.remove(f"{first.release}/manifest.json")
    store.remove(f"{first.release}/{LINKS}")
    found = repair(store, apply=True)
    assert states(found) == {f"{first.release}/manifest.json": "repaired", f"{first.release}/{LINKS}": "repaired"}
    assert verify_all(store) == []
    store.remove(f"{versions(store)[1].release}/manifest.json")
    assert set(mend(store).values()) == {"beyond repair"}


def test_modes_are_set_again(disk):
    first, *_ = fill(disk, 1)
    keys = [f"{first.release}/{PAPERS}", f"{first.release}/manifest.json", "_log/000001.json"]
    for key in keys:
        Path(disk.url(key)).chmod(0o644)
    assert {damage.partition(": ")[0] for damage in verify_all(disk)} == set(keys)
    assert mend(disk) == dict.fromkeys(keys, "repaired")
    assert verify_all(disk) == []


def test_where_links_are_refused_files_are_copied(disk, monkeypatch):
    first, *_ = fill(disk, 2)
    disk.remove(f"{first.release}/{LINKS}")
    monkeypatch.setattr(files, "link_file", lambda *_: False)
    assert mend(disk) == {f"{first.release}/{LINKS}": "repaired"}
    assert verify_all(disk) == []


def test_a_damaged_tag_is_told(disk):
    fill(disk, 1)
    disk.create("_tags/gold.json", b"junk")
    assert mend(disk) == {"_tags/gold.json": "beyond repair"}


def test_a_store_without_releases(store):
    with pytest.raises(StoreError, match="holds no release"):
        repair(store)
