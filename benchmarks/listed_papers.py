"""Invented papers as dumps list them, in the frames that extraction gives: what a listing shows of each."""

import datetime as dt
import hashlib
import re
from collections.abc import Sequence

import numpy as np
import polars as pl

from benchmarks.dump_generator import GROUPS, Record
from paperlake.extract import EXTRACTED_APPEARANCES, EXTRACTED_DUMPS, EXTRACTED_REJECTS

PER_DUMP = 1_000
LISTED = ("title_raw", "abstract_raw", "arxiv_id", "paper_url", "n_authors", "published_raw", "published_on")
"""What a listing shows of a paper each time; the counts beside it change."""

_FIRST_DAY = dt.date(2020, 1, 1)
_ID_SHARE = 0.25
_SHARED_SHARE = 0.02
"""Of papers with a link: those whose owner is one of few, so that papers share repositories by chance."""
_OWNER = re.compile(rf"-(?:{'|'.join(GROUPS)})(?=[/.])")
_MONTHS = 120
_LINES = 4
_REJECTED = "Trending kettles of the week, see all snails. " * 5

Frames = dict[str, pl.DataFrame]


def list_papers(records: Sequence[Record], first: int, rng: np.random.Generator) -> pl.DataFrame:
    """LISTED: one row a paper; a quarter show an arXiv id and a page.

    Args:
        records: title and abstract of each.
        first: number of the first of them; the ids come from it.
        rng: decides the rest.
    """
    n = len(records)
    number = pl.int_range(first, first + n, eager=True)
    month, day = pl.Series(rng.integers(_MONTHS, size=n)), pl.Series(rng.integers(1, 29, size=n))
    shows_id = pl.Series(rng.random(n) < _ID_SHARE)
    shares = rng.random(n) < _SHARED_SHARE
    texts = [
        (title, abstract if shares[i] else _OWNER.sub(rf"\g<0>-{first + i}", abstract))
        for i, (title, abstract) in enumerate(records)
    ]
    papers = pl.DataFrame(texts, schema=["title_raw", "abstract_raw"], orient="row")
    year = month // 12
    arxiv_id = pl.format(
        "{}{}.{}", _digits(15 + year, 2), _digits(month % 12 + 1, 2), _digits(number // _MONTHS + 1, 5)
    )
    papers = papers.with_columns(
        arxiv_id=pl.when(shows_id).then(arxiv_id),
        n_authors=pl.Series(np.minimum(1 + rng.geometric(0.2, size=n), 60), dtype=pl.Int32),
        published_on=pl.date(2015 + year, month % 12 + 1, day),
    )
    page = "https://huggingface.co/papers/" + pl.col("arxiv_id")
    return papers.with_columns(paper_url=page, published_raw=pl.col("published_on").dt.strftime("%b %-d, %Y")).select(
        LISTED
    )


def extract(listed: pl.DataFrame, first_dump: int, rng: np.random.Generator) -> Frames:
    """`appearances`, `dumps` and `rejects` as extraction gives them: PER_DUMP papers and one reject a dump.

    Args:
        listed: LISTED, in order of entry.
        first_dump: number of the first dump.
        rng: decides the counts shown.
    """
    rows = pl.int_range(listed.height, eager=True)
    dump, position = rows // PER_DUMP, rows % PER_DUMP + 1
    dumps = _dumps(dump, first_dump)
    dump_id = dumps["dump_id"].gather(dump)
    appearances = listed.with_columns(
        appearance_id=dump_id.str.head(16) + ":" + position.cast(pl.String),
        dump_id=dump_id,
        position=position,
        line_start=position * _LINES,
        line_end=position * _LINES + _LINES - 1,
        upvotes=pl.Series(rng.geometric(0.05, size=listed.height)),
        comments=pl.Series(rng.geometric(0.4, size=listed.height) - 1),
        is_cut=pl.lit(False),
    )
    return {
        "appearances": _with_columns_of(EXTRACTED_APPEARANCES, appearances),
        "dumps": dumps,
        "rejects": _rejects(dumps),
    }


def _dumps(dump: pl.Series, first: int) -> pl.DataFrame:
    counts = dump.value_counts().sort(dump.name)["count"].to_list()
    rows = []
    for number, n_papers in enumerate(counts, start=first):
        day = _FIRST_DAY + dt.timedelta(days=number)
        n_lines = (n_papers + 1) * _LINES
        rows.append(
            {
                "dump_id": hashlib.sha256(f"dump {number}".encode()).hexdigest(),
                "path": f"{day}-compact.txt",
                "layout": "compact",
                "page": "search",
                "captured_on": day,
                "n_bytes": n_lines * 330,
                "n_lines": n_lines,
                "n_papers": n_papers,
                "n_furniture": 3,
                "n_rejects": 1,
                "status": "read",
            }
        )
    return pl.DataFrame(rows, schema=EXTRACTED_DUMPS, orient="row")


def _rejects(dumps: pl.DataFrame) -> pl.DataFrame:
    rejects = dumps.select(
        "dump_id",
        reject_id=pl.col("dump_id").str.head(16) + ":1",
        line_start=1,
        line_end=1,
        stage=pl.lit("extract"),
        reason=pl.lit("missing_abstract"),
        detail=pl.lit("expected an abstract after the title, found the next title"),
        text=pl.lit(_REJECTED),
    )
    return _with_columns_of(EXTRACTED_REJECTS, rejects)


def _with_columns_of(schema: pl.Schema, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame in the columns of a schema; those that it lacks are null."""
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in frame.columns]
    return frame.with_columns(missing).select(schema.names()).cast(schema)  # type: ignore[arg-type]


def _digits(numbers: pl.Series, width: int) -> pl.Series:
    return numbers.cast(pl.String).str.zfill(width)
