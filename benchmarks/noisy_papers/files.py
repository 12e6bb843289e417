"""The same records as files: more of them than memory holds."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from benchmarks.noisy_papers.records import record_batches

ROWS_A_PART = 250_000


def write_records(folder: Path, n_records: int, seed: int, rows_a_part: int = ROWS_A_PART) -> list[Path]:
    """Parquet files that hold, one after the other, the rows of `make_records` in their order.

    Args:
        folder: a new one.
        n_records: rows of all files together.
        seed: chooses the papers.
        rows_a_part: of one file, which is held in memory whole; the last one may have fewer.
    """
    folder.mkdir(parents=True)
    paths = [folder / f"part-{number:05}.parquet" for number in range(-(-n_records // rows_a_part))]
    _scatter(record_batches(n_records, seed), paths, rows_a_part)
    for path in paths:
        pl.read_parquet(path).sort("entry").drop("entry").write_parquet(path)
    return paths


def _scatter(batches: Iterator[pl.DataFrame], paths: list[Path], rows_a_part: int) -> None:
    """Every row into the file of its place: a batch has rows of all places, since papers come again at any time."""
    with ExitStack() as stack:
        writers: dict[int, pq.ParquetWriter] = {}
        for batch in batches:
            for (number,), rows in batch.group_by(pl.col("entry") // rows_a_part):
                table, place = rows.to_arrow(), int(str(number))
                if place not in writers:
                    writers[place] = stack.enter_context(pq.ParquetWriter(paths[place], table.schema))
                writers[place].write_table(table)
