"""Captures of pages: runs of records that one tool took, and what a tool shows of a paper."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Tool:
    """How often a tool shows a value (shares) and whether it shows abstracts at all."""

    share: float
    arxiv_id: float
    has_abstract: bool
    day: float
    repository: float
    group: float
    submitter: float


# Four tools in ten of the real ones show no id, one in ten no abstract; ids show in a quarter of all records.
TOOLS = (
    Tool(0.34, 0.00, True, 0.3, 0.30, 0.0, 0.0),
    Tool(0.16, 0.95, True, 0.9, 0.60, 0.6, 0.0),
    Tool(0.14, 0.60, True, 0.5, 0.55, 0.7, 0.7),
    Tool(0.26, 0.00, True, 0.7, 0.40, 0.9, 0.0),
    Tool(0.10, 0.14, False, 0.1, 0.30, 0.9, 0.6),
)


@dataclass(frozen=True, slots=True)
class Captures:
    """Where each record stands, in order of entry.

    Attributes:
        ids: Appearance ids, `dump:position` with a dump of 16 hexadecimal digits.
        tools: Index into TOOLS.
    """

    ids: list[str]
    tools: list[int]


def draw_captures(n_records: int, seed: int) -> Captures:
    """Dumps of 10 to 120 records until there are `n_records`."""
    rng = np.random.default_rng([seed, 1])
    sizes = rng.integers(10, 121, size=n_records // 10 + 1)
    dumps = np.repeat(np.arange(len(sizes)), sizes)[:n_records]
    starts = np.cumsum(sizes) - sizes
    positions = np.arange(n_records) - starts[dumps] + 1
    # An odd multiplier keeps the hashes of the dumps apart.
    hashes = [f"{((seed * 1_000_003 + i + 1) * 0x9E3779B97F4A7C15) % 2**64:016x}" for i in range(len(sizes))]
    tools = rng.choice(len(TOOLS), size=len(sizes), p=[tool.share for tool in TOOLS])
    ids = [f"{hashes[dump]}:{position}" for dump, position in zip(dumps.tolist(), positions.tolist(), strict=True)]
    return Captures(ids, tools[dumps].tolist())
