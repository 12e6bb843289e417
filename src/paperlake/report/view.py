"""A release as its page looks at it: tables that are scanned for what is asked of them, and what the manifest says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from paperlake.frames import Frames, height
from paperlake.report.earlier import Earlier
from paperlake.schemas import TABLES


@dataclass(frozen=True)
class View:
    """One release.

    Attributes:
        tables: all nine, in memory or scanned.
        facts: of the manifest.
        release: its number.
        fingerprint: of its content.
        earlier: the releases before it, the newest last; some of them, or none where nobody knows any.
    """

    tables: Frames
    facts: Mapping[str, Any]
    release: int
    fingerprint: str
    earlier: Sequence[Earlier] = ()

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows by table."""
        return {name: height(self.tables[name]) for name in TABLES}

    @property
    def before(self) -> Earlier | None:
        """The release just before; None in the first, or where nobody knows it."""
        return self.earlier[-1] if self.earlier and self.earlier[-1].version == self.release - 1 else None

    def scan(self, table: str) -> pl.LazyFrame:
        """One table."""
        return self.tables[table].lazy()

    def read(self, table: str, *columns: str) -> pl.DataFrame:
        """Some columns of one table, in memory."""
        return self.scan(table).select(columns).collect()
