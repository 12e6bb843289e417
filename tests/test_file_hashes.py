"""Files that did not change are hashed once; whatever changes in one is seen."""

import os
import time

import pytest

from paperlake import file_hashes
from paperlake.dumps import hash_dump
from paperlake.file_hashes import FileHashes


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A file that was written long ago, for all that a run can tell; and a count of what is read."""
    path = tmp_path / "raw.txt"
    path.write_text("A kettle.")
    monkeypatch.setattr(file_hashes, "_COARSEST_NS", -(10**12))
    return path


@pytest.fixture
def read(monkeypatch):
    files = []
    monkeypatch.setattr(file_hashes, "hash_dump", lambda file: files.append(file) or hash_dump(file))
    return files


def look(file) -> str:
    hashes = FileHashes(file.parent)
    found = hashes.hash(str(file), file.stat())
    hashes.keep()
    return found


def test_a_file_is_read_once(file, read):
    assert look(file) == look(file) == hash_dump(file)
    assert read == [str(file)]


def longer(file):
    file.write_text("Two kettles.")


def as_long_and_as_old(file):
    told = file.stat()
    time.sleep(0.02)
    file.write_text("A kennel.")
    os.utime(file, ns=(told.st_atime_ns, told.st_mtime_ns))


def another(file):
    other = file.with_name("other.txt")
    other.write_text("A kennel.")
    other.replace(file)


@pytest.mark.parametrize("change", [longer, as_long_and_as_old, another])
def test_a_change_is_seen(file, read, change):
    look(file)
    change(file)
    assert look(file) == hash_dump(file)
    assert len(read) == 2


def test_a_file_that_was_just_written_is_not_remembered(file, read, monkeypatch):
    monkeypatch.setattr(file_hashes, "_COARSEST_NS", 2_000_000_000)
    look(file)
    look(file)
    assert len(read) == 2


@pytest.mark.parametrize(
    "damage", [b"", b"[]", b'{"a": 1}', b'{"a": [[1], "b"]}', b"\xff", b'{"a": [["x", 1, 1], "b"]}']
)
def test_what_cannot_be_read_is_hashed_again(file, read, damage):
    look(file)
    (file.parent / "file-hashes.json").write_bytes(damage)
    assert look(file) == hash_dump(file)
    assert len(read) == 2


def test_files_that_are_gone_are_forgotten(file):
    look(file)
    hashes = FileHashes(file.parent)
    hashes.keep()
    assert (file.parent / "file-hashes.json").read_text() == "{}"


def test_nothing_is_written_without_a_work_folder(file, tmp_path):
    hashes = FileHashes(tmp_path / "none")
    hashes.hash(str(file), file.stat())
    hashes.keep()
    assert not (tmp_path / "none").exists()
