"""What became of each release after it was published: its tags, and what prunes did to its data."""

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any

from paperlake.release.commits import list_versions
from paperlake.release.tags import read_tags
from paperlake.release.tombstones import read_deletions, read_marks
from paperlake.stores import Location, open_store


@dataclass(frozen=True, slots=True)
class Life:
    """Names of a release, and days (ISO 8601) of its tombstone and of the deleting of its data; None where none."""

    tags: tuple[str, ...]
    marked_on: str | None
    pruned_on: str | None

    @property
    def data(self) -> str:
        """What became of its data, for people."""
        if self.pruned_on:
            return f"pruned on {self.pruned_on}"
        return f"tombstone of {self.marked_on}" if self.marked_on else ""

    def as_dict(self) -> dict[str, Any]:
        """It for machines."""
        return asdict(self)


def read_lives(location: Location) -> dict[int, Life]:
    """The life of every release, by version.

    Raises:
        StoreError: a tag or a tombstone is damaged.
    """
    store = open_store(location)
    names = defaultdict(list)
    for tag in read_tags(store):
        names[tag.version].append(tag.name)
    marks, deletions = (
        {version: f"{stone.time:%Y-%m-%d}" for version, stone in stones.items()}
        for stones in (read_marks(store), read_deletions(store))
    )
    return {
        version: Life(tuple(names[version]), marks.get(version), deletions.get(version))
        for version in list_versions(store)
    }
