"""A store on a disk: hard links, renames and fsync."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE

import filelock

from paperlake.errors import StoreError
from paperlake.stores import files
from paperlake.stores.interface import Staging, StoredFile

_LOCK_SECONDS = 600.0
"""How long a publisher waits for its turn; then it goes on without, for the lock only saves work."""
_LINK = "latest"


@dataclass(frozen=True, slots=True)
class LocalStore:
    """A folder; made by `prepare`."""

    root: Path
    has_links = True

    @property
    def location(self) -> str:
        """Its path."""
        return str(self.root)

    def prepare(self) -> None:
        """The folders of a store, made where they are missing; a file system keeps its word about links."""
        files.prepare_store(self.root)

    @contextmanager
    def turn(self, patience: float | None = None) -> Iterator[bool]:
        """Whether the lock is ours."""
        lock = filelock.FileLock(self.root / ".lock")
        try:
            lock.acquire(timeout=_LOCK_SECONDS if patience is None else patience)
        except filelock.Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def sweep(self) -> None:
        """Everything unfinished away."""
        files.sweep_staging(self.root)

    def leftovers(self) -> dict[str, float]:
        """What is named as unfinished; a folder is written when something is put into it."""
        return {path.name: path.lstat().st_mtime for path in files.find_staging(self.root)}

    def read(self, key: str) -> bytes | None:
        """Content of a file."""
        return files.read_bytes(self.root / key)

    def create(self, key: str, data: bytes) -> None:
        """A sealed file, linked to its name, in a folder that is made where it is missing."""
        files.make_folder((self.root / key).parent)
        with files.scratch(self.root) as temporary:
            files.write_sealed(temporary, data)
            files.put_if_absent(temporary, self.root / key)

    def replace(self, key: str, data: bytes) -> None:
        """A sealed file, renamed over the old one."""
        files.replace_file(self.root, self.root / key, data)

    def names(self, folder: str) -> list[str]:
        """Names in a folder."""
        path = self.root / folder
        return sorted(entry.name for entry in path.iterdir()) if path.is_dir() else []

    def sizes(self, folder: str) -> dict[str, int]:
        """Sizes, of symlinks their own."""
        path = self.root / folder
        return {name: (path / name).lstat().st_size for name in sorted(files.list_files(path))}

    def files(self, folder: str) -> dict[str, StoredFile]:
        """By inode; hard links are names of one file."""
        path = self.root / folder
        found = {name: (path / name).lstat() for name in sorted(files.list_files(path))}
        return {
            name: StoredFile(told.st_size, (told.st_dev, told.st_ino), told.st_nlink, told.st_mtime)
            for name, told in found.items()
        }

    def restore(self, source: str, target: str) -> None:
        """A hard link, or a copy where links are refused, renamed over the old one."""
        files.replace_by(self.root, self.root / source, self.root / target)

    def seal(self, key: str) -> None:
        """The mode of sealed files."""
        (self.root / key).chmod(files.SEALED_MODE)

    def remove(self, folder: str) -> None:
        """Away by one rename, then deleted."""
        files.discard(self.root, self.root / folder)

    def stage(self) -> Staging:
        """A folder on the same file system."""
        folder = files.scratch_path(self.root)
        folder.mkdir()
        return LocalStaging(self.root, folder)

    def hash(self, key: str) -> str:
        """By hashlib, in parts."""
        return files.hash_file(self.root / key)

    def find_flaw(self, key: str) -> str | None:
        """A mode that lets people write."""
        mode = S_IMODE((self.root / key).stat().st_mode)
        return None if mode == files.SEALED_MODE else f"expected mode {files.SEALED_MODE:04o}, found {mode:04o}"

    def url(self, key: str) -> str:
        """The path."""
        return str(self.root / key)

    def read_link(self) -> str | None:
        """Target of the symlink."""
        link = self.root / _LINK
        return link.readlink().as_posix() if link.is_symlink() else None

    def replace_link(self, release: str) -> None:
        """A new symlink, renamed over the old one.

        Raises:
            StoreError: a folder has its name.
        """
        link = self.root / _LINK
        if link.is_dir() and not link.is_symlink():
            damage = "latest: expected a symlink, found a folder"
            raise StoreError(self.root, [damage], f"Move {link} away; a build makes it anew.")
        files.replace_symlink(self.root, link, release)


@dataclass(frozen=True, slots=True)
class LocalStaging:
    """A folder that is renamed into its place."""

    root: Path
    folder: Path

    def reuse(self, key: str, path: str, n_bytes: int, sha256: str) -> bool:
        """Whether a hard link was made; hashed before it is trusted: a damaged file must not spread."""
        source = self.root / key
        if not source.is_file() or source.stat().st_size != n_bytes or files.hash_file(source) != sha256:
            return False
        return files.link_file(source, self.folder / path)

    def move_in(self, release: str) -> None:
        """One rename."""
        for folder in {path.parent for path in self.folder.rglob("*")}:
            files.sync_folder(folder)
        target = self.root / release
        try:
            self.folder.rename(target)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            raise FileExistsError(error.errno, "a release stands there", str(target)) from error
        files.sync_folder(target.parent)

    def discard(self) -> None:
        """What is left of the folder away."""
        with suppress(FileNotFoundError):
            files.discard(self.root, self.folder)
