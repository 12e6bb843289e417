"""Papers as a file to take away: for spreadsheets, or exactly as they are."""

from collections.abc import Callable, Mapping
from tempfile import TemporaryFile
from typing import IO

import polars as pl

_FORMULA = r"^[=+\-@\t\r]"


def write_csv(papers: pl.DataFrame, file: IO[bytes]) -> None:
    """Nothing; the file holds CSV, in which no text is a formula to a spreadsheet: those have a `'` before them."""
    papers.with_columns(pl.col(pl.String).str.replace(_FORMULA, "'$0")).write_csv(file)


def write_parquet(papers: pl.DataFrame, file: IO[bytes]) -> None:
    """Nothing; the file holds Parquet with exactly these values."""
    papers.write_parquet(file)


FORMS: Mapping[str, tuple[str, Callable[[pl.DataFrame, IO[bytes]], None]]] = {
    "csv": ("text/csv; charset=utf-8", write_csv),
    "parquet": ("application/vnd.apache.parquet", write_parquet),
}
"""Media type of each form, and what writes it."""


def write_file(papers: pl.DataFrame, form: str) -> tuple[IO[bytes], int]:
    """A file in that form, at its beginning, and its bytes; it has no name, and is gone once it is closed."""
    file = TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
    FORMS[form][1](papers, file)
    n_bytes = file.tell()
    file.seek(0)
    return file, n_bytes
