"""A store that grows: what each release costs of a full one, and what the store takes of its last release."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from benchmarks.growing_tables import GrowingTables
from benchmarks.release_costs import ReleaseCost, Tables, alone, disk_bytes, newest, publish_tables

SHARE_NEW, SHARE_AGAIN = 0.01, 0.005
"""Of the papers in the store, with each release: new ones, and old ones that are seen again."""
MOST_SPACE, MOST_CPU = 2.5, 0.15
"""What a store of 100,000 papers may take after twenty releases, in times its last release; and what each of these may
cost, as a share of a full release."""


@dataclass(frozen=True, slots=True)
class GrownRelease:
    """One release of a growing store.

    Attributes:
        papers: in it.
        cpu_seconds: of publishing it.
        new_bytes: of files that no older release shares.
        n_bytes: of all of its files.
        times_space: what the store takes on the disk by now, in times this release.
    """

    papers: int
    cpu_seconds: float
    new_bytes: int
    n_bytes: int
    times_space: float


@dataclass(frozen=True, slots=True)
class Growth:
    """All releases of a store that grew, the first one full.

    Attributes:
        releases: in order.
        last_in_full: CPU seconds of publishing the content of the last one into an empty store.
    """

    releases: tuple[GrownRelease, ...]
    last_in_full: float

    @property
    def shares(self) -> list[float]:
        """CPU of each release but the first, as a share of a full release of as many papers.

        A full release takes CPU in proportion to its papers: as much for each as the first and the last content took.

        >>> releases = (GrownRelease(100, 1.0, 9, 9, 1.0), GrownRelease(200, 0.6, 9, 18, 1.5))
        >>> Growth(releases, 5.0).shares
        [0.15]
        """
        first, *more = self.releases
        a_paper = (first.cpu_seconds + self.last_in_full) / (first.papers + self.releases[-1].papers)
        return [release.cpu_seconds / (a_paper * release.papers) for release in more]

    @property
    def times_space(self) -> float:
        """What the store takes on the disk in the end, in times its last release."""
        return self.releases[-1].times_space

    @property
    def figures(self) -> dict[str, float]:
        """Mean, median and largest share, and the space."""
        shares = self.shares
        return {
            "mean_share": mean(shares),
            "median_share": median(shares),
            "largest_share": max(shares),
            "times_space": self.times_space,
        }


Publish = Callable[[Tables, Path, int | None], ReleaseCost]


def publish_alone(tables: Tables, store: Path, parent: int | None) -> ReleaseCost:
    """`publish_tables` in a process of its own."""
    return alone(publish_tables, tables, store, parent)


def grow(n_papers: int, n_releases: int, seed: int, folder: Path, publish: Publish = publish_alone) -> Growth:
    """A store of `n_papers` that grows so many times by SHARE_NEW, and sees SHARE_AGAIN of its papers again.

    Args:
        n_papers: of the first release.
        n_releases: after it.
        seed: of the papers.
        folder: an empty one, for the stores.
        publish: what publishes tables on top of a parent.
    """
    growing, store = GrowingTables(seed), folder / "growing"
    tables = growing.grow(n_papers)
    releases = [_measure(publish(tables, store, None), n_papers, store)]
    for parent in range(1, n_releases + 1):
        known = growing.n_papers
        tables = growing.grow(round(known * SHARE_NEW), round(known * SHARE_AGAIN))
        releases.append(_measure(publish(tables, store, parent), growing.n_papers, store))
    return Growth(tuple(releases), publish(tables, folder / "full", None).whole.cpu)


def _measure(cost: ReleaseCost, n_papers: int, store: Path) -> GrownRelease:
    times_space = disk_bytes(store) / disk_bytes(newest(store))
    return GrownRelease(n_papers, cost.whole.cpu, cost.new_bytes, cost.n_bytes, times_space)
