"""What a rebuild found, for people and for machines."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from paperlake.errors import StoreError
from paperlake.rebuild.comparing import PartDifference, RowDifference, TableComparison
from paperlake.rebuild.record import Missing

_MISSING = (
    "Bring the raw files back under any name: bytes count. Where one is gone for good, its rows cannot be rebuilt: "
    "`paperlake build` goes on without it."
)
_DAMAGED = "Bring damaged files back by `paperlake repair`, or from the store that `--to FOLDER` keeps."
_DIFFERS = "Where the rebuilt release is the right one, publish it: the same without `--check`."


@dataclass(frozen=True)
class RebuildReport:
    """A release of a store, and the same built again from the raw folder."""

    store: str
    version: int
    fingerprint: str
    rebuilt_fingerprint: str
    rebuilt: str
    """Where the rebuilt release is kept; empty where it was thrown away."""
    n_dumps: int
    """Dumps that were read again."""
    n_ids_from_history: int
    """Papers whose id the record gave, and not their first appearance."""
    tables: list[TableComparison]
    missing: list[Missing] = field(default_factory=list)
    set_down: list[str] = field(default_factory=list)
    """Paths of retracted dumps whose files are gone; nothing of them was to be rebuilt but their row."""
    unbuilt: list[str] = field(default_factory=list)
    """Paths of dumps of the raw folder that the release does not hold."""
    damages: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    """Why it may differ; empty where it does not."""
    published: int | None = None
    """The version that it was published as."""

    @property
    def has_same_content(self) -> bool:
        """Whether both say the same, row by row."""
        return self.fingerprint == self.rebuilt_fingerprint

    @property
    def differences(self) -> list[PartDifference]:
        """The parts that are not the same in both."""
        return [part for table in self.tables for part in table.parts]

    @property
    def differs(self) -> bool:
        """Whether something differs that other libraries do not explain."""
        return not self.has_same_content or not all(part.is_explained for part in self.differences)

    @property
    def can_be_published(self) -> bool:
        """Whether it says something else than the release, and all of it was built again."""
        return not (self.has_same_content or self.missing or self.damages)

    @property
    def n_parts(self) -> int:
        """Parts of the release that were compared."""
        return sum(table.n_parts for table in self.tables)

    @property
    def faults(self) -> list[str]:
        """Why this is no proof that the raw folder gives the release; empty where it is one."""
        return [*map(str, self.missing), *self.damages, *self._told_differences()]

    def _told_differences(self) -> Iterator[str]:
        if not self.has_same_content:
            yield f"expected content {self.fingerprint}, found {self.rebuilt_fingerprint} when built again"
        for part in self.differences:
            if not part.is_explained:
                told = f"expected sha256 {part.sha256 or 'of no file'}, found {part.rebuilt_sha256 or 'none'}"
                yield f"{part.path}: other {part.differs_in}: {told} when built again"

    def check(self) -> None:
        """Nothing, when the raw folder gives the release.

        Raises:
            StoreError: it does not, or not all of it could be rebuilt; each fault is told.
        """
        if faults := self.faults:
            remedies = ((self.missing, _MISSING), (self.damages, _DAMAGED), (self.reasons, _DIFFERS))
            told = [f"It may differ since {reason}." for reason in self.reasons]
            raise StoreError(self.store, faults, "\n".join([*told, *(remedy for one, remedy in remedies if one)]))

    def as_dict(self) -> dict[str, Any]:
        """The report for machines."""
        told = {"has_same_content": self.has_same_content, "n_parts": self.n_parts, "faults": self.faults}
        return asdict(self) | told


def report_markdown(report: RebuildReport) -> str:
    """The report as Markdown, for logs and for Prefect's page of artifacts."""
    rows = "\n".join(_table_row(table) for table in report.tables)
    lists = {
        "Faults": report.faults,
        "Why it may differ": report.reasons,
        "Retracted dumps whose files are gone": report.set_down,
        "Dumps that the release does not hold": report.unbuilt,
    }
    told = "".join(
        f"\n## {name}\n\n" + "".join(f"- {one}\n" for one in lines) for name, lines in lists.items() if lines
    )
    return (
        f"# Release {report.version} {_verdict(report)}\n\n{_sources(report)}\n\n"
        f"| table | rows | rebuilt | parts | same values | same bytes | rows that differ |\n"
        f"|---|---|---|---|---|---|---|\n{rows}\n{told}"
    )


def _section(heading: str, lines: Iterable[str]) -> str:
    return f"\n## {heading}\n\n" + "".join(f"- {line}\n" for line in lines)


def _verdict(report: RebuildReport) -> str:
    if report.published is not None:
        return f"came out otherwise: published again as release {report.published}"
    if report.faults:
        return "was not proved: the raw dumps do not give all of it"
    if report.differences:
        return "comes out again: the same content, in bytes that other libraries wrote"
    return "comes out again: the same content, the same bytes"


def _sources(report: RebuildReport) -> str:
    return (
        f"{report.n_dumps:,} dumps read again; {report.n_ids_from_history:,} papers have their ids from earlier "
        f"releases; content {report.fingerprint[:12]}, rebuilt {report.rebuilt_fingerprint[:12]}"
    )


def _table_row(table: TableComparison) -> str:
    n_other = sum(part.differs_in == "values" for part in table.parts)
    counts = (table.n_rows, table.n_rebuilt, table.n_parts, table.n_parts - n_other, table.n_parts - len(table.parts))
    return " | ".join([f"| {table.table}", *(f"{max(n, 0):,}" for n in counts), f"{_row_words(table.rows)} |"])


def _row_words(rows: RowDifference | None) -> str:
    if rows is None:
        return ""
    columns = ", ".join(f"{name} {n:,}" for name, n in rows.columns.items())
    told = f"{rows.only_in_release:,} gone, {rows.only_rebuilt:,} new, {rows.changed:,} other"
    return f"{told}{f' ({columns})' if columns else ''}: {', '.join(rows.keys)}"
