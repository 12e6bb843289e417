"""The table of near misses of the newest build, in the work folder of a store: derived, and safe to delete."""

from functools import partial
from pathlib import Path

import polars as pl

from paperlake.frame_files import write_file

_NAME = "near-misses.parquet"


def write_near_misses(work: Path, review: pl.DataFrame) -> None:
    """Nothing; the table stands in the work folder, whole. Only for one who is alone there.

    Raises:
        OSError: it cannot be written, say on a full disk; the old one stands.
    """
    draft = work / f".{_NAME}"  # one name: what a killed run left is written over
    try:
        write_file(draft, partial(review.write_parquet, compression="lz4"))
        draft.replace(work / _NAME)
    finally:
        draft.unlink(missing_ok=True)


def read_near_misses(work: Path) -> pl.DataFrame | None:
    """The table as `identity.review.REVIEW` describes it; None where no build left one."""
    path = work / _NAME
    return pl.read_parquet(path, glob=False) if path.is_file() else None
