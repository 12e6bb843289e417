"""What differs between two contracts, field by field: nothing is left unsaid, known to the rules or not."""

from collections.abc import Iterator, Mapping
from typing import Any

from paperlake.contract_check.changes import Change, find_rule
from paperlake.contract_check.facts import Bound, Facts, TableFacts, read_facts
from paperlake.contract_check.moves import find_move
from paperlake.contract_check.spelling import show, show_both, spell

_MOST = 400
"""Letters of the values that came or went: the ones that a reader must know of."""


def compare_contracts(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Every difference from `old` to `new`, contracts as ODCS YAML gives them; the versions themselves are none.

    What the contract says of itself comes first, then table by table in the order of the old one, new tables last.

    Raises:
        ContractFileError: one of them is not built as ODCS says.
    """
    before, after = read_facts(old, "the old contract"), read_facts(new, "the new contract")
    changes = [*_compare_facts("", "", before.facts, after.facts), *_compare_order("", before.tables, after.tables)]
    for name in _names(before.tables, after.tables):
        changes += _compare_tables(name, before.tables.get(name), after.tables.get(name))
    return changes


def _compare_tables(table: str, old: TableFacts | None, new: TableFacts | None) -> Iterator[Change]:
    if old is None or new is None:
        before, after = (side and list(side.columns) for side in (old, new))
        yield _tell(table, "", "table", before, after, f"columns {show(before or after)}")
        return
    yield from _compare_facts(table, "", old.facts, new.facts)
    yield from _compare_order(table, old.columns, new.columns)
    for column in _names(old.columns, new.columns):
        yield from _compare_columns(table, column, old.columns.get(column), new.columns.get(column))


def _compare_columns(table: str, column: str, old: Facts | None, new: Facts | None) -> Iterator[Change]:
    if old is None or new is None:
        before, after = (side and _type_of(side) for side in (old, new))
        yield _tell(table, column, "column", before, after, f"type {before or after}")
    else:
        yield from _compare_facts(table, column, old, new)


def _compare_facts(table: str, column: str, old: Facts, new: Facts) -> Iterator[Change]:
    for fact in _names(old, new):
        before, after = old.get(fact), new.get(fact)
        if spell(before) != spell(after):
            yield _tell(table, column, fact, before, after, _say(fact, before, after))


def _compare_order(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """The one difference, where what both have stands in another order: from the first to the last that moved."""
    before, after = [name for name in old if name in new], [name for name in new if name in old]
    moved = [place for place, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    if moved:
        shown = slice(moved[0], moved[-1] + 1)
        fact = "column order" if table else "table order"
        yield _tell(table, "", fact, before[shown], after[shown], show_both(before[shown], after[shown]))


def _tell(table: str, column: str, fact: str, before: Any, after: Any, said: str) -> Change:
    subject, move = find_move(fact, before, after)
    rule = find_rule(subject, move)
    old, new = (str(value) if isinstance(value, Bound) else value for value in (before, after))
    return Change(table, column, fact, rule.subject, move, rule.size, old, new, f"{rule.says}: {said}")


def _say(fact: str, before: Any, after: Any) -> str:
    """What a field said and says; of two lists of values only those that came or went."""
    if fact != "values" or before is None or after is None:
        return f"{fact} {show_both(before, after)}"
    gains = [value for value in after if value not in before]
    loses = [value for value in before if value not in after]
    told = [f"{verb} {show(values, _MOST)}" for verb, values in (("gains", gains), ("loses", loses)) if values]
    return " and ".join(told) or f"{fact} {show_both(before, after)}"


def _names(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [*old, *(name for name in new if name not in old)]


def _type_of(facts: Facts) -> str:
    return str(facts.get("physicalType") or facts.get("logicalType") or "not said")
