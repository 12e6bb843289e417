"""What a build did, in figures: for terminals, for machines, and for Prefect's pages."""

from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

from paperlake.due import Start
from paperlake.release.reading import Release
from paperlake.report import PAGE


@dataclass(frozen=True)
class BuildReport:
    """What a build did, in figures; of the dumps, only those that were new to it, and those it left, with reasons."""

    version: int
    release: str
    location: str
    """Folder of the release, or its URL in a bucket."""
    is_new: bool
    fingerprint: str
    n_dumps_new: int
    counts: dict[str, int]
    rejected_dumps: list[dict[str, Any]] = field(default_factory=list)
    dumps_with_rejects: list[dict[str, Any]] = field(default_factory=list)
    gates: list[dict[str, Any]] = field(default_factory=list)
    counts_before: dict[str, int] = field(default_factory=dict)
    """Rows of the tables of the release before this build; empty where there was none."""
    rejects: dict[str, int] = field(default_factory=dict)
    """Rejects of the release by reason, the most frequent first."""
    dumps_left: list[dict[str, str]] = field(default_factory=list)

    @property
    def page(self) -> str:
        """Where the page of the release is: a path, or a URL in a bucket."""
        return f"{self.location}/{PAGE}"

    def as_dict(self) -> dict[str, Any]:
        """The report for machines."""
        return asdict(self)


def describe_build(release: Release, start: Start) -> BuildReport:
    """What a build did that began so and after which this release is the newest."""
    parent = start.parent
    dumps = release.read("dumps", "dump_id", "path", "status", "reason", "n_rejects")
    seen = dumps.filter(pl.col("dump_id").is_in([dump.dump_id for dump in start.due]))
    return BuildReport(
        version=release.version,
        release=release.key.rpartition("/")[-1],
        location=release.location,
        is_new=parent is None or release.version != parent.version,
        fingerprint=release.manifest["fingerprint"],
        n_dumps_new=len(start.due),
        counts=release.counts,
        rejected_dumps=seen.filter(pl.col("status") == "rejected").select("path", "reason").to_dicts(),
        dumps_with_rejects=seen.filter(pl.col("status") == "read", pl.col("n_rejects") > 0)
        .select("path", "n_rejects")
        .to_dicts(),
        gates=release.manifest["facts"]["gates"],
        counts_before={} if parent is None else parent.counts,
        rejects=_count_rejects(release),
        dumps_left=start.intake.left_as_facts(),
    )


def _count_rejects(release: Release) -> dict[str, int]:
    counted = release.read("rejects", "reason").group_by("reason").len().sort("len", "reason", descending=[True, False])
    return dict(counted.iter_rows())
