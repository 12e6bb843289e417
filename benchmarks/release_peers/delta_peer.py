"""Delta Lake (`deltalake`) writes the tables of two releases: `python delta_peer.py FOLDER`.

FOLDER holds `1/TABLE.parquet` and `2/TABLE.parquet`, and `keys.json` with the key of each table. Written are, zstd 6 as
by paperlake: the first release; then on top of it the second one, by overwriting every table, and in another copy by a
merge of the rows that are new or changed. Printed is, as JSON, the CPU (of the process, from frames in memory), the
time and the bytes of each, and the version. Unlike a release, nine Delta tables have nine commits, and a merge does
not keep the order of rows.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import deltalake
import polars as pl
from deltalake import DeltaTable, WriterProperties, write_deltalake

ZSTD_6 = WriterProperties(compression="ZSTD", compression_level=6)
ONE_STEP = ("changes",)
"""Tables that tell of one step only: nothing of the release before stays."""

Tables = dict[str, pl.DataFrame]


def read_tables(folder: Path) -> Tables:
    """Every table by its name."""
    return {path.stem: pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}


def overwrite(tables: Tables, place: Path) -> None:
    """Every table written whole, on top of what stands there."""
    for name, table in tables.items():
        write_deltalake(place / name, table, mode="overwrite", writer_properties=ZSTD_6)


def merge(before: Tables, after: Tables, place: Path, keys: dict[str, list[str]]) -> None:
    """Rows that are new appended; rows that changed merged by their key with them; tables of one step overwritten."""
    for name, table in after.items():
        if name in ONE_STEP:
            write_deltalake(place / name, table, mode="overwrite", writer_properties=ZSTD_6)
            continue
        told = table.join(before[name], on=table.columns, how="anti", nulls_equal=True, maintain_order="left")
        if told.is_empty():
            continue
        if told.join(before[name], on=keys[name], how="semi").is_empty():
            write_deltalake(place / name, told, mode="append", writer_properties=ZSTD_6)
            continue
        same = " AND ".join(f"target.{column} = source.{column}" for column in keys[name])
        merging = DeltaTable(place / name).merge(
            told, predicate=same, source_alias="source", target_alias="target", writer_properties=ZSTD_6
        )
        merging.when_matched_update_all().when_not_matched_insert_all().execute()


def measured(work: Callable[[], None], place: Path) -> dict[str, float]:
    """CPU seconds and seconds of the work, and the bytes of the files that it adds to a place."""
    old = n_bytes(place)
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "new_bytes": n_bytes(place) - old,
    }


def n_bytes(place: Path) -> int:
    """Of all files of a place."""
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file())


def main(folder: Path) -> None:
    """Write and measure; print the figures."""
    before, after = read_tables(folder / "1"), read_tables(folder / "2")
    keys = json.loads((folder / "keys.json").read_text())
    place, copy = folder / "delta", folder / "delta-copy"
    place.mkdir()
    figures = {"full": measured(lambda: overwrite(before, place), place)}
    shutil.copytree(place, copy)
    figures["overwrite"] = measured(lambda: overwrite(after, place), place)
    figures["merge"] = measured(lambda: merge(before, after, copy, keys), copy)
    print(json.dumps({"version": deltalake.__version__, **figures}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
