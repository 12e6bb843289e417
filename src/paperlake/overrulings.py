"""Which papers people overruled since the release before: by judgements, and by taking dumps back."""

from collections.abc import Iterable, Mapping

import polars as pl

from paperlake.curation.judgements import Judgement
from paperlake.curation.retractions import Retraction

OVERRULED = pl.Schema({"paper_id": pl.String(), "cause": pl.String(), "reason": pl.String()})
"""One row a paper: `judgement` or `retraction`, and who said so and why."""


def find_overruled(
    before: Mapping[str, pl.DataFrame] | None,
    after: Mapping[str, pl.DataFrame],
    judgements: Iterable[Judgement],
    retractions: Iterable[Retraction],
) -> pl.DataFrame:
    """OVERRULED: papers of both releases that hold what people spoke of.

    Args:
        before: `appearances` of the release before, as `carry_over` gives them; None in the first.
        after: `appearances` of the release to come.
        judgements: those written, changed or removed since, as `by_appearance` gives them.
        retractions: the same.
    """
    releases = [after] if before is None else [before, after]
    told = [
        *((_is_named(one), "judgement", _judged(one)) for one in judgements),
        *((pl.col("dump_id") == one.dump, "retraction", _retracted(one)) for one in retractions),
    ]
    found = [
        tables["appearances"].filter(spoken_of).select("paper_id", cause=pl.lit(cause), reason=pl.lit(reason))
        for spoken_of, cause, reason in told
        for tables in releases
    ]
    overruled = pl.concat([pl.DataFrame(schema=OVERRULED), *found])
    return overruled.unique("paper_id", keep="first", maintain_order=True)


def _is_named(judgement: Judgement) -> pl.Expr:
    return pl.col("appearance_id").is_in([judgement.left, judgement.right])


def _judged(judgement: Judgement) -> str:
    return f"judged {judgement.verdict} by {judgement.who}: {judgement.why}"


def _retracted(retraction: Retraction) -> str:
    return f"dump retracted by {retraction.who}: {retraction.why}"
