"""What a piece of work takes: CPU and wall seconds, peak memory, bytes written; and how that grows with its input."""

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one piece of work took."""

    name: str
    cpu_seconds: float
    """Of all threads, user and system."""
    wall_seconds: float
    peak_mib: float
    """The most that the process had in memory, what it held before included."""
    written_mib: float
    n_parts: int = 1
    """Steps of a stage that any process can take; 1 where one process does it all."""


def by_name(costs: Sequence[Cost], floor: float) -> dict[str, dict[str, float]]:
    """The fields of each cost by its name, and `times_floor`: its CPU as a multiple of the floor's."""
    fields = [asdict(cost) | {"times_floor": cost.cpu_seconds / floor} for cost in costs]
    return {told.pop("name"): told for told in fields}


def measure(name: str, work: Callable[..., Made], *arguments: Any) -> tuple[Made, Cost]:
    """What the work gives, and what it took.

    The mark of memory begins anew with each measurement: of work that measures its parts, their peaks count as well.
    """
    Path("/proc/self/clear_refs").write_text("5")  # starts the high-water mark of memory anew
    cpu, wall, before = time.process_time(), time.perf_counter(), _told_of_process("io", "wchar")
    made = work(*arguments)
    seconds = time.process_time() - cpu, time.perf_counter() - wall
    written = _told_of_process("io", "wchar") - before
    return made, Cost(name, *seconds, peak_mib(), written / 2**20)


def peak_mib() -> float:
    """The most memory that this process has had since it began, or since it last began to measure."""
    return _told_of_process("status", "VmHWM") / 2**10


def _told_of_process(page: str, name: str) -> int:
    """A number that Linux keeps of this process."""
    lines = Path(f"/proc/self/{page}").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def alone(work: Callable[..., Made], *arguments: Any) -> Made:
    """What the work gives in a process of its own, which holds nothing of what this one did before."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *arguments).result()


def growth(small: tuple[int, float], large: tuple[int, float]) -> float:
    """Exponent of CPU seconds over records, of two runs; 1 is linear.

    >>> growth((100, 2.0), (10_000, 200.0))
    1.0
    """
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])
