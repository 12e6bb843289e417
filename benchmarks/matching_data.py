"""Public matching sets, read into the columns of `benchmarks.noisy_papers`; the data itself is not part of the project.

Each frame has SCHEMA: the columns of the invented records, null where the data has no such value, and `authors`,
`venue`, `year` and `source` as the data writes them. Rows stand in the order of the files.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.noisy_papers.records import SCHEMA as RECORD_SCHEMA

SCHEMA = pl.Schema(
    {**RECORD_SCHEMA, "authors": pl.String(), "venue": pl.String(), "year": pl.String(), "source": pl.String()}
)
_EXTRA = ("title_raw", "authors", "venue", "year")


@dataclass(frozen=True, slots=True)
class LinkedSources:
    """Two sources and their links.

    Attributes:
        records: SCHEMA; `truth` is the component of the links.
        pairs: `left` and `right`, appearance ids of one paper in the one and the other source; pairs within a
            source are not part of the truth.
    """

    records: pl.DataFrame
    pairs: pl.DataFrame


def dblp_acm(folder: Path) -> LinkedSources:
    """DBLP (left) and ACM (right): `dblp.csv`, `acm.csv` and `gt.csv`, fields parted by `%`; 2,224 links."""
    sources = ["dblp", "acm"]
    fields = [_rows(folder / f"{source}.csv", "%")[1:] for source in sources]
    rows = [[source, *_unshifted(row)[1:5]] for source, part in zip(sources, fields, strict=True) for row in part]
    n_dblp = len(fields[0])
    at = [{row[0]: i for i, row in enumerate(part, start)} for part, start in zip(fields, (0, n_dblp), strict=True)]
    links = np.array([[at[0][left], at[1][right]] for left, right in _rows(folder / "gt.csv", "%")[1:]])
    records = _frame(rows, _components(links, len(rows)))
    ids = records["appearance_id"]
    return LinkedSources(records, pl.DataFrame({"left": ids[links[:, 0]], "right": ids[links[:, 1]]}))


def cora(folder: Path) -> pl.DataFrame:
    """SCHEMA: citations of `cora.csv`; `truth` is the component of the pairs in `gt.csv`; fields parted by `|`."""
    header, *fields = _rows(folder / "cora.csv", "|")
    places = [header.index(name) for name in ("title", "author", "venue", "year")]
    rows = [["cora", *(row[place] for place in places)] for row in fields]
    at = {row[0]: i for i, row in enumerate(fields)}
    links = np.array([[at[left], at[right]] for left, right in _rows(folder / "gt.csv", "|")])
    return _frame(rows, _components(links, len(rows)))


def hf_titles(folder: Path) -> pl.DataFrame:
    """SCHEMA: `titles.csv`, no two of which are one paper; drop `arxiv_id` to leave the titles alone to tell."""
    titles = pl.read_csv(folder / "titles.csv", infer_schema=False)
    rows = [["hf", title, "", "", ""] for title in titles["title"]]
    return _frame(rows, np.arange(len(rows))).with_columns(titles["arxiv_id"])


def _rows(path: Path, sign: str) -> list[list[str]]:
    # Quotation marks are signs like any other here, and no field goes over a line's end.
    return [line.split(sign) for line in path.read_text(encoding="utf-8").split("\n") if line]


def _unshifted(row: list[str]) -> list[str]:
    """A row of five fields: where ACM names no authors, its venue stands in their place and opens a quotation."""
    return row if len(row) == 5 else [row[0], row[1], "", row[2].removeprefix('"'), row[3]]


def _components(links: np.ndarray, n_rows: int) -> np.ndarray:
    edges = coo_array((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(n_rows, n_rows))
    return np.asarray(connected_components(edges, directed=False)[1])


def _frame(rows: list[list[str]], truth: np.ndarray) -> pl.DataFrame:
    """SCHEMA from rows of source, title, authors, venue and year; each row counts as a dump of its own."""
    given = pl.DataFrame(rows, schema=["source", *_EXTRA], orient="row").with_columns(truth=pl.Series(truth))
    values = given.with_columns(
        pl.col("authors", "venue", "year").replace("", None),
        appearance_id=pl.int_range(pl.len()).cast(pl.String).str.zfill(16) + ":1",
        noise=pl.lit(""),
        family=pl.lit(""),
    )
    missing = [pl.lit(None, kind).alias(name) for name, kind in SCHEMA.items() if name not in values.columns]
    return values.with_columns(missing).select(SCHEMA.names()).cast(SCHEMA)
