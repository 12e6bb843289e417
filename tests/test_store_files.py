import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from paperlake.stores import files
from paperlake.stores.local import LocalStore


def test_written_files_are_sealed_whatever_the_umask(tmp_path):
    old = os.umask(0o277)
    try:
        files.write_sealed(tmp_path / "a", b"socks")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o444
    with pytest.raises(FileExistsError):
        files.write_sealed(tmp_path / "a", b"others")
    assert files.read_bytes(tmp_path / "a") == b"socks"


def test_put_if_absent_has_one_winner(tmp_path):
    def put(name: str) -> bool:
        with files.scratch(tmp_path) as temporary:
            files.write_sealed(temporary, name.encode())
            try:
                files.put_if_absent(temporary, tmp_path / "record")
            except FileExistsError:
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(put, map(str, range(40))))
    assert sum(won) == 1
    assert files.read_bytes(tmp_path / "record") == str(won.index(True)).encode()
    assert files.list_files(tmp_path) == {"record"}


def test_replaced_files_and_links_leave_nothing_behind(tmp_path):
    for text, target in ((b"one", "a"), (b"two", "b")):
        files.replace_file(tmp_path, tmp_path / "latest.json", text)
        files.replace_symlink(tmp_path, tmp_path / "latest", target)
    assert files.read_bytes(tmp_path / "latest.json") == b"two"
    assert (tmp_path / "latest").readlink().name == "b"
    assert files.list_files(tmp_path) == {"latest.json", "latest"}


def refuse(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("call", "change"),
    [
        ("fsync", lambda store: store.create("_log/000001.json", b"socks")),
        ("link", lambda store: store.create("_log/000001.json", b"socks")),
        ("fsync", lambda store: store.replace("latest.json", b"socks")),
        ("replace", lambda store: store.replace("latest.json", b"socks")),
        ("replace", lambda store: store.replace_link("releases/v000001-aa")),
        ("replace", lambda store: store.restore("old", "latest.json")),
    ],
)
def test_what_fails_on_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch, call, change):
    store = LocalStore(tmp_path)
    store.prepare()
    (tmp_path / "old").write_bytes(b"old")
    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(OSError, match="No space left"):
        change(store)
    assert files.list_files(tmp_path) == {"old"}


def test_a_file_that_is_there_twice_is_put_in_its_own_place(tmp_path):
    (tmp_path / "a").touch()
    for _ in range(2):  # the second time the rename is between two names of one file, which does nothing
        files.replace_by(tmp_path, tmp_path / "a", tmp_path / "b")
    assert files.list_files(tmp_path) == {"a", "b"}


def test_an_error_names_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", refuse)
    for name, change in (
        ("a", lambda: files.write_sealed(tmp_path / "a", b"socks")),
        ("", lambda: files.sync_folder(tmp_path)),
    ):
        with pytest.raises(OSError, match="No space left on device") as caught:
            change()
        assert (caught.value.errno, Path(caught.value.filename)) == (errno.ENOSPC, tmp_path / name)


def test_sweep_takes_staging_of_every_kind_and_nothing_else(tmp_path):
    folder = files.scratch_path(tmp_path)
    (folder / "papers").mkdir(parents=True)
    files.write_sealed(folder / "papers" / "part", b"")
    files.write_sealed(files.scratch_path(tmp_path), b"")
    (tmp_path / "kept").mkdir()
    files.scratch_path(tmp_path).symlink_to(tmp_path / "kept", target_is_directory=True)
    files.sweep_staging(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_discarding_what_is_gone_is_no_error(tmp_path):
    files.discard(tmp_path, tmp_path / "gone")
    assert list(tmp_path.iterdir()) == []


def test_a_link_that_cannot_be_made_is_no_error(tmp_path):
    files.write_sealed(tmp_path / "a", b"")
    assert files.link_file(tmp_path / "a", tmp_path / "b")
    assert not files.link_file(tmp_path / "a", tmp_path / "b")
    assert not files.link_file(tmp_path / "gone", tmp_path / "c")


def test_list_files_sees_links_and_hidden_files(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".hidden").touch()
    (tmp_path / "b").symlink_to("a", target_is_directory=True)
    assert files.list_files(tmp_path) == {"a/.hidden", "b"}
