"""Paper ids: made from a paper's first appearance, kept for ever, and their history.

Who keeps which id. An id belongs to the earliest of its appearances that is still there, its heir. The paper of an heir
keeps the id; of several ids that meet in one paper the one whose heir entered first lives, and the others are
`merged_into` it. A paper without an heir, new or parted from another, gets an id of its own first appearance: `created`
where that was in no paper before, else `split_from` the paper it was in. An id whose appearances are all gone is
`retired`. So an id lives on when its first appearance is retracted, and never moves to another paper: an id that has
been given is never given again, not even to the same appearance, or to another that has its number by now. Only a
rollback lets ids that ended live again, each as the very paper that it was; the last event of an id counts.
"""

from collections.abc import Collection
from typing import Any

import numpy as np
import polars as pl
import polars_hash as plh

from paperlake.schemas import TABLES

_ALPHABET = np.frombuffer(b"0123456789abcdefghijklmnopqrstuvwxyz", dtype=np.uint8)
_LENGTH = 12
_MOST_TRIES = 16
"""How often an appearance may found a paper: one that was parted, joined and parted again is at its second try."""
_MEMBERS = pl.Schema({"appearance_id": pl.String(), "paper_id": pl.String()})


def name_papers(
    clusters: pl.DataFrame, before: pl.DataFrame | None = None, given: pl.Series | None = None
) -> pl.Series:
    """The paper id of each row.

    Args:
        clusters: `appearance_id` and `first`, the number of the first row of its cluster, in order of entry.
        before: `appearance_id`, `paper_id` of the release before, as `carry_over` gives them; None in the first.
        given: every id that was ever given, living or not.
    """
    rows = clusters.select("appearance_id", "first").with_row_index("row")
    heirs = _find_heirs(rows, before)
    kept = heirs.unique("first", keep="first", maintain_order=True).select("first", "paper_id")
    founders = rows.filter(pl.col("row") == pl.col("first")).join(kept, on="first", how="anti", maintain_order="left")
    taken = pl.Series([], dtype=pl.String) if given is None else given
    new = founders.select("first", paper_id=new_ids(founders["appearance_id"], taken))
    return rows.join(pl.concat([kept, new]), on="first", how="left", maintain_order="left")["paper_id"]


def new_ids(appearance_ids: pl.Series, taken: pl.Series) -> pl.Series:
    """`pl-` and 12 of `[0-9a-z]` from the sha256 of each appearance id; where one is taken, of the next try."""
    ids = _hashed(_seeds(appearance_ids, 0))
    attempt = 0
    while (again := ids.is_in(taken.implode()) | ~ids.is_first_distinct()).any():
        attempt += 1
        tried = _hashed(_seeds(appearance_ids.filter(again), attempt))
        ids = ids.scatter(again.arg_true(), tried)
    return ids


def find_founders(paper_ids: Collection[str], appearance_ids: pl.Series) -> dict[str, str]:
    """The appearance from which each id was, or would be, made; none for ids of appearances that are not there.

    Args:
        paper_ids: any ids of papers.
        appearance_ids: of all appearances.
    """
    found: dict[str, str] = {}
    for attempt in range(_MOST_TRIES):
        left = [name for name in paper_ids if name not in found]
        if not left:
            break
        made = _hashed(_seeds(appearance_ids, attempt))
        are_meant = made.is_in(left)
        found |= dict(zip(made.filter(are_meant), appearance_ids.filter(are_meant), strict=True))
    return found


def _seeds(appearance_ids: pl.Series, attempt: int) -> pl.Series:
    """What an id is hashed from at the first try, and at those after it."""
    return (appearance_ids + (f"#{attempt}" if attempt else "")).alias("seed")


def _find_heirs(rows: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """`paper_id`, `first`: one row an id that still has appearances, in order of the earliest, and its cluster."""
    old = _MEMBERS.to_frame() if before is None else before.select(_MEMBERS.names())
    still = _with_old_ids(rows, old)
    return still.unique("paper_id", keep="first", maintain_order=True).select("paper_id", "first", "appearance_id")


def _with_old_ids(rows: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """The rows that an old paper had, with its id; without a join where they are the first ones, as a rule."""
    first = rows.head(old.height)
    if first["appearance_id"].equals(old["appearance_id"]):
        return first.hstack([old["paper_id"]])
    return rows.join(old, on="appearance_id", how="inner", maintain_order="left")


def _hashed(seeds: pl.Series) -> pl.Series:
    """36 ** 12 is just under 2 ** 63, so the first 64 bits of the hash fill all twelve places."""
    head = plh.col("seed").chash.sha2_256().str.slice(0, 16)
    digests = seeds.to_frame().select(head.str.to_integer(base=16, dtype=pl.UInt64))
    numbers = digests.to_series().to_numpy().copy()
    letters = np.empty((len(numbers), _LENGTH), dtype=np.uint8)
    for place in range(_LENGTH):
        letters[:, place] = _ALPHABET[(numbers % 36).astype(np.intp)]
        numbers //= 36
    words: Any = letters.view(f"S{_LENGTH}").ravel().astype(str) if len(numbers) else []
    return "pl-" + pl.Series(words, dtype=pl.String)


def extend_history(
    history: pl.DataFrame,
    before: pl.DataFrame | None,
    appearances: pl.DataFrame,
    release: int,
    reasons: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The `id_history` table with what this release does to ids.

    Args:
        history: `id_history` of the previous release, empty in the first.
        before: `appearances` of the previous release, as `carry_over` gives them; None in the first.
        appearances: `appearances` of this release, in order of entry.
        release: number of this release.
        reasons: `paper_id`, `reason` of those that people overruled.
    """
    old = _MEMBERS.to_frame() if before is None else before.select(_MEMBERS.names())
    now = appearances.select(_MEMBERS.names())
    founders = now.unique("paper_id", keep="first", maintain_order=True).join(
        old.select("paper_id").unique(), on="paper_id", how="anti", maintain_order="left"
    )
    origins = founders.join(_others(old), on="appearance_id", how="left", maintain_order="left")
    gone = old.select(pl.col("paper_id").unique(maintain_order=True)).join(
        now, on="paper_id", how="anti", maintain_order="left"
    )
    theirs = old.join(gone, on="paper_id", how="semi")
    members = _others(now).join(theirs, on="appearance_id", maintain_order="left")
    heirs = members.unique("paper_id", keep="first", maintain_order=True)
    fates = gone.join(heirs, on="paper_id", how="left", maintain_order="left")
    new = pl.concat([_events(origins, "split_from", "created"), _events(fates, "merged_into", "retired")])
    told = {} if reasons is None else dict(reasons.select("paper_id", "reason").iter_rows())
    reason = pl.coalesce(pl.col(name).replace_strict(told, default=None) for name in ("paper_id", "other_id"))
    events = new.with_columns(release=pl.lit(release, pl.Int32), reason=reason.cast(pl.String))
    return pl.concat([history, events.select(TABLES["id_history"].polars_schema.names())])


def follow(history: pl.DataFrame, paper_id: str) -> tuple[str | None, list[str]]:
    """The paper that an id means today, None where it is retired or was never given; and the ids on the way to it.

    The last event of an id counts: a rollback lets ids that ended live again, as the papers that they were.

    Args:
        history: `id_history`.
        paper_id: any id that was ever published.
    """
    last = history.unique("paper_id", keep="last").select("paper_id", "event", "other_id")
    fates = {name: (event, other) for name, event, other in last.iter_rows()}
    way = [paper_id]
    while (fate := fates.get(way[-1], ("retired", None)))[0] == "merged_into":
        way.append(fate[1])
    return (None if fate[0] == "retired" else way[-1]), way


def _events(fates: pl.DataFrame, related: str, alone: str) -> pl.DataFrame:
    event = pl.when(pl.col("other_id").is_null()).then(pl.lit(alone)).otherwise(pl.lit(related))
    return fates.select("paper_id", "other_id", event=event)


def _others(members: pl.DataFrame) -> pl.DataFrame:
    return members.rename({"paper_id": "other_id"})
