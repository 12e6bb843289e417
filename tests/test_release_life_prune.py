"""Prune: what is kept, tombstones before deleting, crashes between any two deletes, on a disk and in a bucket."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from paperlake.errors import StoreError
from paperlake.release import prune as pruning
from paperlake.release.commits import Commit, read_commit
from paperlake.release.lives import read_lives
from paperlake.release.prune import find_kept, prune
from paperlake.release.reading import open_release, versions
from paperlake.release.tags import create_tag, read_tags
from paperlake.release.tombstones import read_deletion, read_marks
from paperlake.release.verify import verify, verify_all
from paperlake.stores import is_remote
from tests.conftest import build_store
from tests.life_stores import date_commit, fill, on_both, replace_alone, snapshot
from tests.release_frames import frame_of, publish_tables, tables_of

pytest_plugins = ("tests.life_fixtures",)

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DAYS = {1: "2026-01-05", 2: "2026-01-20", 3: "2026-02-03", 4: "2026-02-04", 5: "2026-10-01", 6: "2026-10-02"}
GOING = [1, 3, 5]
"""Of six releases with these days, when the last is kept."""


def later(days):
    return NOW + timedelta(days=days)


def prune_to_the_end(store, **changes):
    prune(store, keep=1, apply=True, now=NOW)
    return prune(store, keep=1, apply=True, now=later(8), **changes)


def test_the_last_the_newest_of_each_month_and_the_tagged_are_kept():
    commits = [Commit(v, None, f"{day}T00:00:00+00:00", "", f"releases/{v}", "", "") for v, day in DAYS.items()]
    assert find_kept(commits, {}, 1) == {
        2: "the newest of 2026-01", 4: "the newest of 2026-02", 6: "of the last 1"
    }  # fmt: skip
    assert list(find_kept(commits, {3: "gold"}, 2)) == [2, 3, 4, 5, 6]
    assert list(find_kept(commits, {}, 0)) == [2, 4, 6], "the head always"
    assert list(find_kept(commits, {}, 10)) == list(DAYS)


@on_both
def test_tombstones_come_first_and_data_go_after_the_grace(store):
    fill(store, 6, DAYS)
    before = snapshot(store)
    dry = prune(store, keep=1, now=NOW)
    assert (list(dry.to_mark), dry.to_delete, dry.waiting) == (GOING, (), {})
    assert list(dry.kept) == [2, 4, 6]
    assert dry.frees == 0 < dry.frees_in_all
    assert snapshot(store) == before, "without `apply` nothing changes"
    prune(store, keep=1, apply=True, now=NOW)
    assert list(read_marks(store)) == GOING
    assert open_release(store, 3).papers.collect().height == 6, "readers have the grace"
    waiting = prune(store, keep=1, apply=True, now=later(6.9))
    assert waiting.waiting == dict.fromkeys(GOING, later(7))
    assert open_release(store, 3).version == 3
    bytes_before = bytes_of(store)
    plan = prune(store, keep=1, apply=True, now=later(7))
    assert plan.to_delete == tuple(GOING)
    assert bytes_before - bytes_of(store) == plan.frees > 0
    assert [commit.version for commit in versions(store)] == [1, 2, 3, 4, 5, 6], "commit records stay"
    assert [life.pruned_on for life in read_lives(store).values()] == ["2026-11-08", None] * 3
    for version in GOING:
        with pytest.raises(StoreError, match=f"release {version} was pruned on 2026-11-08; its commit record is kept"):
            open_release(store, version)
        assert verify(store, version) == [], "pruned is not damaged"
    assert verify_all(store) == []
    assert prune(store, keep=1, apply=True, now=later(9)).to_delete == ()


def bytes_of(store):
    """Bytes of all release files; on a disk each inode once."""
    files = store.files("releases").values()
    return sum({file.identity: file.n_bytes for file in files}.values())


def test_shared_parts_are_freed_once_and_only_with_their_last_name(disk):
    fill(disk, 4, {1: "2026-01-01", 2: "2026-01-02", 3: "2026-01-03"})
    alone = sum(file.n_bytes for file in disk.files(read_commit(disk, 1).release).values() if file.n_names == 1)
    shared = sum(file.n_bytes for file in disk.files(read_commit(disk, 1).release).values() if file.n_names > 1)
    assert shared > alone > 0
    assert prune(disk, keep=1, now=NOW).frees_in_all == sum(
        file.n_bytes
        for version in (1, 2)
        for file in disk.files(read_commit(disk, version).release).values()
        if file.n_names == 1
    ), "the parts of tables that did not change live on in release 4"


def test_what_is_tagged_after_its_tombstone_is_kept_and_loses_it(store):
    fill(store, 3, {1: "2026-01-05", 2: "2026-01-06", 3: "2026-01-07"})
    prune(store, keep=1, apply=True, now=NOW)
    create_tag(store, "gold", read_commit(store, 2))
    plan = prune(store, keep=1, apply=True, now=later(8))
    assert (plan.to_unmark, plan.to_delete) == ((2,), (1,))
    assert list(read_marks(store)) == [1]
    assert open_release(store, "gold").version == 2
    assert prune(store, keep=6, apply=True, now=later(9)).to_unmark == (), "those that are gone stay gone"


def test_a_tag_that_comes_while_a_prune_deletes_wins(store, monkeypatch):
    fill(store, 3, {1: "2026-01-05", 2: "2026-01-06"})
    prune(store, keep=1, apply=True, now=NOW)
    asked = count()

    def one_comes(opened):
        if next(asked) == 1:
            create_tag_unseen(opened)
        return read_tags(opened)

    def create_tag_unseen(opened):
        """A tag whose maker looked for the deletion a moment before it was begun."""
        deletion = opened.read("_pruned/000001.json")
        opened.remove("_pruned/000001.json")
        create_tag(opened, "gold", read_commit(opened, 1))
        opened.create("_pruned/000001.json", deletion)

    monkeypatch.setattr(pruning, "read_tags", one_comes)
    prune(store, keep=1, apply=True, now=later(8))
    assert open_release(store, "gold").version == 1
    assert prune(store, keep=1, apply=True, now=later(9)).to_unmark == (1,)
    assert read_deletion(store, 1) is None
    assert verify_all(store) == []


def test_a_crash_between_any_two_deletes_is_finished_by_the_next_prune(store, monkeypatch):
    fill(store, 3, {1: "2026-01-05", 2: "2026-01-06", 3: "2026-01-07"})
    prune(store, keep=1, apply=True, now=NOW)
    for n_deletes in range(100):
        with monkeypatch.context() as patch:
            left = iter(range(n_deletes))
            break_deletes(store, patch, left)
            try:
                prune(store, keep=1, apply=True, now=later(8))
            except KeyboardInterrupt:
                crashed = True
            else:
                crashed = False
        assert verify_all(store) == [], n_deletes
        assert open_release(store).version == 3
        if not crashed:
            break
    assert n_deletes > 2, "each try gets a step further than the one before"
    assert {name[:7] for name in store.files("releases")} == {"v000003"}
    assert [read_deletion(store, version) is None for version in (1, 2, 3)] == [False, False, True]


def break_deletes(store, patch, left):
    """Every deletion of a file or folder but the first ones is as if the machine had stopped before it."""
    if is_remote(store.location):
        from paperlake.stores import s3

        delete = s3.obstore.delete
        patch.setattr(s3.obstore, "delete", lambda *args: delete(*args) if next(left, None) is not None else stop())
    else:
        from paperlake.stores import files

        discard = files.discard
        patch.setattr(files, "discard", lambda *args: discard(*args) if next(left, None) is not None else stop())


def stop():
    raise KeyboardInterrupt


def test_publishing_goes_on_after_a_prune(store):
    fill(store, 3, {1: "2026-01-05", 2: "2026-01-06", 3: "2026-01-07"})
    prune_to_the_end(store)
    published = publish_tables(store, tables_of(3, papers=frame_of("papers", 9)))
    assert published.version == 4
    assert verify_all(store) == []
    store.remove(published.release)
    assert publish_tables(store, tables_of(4)).version == 5, "on a parent without data, too"


def test_a_build_goes_on_after_a_prune(tmp_path, samples):
    raw = tmp_path / "raw"
    raw.mkdir()
    for number, name in enumerate(sorted(path.name for path in samples.glob("*.txt"))[:3], start=1):
        (raw / name).write_bytes((samples / name).read_bytes())
        assert build_store(raw, tmp_path / "store", ("reject_share",)).version == number or number == 3
        prune(tmp_path / "store", keep=1, grace=timedelta(), apply=True)
    assert len(versions(tmp_path / "store")) > 1
    assert len(list((tmp_path / "store" / "releases").iterdir())) == 1
    assert verify_all(tmp_path / "store") == []
    assert not build_store(raw, tmp_path / "store", ("reject_share",)).is_new


def test_damaged_tombstones_and_lost_records_delete_nothing(disk):
    fill(disk, 6, DAYS)
    prune(disk, keep=1, apply=True, now=NOW)
    replace_alone(disk, "_tombstones/000003.json", b"{}")
    with pytest.raises(StoreError, match="_tombstones/000003.json: expected a tombstone"):
        prune(disk, keep=1, apply=True, now=later(8))
    disk.remove("_tombstones/000003.json")
    disk.remove("_log/000006.json")
    with pytest.raises(StoreError, match="expected a record of release 6"):
        prune(disk, keep=1, apply=True, now=later(8))
    assert len(disk.names("releases")) == 6


def test_no_grace_deletes_at_once(disk):
    fill(disk, 3, {1: "2026-01-05", 2: "2026-01-06", 3: "2026-01-07"})
    date_commit(disk, 3, "2026-01-08")
    plan = prune(disk, keep=1, grace=timedelta(), apply=True, now=NOW)
    assert (plan.to_mark, plan.to_delete) == ({}, (1, 2))
    assert len(disk.names("releases")) == 1
