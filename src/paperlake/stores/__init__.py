"""Where releases are kept: a folder on a disk, or a prefix of an S3-compatible bucket, behind one small interface."""

from pathlib import Path

from paperlake.stores.interface import Location, Store, StoredFile
from paperlake.stores.local import LocalStore

__all__ = ["Location", "Store", "StoredFile", "is_remote", "open_store"]

_S3 = "s3://"


def is_remote(location: str | Path) -> bool:
    """Whether a location is no folder but a bucket.

    >>> is_remote("s3://shelf/papers"), is_remote("data/processed")
    (True, False)
    """
    return str(location).startswith(_S3)


def open_store(location: Location) -> Store:
    """The store at a location: `s3://bucket/prefix`, or a folder, which need not be there yet; a store is itself.

    Raises:
        SettingsError: it names no bucket, holds credentials, or needs the extra `s3`.
    """
    if not isinstance(location, str | Path):
        return location
    if is_remote(location):
        from paperlake.stores.s3 import S3Store  # an extra, and slow to import

        return S3Store.at(str(location))
    return LocalStore(Path(location).resolve())
