"""Small contracts about socks, and a way to write them."""

import yaml
from hypothesis import strategies as st


def contract_of(*tables, version="1.0.0", **fields):
    return {"apiVersion": "v3.0.2", "kind": "DataContract", "version": version, "schema": list(tables), **fields}


def table_of(*columns, name="socks", **fields):
    return {"name": name, "properties": list(columns), **fields}


def column_of(name="size", **fields):
    return {"name": name, **fields}


def as_yaml(contract):
    return yaml.safe_dump(contract, sort_keys=False)


_FLAG = st.booleans()
_NUMBER = st.integers(0, 3) | st.sampled_from([0.5, 2.0])
_VALUES = st.lists(st.sampled_from(["wool", "silk", "linen"]), min_size=1, unique=True)
_CHECK = _VALUES.map(lambda values: [{"type": "library", "rule": "validValues", "validValues": values}])
_OPTIONS = {
    "minimum": _NUMBER,
    "maximum": _NUMBER,
    "exclusiveMinimum": st.just(True),
    "minLength": st.integers(0, 3),
    "maxItems": st.integers(0, 3),
    "pattern": st.sampled_from(["^a", "^b"]),
    "futureOption": st.sampled_from(["x", "y"]),
}
_COLUMN = {
    "logicalType": st.sampled_from(["string", "integer"]),
    "physicalType": st.sampled_from(["int32", "int64"]),
    "required": _FLAG,
    "unique": _FLAG,
    "primaryKey": st.just(True),
    "description": st.sampled_from(["Socks.", "More socks."]),
    "logicalTypeOptions": st.fixed_dictionaries({}, optional=_OPTIONS).filter(bool),
    "quality": _CHECK,
    "futureField": st.lists(st.integers(0, 2), min_size=1, max_size=2),
}
_NAMES = st.sampled_from(["a", "b", "c", "d"])


def _named(fields):
    return st.fixed_dictionaries({"name": _NAMES}, optional=fields)


COLUMNS = _named(_COLUMN)
TABLES = st.fixed_dictionaries(
    {"name": _NAMES, "properties": st.lists(COLUMNS, max_size=3, unique_by=lambda column: column["name"])},
    optional={"physicalName": st.sampled_from(["x", "y"]), "description": st.sampled_from(["x", "y"])},
)
CONTRACTS = st.builds(
    lambda tables, fields: contract_of(*tables, **fields),
    st.lists(TABLES, max_size=2, unique_by=lambda table: table["name"]),
    st.fixed_dictionaries({}, optional={"status": st.sampled_from(["draft", "active"]), "id": st.sampled_from("ab")}),
)
"""Contracts of a few tables and columns with the same names, so that two of them have much in common."""
