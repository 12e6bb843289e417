"""The difference between two releases of a store, put together: rows with their causes, fates of papers, facts."""

import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from paperlake.diff.facts import Fact, find_facts
from paperlake.diff.fates import find_fates
from paperlake.diff.keyed import DIFFERENCES, find_differences
from paperlake.diff.parts import read_columns, read_differing
from paperlake.diff.row_causes import add_causes, tell_causes
from paperlake.diff.steps import Steps, read_steps
from paperlake.diff.summary import TableSummary, summarise
from paperlake.diff.touched import read_touched
from paperlake.errors import StoreError
from paperlake.release.compare import COMPARED
from paperlake.release.reading import Release, open_release, versions
from paperlake.schemas import TABLES
from paperlake.stores import Location

CONTENT = tuple(name for name, table in TABLES.items() if table.is_content)
"""Tables that are compared; the others tell of the steps themselves."""

_TITLES = ("papers", ("paper_id", "title"))
_NAMES = {"papers": _TITLES, "metrics": _TITLES, "links": _TITLES, "dumps": ("dumps", ("dump_id", "path"))}
_OTHER_WAY = {"added": "removed", "removed": "added"}


@dataclass(frozen=True)
class Difference:
    """What differs between `before` and `after`; `before` may be the newer of the two.

    `rows` is DIFFERENCES with `causes` and `releases` (see `add_causes`), `summaries` its figures by table. `fates` is
    FATES, of papers that only one of them has, as it happened in time. `untold` are releases in between that are gone
    or damaged: the causes of their steps are lost.
    """

    before: Release
    after: Release
    rows: pl.DataFrame
    summaries: tuple[TableSummary, ...]
    fates: pl.DataFrame
    facts: tuple[Fact, ...]
    untold: tuple[int, ...]

    @property
    def n_steps(self) -> int:
        """Releases from the one to the other; 0 where they are the same one."""
        return abs(self.after.version - self.before.version)

    def rows_of(self, table: str, most: int = 0) -> pl.DataFrame:
        """Rows of one table, the first so many; all of them with 0."""
        rows = self.rows.filter(pl.col("table") == table)
        return rows.head(most or rows.height)

    def as_dict(self, most: int = 0) -> dict[str, Any]:
        """All of it as plain values, of the rows the first so many (0: all), whose JSON texts are values, too."""
        return {
            "before": _named(self.before),
            "after": _named(self.after),
            "is_same": self.rows.is_empty(),
            "tables": [asdict(summary) for summary in self.summaries],
            "papers": self.fates.to_dicts(),
            "facts": [asdict(fact) for fact in self.facts],
            "untold_releases": list(self.untold),
            "rows": [_with_values(row) for row in self.rows.head(most or self.rows.height).iter_rows(named=True)],
        }


def compare_releases(
    store: Location, before: int | None = None, after: int | None = None, tables: Collection[str] = CONTENT
) -> Difference:
    """What differs between two releases.

    Args:
        store: folder of releases.
        before: a version; the one before the newest where both are None.
        after: another, older or newer; the newest without one.
        tables: those to compare; one that only one of the releases has is told among the facts.

    Raises:
        StoreError: there is no such release, or one of the two is damaged.
    """
    first, second = _open_both(store, before, after)
    older, newer = sorted((first, second), key=lambda release: release.version)
    steps = read_steps(store, older, newer)
    compared = [name for name in CONTENT if name in tables and name in first.tables and name in second.tables]
    rows = pl.concat([_no_rows(), *(_find_rows(name, steps) for name in compared)])
    rows = rows if first is older else _turn(rows)
    summaries = tuple(summarise(name, _n_rows(first, name), _n_rows(second, name), rows) for name in compared)
    return Difference(
        first, second, rows, summaries, find_fates(older, newer), tuple(find_facts(first, second)), steps.untold
    )


def find_names(difference: Difference, table: str, rows: pl.DataFrame) -> dict[str, str]:
    """What people call the rows: titles of papers and paths of dumps by id, as the later release has them.

    Args:
        difference: what differs.
        table: the table of the rows; nothing comes back where its keys begin with no such id.
        rows: some of its rows.

    Raises:
        StoreError: a file is missing or damaged.
    """
    if table not in _NAMES:
        return {}
    named_in, columns = _NAMES[table]
    ids = rows["key"].str.split(" ").list.first().unique()
    names: dict[str, str] = {}
    for release in sorted((difference.before, difference.after), key=lambda release: -release.version):
        if missing := [one for one in ids if one not in names]:
            frame = read_columns(release, named_in, columns)
            names |= dict(frame.filter(pl.col(columns[0]).is_in(missing)).iter_rows())
    return names


def _open_both(store: Location, before: int | None, after: int | None) -> tuple[Release, Release]:
    second = open_release(store, after)
    if before is not None:
        return open_release(store, before), second
    earlier = [commit.version for commit in versions(store) if commit.version < second.version]
    if not earlier:
        remedy = "The next `paperlake build` that finds something new publishes another."
        raise StoreError(second.location, ["expected two releases to compare, found one"], remedy)
    return open_release(store, earlier[-1]), second


def _find_rows(table: str, steps: Steps) -> pl.DataFrame:
    """What differs in a table from the older to the newer release, with causes."""
    found = pl.concat([DIFFERENCES.to_frame(), *_find_differences(table, steps)])
    return add_causes(found, tell_causes(table, steps))


def _find_differences(table: str, steps: Steps) -> Iterator[pl.DataFrame]:
    """DIFFERENCES, as cheaply as it goes: a single step is told already, several say at least where to look."""
    is_told = table in COMPARED and steps.is_whole
    if is_told and steps.newer.version == steps.older.version + 1:
        yield read_columns(steps.newer, "changes", DIFFERENCES.names()).filter(pl.col("table") == table)
    elif is_told:
        yield from (find_differences(table, *lot) for lot in read_touched(table, steps))
    elif (rows := read_differing(steps.older, steps.newer, table)) is not None:
        yield find_differences(table, *rows)


def _no_rows() -> pl.DataFrame:
    lists = {"causes": pl.List(pl.String()), "releases": pl.List(pl.Int32())}
    return pl.DataFrame(schema={**DIFFERENCES, **lists})


def _turn(rows: pl.DataFrame) -> pl.DataFrame:
    """The difference as the older release has it from the newer one."""
    return rows.with_columns(pl.col("change").replace(_OTHER_WAY), before="after", after="before")


def _n_rows(release: Release, table: str) -> int:
    n_rows: int = release.manifest["tables"][table]["n_rows"]
    return n_rows


def _named(release: Release) -> dict[str, Any]:
    return {"version": release.version, "release": release.commit.release, "time": release.commit.time}


def _with_values(row: dict[str, Any]) -> dict[str, Any]:
    values = {side: None if row[side] is None else json.loads(row[side]) for side in ("before", "after")}
    return row | values
