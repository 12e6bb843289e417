"""What the manifests of two releases say of them that differs: rules, contract, figures, gates, what people wrote."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from paperlake.release.reading import Release

_TOLD_ELSEWHERE = ("dumps", "gates", "coverage")
"""Dumps and gates are told by name; coverage is a figure a dump, and follows from it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that differs; of a list, the entries that only one side has. None where a side says nothing."""

    name: str
    before: Any
    after: Any


def find_facts(before: Release, after: Release) -> list[Fact]:
    """The facts that differ, sorted by name: `contract.version`, `dumps.a.md`, `gates.reject_share`, ..."""
    old, new = (dict(_flatten(release.manifest)) for release in (before, after))
    names = sorted(name for name in {**old, **new} if old.get(name) != new.get(name))
    return [_difference(name, old.get(name), new.get(name)) for name in names]


def _difference(name: str, before: Any, after: Any) -> Fact:
    if isinstance(before, list) or isinstance(after, list):
        return Fact(name, _only(before or [], after or []), _only(after or [], before or []))
    return Fact(name, before, after)


def _only(entries: list[Any], others: list[Any]) -> list[Any]:
    left = Counter(map(json.dumps, entries)) - Counter(map(json.dumps, others))
    return [json.loads(entry) for entry in left.elements()]


def _flatten(manifest: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    facts = manifest["facts"]
    yield "contract.version", manifest["contract"]["version"]
    yield "format_version", manifest["format_version"]
    for name, table in manifest["tables"].items():
        yield f"columns.{name}", [f"{column} {dtype}" for column, dtype in table["schema"].items()]
    for dump in facts.get("dumps", ()):
        yield f"dumps.{dump['path']}", dump["status"]
    for gate in facts.get("gates", ()):
        yield f"gates.{gate['gate']}", _verdict(gate)
    for name, value in facts.items():
        if name not in _TOLD_ELSEWHERE:
            yield from _leaves(name, value)


def _verdict(gate: Mapping[str, Any]) -> str:
    return "passed" if gate["passed"] else "accepted" if gate["is_accepted"] else "held"


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for part, one in value.items():
            yield from _leaves(f"{name}.{part}", one)
    else:
        yield name, value
