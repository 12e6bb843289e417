"""Order of entry: new dumps take their places behind those that a store knows already."""

from collections.abc import Mapping

import polars as pl

from paperlake.schemas import TABLES

_COUNTS = ("n_papers", "n_furniture", "n_rejects")


def enter_dumps(
    new: Mapping[str, pl.DataFrame],
    before: Mapping[str, pl.DataFrame] | None,
    retracted: Mapping[str, str] | None = None,
) -> dict[str, pl.DataFrame]:
    """`appearances`, `dumps` and `rejects` of old and new dumps in order of entry; `dumps` with their `sequence`.

    Args:
        new: the same three as extracted, in the order of the dumps. A dump that the store knows may come again, where
            it was set aside or where people wrote something else about it; what it gave before goes.
        before: the same three tables of the release before; None in the first.
        retracted: why, by `dump_id` of the dumps that people retracted: of those only the row in `dumps` is left.
    """
    retracted = retracted or {}
    if before is None:
        before = {name: TABLES[name].polars_schema.to_frame() for name in new}
    again = new["dumps"].select("dump_id")
    old = {name: before[name].join(again, on="dump_id", how="anti", maintain_order="left") for name in new}
    dumps = pl.concat([old["dumps"], _number_dumps(new["dumps"], before["dumps"])]).sort("sequence")
    dumps = _mark_retracted(dumps, retracted)
    entry = dumps.filter(pl.col("status") != "retracted").select("dump_id", "sequence")
    rows = {name: pl.concat([old[name].select(new[name].columns), new[name]]) for name in ("appearances", "rejects")}
    return {name: _in_order(frame, entry) for name, frame in rows.items()} | {"dumps": dumps}


def _in_order(rows: pl.DataFrame, entry: pl.DataFrame) -> pl.DataFrame:
    """The rows of dumps that entered, in their order; without a copy where they stand in it, as new dumps do."""
    sequence = rows.select("dump_id").join(entry, on="dump_id", how="left", maintain_order="left")["sequence"]
    if sequence.null_count() == 0 and sequence.is_sorted():
        return rows
    return rows.with_columns(sequence).drop_nulls("sequence").sort("sequence", maintain_order=True).drop("sequence")


def _mark_retracted(dumps: pl.DataFrame, retracted: Mapping[str, str]) -> pl.DataFrame:
    """`dumps` with status and reason of those that people retracted, and without counts of what they hold no longer."""
    is_retracted = pl.col("dump_id").is_in(list(retracted))
    why = pl.col("dump_id").replace_strict(retracted, default=None, return_dtype=pl.String)
    counts = [pl.when(~is_retracted).then(pl.col(name)).otherwise(0).alias(name) for name in _COUNTS]
    status = pl.when(is_retracted).then(pl.lit("retracted")).otherwise("status")
    reason = pl.when(is_retracted).then(why).otherwise("reason")
    return dumps.with_columns(*counts, status=status, reason=reason)


def _number_dumps(new: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """New dumps with their `sequence`: one that was read, or is still set aside, keeps its own; others enter now."""
    kept = before.select("dump_id", kept="sequence", was_read=pl.col("status").is_in(["read", "retracted"]))
    known = new.join(kept, on="dump_id", how="left", maintain_order="left")
    stays = pl.col("kept").is_not_null() & (pl.col("was_read") | (pl.col("status") == "rejected"))
    last = pl.lit(before["sequence"], dtype=pl.Int32).max().fill_null(0)
    numbered = known.with_columns(sequence=pl.when(stays).then("kept").otherwise((~stays).cum_sum() + last))
    schema = TABLES["dumps"].polars_schema
    return numbered.select(schema.names()).cast(schema)
