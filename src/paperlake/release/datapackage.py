"""The Data Package descriptor of a release: one resource a file, with its hash.

One a file and not one a table: a resource with several paths is their bytes one after the other, which Parquet is not,
and frictionless reads the first of them only. No `bytes`: frictionless compares them with bytes that it does not count.
Source: https://datapackage.org/standard/data-resource/#path-or-data.
"""

import json
from typing import Any

import polars as pl

from paperlake.release.dataset_facts import DESCRIPTION, KEYWORDS, NAME, TITLE, Parts, dataset_version
from paperlake.release.manifest import Part
from paperlake.schemas import TABLES
from paperlake.tables import Table

_FIELD_TYPES: dict[Any, str] = {
    pl.String: "string",
    pl.Int32: "integer",
    pl.Int64: "integer",
    pl.Float32: "number",
    pl.Date: "date",
    pl.Boolean: "boolean",
    pl.List: "array",
}


def datapackage_text(parts: Parts, fingerprint: str, licence: str | None) -> str:
    """The descriptor as JSON; the same release, the same bytes.

    Args:
        parts: files of each table.
        fingerprint: of the content.
        licence: of the whole release, where it is known.
    """
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": dataset_version(fingerprint),
        "keywords": list(KEYWORDS),
        **({"licenses": [{"name": licence}]} if licence else {}),
        "resources": [
            _resource(table, number, part) for name, table in TABLES.items() for number, part in enumerate(parts[name])
        ],
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _resource(table: Table, number: int, part: Part) -> dict[str, Any]:
    fields = [
        {"name": name, "type": _FIELD_TYPES[kind.base_type()], "description": table.descriptions[name]}
        for name, kind in table.polars_schema.items()
    ]
    return {
        "name": f"{table.name}-{number:05d}",
        "description": table.description,
        "path": part.path,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "hash": f"sha256:{part.sha256}",
        "schema": {"fields": fields, "primaryKey": list(table.key)},
    }
