"""What a contract says, taken apart: of each table and each column the fields of ODCS, one flat name a value.

Fields are those of the Open Data Contract Standard 3.0.2. Some that belong together become one: `minimum` and
`exclusiveMinimum` a bound, `primaryKey` and `primaryKeyPosition` of all columns the key of their table, the list of a
`validValues` check `values`. Every other field is kept under its own name, known or not.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from paperlake.errors import ContractFileError

Facts = dict[str, Any]
"""Field to value; fields inside a field are joined by `.`. What says nothing (null, {} and []) is left out."""

DEFAULTS: Mapping[str, Any] = {"required": False, "unique": False, "logicalTypeOptions.uniqueItems": False}
"""What ODCS takes a field for that is not there."""

_OPTIONS = "logicalTypeOptions"
_FLAGS = ("required", "unique", "primaryKey")
_ENUMERATION = {"type": "library", "rule": "validValues"}


class Bound(NamedTuple):
    """The least or the greatest value: `sign` is one of `>=`, `>`, `<=` and `<`."""

    sign: str
    value: Any

    def __str__(self) -> str:
        return f"{self.sign} {self.value}"


@dataclass(frozen=True)
class TableFacts:
    """What a contract says of a table and of its columns, in contract order."""

    facts: Facts
    columns: dict[str, Facts]


@dataclass(frozen=True)
class ContractFacts:
    """What a contract says of itself and of its tables, in contract order; `version` as written."""

    version: str
    facts: Facts
    tables: dict[str, TableFacts]


def read_facts(contract: Mapping[str, Any], file: str = "contract") -> ContractFacts:
    """A contract taken apart.

    Raises:
        ContractFileError: it is not built as ODCS says; all faults together. `file` names it.
    """
    faults = list(_find_faults(contract))
    if faults:
        raise ContractFileError(file, faults)
    own = {name: value for name, value in contract.items() if name not in ("schema", "version")}
    tables = {table["name"]: _read_table(table) for table in contract["schema"]}
    return ContractFacts(str(contract.get("version", "")), dict(_flatten(own)), tables)


def _read_table(table: Mapping[str, Any]) -> TableFacts:
    own = {name: value for name, value in table.items() if name not in ("name", "properties")}
    columns = table.get("properties") or []
    keys = [column for column in columns if column.get("primaryKey")]
    keys.sort(key=lambda column: column.get("primaryKeyPosition", -1))
    key = {"key": [column["name"] for column in keys]} if keys else {}
    return TableFacts(dict(_flatten(own)) | key, {column["name"]: _read_column(column) for column in columns})


def _read_column(column: Mapping[str, Any]) -> Facts:
    taken = ("name", "primaryKey", "primaryKeyPosition", "quality")
    facts = dict(_flatten({name: value for name, value in column.items() if name not in taken}))
    _join_bound(facts, "minimum", "exclusiveMinimum", ">")
    _join_bound(facts, "maximum", "exclusiveMaximum", "<")
    values, others = _split_quality(column.get("quality") or [])
    if values is not None:
        facts["values"] = values
    if others:
        facts["quality"] = others
    return facts


def _join_bound(facts: Facts, plain: str, strict: str, sign: str) -> None:
    """The two fields of a bound made one, in place: in ODCS 3.0 `strict` is a flag beside `plain`, later a number."""
    value, flag = facts.pop(f"{_OPTIONS}.{plain}", None), facts.get(f"{_OPTIONS}.{strict}")
    is_flag = isinstance(flag, bool)
    if value is not None:
        facts[plain] = Bound(sign if flag is True else f"{sign}=", value)
    elif flag is not None and not is_flag:
        facts[plain] = Bound(sign, flag)
    if is_flag == (value is not None):
        facts.pop(f"{_OPTIONS}.{strict}", None)


def _split_quality(checks: Iterable[Mapping[str, Any]]) -> tuple[list[Any] | None, list[Any]]:
    """The values of an enumeration, None without one, and what else the checks say."""
    values: list[Any] | None = None
    others: list[Any] = []
    for check in checks:
        if values is None and check.get("rule") == "validValues" and isinstance(check.get("validValues"), list):
            values = check["validValues"]
            said = {name: value for name, value in check.items() if name != "validValues"}
            if {**_ENUMERATION, **said} != _ENUMERATION:
                others.append(said)
        else:
            others.append(check)
    return values, others


def _flatten(fields: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in fields.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{name}.")
        elif value is not None and value != []:
            yield f"{prefix}{name}", value


def _find_faults(contract: Mapping[str, Any]) -> Iterator[str]:
    tables = contract.get("schema")
    if not isinstance(tables, list):
        yield f"schema: expected a list of tables, found {tables!r}"
        return
    yield from _find_name_faults(tables, "schema")
    for table in filter(_is_named, tables):
        columns = table.get("properties") or []
        if not isinstance(columns, list):
            yield f"{table['name']}: expected a list of `properties`, found {columns!r}"
            continue
        yield from _find_name_faults(columns, table["name"])
        for column in filter(_is_named, columns):
            yield from _find_column_faults(column, f"{table['name']}.{column['name']}")


def _is_named(thing: Any) -> bool:
    return isinstance(thing, dict) and isinstance(thing.get("name"), str)


def _find_name_faults(things: list[Any], place: str) -> Iterator[str]:
    seen: set[str] = set()
    for number, thing in enumerate(things, 1):
        if not _is_named(thing):
            yield f"{place}: expected a `name` in entry {number}, found {thing!r}"
        elif thing["name"] in seen:
            yield f"{place}: expected {thing['name']!r} once, found it again in entry {number}"
        else:
            seen.add(thing["name"])


def _find_column_faults(column: Mapping[str, Any], place: str) -> Iterator[str]:
    for name in _FLAGS:
        if not isinstance(column.get(name, False), bool):
            yield f"{place}: expected true or false as `{name}`, found {column[name]!r}"
    if not isinstance(column.get("primaryKeyPosition", -1), int):
        yield f"{place}: expected a number as `primaryKeyPosition`, found {column['primaryKeyPosition']!r}"
    options = column.get(_OPTIONS) or {}
    if not isinstance(options, dict):
        yield f"{place}: expected options by name in `{_OPTIONS}`, found {options!r}"
    checks = column.get("quality") or []
    if not isinstance(checks, list) or not all(isinstance(check, dict) for check in checks):
        yield f"{place}: expected a list of checks in `quality`, found {checks!r}"
