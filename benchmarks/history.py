"""What benchmarks measured, kept in `benchmarks/results/`: a list of entries each, one a day and revision, in order.

An entry says when, with which rules and versions, and its `figures` by name, such as a number of records. What is
measured again on one day with the same rules replaces the figures of that name alone.
"""

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from paperlake.work import rules_version

RESULTS = Path(__file__).parent / "results"
_DIGITS = 4

Figures = dict[str, Any]


def record(benchmark: str, figures: Figures) -> None:
    """Nothing; the figures stand in the newest entry of the benchmark's file, in four significant digits."""
    entries, now = read(benchmark), surroundings()
    if not entries or any(entries[-1][name] != value for name, value in now.items()):
        entries.append({**now, "figures": {}})
    entries[-1]["figures"] |= rounded(figures)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{benchmark}.json").write_text(as_json(entries) + "\n")


def read(benchmark: str) -> list[dict[str, Any]]:
    """All entries, oldest first; none where the benchmark never ran."""
    path = RESULTS / f"{benchmark}.json"
    entries: list[dict[str, Any]] = json.loads(path.read_text()) if path.exists() else []
    return entries


def newest(benchmark: str) -> dict[str, tuple[dict[str, Any], Any]]:
    """By name of a figure the newest entry that has it, and the figure itself, in the order of their first entries."""
    return {name: (entry, figure) for entry in read(benchmark) for name, figure in entry["figures"].items()}


def surroundings() -> dict[str, Any]:
    """What an entry says of itself: the day (UTC), the code, what it ran with; nothing that names a machine."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "rules": rules_version(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("paperlake", "polars", "pyarrow")},
        "cpus": os.cpu_count(),
    }


def as_json(value: Any, indent: str = "") -> str:
    """The value as JSON, with what holds nothing but plain values on one line: a line a cost.

    >>> print(as_json({"kettle": {"lids": 2, "spouts": 1}}))
    {
     "kettle": {"lids": 2, "spouts": 1}
    }
    """
    inner = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(inner, list) or not any(isinstance(one, dict | list) for one in inner):
        return json.dumps(value, ensure_ascii=False)
    names = [f"{json.dumps(name)}: " for name in value] if isinstance(value, dict) else [""] * len(value)
    lines = [f"{indent} {name}{as_json(one, indent + ' ')}" for name, one in zip(names, inner, strict=True)]
    start, end = "{}" if isinstance(value, dict) else "[]"
    return "\n".join([start, ",\n".join(lines), f"{indent}{end}"])


def rounded(value: Any) -> Any:
    """The same with every float in four significant digits, and no more than four behind the point.

    >>> rounded({"seconds": [0.123456, 1234.56, 0.000012], "records": 123456})
    {'seconds': [0.1235, 1235.0, 0.0], 'records': 123456}
    """
    if isinstance(value, float):
        return round(float(f"{value:.{_DIGITS}g}"), _DIGITS)
    if isinstance(value, dict):
        return {str(name): rounded(one) for name, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list | tuple) else value
