import json

import pytest

from paperlake.release.reading import open_release
from paperlake.release.verify import verify
from paperlake.stores import files as storage
from tests.release_frames import publish_tables, tables_of

PART = "papers/part-00000.parquet"


@pytest.fixture
def release(tmp_path):
    publish_tables(tmp_path, tables_of(5))
    publish_tables(tmp_path, tables_of(6))
    assert verify(tmp_path) == verify(tmp_path, 1) == []
    return open_release(tmp_path)


def rewrite(path, data):
    path.unlink(missing_ok=True)
    storage.write_sealed(path, data)


def flip(data, where):
    return data[:where] + bytes([data[where] ^ 1]) + data[where + 1 :]


@pytest.mark.parametrize("where", [0, 100, -1])
def test_a_flipped_bit(release, tmp_path, where):
    path = release.path / PART
    data = path.read_bytes()
    rewrite(path, flip(data, where % len(data)))
    [damage] = verify(tmp_path)
    assert damage.startswith(f"{PART}: expected sha256")
    assert verify(tmp_path, 1) == []


def test_a_truncated_file(release, tmp_path):
    path = release.path / PART
    rewrite(path, path.read_bytes()[:-9])
    [damage] = verify(tmp_path)
    assert damage.startswith(f"{PART}: expected ")
    assert "bytes, found" in damage


def test_missing_and_extra_files(release, tmp_path):
    (release.path / PART).rename(release.path / "papers" / "part-00001.parquet")
    (release.path / "README.md").unlink()
    assert verify(tmp_path) == [
        "README.md: missing", f"{PART}: missing", "papers/part-00001.parquet: not in the manifest"
    ]  # fmt: skip


def test_a_changed_document(release, tmp_path):
    rewrite(release.path / "README.md", b"Sacks.\n")
    [damage] = verify(tmp_path)
    assert damage.startswith("README.md: expected sha256")


def test_a_file_that_can_be_written_to(release, tmp_path):
    (release.path / PART).chmod(0o644)
    assert verify(tmp_path) == [f"{PART}: expected mode 0444, found 0644"]


def test_a_changed_or_missing_manifest(release, tmp_path):
    manifest = release.path / "manifest.json"
    rewrite(manifest, flip(manifest.read_bytes(), 10))
    [damage] = verify(tmp_path)
    assert "manifest.json: expected sha256" in damage
    manifest.unlink()
    [damage] = verify(tmp_path)
    assert damage.endswith("manifest.json: missing")


def test_a_lost_folder(release, tmp_path):
    storage.discard(tmp_path, release.path)
    assert verify(tmp_path) == [f"{release.commit.release}/manifest.json: missing"]


def test_a_gap_in_the_log(release, tmp_path):
    (tmp_path / "_log" / "000001.json").unlink()
    assert verify(tmp_path) == ["_log/000001.json: missing"]
    assert verify(tmp_path, 1) == ["_log/000001.json: missing", "expected release 1, found releases 2 to 2"]


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"version": 2'])
def test_a_broken_commit_record(release, tmp_path, text):
    rewrite(tmp_path / "_log" / "000002.json", text.encode())
    [damage] = verify(tmp_path)
    assert damage.startswith("_log/000002.json: expected a commit record, found")


@pytest.mark.parametrize(("name", "value"), [("version", 1), ("fingerprint", "0"), ("release", "releases/v000001-0")])
def test_a_forged_commit_record(release, tmp_path, name, value):
    path = tmp_path / "_log" / "000002.json"
    rewrite(path, json.dumps(json.loads(path.read_bytes()) | {name: value}).encode())
    assert verify(tmp_path)


def test_pointers_are_walked_for_the_head_only(release, tmp_path):
    (tmp_path / "latest.json").unlink()
    (tmp_path / "latest").unlink()
    assert verify(tmp_path) == [
        "latest.json: expected version 2, found nothing that can be read",
        f"latest: expected a symlink to {release.commit.release}, found None",
    ]
    assert verify(tmp_path, 2) == []


def test_an_empty_store(tmp_path):
    assert verify(tmp_path) == ["holds no release"]
