"""Order of entry: new dumps take their places behind those that a store knows already."""

from collections.abc import Mapping

import polars as pl

from paperlake.schemas import TABLES


def enter_dumps(new: Mapping[str, pl.DataFrame], before: Mapping[str, pl.DataFrame] | None) -> dict[str, pl.DataFrame]:
    """`appearances`, `dumps` and `rejects` of old and new dumps in order of entry; `dumps` with their `sequence`.

    Args:
        new: the same three as extracted, in the order of the dumps. A dump that the store knows may come again, where
            it was set aside or where people wrote something else about it; what it gave before goes.
        before: the same three tables of the release before; None in the first.
    """
    if before is None:
        before = {name: TABLES[name].polars_schema.to_frame() for name in new}
    again = new["dumps"].select("dump_id")
    old = {name: before[name].join(again, on="dump_id", how="anti", maintain_order="left") for name in new}
    dumps = pl.concat([old["dumps"], _number_dumps(new["dumps"], before["dumps"])]).sort("sequence")
    entry = dumps.select("dump_id", "sequence")
    rows = {name: pl.concat([old[name].select(new[name].columns), new[name]]) for name in ("appearances", "rejects")}
    in_order = {
        name: frame.join(entry, on="dump_id", how="left", maintain_order="left")
        .sort("sequence", maintain_order=True)
        .drop("sequence")
        for name, frame in rows.items()
    }
    return in_order | {"dumps": dumps}


def _number_dumps(new: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """New dumps with their `sequence`: one that was read, or is still set aside, keeps its own; others enter now."""
    kept = before.select("dump_id", kept="sequence", was_read=pl.col("status") == "read")
    known = new.join(kept, on="dump_id", how="left", maintain_order="left")
    stays = pl.col("kept").is_not_null() & (pl.col("was_read") | (pl.col("status") == "rejected"))
    last = pl.lit(before["sequence"], dtype=pl.Int32).max().fill_null(0)
    numbered = known.with_columns(sequence=pl.when(stays).then("kept").otherwise((~stays).cum_sum() + last))
    schema = TABLES["dumps"].polars_schema
    return numbered.select(schema.names()).cast(schema)
