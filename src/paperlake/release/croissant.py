"""The Croissant description of a release: its files with their hashes, and a record set a table.

Source: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html.
"""

import json
from typing import Any

import polars as pl

from paperlake.release.dataset_facts import DESCRIPTION, KEYWORDS, NAME, Parts, citation, dataset_version
from paperlake.release.manifest import Part
from paperlake.schemas import TABLES
from paperlake.tables import Table

_DATA_TYPES: dict[Any, str] = {
    pl.String: "sc:Text",
    pl.Int32: "cr:Int32",
    pl.Int64: "cr:Int64",
    pl.Float32: "cr:Float32",
    pl.Date: "sc:Date",
    pl.Boolean: "sc:Boolean",
}
_PARQUET = "application/x-parquet"
"""The only media type by which mlcroissant 1.1 knows Parquet."""
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context of the specification, whole: mlcroissant warns where a word of it is missing."""


def croissant_text(parts: Parts, fingerprint: str, licence: str | None) -> str:
    """The description as JSON-LD; the same release, the same bytes. It tells no date: none follows from the content.

    Args:
        parts: files of each table.
        fingerprint: of the content.
        licence: of the whole release, where it is known.
    """
    dataset: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": NAME,
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "description": DESCRIPTION,
        "keywords": list(KEYWORDS),
        "version": dataset_version(fingerprint),
        "citeAs": citation(fingerprint),
        **({"license": licence} if licence else {}),
        "distribution": [entry for table in TABLES.values() for entry in _distribution(table, parts)],
        "recordSet": [_record_set(table) for table in TABLES.values()],
    }
    return json.dumps(dataset, indent=1, ensure_ascii=False) + "\n"


def _distribution(table: Table, parts: Parts) -> list[dict[str, Any]]:
    """The files of a table one by one, for their hashes; then all of them as a set, which its records come from."""
    files = {
        "@type": "cr:FileSet",
        "@id": f"{table.name}-files",
        "name": f"{table.name}-files",
        "description": f"All files of {table.name}.",
        "encodingFormat": _PARQUET,
        "includes": f"{table.name}/*.parquet",
    }
    return [*(_file(part) for part in parts[table.name]), files]


def _file(part: Part) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": part.path,
        "name": part.path,
        "contentUrl": part.path,
        "contentSize": f"{part.n_bytes} B",
        "encodingFormat": _PARQUET,
        "sha256": part.sha256,
    }


def _record_set(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": [{"@id": f"{table.name}/{column}"} for column in table.key],
        "field": [_field(table, name, kind) for name, kind in table.polars_schema.items()],
    }


def _field(table: Table, name: str, kind: pl.DataType) -> dict[str, Any]:
    is_list = isinstance(kind, pl.List)
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{name}",
        "name": f"{table.name}/{name}",
        "description": table.descriptions[name],
        "dataType": _DATA_TYPES[(kind.inner if isinstance(kind, pl.List) else kind).base_type()],
        **({"isArray": True, "arrayShape": "-1"} if is_list else {}),
        "source": {"fileSet": {"@id": f"{table.name}-files"}, "extract": {"column": name}},
    }
