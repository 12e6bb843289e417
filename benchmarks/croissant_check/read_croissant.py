"""Reads a release by its `croissant.json` with mlcroissant, in an environment of its own (`requirements.lock`).

    .venv-croissant/bin/python benchmarks/croissant_check/read_croissant.py data/processed/latest

Standard output is JSON: `warnings` of the validation, and per table `n_records`, `n_expected` and `columns`. Exit
code 1 where the description is not valid, where a file has another hash than it says, or where a table gives more or
fewer records than its files hold.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import mlcroissant
import pyarrow.parquet as pq


def check_files(dataset: mlcroissant.Dataset, release: Path) -> list[str]:
    """Files that are not what the description says; mlcroissant hashes none that it reads as part of a set."""
    files = [node for node in dataset.metadata.distribution if isinstance(node, mlcroissant.FileObject)]
    return [
        file.id
        for file in files
        if hashlib.sha256((release / file.content_url).read_bytes()).hexdigest() != file.sha256
    ]


def read_table(dataset: mlcroissant.Dataset, name: str, release: Path) -> dict[str, Any]:
    """Records of a table as mlcroissant gives them, beside what its files say."""
    records = list(dataset.records(name))
    n_expected = sum(pq.read_metadata(path).num_rows for path in (release / name).glob("*.parquet"))
    columns = [column.removeprefix(f"{name}/") for column in records[0]] if records else []
    return {"n_records": len(records), "n_expected": n_expected, "columns": columns}


def main(folder: str) -> int:
    """Read the release and say what was found."""
    release = Path(folder).resolve()
    try:
        dataset = mlcroissant.Dataset(str(release / "croissant.json"))
    except mlcroissant.ValidationError as error:
        print(error, file=sys.stderr)
        return 1
    if damaged := check_files(dataset, release):
        print(f"expected the files that croissant.json describes, found others: {', '.join(damaged)}", file=sys.stderr)
        return 1
    tables = {record_set.id: read_table(dataset, record_set.id, release) for record_set in dataset.metadata.record_sets}
    json.dump({"warnings": sorted(dataset.metadata.ctx.issues.warnings), "tables": tables}, sys.stdout, indent=1)
    return 0 if all(table["n_records"] == table["n_expected"] for table in tables.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
