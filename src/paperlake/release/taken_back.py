"""What a rollback took back: its commit record keeps it, for whoever builds on it next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from paperlake.release.commits import Commit

OPERATION = "rollback"


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What the next build would bring again.

    `dumps` are paths by `dump_id`; `rules_version` is that of the release it replaced where the old one had another.
    """

    of: int
    instead_of: int
    dumps: Mapping[str, str]
    rules_version: str | None

    def as_facts(self) -> dict[str, Any]:
        """It as a commit record has it."""
        told = {"dumps": dict(self.dumps), "rules_version": self.rules_version}
        return {"operation": OPERATION, "of": self.of, "instead_of": self.instead_of, "taken_back": told}


def read_taken_back(commit: Commit) -> TakenBack | None:
    """What the release of a commit record took back; None where it is no rollback."""
    facts = commit.facts
    return (
        TakenBack(facts["of"], facts["instead_of"], **facts["taken_back"])
        if facts.get("operation") == OPERATION
        else None
    )
