"""What a release changed, in words."""

import polars as pl

from paperlake.release.step_words import step_markdown
from paperlake.schemas import TABLES
from paperlake.vocabularies import CHANGE_CAUSES

CHANGES, HISTORY = TABLES["changes"].polars_schema, TABLES["id_history"].polars_schema


def changes(*rows: tuple[str, str, str, str, str]) -> pl.DataFrame:
    """Rows of `changes`: table, key, column, change, cause."""
    given = [dict(zip(("table", "key", "column", "change", "cause"), row, strict=True)) for row in rows]
    return pl.DataFrame(given, schema=CHANGES)


def history(*rows: tuple[str, str, str | None, int]) -> pl.DataFrame:
    """Rows of `id_history`: paper_id, event, other_id, release."""
    given = [dict(zip(("paper_id", "event", "other_id", "release"), row, strict=True)) for row in rows]
    return pl.DataFrame(given, schema=HISTORY)


def test_rows_are_counted_once_and_values_by_column_in_contract_order():
    step = changes(
        ("papers", "pl-1", "*", "removed", "merge"),
        ("papers", "pl-2", "abstract", "changed", "new_dump"),
        ("papers", "pl-2", "title", "changed", "new_dump"),
        ("papers", "pl-3", "abstract", "changed", "correction"),
        ("papers", "pl-4", "*", "added", "new_dump"),
        ("links", "pl-4 https://example.org/socks", "*", "added", "new_dump"),
    )
    assert step_markdown(step, history(), 2).splitlines() == [
        "- `papers`: 1 added, 1 removed, 2 changed (`title` 1, `abstract` 2)",
        "- `links`: 1 added, 0 removed, 0 changed",
        "",
        "| cause | | table | added | removed | changed |",
        "|---|---|---|---|---|---|",
        f"| `new_dump` | {CHANGE_CAUSES['new_dump']} | `papers` | 1 | 0 | 1 |",
        f"| `new_dump` | {CHANGE_CAUSES['new_dump']} | `links` | 1 | 0 | 0 |",
        f"| `correction` | {CHANGE_CAUSES['correction']} | `papers` | 0 | 0 | 1 |",
        f"| `merge` | {CHANGE_CAUSES['merge']} | `papers` | 0 | 1 | 0 |",
    ]


def test_ids_tell_where_they_went_in_this_release_only():
    events = history(
        ("pl-1", "created", None, 2),
        ("pl-0", "merged_into", "pl-9", 1),
        ("pl-2", "merged_into", "pl-3", 2),
        ("pl-4", "split_from", "pl-3", 2),
        ("pl-5", "retired", None, 2),
    )
    assert step_markdown(changes(), events, 2).splitlines() == [
        "- ids merged: 1 (`pl-2` into `pl-3`)",
        "- ids split off: 1 (`pl-4` from `pl-3`)",
        "- ids retired: 1 (`pl-5`)",
    ]


def test_many_ids_are_not_all_told():
    events = history(*((f"pl-{number:03}", "retired", None, 2) for number in range(1_025)))
    (line,) = step_markdown(changes(), events, 2).splitlines()
    assert line.startswith("- ids retired: 1,025 (`pl-000`, ")
    assert line.endswith("`pl-019` and 1,005 more, see `id_history`)")


def test_a_step_without_changes_says_so():
    text = step_markdown(changes(), history(("pl-1", "created", None, 1)), 2)
    assert text == "`papers` and `links` are those of the release before; other tables or the contract differ.\n"
