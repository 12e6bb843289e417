"""The README of a release: a Hugging Face dataset card, which `datasets` reads, and what people want to know first.

Source of its fields: https://huggingface.co/docs/hub/datasets-cards and
https://huggingface.co/docs/hub/datasets-manual-configuration.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl
import yaml

from paperlake.frames import Frames, height
from paperlake.release.columns import columns_markdown
from paperlake.release.dataset_facts import (
    DESCRIPTION,
    KEYWORDS,
    NAME,
    TITLE,
    citation,
    dataset_version,
    find_licence,
)
from paperlake.release.step_words import step_markdown
from paperlake.schemas import CONTRACT_VERSION, TABLES
from paperlake.shown_text import printable

_SIZES = {
    1_000: "n<1K",
    10_000: "1K<n<10K",
    100_000: "10K<n<100K",
    1_000_000: "100K<n<1M",
    10_000_000: "1M<n<10M",
    100_000_000: "10M<n<100M",
}
_HUB_LICENCES = frozenset(
    (
        "apache-2.0", "mit", "cc0-1.0", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-3.0",
        "cc-by-nc-4.0", "cc-by-nd-4.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0",
        "odbl", "odc-by", "pddl", "cdla-permissive-1.0", "cdla-permissive-2.0", "cdla-sharing-1.0",
    )
)  # fmt: skip
"""Licences of data that the Hub knows by name. Source: https://huggingface.co/docs/hub/repositories-licenses."""
_BATCH_SIZE = 1_000

_READING = """\
## Reading

Every table is a folder of Parquet files of one schema; each column carries its description. In this folder:

```python
import polars as pl

papers = pl.read_parquet("papers/*.parquet")
```

```sql
SELECT title, repository FROM 'papers/*.parquet' WHERE repository IS NOT NULL;  -- DuckDB
```

```python
from datasets import load_dataset

links = load_dataset(".", "links", split="train")  # streaming=True for a table without rows, which it refuses else
```

`manifest.json` lists every file with its sha256; `datapackage.json` and `croissant.json` describe them for Frictionless
and Croissant. A store keeps its older releases: a release is complete and never changes.
"""


def card_text(tables: Frames, facts: Mapping[str, Any], release: int, fingerprint: str) -> str:
    """The card. It tells neither time nor run nor the number of the release: the same step, the same bytes.

    Args:
        tables: all nine.
        facts: of the manifest; its `quality` and `gates` are told.
        release: number of the release; from the second on the card tells what changed.
        fingerprint: of the content.
    """
    front = yaml.safe_dump(_front_matter(tables), sort_keys=False, allow_unicode=True, width=120)
    changed = f"## Changes\n\nAgainst the release before, by rows:\n\n{_step(tables, release)}" if release > 1 else ""
    sections = (
        f"---\n{front}---\n\n# {NAME}: {TITLE}\n\n{DESCRIPTION}\n\n{_contents(tables)}",
        changed,
        _READING,
        f"## Citing\n\nVersion {dataset_version(fingerprint)}:\n\n```bibtex\n{citation(fingerprint)}\n```\n",
        f"## Licence\n\n{_licence_words(_dumps(tables))}\n",
        f"## Quality\n\n{_quality_markdown(facts['quality'])}\n{_gates_markdown(facts.get('gates', []))}",
        f"## Columns\n\n{columns_markdown()}",
    )
    return "\n".join(section for section in sections if section)


def _step(tables: Frames, release: int) -> str:
    return step_markdown(tables["changes"].lazy().collect(), tables["id_history"].lazy().collect(), release)


def _front_matter(tables: Frames) -> dict[str, Any]:
    return {
        "pretty_name": f"{NAME}: {TITLE}",
        **_hub_licence(find_licence(_dumps(tables))),
        "tags": list(KEYWORDS),
        "size_categories": [_size_category(height(tables["papers"]))],
        "configs": [_config(name, height(tables[name])) for name in TABLES],
    }


def _dumps(tables: Frames) -> pl.DataFrame:
    return tables["dumps"].lazy().select("status", "licence").collect()


def _hub_licence(licence: str | None) -> dict[str, str]:
    """The fields that the Hub wants: `other` needs a name beside it."""
    if licence is None:
        return {"license": "unknown"}
    if licence.lower() in _HUB_LICENCES:
        return {"license": licence.lower()}
    return {"license": "other", "license_name": licence}


def _size_category(n_rows: int) -> str:
    return next((name for limit, name in _SIZES.items() if n_rows < limit), "100M<n<1B")


def _config(name: str, n_rows: int) -> dict[str, Any]:
    """How `datasets` loads a table. It reads in batches of a file's rows and fails where that is 0."""
    return {
        "config_name": name,
        "data_files": f"{name}/*.parquet",
        **({"default": True} if name == "papers" else {}),
        **({"batch_size": _BATCH_SIZE} if n_rows == 0 else {}),
    }


def _contents(tables: Frames) -> str:
    dumps = tables["dumps"].lazy().select("captured_on").collect()
    counts = (
        f"{height(tables['papers']):,} papers, seen {height(tables['appearances']):,} times in {dumps.height:,} dumps"
    )
    days = dumps["captured_on"].drop_nulls().to_list()
    captured = f", captured from {min(days)} to {max(days)}" if days else ""
    rows = [f"| `{name}` | {height(tables[name]):,} | {table.description} |" for name, table in TABLES.items()]
    head = f"{counts}{captured}. Contract {CONTRACT_VERSION}: see `contract.yaml`.\n"
    return "\n".join([head, "| table | rows | |", "|---|---|---|", *rows, ""])


def _licence_words(dumps: pl.DataFrame) -> str:
    """What the dumps state of it."""
    if (licence := find_licence(dumps)) is not None:
        return f"{_cell(licence)}, as every dump states."
    read = dumps.filter(pl.col("status") == "read")
    stated = read.group_by("licence").len().sort("licence", nulls_last=True)
    counts = [f"{n:,} state {_cell(licence or 'none')}" for licence, n in stated.iter_rows()]
    return f"Not known for the whole. Of its dumps {', '.join(counts)}; see `dumps.licence`."


def _quality_markdown(quality: Mapping[str, float]) -> str:
    rows = [f"| `{name}` | {value:,} |" for name, value in quality.items()]
    return "\n".join(["| figure | |", "|---|---|", *rows, ""])


def _gates_markdown(gates: list[dict[str, Any]]) -> str:
    """What was checked before publishing."""
    rows = [f"| `{one['gate']}` | {_verdict(one)} | {_cell(one['finding'])} |" for one in gates]
    return "\n".join(["| gate | | |", "|---|---|---|", *rows, ""])


def _verdict(gate: Mapping[str, Any]) -> str:
    return "passed" if gate["passed"] else "accepted by a person" if gate["is_accepted"] else "failed"


def _cell(text: str) -> str:
    """Text that may come from a dump, safe in a row of a table."""
    return " ".join(printable(text).split()).replace("|", "\\|").replace("<", "&lt;")
