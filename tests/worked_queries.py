"""The worked queries of docs/reading.md: found and run; `python -m tests.worked_queries` writes what they give."""

import ast
import contextlib
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.conftest import SAMPLES, build_store

PAGE = Path(__file__).parent.parent / "docs" / "reading.md"
NOT_RUN = "# not run here\n"
N_LATE = 2
"""Dumps that enter with the second release."""
JUDGEMENT = "2026-05-03,mira,pl-qoon4094m9qi,pl-6782f2q4wf1k,same,V3 is a new edition of the same report\n"
_BLOCK = re.compile(r"```(python|sql)\n(.*?)```", re.DOTALL)
_RESULT = re.compile(r"^(?:#|--) ->(.*)\n", re.MULTILINE)


@dataclass(frozen=True)
class Query:
    """One block of the page: its language, its code, and what the page says that it gives."""

    language: str
    code: str

    @property
    def expected(self) -> str:
        """The line after `->`; an error where the block has none."""
        (said,) = _RESULT.findall(self.code)
        return said.strip()


def build_releases(folder: Path) -> Path:
    """The store of two releases that the page speaks of."""
    raw, store, late = folder / "raw", folder / "store", folder / "late"
    shutil.copytree(SAMPLES, raw)
    late.mkdir()
    names = sorted(path.name for path in raw.iterdir() if path.name.startswith("2"))[-N_LATE:]
    for name in names:
        (raw / name).rename(late / name)
    build_store(raw, store)
    for name in names:
        (late / name).rename(raw / name)
    with (raw / "curation" / "judgements.csv").open("a") as judgements:
        judgements.write(JUDGEMENT)
    build_store(raw, store)
    return store


def find_queries(text: str) -> list[Query]:
    """The blocks that are to be run, in order."""
    return [Query(*found) for found in _BLOCK.findall(text) if not found[1].startswith(NOT_RUN)]


def run_query(query: Query, store: Path) -> str:
    """What it gives on a store, in a line: the number of rows and the first of them, or a value."""
    code = query.code.replace("data/processed", str(store))
    if query.language == "python":
        return _in_words(_run_python(code))
    with contextlib.chdir(store / "latest"):
        return _in_words(duckdb.sql(code).fetchall())


def _run_python(code: str) -> Any:
    """The value of its last line, which is an expression."""
    body = ast.parse(code).body
    names: dict[str, Any] = {}
    exec(compile(ast.Module(body[:-1], []), str(PAGE), "exec"), names)  # our own page
    return eval(compile(ast.Expression(body[-1].value), str(PAGE), "eval"), names)


def _in_words(result: Any) -> str:
    rows = _rows_of(result)
    if rows is None:
        return str(result)
    first = next(iter(rows), ())
    told = " | ".join(str(value) for value in (first if isinstance(first, tuple) else (first,)))
    return f"{len(rows):,} rows" + (f", the first: {told}" if rows else "")


def _rows_of(result: Any) -> list[Any] | None:
    """The rows of a result of any reader; None for a value that has none."""
    if isinstance(result, list):
        return result
    if hasattr(result, "to_pandas") and hasattr(result, "features"):
        return [tuple(row.values()) for row in result]
    if hasattr(result, "rows"):
        return list(result.rows())
    if hasattr(result, "itertuples"):
        return list(result.itertuples(index=False, name=None))
    return None


def with_results(text: str, store: Path) -> str:
    """The page with what its queries give."""
    for query in find_queries(text):
        mark = _RESULT.search(query.code)
        if mark is None:
            raise ValueError(f"expected a line that starts with `->`, found none in:\n{query.code}")
        sign = mark.group().split(" ")[0]
        code = query.code.replace(mark.group(), f"{sign} -> {run_query(query, store)}\n")
        text = text.replace(query.code, code)
    return text


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(with_results(PAGE.read_text(), build_releases(Path(folder))))
