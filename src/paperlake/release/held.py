"""A candidate that a gate held, as its report tells of it, and whether it can be published."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from paperlake.errors import HeldError
from paperlake.release.commits import Commit
from paperlake.release.draft import Draft, read_draft
from paperlake.release.staging import Plan, plan_release
from paperlake.schemas import CONTRACT_VERSION, TABLES

_BUILD_AGAIN = "Build again: `paperlake build` makes it anew, and holds it again where a gate still finds so."


@dataclass(frozen=True, slots=True)
class Held:
    """One candidate: its folder, and all that its report says."""

    folder: Path
    report: Mapping[str, Any]

    @property
    def id(self) -> str:
        """12 hex of the sha256 of what it would publish."""
        return self.folder.name

    @property
    def parent(self) -> int | None:
        """The version it was built on; None where it would be the first."""
        found: int | None = self.report["parent"]
        return found

    @property
    def failing(self) -> list[str]:
        """Names of the gates that hold it."""
        return [gate["gate"] for gate in self.report["gates"] if not gate["passed"]]

    @property
    def final(self) -> list[str]:
        """Those of them that nobody can accept."""
        return [gate["gate"] for gate in self.report["gates"] if not gate["passed"] and gate["is_final"]]

    def why_not(self, head: Commit | None) -> str | None:
        """Why it cannot be published, whatever a person accepts; None where it can be.

        Args:
            head: the newest release.
        """
        if self.final:
            return f"nobody can accept {', '.join(self.final)}"
        obstacle = self._find_obstacle(head)
        return obstacle and "expected {}, found {}: build again".format(*obstacle)

    def check_obstacles(self, head: Commit | None) -> None:
        """Nothing, when it was made for today's contract, on the newest release or one that says the same.

        Args:
            head: the newest release.

        Raises:
            HeldError: it was not; its gates are not looked at.
        """
        if obstacle := self._find_obstacle(head):
            raise HeldError(self.id, *obstacle, _BUILD_AGAIN)

    def read_draft(self) -> Draft:
        """All its tables, with the values that were held.

        Raises:
            HeldError: a file is missing or damaged.
        """
        try:
            draft = read_draft(self.folder)
            found, expected = fingerprint_tables(plan_release(draft)), self.report["tables"]
        except (pl.exceptions.PolarsError, OSError, ValueError) as error:
            raise HeldError(self.id, "all its tables", str(error), _BUILD_AGAIN) from error
        changed = [name for name in TABLES if found[name] != expected.get(name)]
        if changed:
            raise HeldError(self.id, "the values that were held", f"others in {', '.join(changed)}", _BUILD_AGAIN)
        return draft

    def _find_obstacle(self, head: Commit | None) -> tuple[str, str] | None:
        """What was expected, and what was found instead."""
        if (made_for := self.report["contract_version"]) != CONTRACT_VERSION:
            return f"contract {made_for}, for which it was made", f"contract {CONTRACT_VERSION}"
        if self._stands_on(head):
            return None
        other = "another " if head and head.version == self.parent else ""
        newest = _name(head.version if head else None)
        return f"{_name(self.parent)}, on which it was built, to be the newest", f"{other}{newest}"

    def _stands_on(self, head: Commit | None) -> bool:
        if head is None:
            return self.parent is None
        is_parent = (head.version, head.manifest_sha256) == (self.parent, self.report["parent_manifest_sha256"])
        return is_parent or head.fingerprint == self.report["fingerprint"]


def fingerprint_tables(plan: Plan) -> dict[str, list[str]]:
    """Fingerprints of the values of every table, one a part."""
    return {name: [part.fingerprint for part in parts] for name, parts in plan.parts.items()}


def _name(version: int | None) -> str:
    return "no release" if version is None else f"release {version}"
