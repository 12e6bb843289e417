"""Some rows of a release: reads the files of one table and gives only what a condition lets through."""

import polars as pl

from paperlake.errors import StoreError
from paperlake.release.reading import Release, damaged, open_release
from paperlake.schemas import CONTRACT_VERSION, TABLES
from paperlake.stores import Location


def open_readable(store: Location, version: int | str | None = None) -> Release:
    """One release, by default the newest, whose tables have the columns of today's contract.

    Raises:
        StoreError: there is no such release, it is damaged, or its contract has another major version.
    """
    release = open_release(store, version)
    written = release.manifest["contract"]["version"]
    if written.partition(".")[0] != CONTRACT_VERSION.partition(".")[0]:
        damage = f"release {release.version} expected contract {CONTRACT_VERSION}, found {written}"
        raise StoreError(release.location, [damage], "Explain it with the paperlake that made it.")
    return release


def read_rows(release: Release, table: str, where: pl.Expr, columns: tuple[str, ...] = ()) -> pl.DataFrame:
    """The rows of a table for which a condition holds, in their order.

    Args:
        release: an open release.
        table: name of the table.
        where: condition on its columns.
        columns: those to read; all without them. One that an older minor version of the contract lacks is null.

    Raises:
        StoreError: a file of the table is missing or damaged.
    """
    schema = TABLES[table].polars_schema
    wanted = columns or tuple(schema.names())
    try:
        frame = release[table]
        known = frame.collect_schema().names()
        missing = [pl.lit(None, schema[name]).alias(name) for name in schema if name not in known]
        return frame.with_columns(missing).filter(where).select(wanted).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise damaged(release.location, table, error) from error
