"""Files that Polars writes, and errors that say which one could not be written, and why."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import polars as pl

from paperlake.stores.files import named

Write: TypeAlias = Callable[[Path | BytesIO], object]


def write_file(path: Path, write: Write) -> None:
    """Nothing; the file stands, whole.

    Polars 2.1 tells of a full disk in words alone, and for Parquet often as "Invalid thrift: transport error". What it
    could not write is therefore written by Python, which has an errno.

    Args:
        path: of the file.
        write: writes it, by Polars, to a path or into memory.

    Raises:
        OSError: with errno and path: it cannot be written; something of it may stand.
    """
    try:
        write(path)
    except (OSError, pl.exceptions.ComputeError):
        data = BytesIO()
        write(data)
        with named(path):
            path.write_bytes(data.getbuffer())
