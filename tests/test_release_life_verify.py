"""Verify: whatever happens to one file, that file is named and no other, on a disk and in a bucket."""

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from paperlake.release.tags import create_tag
from paperlake.release.verify import verify, verify_all
from paperlake.stores import is_remote
from paperlake.stores.local import LocalStore
from tests.life_stores import fill, flip, on_both, replace_alone, snapshot, spoil

pytest_plugins = ("tests.life_fixtures",)

NAME = "manifest.json"


def names_of(store, key):
    """Every key of a store that is the same file."""
    files = store.files("releases")
    identity = files[key.removeprefix("releases/")].identity
    return {f"releases/{name}" for name, file in files.items() if file.identity == identity}


def flip_everywhere(store, key, dice):
    data = store.read(key)
    damaged = names_of(store, key)
    spoil(store, key, flip(data, dice.randrange(len(data))))
    return damaged


def flip_alone(store, key, dice):
    data = store.read(key)
    replace_alone(store, key, flip(data, dice.randrange(len(data))))
    return {key}


def truncate(store, key, dice):
    data, damaged = store.read(key), names_of(store, key)
    spoil(store, key, data[: dice.randrange(len(data))])
    return damaged


def lengthen(store, key, dice):
    replace_alone(store, key, store.read(key) + b"\0")
    return {key}


def delete(store, key, dice):
    store.remove(key)
    return {key}


def add(store, key, dice):
    added = f"{key}.{dice.randrange(1000)}"
    store.create(added, b"socks")
    return {added}


def rename(store, key, dice):
    data, renamed = store.read(key), f"{key}.bak"
    store.remove(key)
    store.create(renamed, data)
    return {key} if key.endswith(NAME) else {key, renamed}


def exchange(store, key, dice):
    """The bytes of another file."""
    others = [other for other in release_keys(store) if store.read(other) != store.read(key)]
    replace_alone(store, key, store.read(dice.choice(others)))
    return {key}


def open_to_all(store, key, dice):
    if is_remote(store.location):
        return set()
    damaged = names_of(store, key)
    Path(store.url(key)).chmod(dice.choice([0o644, 0o666, 0o440]))
    return damaged


def release_keys(store):
    return [f"releases/{name}" for name in store.files("releases")]


ACTS = (flip_everywhere, flip_alone, truncate, lengthen, delete, add, rename, exchange, open_to_all)


def heal(store, before, damaged):
    """The files as they were; on a disk with their hard links."""
    now = store.files("releases")
    for name in now.keys() - before:
        store.remove(f"releases/{name}")
    for name in (key.removeprefix("releases/") for key in sorted(damaged)):
        if name not in before:
            continue
        data, file = before[name]
        twins = [other for other in before if other != name and before[other][1].identity == file.identity]
        if name in now and now[name].identity == file.identity:
            spoil(store, f"releases/{name}", data)
        elif twins:
            store.restore(f"releases/{twins[0]}", f"releases/{name}")
        else:
            replace_alone(store, f"releases/{name}", data)
        store.seal(f"releases/{name}")


def harm_and_verify(store, dice, n_rounds):
    for number in range(n_rounds):
        files = store.files("releases")
        if number == 0 or not is_remote(store.location):
            before = {name: (store.read(f"releases/{name}"), file) for name, file in files.items()}
        act, key = ACTS[number % len(ACTS)], dice.choice([f"releases/{name}" for name in files])
        damaged = act(store, key, dice)
        told = verify_all(store)
        assert {damage.partition(": ")[0] for damage in told} == damaged, (act.__name__, key, told)
        assert len(told) == len(damaged)
        heal(store, before, damaged)
    assert verify_all(store) == []


@on_both
def test_whatever_happens_to_a_file_it_is_named_and_no_other(store):
    fill(store, 2)
    dice = random.Random(os.environ.get("PAPERLAKE_SEED", "socks"))
    harm_and_verify(store, dice, len(ACTS) if is_remote(store.location) else 5 * len(ACTS))


@pytest.mark.slow
def test_whatever_happens_to_a_file_of_many_releases(disk):
    fill(disk, 6)
    harm_and_verify(disk, random.Random(7), 6 * len(ACTS))


def test_a_file_that_releases_share_is_read_once(disk, monkeypatch):
    fill(disk, 5)
    read = Counter()
    hash_file = LocalStore.hash
    monkeypatch.setattr(LocalStore, "hash", lambda self, key: read.update([key]) or hash_file(self, key))
    assert verify_all(disk) == []
    files = disk.files("releases").values()
    assert sum(read.values()) == len({file.identity for file in files}) - 5, "all but the manifests"
    assert sum(file.n_bytes for file in files) > 2 * sum({file.identity: file.n_bytes for file in files}.values())


def test_the_way_to_the_releases_is_walked(store):
    first, _, third = fill(store, 3)
    create_tag(store, "gold", first)
    assert verify_all(store) == []
    store.remove("_log/000002.json")
    store.replace("latest.json", b"{}")
    replace_alone(store, "_tags/gold.json", store.read("_tags/gold.json").replace(b"v000001", b"v000009"))
    assert [damage.partition(": ")[0] for damage in verify_all(store)] == [
        "_log/000002.json", "latest.json", "_tags/gold.json"
    ]  # fmt: skip
    replace_alone(store, "_log/000003.json", b"junk")
    assert [damage.partition(": ")[0] for damage in verify_all(store)][:2] == ["_log/000002.json", "_log/000003.json"]
    assert third.version == 3


def test_a_record_that_says_otherwise_than_its_manifest(store):
    fill(store, 2)
    data = store.read("_log/000001.json")
    replace_alone(store, "_log/000001.json", data.replace(b'"fingerprint":"', b'"fingerprint":"0'))
    [damage] = verify_all(store)
    assert "manifest.json: its parts give fingerprint" in damage
    assert len(verify(store, 1)) == 1
    assert verify(store, 2) == []


def test_a_file_that_cannot_be_read_is_told(disk, monkeypatch):
    commit, *_ = fill(disk, 1)
    hash_file = LocalStore.hash

    def fail(self, key):
        if key.endswith("README.md"):
            raise OSError(5, "Input/output error")
        return hash_file(self, key)

    monkeypatch.setattr(LocalStore, "hash", fail)
    [damage] = verify_all(disk)
    assert damage.startswith(f"{commit.release}/README.md: expected sha256")
    assert damage.endswith("found nothing that can be read (Input/output error)")


def test_verifying_changes_nothing(store):
    fill(store, 2)
    before = snapshot(store)
    assert verify_all(store) == verify(store) == verify(store, "1") == []
    assert snapshot(store) == before


def test_a_store_without_releases(store):
    assert verify_all(store) == ["holds no release"]
