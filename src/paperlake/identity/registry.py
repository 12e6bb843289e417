"""Paper ids: made from a paper's first appearance, kept for ever, and their history.

Who keeps which id: a paper is named after its first appearance in the order in which dumps entered the store. When two
papers turn out to be one, the first appearance of the joined paper is that of the older one, so the older id lives and
the other is `merged_into` it. When one paper turns out to be two, the part that holds the first appearance keeps the
id and the other part gets the id of its own first appearance (`split_from`). An id whose appearances are all gone is
`retired`.
"""

from typing import Any

import numpy as np
import polars as pl
import polars_hash as plh

from paperlake.schemas import TABLES

_ALPHABET = np.frombuffer(b"0123456789abcdefghijklmnopqrstuvwxyz", dtype=np.uint8)
_LENGTH = 12


def paper_ids(first_appearance_ids: pl.Series) -> pl.Series:
    """`pl-` and 12 of `[0-9a-z]` from the sha256 of each appearance id; where one is taken, of the next try."""
    seeds = first_appearance_ids.alias("seed").to_frame()
    ids = _hashed(seeds)
    attempt = 0
    while (taken := ~ids.is_first_distinct()).any():
        attempt += 1
        again = _hashed(seeds.filter(taken).select(pl.col("seed") + f"#{attempt}"))
        ids = ids.scatter(taken.arg_true(), again)
    return ids


def _hashed(seeds: pl.DataFrame) -> pl.Series:
    """36 ** 12 is just under 2 ** 63, so the first 64 bits of the hash fill all twelve places."""
    digests = seeds.select(plh.col("seed").chash.sha2_256().str.slice(0, 16).str.to_integer(base=16, dtype=pl.UInt64))
    numbers = digests.to_series().to_numpy().copy()
    letters = np.empty((len(numbers), _LENGTH), dtype=np.uint8)
    for place in range(_LENGTH):
        letters[:, place] = _ALPHABET[(numbers % 36).astype(np.intp)]
        numbers //= 36
    words: Any = letters.view(f"S{_LENGTH}").ravel().astype(str) if len(numbers) else []
    return "pl-" + pl.Series(words, dtype=pl.String)


def extend_history(
    history: pl.DataFrame, before: pl.DataFrame | None, appearances: pl.DataFrame, papers: pl.DataFrame, release: int
) -> pl.DataFrame:
    """The `id_history` table with what this release does to ids.

    Args:
        history: `id_history` of the previous release, empty in the first.
        before: `appearances` of the previous release; None in the first.
        appearances: `appearances` of this release.
        papers: `papers` of this release.
        release: number of this release.
    """
    known = history.select("paper_id").unique()
    created = papers.join(known, on="paper_id", how="anti").select("paper_id", "first_appearance_id")
    members = appearances.select("appearance_id", "paper_id")
    old = _no_members() if before is None else before.select("appearance_id", "paper_id")
    origins = created.join(
        old.rename({"paper_id": "other_id"}),
        left_on="first_appearance_id",
        right_on="appearance_id",
        how="left",
        maintain_order="left",
    )
    gone = old.join(papers, on="paper_id", how="anti").unique("paper_id", keep="first", maintain_order=True)
    fates = gone.join(members.rename({"paper_id": "other_id"}), on="appearance_id", how="left", maintain_order="left")
    new = pl.concat([_events(origins, "split_from", "created"), _events(fates, "merged_into", "retired")])
    events = new.with_columns(release=pl.lit(release, pl.Int32), reason=pl.lit(None, pl.String))
    return pl.concat([history, events.select(TABLES["id_history"].polars_schema.names())])


def _events(fates: pl.DataFrame, related: str, alone: str) -> pl.DataFrame:
    event = pl.when(pl.col("other_id").is_null()).then(pl.lit(alone)).otherwise(pl.lit(related))
    return fates.select("paper_id", "other_id", event=event)


def _no_members() -> pl.DataFrame:
    return pl.DataFrame(schema={"appearance_id": pl.String(), "paper_id": pl.String()})
