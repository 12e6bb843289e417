"""Steps that tell of themselves: one line a stage, with what it made and how long it took; never a word of a dump."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from paperlake.match_files import map_frame
from paperlake.match_parts import Waiting
from paperlake.release.draft import count_tables
from paperlake.release.gates import GateResult
from paperlake.release.publish import Published
from paperlake.steps import Made, Order, Steps


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a run: `seconds` by the clock, `counts` of what it made by name; `error` where it failed."""

    name: str
    seconds: float
    counts: dict[str, int] = field(default_factory=dict)
    error: str = ""

    def __str__(self) -> str:
        """One line of `key=value`, the stage first."""
        failed = {"error": self.error} if self.error else {}
        facts = {"stage": self.name, "seconds": f"{self.seconds:.3f}", **self.counts, **failed}
        return " ".join(f"{name}={fact}" for name, fact in facts.items())

    def as_dict(self) -> dict[str, Any]:
        """The stage for machines."""
        return asdict(self)


class LoggedSteps:
    """Other steps, of whose stages a line goes to a log each; `stages` keeps them."""

    def __init__(self, steps: Steps, log: Callable[[str], None]) -> None:
        """Nothing is written before the first stage ends."""
        self._steps, self._log = steps, log
        self.stages: list[Stage] = []

    def call(self, name: str, step: Callable[..., Made], *arguments: Any) -> Made:
        """What the step gives."""
        with self._stage(name) as told:
            made = self._steps.call(name, step, *arguments)
            told.append(made)
        return made

    def map(self, name: str, step: Callable[[Order], Made], orders: Sequence[Order]) -> list[Made]:
        """What the step gives for each order, in their order."""
        with self._stage(name) as told:
            made = self._steps.map(name, step, orders)
            told.extend(made)
        return made

    @contextmanager
    def _stage(self, name: str) -> Iterator[list[Any]]:
        made: list[Any] = []
        began, error = time.perf_counter(), "stopped"
        try:
            yield made
            error = ""
        except Exception as problem:
            error = type(problem).__name__
            raise
        finally:
            self.stages.append(Stage(name, time.perf_counter() - began, count_made(made), error))
            self._log(str(self.stages[-1]))


def count_made(made: Sequence[Any]) -> dict[str, int]:
    """What steps of one stage made, by name: rows of the tables in their work folders, gates, the release."""
    counts: dict[str, int] = {}
    for name, n in (item for one in made for item in _count_one(one)):
        counts[name] = counts.get(name, 0) + n
    return counts


def _count_one(made: Any) -> Iterator[tuple[str, int]]:
    if isinstance(made, Path):
        yield from ((file.stem, pq.read_metadata(file).num_rows) for file in sorted(made.glob("*.parquet")))
        yield from ((file.stem, map_frame(file).height) for file in sorted(made.glob("*.arrow")))
        yield from count_tables(made).items()
    elif isinstance(made, Waiting):
        yield ("waiting", made.n_rows)
    elif isinstance(made, Published):
        yield from (("release", made.version), ("is_new", int(made.is_new)))
    elif isinstance(made, list):
        results = [one for one in made if isinstance(one, GateResult)]
        yield from (("gates", len(results)), ("accepted", sum(one.is_accepted for one in results)))
