"""Why papers changed from one release to the next."""

from collections.abc import Mapping, Sequence

import polars as pl

_EVENTS = {"merged_into": "merge", "split_from": "split"}


def find_causes(
    before: Mapping[str, pl.DataFrame] | None,
    after: Mapping[str, pl.DataFrame],
    events: pl.DataFrame,
    corrected: pl.DataFrame,
    moved: Sequence[str],
    overruled: pl.DataFrame,
) -> pl.DataFrame:
    """`paper_id`, `cause`: one row a paper whose cause is known; the rest changed by the rules.

    Of several causes the first counts: a judgement or a retraction, a merge or a split, a correction of what the
    release before knew, a new dump that shows the paper, a repository of it that people say moved.

    Args:
        before: `appearances`, `links` and `dumps` of the release before; None in the first.
        after: `appearances` and `links` of the release to come.
        events: rows of `id_history` of the release to come.
        corrected: `appearance_id` of the appearances whose corrections are others than before.
        moved: repository keys whose aliases are others than before.
        overruled: OVERRULED since the release before.
    """
    if before is None:
        return pl.DataFrame(schema={"paper_id": pl.String(), "cause": pl.String()})
    joined = [
        _caused(
            events.filter(pl.col("event") == event).select(pl.concat_list("paper_id", "other_id")).explode("paper_id"),
            cause,
        )
        for event, cause in _EVENTS.items()
    ]
    known = corrected.join(before["appearances"], on="appearance_id", how="semi")
    mended = [
        _caused(tables["appearances"].join(known, on="appearance_id", how="semi"), "correction")
        for tables in (before, after)
    ]
    shown = _caused(after["appearances"].join(before["dumps"], on="dump_id", how="anti"), "new_dump")
    named = pl.col("repository").str.to_lowercase().is_in(list(moved))
    renamed = [_caused(tables["links"].filter(named), "correction") for tables in (before, after)]
    people = overruled.select("paper_id", "cause")
    return pl.concat([people, *joined, *mended, shown, *renamed]).unique("paper_id", keep="first", maintain_order=True)


def _caused(papers: pl.DataFrame, cause: str) -> pl.DataFrame:
    return papers.select("paper_id", cause=pl.lit(cause))
