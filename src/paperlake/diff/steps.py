"""What each release between two says of its own step: which values changed, and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from paperlake.diff.parts import read_columns
from paperlake.errors import StoreError
from paperlake.release.reading import Release, open_release
from paperlake.stores import Location

TOLD = pl.Schema(
    {"table": pl.String(), "key": pl.String(), "column": pl.String(), "release": pl.Int32(), "cause": pl.String()}
)
"""One row a value (`*`: a whole row) that a step changed, in order of the releases."""

DUMP_CAUSES = pl.Schema({"dump_id": pl.String(), "release": pl.Int32(), "cause": pl.String()})


@dataclass(frozen=True)
class Steps:
    """The steps from one release to a later one.

    `told` is TOLD, of `papers` and `links`; `dumps` is DUMP_CAUSES; `untold` are releases in between that are gone or
    damaged, whose causes nobody knows; what they did to dumps is told of the next release that stands. `is_whole`:
    the steps tell of every value that can differ, since none is untold, all were built one on the other, and no column
    came or went on the way.
    """

    older: Release
    newer: Release
    told: pl.DataFrame
    dumps: pl.DataFrame
    untold: tuple[int, ...]
    is_whole: bool


def read_steps(store: Location, older: Release, newer: Release) -> Steps:
    """The steps from `older` to `newer`, as the releases in between and `newer` tell them."""
    changes, passed, untold = [TOLD.to_frame()], [older], []
    for version in range(older.version + 1, newer.version + 1):
        try:
            release = newer if version == newer.version else open_release(store, version)
            told = read_columns(release, "changes", ["table", "key", "column", "cause"])
        except StoreError:
            untold.append(version)
            continue
        changes.append(told.with_columns(release=pl.lit(version, pl.Int32)).select(TOLD.names()))
        passed.append(release)
    dumps = pl.DataFrame(list(_dump_causes(passed)), DUMP_CAUSES, orient="row")
    return Steps(older, newer, pl.concat(changes), dumps, tuple(untold), not untold and _are_built_in_turn(passed))


def _are_built_in_turn(passed: Sequence[Release]) -> bool:
    """Whether the changes of each tell of the step from the one before: what else publishes may have none to tell."""
    contracts = {release.manifest["contract"]["version"] for release in passed}
    return len(contracts) == 1 and all(release.commit.facts.get("operation") == "build" for release in passed[1:])


def _dump_causes(passed: Iterable[Release]) -> Iterator[tuple[str, int, str]]:
    """Dumps that came, were taken back, or were read after all.

    The words are those of `changes`: a dump that was set aside and is read now is no new one, so the rules did it.
    """
    for before, after in pairwise(passed):
        known = _dump_states(before)
        for dump_id, state in _dump_states(after).items():
            if dump_id not in known:
                yield dump_id, after.version, "new_dump"
            elif state != known[dump_id]:
                is_overruled = "retracted" in (state, known[dump_id])
                yield dump_id, after.version, "retraction" if is_overruled else "rule_change"


def _dump_states(release: Release) -> dict[str, str]:
    return {dump["dump_id"]: dump["status"] for dump in release.manifest["facts"].get("dumps", ())}
