"""Near misses of a build: all of the newest one in the work folder of a store, derived, and safe to delete.

The likeliest of a candidate stand beside its tables, for the manifest and the page of the release that it becomes.
"""

import json
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from paperlake.frame_files import write_file
from paperlake.shown_text import shorten
from paperlake.stores.files import named

_NAME = "near-misses.parquet"
_LIKELIEST = "near-misses.json"
_MOST, _MOST_LETTERS = 20, 300
_NO_RULE = "no rule joins them"


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


def write_near(candidate: Path, review: pl.DataFrame) -> None:
    """Nothing; the likeliest pairs of a candidate, and how many there are, stand in its folder.

    Raises:
        OSError: the file cannot be written.
    """
    told = {"n_pairs": review.height, "likeliest": [_as_fact(row) for row in review.head(_MOST).to_dicts()]}
    with named(candidate / _LIKELIEST):
        (candidate / _LIKELIEST).write_text(json.dumps(told), encoding="utf-8")


def read_near(candidate: Path) -> dict[str, Any] | None:
    """`n_pairs` of a candidate, and of the `likeliest` score, titles, ids and `apart_by`; None where none are known."""
    path = candidate / _LIKELIEST
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _as_fact(row: dict[str, Any]) -> dict[str, Any]:
    score = None if row["score"] is None else round(row["score"], 1)
    titles = {name: shorten(row[name] or "", _MOST_LETTERS) for name in ("left_title", "right_title")}
    apart = [row["difference"], row["veto"] and f"veto: {row['veto']}", row["rule"] and f"rule: {row['rule']}"]
    ids = {name: row[name] for name in ("left_id", "right_id")}
    return {"score": score, **titles, **ids, "apart_by": "; ".join(filter(None, apart)) or _NO_RULE}
