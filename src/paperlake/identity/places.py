"""Appearances of dumps that are read again: found by what they show and where, for their numbers move.

`dump:position` counts what was read. Read again under another note, or by other rules, a dump may give other records,
and the same number may be another paper's: by their numbers alone ids would move to papers that never had them.
"""

import polars as pl

_SHOWN = ("title_raw", "arxiv_id")
KNOWN_BY = ("line_start", *_SHOWN)
"""Columns that a record of a dump is known by when the dump is read again."""
_LINE = ["dump_id", "line_start"]
_PLACE = [*_LINE, "n_at_line", "nth_at_line"]


def carry_over(before: pl.DataFrame, appearances: pl.DataFrame, again: pl.Series) -> pl.DataFrame:
    """`before`, row by row, with the `appearance_id` that each record has today, null where it is read no longer.

    Two readings of a dump show one record where a title as read stands once in both, or an arXiv id: another layout
    may undo other escapes, or begin a block some lines above. Of the rest, what begins on one line is one record; of
    several that begin there, as all of a JSON dump do, the how-many-th, where they are as many as before.

    Args:
        before: `appearances` of the release before, in order of entry.
        appearances: those of today in order of entry: `appearance_id`, `dump_id`, `line_start`, `title_raw`,
            `arxiv_id`.
        again: `dump_id` of the dumps that were read in this run; rows of others come out as they are.
    """
    read_again = pl.col("dump_id").is_in(again.implode())
    old = before.with_row_index("row").filter(read_again).select("row", *_LINE, *_SHOWN)
    today = appearances.filter(read_again).select(*_LINE, *_SHOWN, today="appearance_id")
    ids = old.join(_find(old, today), on="row", how="left", maintain_order="left")["today"]
    return before.with_columns(before["appearance_id"].scatter(old["row"], ids))


def _find(old: pl.DataFrame, today: pl.DataFrame) -> pl.DataFrame:
    """`row`, `today`: the old rows that are read today, each with its id."""
    found = []
    for shown in _SHOWN:
        key = ["dump_id", shown]
        is_once = pl.struct(key).is_unique()
        found.append(old.filter(is_once).join(today.filter(is_once), on=key).select("row", "today"))
        old = old.join(found[-1], on="row", how="anti", maintain_order="left")
        today = today.join(found[-1], on="today", how="anti", maintain_order="left")
    by_line = _number_at_lines(old).join(_number_at_lines(today), on=_PLACE).select("row", "today")
    return pl.concat([*found, by_line])


def _number_at_lines(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(n_at_line=pl.len().over(_LINE), nth_at_line=pl.int_range(pl.len()).over(_LINE))
