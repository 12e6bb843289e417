"""What a release changed, in words for people: made from its `changes` and `id_history`."""

import polars as pl

from paperlake.schemas import TABLES
from paperlake.vocabularies import CHANGE_CAUSES

_KINDS = ("added", "removed", "changed")
_EVENTS = {"merged_into": ("merged", "into"), "split_from": ("split off", "from"), "retired": ("retired", "")}
_MOST_IDS = 20
_SAME = "`papers` and `links` are those of the release before; other tables or the contract differ.\n"


def step_markdown(changes: pl.DataFrame, history: pl.DataFrame, release: int) -> str:
    """The step from the release before as Markdown; no numbers of releases in it, only what they hold.

    Args:
        changes: the `changes` of the release.
        history: its `id_history`.
        release: its number, by which `id_history` knows its events.
    """
    events = history.filter((pl.col("release") == release) & pl.col("event").is_in(list(_EVENTS)))
    if changes.is_empty() and events.is_empty():
        return _SAME
    facts = [_table_line(name, rows) for (name,), rows in changes.group_by("table", maintain_order=True)]
    lines = [*facts, *_event_lines(events)]
    return "\n".join(lines) + "\n" + _causes_markdown(changes)


def _table_line(name: object, rows: pl.DataFrame) -> str:
    """How many rows of a table came, went and changed, and in which columns.

    Columns stand in the order of the contract.
    """
    counts = ", ".join(f"{_count_rows(rows, kind):,} {kind}" for kind in _KINDS)
    values = dict(rows.filter(pl.col("change") == "changed").group_by("column").len().iter_rows())
    columns = [f"`{column}` {values[column]:,}" for column in TABLES[str(name)].descriptions if column in values]
    return f"- `{name}`: {counts}" + (f" ({', '.join(columns)})" if columns else "")


def _count_rows(rows: pl.DataFrame, kind: str) -> int:
    return rows.filter(pl.col("change") == kind)["key"].n_unique()


def _event_lines(events: pl.DataFrame) -> list[str]:
    """What became of ids: a line a kind of event."""
    found = {event: events.filter(pl.col("event") == event) for event in _EVENTS}
    return [_event_line(event, rows) for event, rows in found.items() if not rows.is_empty()]


def _event_line(event: str, rows: pl.DataFrame) -> str:
    """How many ids, and the first of them with the papers they lead to or come from."""
    done, joint = _EVENTS[event]
    pairs = rows.select("paper_id", "other_id").head(_MOST_IDS).iter_rows()
    told = [f"`{paper}` {joint} `{other}`" if other else f"`{paper}`" for paper, other in pairs]
    more = rows.height - _MOST_IDS
    rest = f" and {more:,} more, see `id_history`" if more > 0 else ""
    return f"- ids {done}: {rows.height:,} ({', '.join(told)}{rest})"


def _causes_markdown(changes: pl.DataFrame) -> str:
    """How many rows each cause touched, as a table; nothing where no row changed."""
    if changes.is_empty():
        return ""
    head = ["| cause | | table | added | removed | changed |", "|---|---|---|---|---|---|"]
    rows = [
        f"| `{cause}` | {words} | `{table}` | {' | '.join(f'{_count_rows(part, kind):,}' for kind in _KINDS)} |"
        for cause, words in CHANGE_CAUSES.items()
        for (table,), part in changes.filter(pl.col("cause") == cause).group_by("table", maintain_order=True)
    ]
    return "\n".join(["", *head, *rows, ""])
