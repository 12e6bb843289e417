"""What became of paper ids between two releases: created, split, merged or retired."""

import polars as pl

from paperlake.diff.parts import read_differing
from paperlake.release.reading import Release
from paperlake.schemas import TABLES

FATES = TABLES["id_history"].polars_schema
_BEGINS, _ENDS = ("created", "split_from"), ("merged_into", "retired")


def find_fates(older: Release, newer: Release) -> pl.DataFrame:
    """FATES: one row for each paper that only one of the releases has, with the event that began or ended it.

    `other_id` is followed to its end: where the paper that another was merged into was merged in turn, it is the last
    one; where the paper that another was split from was split off in between, it is the first. An id that began and
    ended in between is in neither release, and is left out.

    Args:
        older: the older release.
        newer: the newer one, whose `id_history` tells.

    Raises:
        StoreError: a file is missing or damaged.
    """
    histories = read_differing(older, newer, "id_history")
    if histories is None:
        return FATES.to_frame()
    between = histories[1].filter(pl.col("release").is_between(older.version, newer.version, closed="right"))
    begun, ended = (between.filter(pl.col("event").is_in(events)) for events in (_BEGINS, _ENDS))
    gone = _followed(ended).join(begun, on="paper_id", how="anti", maintain_order="left")
    new = _followed(begun).join(ended, on="paper_id", how="anti", maintain_order="left")
    return pl.concat([gone, new]).select(FATES.names())


def _followed(events: pl.DataFrame) -> pl.DataFrame:
    """The events, with the other paper replaced by the one that it leads to in turn."""
    leads = events.filter(pl.col("other_id").is_not_null()).select(other_id="paper_id", further="other_id")
    while (longer := events.join(leads, on="other_id", how="left", maintain_order="left"))["further"].count():
        events = longer.with_columns(other_id=pl.coalesce("further", "other_id")).drop("further")
    return events
