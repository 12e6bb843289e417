"""A frame of records whose papers are known."""

import datetime as dt
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.noisy_papers.captures import TOOLS, Captures, draw_captures
from benchmarks.noisy_papers.drafts import Draft, finish, make_drafts
from benchmarks.noisy_papers.families import FAMILIES, TITLES_TELL, make_family
from benchmarks.noisy_papers.showing import show, show_day, show_n_authors, show_values

SCHEMA = pl.Schema(
    {
        "appearance_id": pl.String(),
        "truth": pl.Int64(),
        "title_raw": pl.String(),
        "abstract_raw": pl.String(),
        "arxiv_id": pl.String(),
        "paper_url": pl.String(),
        "github_url": pl.String(),
        "published_on": pl.Date(),
        "n_authors": pl.Int32(),
        "organisation": pl.String(),
        "submitted_by": pl.String(),
        "noise": pl.String(),
        "family": pl.String(),
    }
)
BATCH = 10_000
FAMILY_SHARE = 0.15
SHORT_TITLE = 25
_RECORDS_OF_A_PAPER = {1: 0.60, 2: 0.20, 3: 0.09, 4: 0.05, 5: 0.03, 6: 0.015, 7: 0.01, 8: 0.005}
_SEED_SLOTS = 16
_FIRST_YEAR, _LEAST_MONTHS, _IDS_A_MONTH = 2015, 138, 99_999
# C and C++, 1.5 and 15 are titles of their own.
_LETTERS = re.compile(r"[^\w+#*.]+")
Counts = npt.NDArray[np.int64]


def make_records(n_records: int, seed: int) -> pl.DataFrame:
    """A frame of SCHEMA, one row a record in order of entry; the same arguments give the same frame.

    A paper's earliest record is mostly clean. Seeds whose remainders by 16 differ share no arXiv id.

    Args:
        n_records: Rows; a million hold some 550,000 papers.
        seed: Chooses the papers: two seeds have none in common.
    """
    return pl.concat(list(record_batches(n_records, seed)), rechunk=False).sort("entry").drop("entry")


def record_batches(n_records: int, seed: int) -> Iterator[pl.DataFrame]:
    """The same rows in frames of some papers each, and with `entry`, the place of each row from 0."""
    rng = np.random.default_rng([seed, 0])
    counts = _draw_counts(n_records, rng)
    of_record = np.repeat(np.arange(len(counts)), counts)
    entries = rng.permutation(n_records)
    return _batches(counts, entries[np.lexsort((entries, of_record))], seed)


def _draw_counts(n_records: int, rng: np.random.Generator) -> Counts:
    """How many records each paper has; they add up to `n_records`."""
    sizes = list(_RECORDS_OF_A_PAPER)
    counts = rng.choice(sizes, size=n_records, p=list(_RECORDS_OF_A_PAPER.values())).astype(np.int64)
    n_papers = int(np.searchsorted(np.cumsum(counts), n_records)) + 1
    counts = counts[:n_papers]
    counts[-1] -= int(counts.sum()) - n_records
    return counts


def _batches(counts: Counts, entries: Counts, seed: int) -> Iterator[pl.DataFrame]:
    captures, seen = draw_captures(len(entries), seed), set[str]()
    ends = np.cumsum(counts)
    n_months = max(_LEAST_MONTHS, -(-len(counts) * _SEED_SLOTS // _IDS_A_MONTH) + 1)
    for start in range(0, len(counts), BATCH):
        stop = min(start + BATCH, len(counts))
        rng, chance = np.random.default_rng([seed, 2, start]), Random(seed * 1_000_003 + start)
        drafts = _papers([_arxiv_id(i, seed, n_months) for i in range(start, stop)], rng, chance, seen)
        first = int(ends[start] - counts[start])
        own = entries[first : int(ends[stop - 1])].tolist()
        yield _frame(drafts, start, counts[start:stop].tolist(), own, captures, chance)


def _arxiv_id(paper: int, seed: int, n_months: int) -> str:
    # A step that shares no factor with most numbers of months spreads the papers over the years.
    month = paper * 59 % n_months
    number = paper // n_months * _SEED_SLOTS + seed % _SEED_SLOTS + 1
    return f"{_FIRST_YEAR - 2000 + month // 12:02d}{month % 12 + 1:02d}.{number:05d}"


def _papers(arxiv_ids: list[str], rng: np.random.Generator, chance: Random, seen: set[str]) -> list[Draft]:
    """Finished papers, families first; titles are new unless the family wants them alike."""
    drafts = make_drafts(arxiv_ids, rng, chance)
    start, kinds = 0, list(FAMILIES)
    while start < len(drafts) * FAMILY_SHARE and start + 5 <= len(drafts):
        members = drafts[start : start + chance.choice([2, 2, 2, 3, 3, 4, 5])]
        make_family(chance.choice(kinds), members, chance)
        start += len(members)
        _finish_family(members, seen)
    for draft in drafts[start:]:
        _finish_one(draft, seen)
    return drafts


def _finish_family(members: list[Draft], seen: set[str]) -> None:
    for draft in members:
        _finish_one(draft, seen)
    if members[0].family in TITLES_TELL:
        words = [frozenset(draft.title.split(" ")) for draft in members]
        guard = frozenset.union(*words) - frozenset.intersection(*words)
        for draft in members:
            draft.guard = guard


def _finish_one(draft: Draft, seen: set[str]) -> None:
    finish(draft)
    key = _LETTERS.sub("", draft.title.casefold())
    if key in seen and draft.family != "same_title" and not draft.head:
        draft.head = draft.name
        draft.title = draft.written(draft.head, draft.body)
        key = _LETTERS.sub("", draft.title.casefold())
    draft.needs_abstract |= len(draft.title) < SHORT_TITLE or (key in seen and draft.family not in TITLES_TELL)
    seen.add(key)


def _frame(
    drafts: list[Draft], first: int, counts: list[int], entries: list[int], captures: Captures, chance: Random
) -> pl.DataFrame:
    rows: list[tuple[Any, ...]] = []
    at = 0
    for number, (draft, count) in enumerate(zip(drafts, counts, strict=True), start=first):
        own = entries[at : at + count]
        tools = [TOOLS[captures.tools[entry]] for entry in own]
        shown = show(draft, [tool.has_abstract for tool in tools], chance)
        for entry, tool, (title, abstract, noise) in zip(own, tools, shown, strict=True):
            arxiv_id, url, repository, organisation, submitter = show_values(draft, tool, chance)
            day, n_authors = show_day(draft, tool, chance), show_n_authors(draft, tool, chance)
            ids = captures.ids[entry], number, title, abstract, arxiv_id, url, repository
            rows.append((*ids, day, n_authors, organisation, submitter, noise, draft.family, entry))
        at += count
    columns: list[list[str | int | dt.date | None]] = [list(column) for column in zip(*rows, strict=True)]
    schema = pl.Schema({**SCHEMA, "entry": pl.UInt32()})
    return pl.DataFrame(dict(zip(schema, columns, strict=True)), schema=schema)
