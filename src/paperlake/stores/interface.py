"""What a store can do; a key is a path below it with `/`, such as `_log/000013.json`."""

from collections.abc import Hashable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias


class StoredFile(NamedTuple):
    """How a file is kept: its bytes, what its names share, how many names it has, when it was last written.

    Names of one `identity` are one file, damaged together and freed together; `written` is in seconds since 1970.
    """

    n_bytes: int
    identity: Hashable
    n_names: int
    written: float


class Staging(Protocol):
    """A release that nobody reads yet: files are written into `folder`, then all of it is moved in at once."""

    @property
    def folder(self) -> Path:
        """A folder of this machine for files that are written."""

    def reuse(self, key: str, path: str, n_bytes: int, sha256: str) -> bool:
        """Whether the file at `path` of the release is that of a key, neither written nor sent again.

        Args:
            key: of a file of an older release.
            path: below the release.
            n_bytes: what that file has to hold.
            sha256: of its bytes; what does not agree is not used.
        """

    def move_in(self, release: str) -> None:
        """Nothing: the release stands whole at its key, which no commit names yet.

        Raises:
            FileExistsError: a release stands there.
            FileNotFoundError: another publisher swept the folder away.
        """

    def discard(self) -> None:
        """Nothing: what was not moved in is gone."""


class Store(Protocol):
    """A place of releases. Every method may raise StoreError where the place cannot be reached."""

    @property
    def location(self) -> str:
        """The folder or URL, for people; no credentials."""

    @property
    def has_links(self) -> bool:
        """Whether it keeps the link `latest` for people."""

    def prepare(self) -> None:
        """Nothing, when releases can be published here: of many who create one key, exactly one must succeed.

        Raises:
            StoreError: it does not keep to that.
        """

    def turn(self, patience: float | None = None) -> AbstractContextManager[bool]:
        """Whether we publish alone. Without that all stays right, but nothing that may be another's is swept away.

        Args:
            patience: seconds to wait for others; as long as a publisher does without it.
        """

    def sweep(self) -> None:
        """Nothing: leftovers of crashed publishers are gone. Only for one who publishes alone."""

    def leftovers(self) -> dict[str, float]:
        """Keys of what unfinished or crashed publishers left, with when it was last written, in seconds since 1970."""

    def read(self, key: str) -> bytes | None:
        """Content of a file; None where there is none."""

    def create(self, key: str, data: bytes) -> None:
        """A new file, whole and safe when this returns.

        Raises:
            FileExistsError: the key is taken: of many callers exactly one succeeds.
        """

    def replace(self, key: str, data: bytes) -> None:
        """A file with new content; a reader sees the old one or the new one, whole."""

    def names(self, folder: str) -> list[str]:
        """Names of files and folders just below a folder, sorted; none where there is no folder."""

    def sizes(self, folder: str) -> dict[str, int]:
        """Bytes of every file below a folder, by its path below it."""

    def files(self, folder: str) -> dict[str, StoredFile]:
        """How every file below a folder is kept, by its path below it."""

    def restore(self, source: str, target: str) -> None:
        """The file of a key at another key too, in place of whatever was there; a reader sees the old one or this."""

    def seal(self, key: str) -> None:
        """A file without the flaws that `find_flaw` finds."""

    def remove(self, folder: str) -> None:
        """Nothing: a file, or a folder with all it holds, is gone; where it was not there, too."""

    def stage(self) -> Staging:
        """A place for a release to come."""

    def hash(self, key: str) -> str:
        """sha256 of a file's bytes, in hex."""

    def find_flaw(self, key: str) -> str | None:
        """What is wrong with how a file is kept, in words, beside its bytes."""

    def url(self, key: str) -> str:
        """Where Polars and others read a file: its path, or `s3://...` for those who have the credentials."""

    def read_link(self) -> str | None:
        """The release that the link `latest` leads to."""

    def replace_link(self, release: str) -> None:
        """The link with a new target; at every instant it leads to the old one or the new one."""


Location: TypeAlias = str | Path | Store
