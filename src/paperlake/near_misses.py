"""The table of near misses of the newest build, in the work folder of a store: derived, and safe to delete."""

import uuid
from pathlib import Path

import polars as pl

_NAME = "near-misses.parquet"


def write_near_misses(work: Path, review: pl.DataFrame) -> None:
    """Nothing; the table stands in the work folder, whole."""
    draft = work / f".{uuid.uuid4().hex}-{_NAME}"
    review.write_parquet(draft, compression="lz4")
    draft.replace(work / _NAME)


def read_near_misses(work: Path) -> pl.DataFrame | None:
    """The table as `identity.review.REVIEW` describes it; None where no build left one."""
    path = work / _NAME
    return pl.read_parquet(path, glob=False) if path.is_file() else None
