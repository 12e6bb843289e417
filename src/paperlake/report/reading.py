"""What readers may rely on, and how they read it."""

from paperlake.report.section import Column, Grid, Section, without_marks
from paperlake.report.view import View
from paperlake.schemas import CONTRACT_VERSION, TABLES

_PROMISED = (
    f"Tables, columns, types, nulls, keys and ranges are promised by contract {CONTRACT_VERSION}: contract.yaml beside "
    "this page. Every table is a folder of Parquet files of one schema."
)
_POLARS = """\
import polars as pl

papers = pl.read_parquet("papers/*.parquet")"""
_DUCKDB = """\
SELECT title, repository FROM 'papers/*.parquet'
WHERE repository IS NOT NULL;"""
_PAPERLAKE = """\
import paperlake

release = paperlake.open_release("data/processed", {release})
release.papers.join(release.links, on="paper_id").collect()"""


def reading_section(view: View) -> Section:
    """Ways to read the release, and the columns of the contract."""
    rows = [
        (name, column.name, str(column.dtype), "yes" if column.nullable else "no", without_marks(column.description))
        for name, table in TABLES.items()
        for column in table.columns
    ]
    columns = (Column("table"), Column("column"), Column("type"), Column("may be empty"), Column("what it is"))
    examples = (
        ("Polars, in this folder", _POLARS),
        ("DuckDB, in this folder", _DUCKDB),
        ("paperlake, tables of one release together", _PAPERLAKE.replace("{release}", str(view.release))),
    )
    return Section(
        "reading",
        "Contract, and how to read the data",
        (_PROMISED,),
        examples=examples,
        grids=(Grid("Columns", columns, rows),),
    )
