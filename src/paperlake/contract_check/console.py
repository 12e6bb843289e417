"""What people and machines are told of contracts: how two differ, and which expectations are not met."""

from collections.abc import Iterator, Sequence
from typing import Any

from paperlake.contract_check.bump import Comparison
from paperlake.contract_check.expectations import Expectations, Unmet


def comparison_lines(comparison: Comparison, old: str, new: str) -> Iterator[str]:
    """The verdict, then one line a difference, the largest first; `old` and `new` say whose contracts they are."""
    sides = f"contract {comparison.old_version} ({old}) and {comparison.new_version} ({new})"
    if not comparison.changes:
        yield f"compatible: {sides} promise the same"
        return
    declared = f"declared: {comparison.declared}"
    yield f"{comparison.found}: {len(comparison.changes)} difference(s) between {sides}; {declared}"
    for change in sorted(comparison.changes, key=lambda change: -change.size):
        yield f"  {change}"


def comparison_facts(comparison: Comparison, old: str, new: str) -> dict[str, Any]:
    """The same for machines."""
    refusal = comparison.refusal
    return {
        "old": {"contract": old, "version": comparison.old_version},
        "new": {"contract": new, "version": comparison.new_version},
        "found": str(comparison.found),
        "declared": str(comparison.declared),
        "is_declared": refusal is None,
        "least_version": refusal.least if refusal else comparison.new_version,
        "changes": [change.as_dict() for change in comparison.changes],
    }


def expectation_lines(unmet: Sequence[Unmet], expected: Expectations, contract: str, version: str) -> Iterator[str]:
    """The verdict, then one line an expectation that is not met; `contract` says whose contract it is."""
    columns = sum(map(len, expected.values()))
    asked = f"{len(expected)} table(s) and {columns} column(s)"
    if not unmet:
        yield f"compatible: contract {version} ({contract}) promises all that is expected of {asked}"
        return
    yield f"broken: contract {version} ({contract}) does not meet {len(unmet)} expectation(s) of {asked}"
    for one in unmet:
        yield f"  {one}"


def expectation_facts(unmet: Sequence[Unmet], contract: str, version: str) -> dict[str, Any]:
    """The same for machines."""
    return {
        "contract": contract,
        "version": version,
        "is_met": not unmet,
        "unmet": [one.as_dict() for one in unmet],
    }
