"""What a rollback took back: commit records carry it on, release by release, until a person lets it in again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from paperlake.release.commits import Commit

_OPERATION = "rollback"


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a later build would bring again.

    `dumps` are paths by `dump_id`; `rules_version` is that of the release it replaced where the old one had another.
    """

    of: int
    instead_of: int
    dumps: Mapping[str, str]
    rules_version: str | None

    def as_facts(self) -> dict[str, Any]:
        """It as the commit record of the rollback has it."""
        return {"operation": _OPERATION, **self.as_carried()}

    def as_carried(self) -> dict[str, Any]:
        """It as the commit records of releases after the rollback have it."""
        told = {"dumps": dict(self.dumps), "rules_version": self.rules_version}
        return {"of": self.of, "instead_of": self.instead_of, "taken_back": told}

    def still(self, dumps: pl.DataFrame, rules_version: str) -> "TakenBack | None":
        """What of it a release has not either, made by these rules of such `dumps`; None where nothing is left.

        What the release has passed the gate `rollback_stands`, so a person let it in.
        """
        entered = set(dumps.filter(pl.col("status") == "read")["dump_id"])
        left = {dump_id: path for dump_id, path in self.dumps.items() if dump_id not in entered}
        rules = None if self.rules_version == rules_version else self.rules_version
        return replace(self, dumps=left, rules_version=rules) if left or rules else None


def is_rollback(commit: Commit) -> bool:
    """Whether a commit record is that of a rollback."""
    return commit.facts.get("operation") == _OPERATION


def read_taken_back(commit: Commit) -> TakenBack | None:
    """What a rollback took back that no release has since, up to this one; None where there is nothing."""
    facts = commit.facts
    return TakenBack(facts["of"], facts["instead_of"], **facts["taken_back"]) if "taken_back" in facts else None
