"""What became of an id that is no paper's any more."""

import polars as pl

from paperlake.explore.refusals import RefusedError, missing
from paperlake.release.reading import Release


def unknown_paper(release: Release, paper_id: str) -> RefusedError:
    """What is said of an id that is no paper of a release: where it leads, or that it never was one.

    Raises:
        PolarsError: a file is damaged.
        OSError: a file is missing.
    """
    steps, leads_to = _follow(_ended(release), paper_id)
    if not steps:
        return missing(f"expected a paper of release {release.version}, found {paper_id}")
    return missing("; ".join(steps), leads_to)


def _ended(release: Release) -> pl.DataFrame:
    """The events of ids that are no papers now, the first event first."""
    ends = release["id_history"].filter(pl.col("event").is_in(["merged_into", "retired"]))
    ended = ends.join(release["papers"].select("paper_id"), on="paper_id", how="anti", maintain_order="left")
    return ended.sort("release", maintain_order=True).collect()


def _follow(events: pl.DataFrame, paper_id: str) -> tuple[list[str], str | None]:
    """What happened to an id, and to those that it leads to, in words; and the paper at the end of the way."""
    last = {event["paper_id"]: event for event in events.to_dicts()}
    steps: list[str] = []
    here: str | None = paper_id
    while event := last.pop(here, None):
        here = event["other_id"]
        fate = f"merged into {here}" if here else "retired"
        steps.append(f"{event['paper_id']} was {fate} in release {event['release']}")
    return steps, here if steps else None
