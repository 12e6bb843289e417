"""Tags: names that never move, on a disk and in a bucket."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from paperlake.errors import SettingsError, StoreError
from paperlake.release.commits import read_commit
from paperlake.release.reading import open_release
from paperlake.release.tags import create_tag, delete_tag, list_tags, read_tag, read_tags
from paperlake.release.tombstones import Tombstone, begin_deletion, unmark
from paperlake.release.verify import verify_all
from tests.life_stores import fill, on_both, replace_alone

pytest_plugins = ("tests.life_fixtures",)


@on_both
def test_a_tag_opens_its_release(store):
    first, second = fill(store, 2)
    tag = create_tag(store, "gold-1.0", first)
    assert (tag.version, tag.release, tag.manifest_sha256) == (1, first.release, first.manifest_sha256)
    assert datetime.fromisoformat(tag.time).tzinfo == UTC
    assert open_release(store, "gold-1.0").version == 1
    assert open_release(store, "2").version == second.version == 2
    assert read_tags(store) == [tag]
    assert verify_all(store) == []


def test_a_tag_never_moves(store):
    first, second = fill(store, 2)
    tag = create_tag(store, "gold", first)
    with pytest.raises(SettingsError, match=r"it is one of release 1, and tags never move(.|\n)*tag 1 gold --delete"):
        create_tag(store, "gold", second)
    assert create_tag(store, "gold", first) == tag, "again is no harm"
    with pytest.raises(SettingsError, match="it is one of release 1"):
        delete_tag(store, "gold", second)
    assert delete_tag(store, "gold", first) == tag
    assert list_tags(store) == []
    assert create_tag(store, "gold", second).version == 2
    with pytest.raises(SettingsError, match="one of gold"):
        delete_tag(store, "silver", second)


def test_names_that_are_none(disk):
    [commit] = fill(disk, 1)
    for name in ("", "13", "latest", "Gold", ".gold", "gold/1", "gold 1", "käse", "a" * 65, "gold\n"):
        with pytest.raises(SettingsError, match="1 to 64 of a-z"):
            create_tag(disk, name, commit)
    assert list_tags(disk) == []


def test_an_unknown_tag_names_those_there_are(store):
    [commit] = fill(store, 1)
    with pytest.raises(StoreError, match="found 'gold'; the tags are none"):
        open_release(store, "gold")
    create_tag(store, "silver", commit)
    with pytest.raises(StoreError, match="found '../x'; the tags are silver"):
        open_release(store, "../x")


def test_a_damaged_tag_is_told(disk):
    [commit] = fill(disk, 1)
    create_tag(disk, "gold", commit)
    for text in (b"", b"[]", b"{}", b'{"version": "1"}'):
        replace_alone(disk, "_tags/gold.json", text)
        with pytest.raises(StoreError, match="_tags/gold.json: expected a tag"):
            read_tag(disk, "gold")
        [damage] = verify_all(disk)
        assert damage.startswith("_tags/gold.json: expected a tag, found")


def test_a_tag_that_says_otherwise_than_the_log_opens_nothing(disk):
    fill(disk, 2)
    create_tag(disk, "gold", read_commit(disk, 1))
    replace_alone(disk, "_tags/gold.json", disk.read("_tags/gold.json").replace(b'"version":1', b'"version":2'))
    with pytest.raises(StoreError, match="_tags/gold.json: expected releases/v000001-.*, found releases/v000002"):
        open_release(disk, "gold")
    assert len(verify_all(disk)) == 1


def test_a_release_whose_data_are_going_gets_no_tag(store):
    first, _ = fill(store, 2)
    begin_deletion(store, Tombstone(1, datetime(2026, 3, 4, tzinfo=UTC), "old"))
    with pytest.raises(StoreError, match="release 1 was pruned on 2026-03-04"):
        create_tag(store, "gold", first)
    assert list_tags(store) == []
    unmark(store, 1)
    assert create_tag(store, "gold", first).version == 1


def test_of_many_who_give_a_tag_one_wins(store):
    commits = fill(store, 2)

    def give(number):
        try:
            return create_tag(store, "gold", commits[number % 2]).version
        except SettingsError:
            return None

    with ThreadPoolExecutor(8) as pool:
        won = {version for version in pool.map(give, range(16)) if version}
    assert won == {read_tag(store, "gold").version}
