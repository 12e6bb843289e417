"""The only functions that touch the disk of a store: sealed files, atomic moves, put-if-absent.

Everything unfinished is named `.staging-<uuid>` in the root of the store, files and folders alike: whatever a crash
leaves behind is found by that name, and moving it into place never crosses a file system.
"""

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SEALED_MODE = 0o444
"""Mode of every file of a release: nobody edits one by accident."""

_STAGING = ".staging-"


def prepare_store(store: Path) -> None:
    """The folders of a store, made where they are missing."""
    for folder in (store, store / "_log", store / "releases"):
        make_folder(folder)


def make_folder(folder: Path) -> None:
    """A folder, made and safe on the disk where it is missing."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)


def scratch_path(store: Path) -> Path:
    """A path of the store that nobody else uses."""
    return store / f"{_STAGING}{uuid.uuid4().hex}"


@contextmanager
def scratch(store: Path) -> Iterator[Path]:
    """A path of the store that nobody else uses, for a file or a symlink; at the end nothing is there."""
    path = scratch_path(store)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def write_sealed(path: Path, data: bytes) -> None:
    """A new read-only file, safe on the disk when this returns; its folder is not synced yet.

    Raises:
        FileExistsError: the path is taken.
        OSError: it cannot be written, say on a full disk; what was written stays, for the caller to delete.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SEALED_MODE)
    with named(path), os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fchmod(descriptor, SEALED_MODE)
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """The names in a folder made safe on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with named(folder):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Nothing; an error about an open file says which path it is of."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def hash_file(path: Path) -> str:
    """sha256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put_if_absent(temporary: Path, path: Path) -> None:
    """A finished temporary file given its final name, unless that is taken: of many callers exactly one succeeds.

    Raises:
        FileExistsError: the name is taken.
    """
    os.link(temporary, path)
    sync_folder(path.parent)


def replace_file(store: Path, path: Path, data: bytes) -> None:
    """A file with new content; a reader sees the old one or the new one, whole."""
    with scratch(store) as temporary:
        write_sealed(temporary, data)
        temporary.replace(path)
    sync_folder(path.parent)


def replace_by(store: Path, source: Path, target: Path) -> None:
    """A path that is a file of another name, too, in place of what it was; at every instant it is the old or the new.

    Where the file system refuses the link, it is a copy.
    """
    make_folder(target.parent)
    with scratch(store) as temporary:
        if not link_file(source, temporary):
            write_sealed(temporary, source.read_bytes())
        temporary.replace(target)
    sync_folder(target.parent)


def replace_symlink(store: Path, path: Path, target: str) -> None:
    """A symlink with a new target; at every instant it leads to the old one or the new one."""
    with scratch(store) as temporary:
        temporary.symlink_to(target, target_is_directory=True)
        temporary.replace(path)
    sync_folder(path.parent)


def link_file(source: Path, target: Path) -> bool:
    """Whether the target now is the same file as the source; False where the file system refuses another link."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def discard(store: Path, path: Path) -> None:
    """Nothing: the path is gone.

    It is renamed before it is deleted, so nobody can publish a folder that is half deleted.
    """
    doomed = scratch_path(store)
    try:
        path.rename(doomed)
    except FileNotFoundError:
        return
    if doomed.is_symlink() or not doomed.is_dir():
        doomed.unlink(missing_ok=True)
    else:
        shutil.rmtree(doomed, ignore_errors=True)


def sweep_staging(store: Path) -> None:
    """A store without leftovers of crashed publishers. Only for one who publishes alone."""
    for path in find_staging(store):
        discard(store, path)


def find_staging(store: Path) -> list[Path]:
    """Everything in the root of a store that is named as unfinished."""
    return sorted(store.glob(f"{_STAGING}*"))


def list_files(folder: Path) -> set[str]:
    """Every file below a folder, as relative paths with `/`."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}


def read_bytes(path: Path) -> bytes | None:
    """Content of a file; None where there is none."""
    with suppress(FileNotFoundError):
        return path.read_bytes()
    return None
