"""A release before this one, as far as the page compares with it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier release.

    Attributes:
        version: its number.
        time: of its commit, UTC in ISO 8601.
        operation: what made it, such as `build` or `rollback`.
        counts: rows by table.
        quality: its figures by name, as its manifest tells them.
        accepted: gates that a person let pass.
    """

    version: int
    time: str
    operation: str
    counts: Mapping[str, int]
    quality: Mapping[str, float]
    accepted: tuple[str, ...] = ()
