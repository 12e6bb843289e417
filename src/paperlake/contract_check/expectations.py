"""What a reader relies on, written in a file of its own, against what a contract promises.

    tables:
      papers:
        paper_id: {type: string, required: true, unique: true}
        repository: {}
      links:
        role: {values: [official_code, project_page]}
        confidence: {minimum: 0, maximum: 1}

A column without anything is expected to be there. `type` is the logical type or the physical one, `values` are all that
the reader handles, `minimum` and `maximum` the bounds that it relies on.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from math import isfinite
from typing import Any

from paperlake.contract_check.facts import Bound, ContractFacts, Facts, TableFacts
from paperlake.contract_check.spelling import show
from paperlake.errors import ContractFileError

_QUOTES = "write it in quotes, since YAML takes it for something else"
_MOST = 400
"""Letters of what is expected and found that people are shown."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """One expectation that a contract does not meet: where, which one, expected against found, and what to do.

    `column` is empty where the whole table is missing.
    """

    table: str
    column: str
    what: str
    expected: str
    found: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.table}.{self.column}" if self.column else self.table
        return f"{place}: expected {self.expected}, found {self.found}. {self.remedy}"

    def as_dict(self) -> dict[str, str]:
        """All of it as plain values, for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One thing to expect of a column: how it is written, what a contract says of it, and when that is enough."""

    form: str
    is_form: Callable[[Any], bool]
    find: Callable[[Facts], Any]
    is_enough: Callable[[Any, Any], bool]
    remedy: str


def _is_type(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str | int | float) for one in value)


def _find_types(facts: Facts) -> list[str] | None:
    return list(dict.fromkeys(str(facts[name]) for name in ("logicalType", "physicalType") if name in facts)) or None


def _is_among(wanted: Any, types: Any) -> bool:
    return types is not None and wanted in types


def _is_promised(wanted: Any, promised: Any) -> bool:
    return promised is True or not wanted


def _is_handled(handled: Any, values: Any) -> bool:
    return values is not None and all(value in handled for value in values)


def _is_least(wanted: Any, bound: Any) -> bool:
    return isinstance(bound, Bound) and _is_number(bound.value) and bound.value >= wanted


def _is_greatest(wanted: Any, bound: Any) -> bool:
    return isinstance(bound, Bound) and _is_number(bound.value) and bound.value <= wanted


_REPEATS = "Handle values that repeat: a join by it may give several rows."
KINDS: dict[str, _Kind] = {
    "type": _Kind("the name of a type", _is_type, _find_types, _is_among, "Read it as what it is."),
    "required": _Kind(
        "true or false", _is_flag, lambda facts: facts.get("required", False), _is_promised, "Handle null."
    ),
    "unique": _Kind("true or false", _is_flag, lambda facts: facts.get("unique", False), _is_promised, _REPEATS),
    "values": _Kind(
        "a list of values", _is_list, lambda facts: facts.get("values"), _is_handled, "Handle all others, too."
    ),
    "minimum": _Kind("a number", _is_number, lambda facts: facts.get("minimum"), _is_least, "Handle lower values."),
    "maximum": _Kind("a number", _is_number, lambda facts: facts.get("maximum"), _is_greatest, "Handle higher values."),
}
"""Everything that can be expected of a column."""

Expectations = dict[str, dict[str, dict[str, Any]]]
"""Table to column to what is expected of it."""


def read_expectations(document: Mapping[str, Any], file: str) -> Expectations:
    """What a file expects.

    Raises:
        ContractFileError: it is not written as above; all faults together. `file` names it.
    """
    faults = list(_find_faults(document))
    if faults:
        raise ContractFileError(file, faults)
    return {
        table: {column: dict(wanted or {}) for column, wanted in (columns or {}).items()}
        for table, columns in document["tables"].items()
    }


def find_unmet(expectations: Expectations, contract: ContractFacts) -> list[Unmet]:
    """The expectations that a contract does not meet, in the order of their file."""
    unmet: list[Unmet] = []
    for table, columns in expectations.items():
        if table in contract.tables:
            unmet += _find_unmet_columns(table, columns, contract.tables[table])
        else:
            unmet.append(_missing(table, "", "table", contract.tables))
    return unmet


def _find_unmet_columns(table: str, columns: Mapping[str, Mapping[str, Any]], promised: TableFacts) -> Iterator[Unmet]:
    for column, wanted in columns.items():
        if column not in promised.columns:
            yield _missing(table, column, "column", promised.columns)
            continue
        for name, value in wanted.items():
            kind = KINDS[name]
            found = kind.find(promised.columns[column])
            if not kind.is_enough(value, found):
                wants, has = (f"{name} {show(said, _MOST)}" for said in (value, found))
                yield Unmet(table, column, name, wants, has, kind.remedy)


def _missing(table: str, column: str, what: str, known: Mapping[str, Any]) -> Unmet:
    close = get_close_matches(column or table, known, n=1)
    hint = f"Did you mean {close[0]!r}?" if close else f"There is {', '.join(known) or 'nothing'}."
    return Unmet(table, column, what, f"this {what}", "none", hint)


def _find_faults(document: Mapping[str, Any]) -> Iterator[str]:
    for name in document:
        if name != "tables":
            yield f"{name}: expected only `tables` here"
    tables = document.get("tables")
    if not isinstance(tables, dict) or not tables:
        yield f"tables: expected tables by name, found {tables!r}"
        return
    for table, columns in tables.items():
        if not isinstance(table, str):
            yield f"tables: expected the name of a table, found {table!r}; {_QUOTES}"
        elif not isinstance(columns, dict | None):
            yield f"{table}: expected columns by name (`{{}}` for the table alone), found {columns!r}"
        else:
            for column, wanted in (columns or {}).items():
                yield from _find_column_faults(table, column, wanted)


def _find_column_faults(table: str, column: Any, wanted: Any) -> Iterator[str]:
    if not isinstance(column, str):
        yield f"{table}: expected the name of a column, found {column!r}; {_QUOTES}"
        return
    if not isinstance(wanted, dict | None):
        yield f"{table}.{column}: expected `{{type: ..., required: ...}}` or `{{}}`, found {wanted!r}"
        return
    for name, value in (wanted or {}).items():
        if name not in KINDS:
            yield f"{table}.{column}: expected some of {', '.join(KINDS)}, found {name!r}"
        elif not KINDS[name].is_form(value):
            yield f"{table}.{column}: expected {KINDS[name].form} as `{name}`, found {value!r}"
