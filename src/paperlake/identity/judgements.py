"""People's judgements by rows: which two appearances each of them speaks of, and whether they agree."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from paperlake.curation.judgements import DIFFERENT, JUDGEMENTS_FILE, SAME, Judgement, is_paper_id
from paperlake.errors import CorrectionError, JudgementConflictError
from paperlake.identity.registry import follow, new_ids

Pair = tuple[int, int]
_MOST_TRIES = 4
"""An id is given once: an appearance that was parted, joined and parted again is at its second try, and so on."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Pairs of rows `left` < `right` that people judged to be one paper, and two; each once, in order."""

    same: list[Pair]
    different: list[Pair]


def place_judgements(
    judgements: Sequence[Judgement], rows: pl.DataFrame, before: pl.DataFrame | None, history: pl.DataFrame | None
) -> Placed:
    """The pairs of rows that judgements speak of; one that both ids of `same` mean is left out.

    A paper id means the earliest of its appearances that is still there; one that lives no longer, or not yet, the
    appearance that it was made from.

    Args:
        judgements: as read.
        rows: `appearance_id` of all appearances in order of entry; a row's number is its position.
        before: `appearance_id`, `paper_id` of the release before; None in the first.
        history: `id_history` of the release before, for messages; None in the first.

    Raises:
        CorrectionError: some name what nothing has; all of them together.
        JudgementConflictError: some contradict one another; all of them together.
    """
    if not judgements:
        return Placed([], [])
    places = _find_rows({name for one in judgements for name in (one.left, one.right)}, rows, before, history)
    faults = [
        f"{one.place}: {_unknown_fault(name, history)}"
        for one in judgements
        for name in (one.left, one.right)
        if name not in places
    ]
    if faults:
        raise CorrectionError(JUDGEMENTS_FILE, faults)
    conflicts = list(_find_conflicts(judgements, places))
    if conflicts:
        told = [[(one.line, _say(one, places, rows["appearance_id"])) for one in chain] for chain in conflicts]
        raise JudgementConflictError(JUDGEMENTS_FILE, told)
    return Placed(*(_pairs(judgements, verdict, places) for verdict in (SAME, DIFFERENT)))


def _find_rows(
    names: set[str], rows: pl.DataFrame, before: pl.DataFrame | None, history: pl.DataFrame | None
) -> dict[str, int]:
    """The row that each id means; none for what nothing has. An ended id is sought in its heir first."""
    entries = rows.select("appearance_id").with_row_index("row")
    found = _by_name(entries.filter(pl.col("appearance_id").is_in(list(names))), "appearance_id")
    if before is not None:
        named = before.filter(pl.col("paper_id").is_in(list(names))).select("appearance_id", "paper_id")
        living = entries.join(named, on="appearance_id", maintain_order="left")
        found |= _by_name(living.unique("paper_id", keep="first", maintain_order=True), "paper_id")
    ended = {name for name in names - found.keys() if is_paper_id(name)}
    if before is not None and history is not None:
        heirs = [heir for name in ended if (heir := follow(history, name)[0])]
        likely = before.filter(pl.col("paper_id").is_in(heirs)).select("appearance_id")
        found |= _find_founders(ended, entries.join(likely, on="appearance_id", maintain_order="left"))
    return found | _find_founders(ended - found.keys(), entries)


def _find_founders(paper_ids: set[str], entries: pl.DataFrame) -> dict[str, int]:
    """The rows from which ids were, or would be, made; none for ids of appearances that are not there."""
    found: dict[str, int] = {}
    for attempt in range(_MOST_TRIES):
        left = list(paper_ids - found.keys())
        if not left:
            break
        # The seeds as `new_ids` makes them; to let it find each try taken would hash all tries before it again.
        seeds = entries["appearance_id"] + (f"#{attempt}" if attempt else "")
        made = entries.select("row", paper_id=new_ids(seeds, pl.Series([], dtype=pl.String)))
        found |= _by_name(made.filter(pl.col("paper_id").is_in(left)), "paper_id")
    return found


def _by_name(named: pl.DataFrame, column: str) -> dict[str, int]:
    return dict(named.select(column, "row").iter_rows())


def _pairs(judgements: Iterable[Judgement], verdict: str, places: Mapping[str, int]) -> list[Pair]:
    pairs = {_pair(one, places) for one in judgements if one.verdict == verdict}
    return sorted((left, right) for left, right in pairs if left != right)


def _pair(judgement: Judgement, places: Mapping[str, int]) -> Pair:
    left, right = sorted((places[judgement.left], places[judgement.right]))
    return left, right


def _find_conflicts(judgements: Sequence[Judgement], places: Mapping[str, int]) -> Iterator[list[Judgement]]:
    """For each `different` whose rows others make one: the fewest that do, in a chain, and it last."""
    same: dict[int, list[tuple[int, Judgement]]] = {}
    for judgement in judgements:
        left, right = _pair(judgement, places)
        if judgement.verdict == SAME and left != right:
            same.setdefault(left, []).append((right, judgement))
            same.setdefault(right, []).append((left, judgement))
    for judgement in judgements:
        if judgement.verdict == DIFFERENT:
            chain = _find_chain(same, *_pair(judgement, places))
            if chain is not None:
                yield [*chain, judgement]


def _find_chain(same: Mapping[int, Sequence[tuple[int, Judgement]]], start: int, end: int) -> list[Judgement] | None:
    """The fewest judgements that make two rows one; none for one row, None where nothing does."""
    chains: dict[int, list[Judgement]] = {start: []}
    waiting = deque([start])
    while waiting and end not in chains:
        row = waiting.popleft()
        for other, judgement in same.get(row, ()):
            if other not in chains:
                chains[other] = [*chains[row], judgement]
                waiting.append(other)
    return chains.get(end)


def _say(judgement: Judgement, places: Mapping[str, int], appearance_ids: pl.Series) -> str:
    """What a judgement says; of a paper with the appearance that it means."""
    left, right = (
        f"{name!r} ({appearance_ids[places[name]]})" if is_paper_id(name) else repr(name)
        for name in (judgement.left, judgement.right)
    )
    return f"{judgement.place}: {left} and {right} are {judgement.verdict}"


def _unknown_fault(name: str, history: pl.DataFrame | None) -> str:
    """Why an id means no row, and what to do."""
    if not is_paper_id(name):
        found = f"{name!r}, which no dump shows"
        return f"expected the id of an appearance, found {found}. Mend it; if it was retracted, remove the line."
    events = [] if history is None else history.filter(pl.col("paper_id") == name).sort("release").to_dicts()
    if not events:
        found = f"{name!r}, which no release knows"
        return f"expected the id of a paper, found {found}. Mend it; if it never existed, remove the line."
    last = events[-1]
    if last["other_id"] and last["event"] == "merged_into":
        found = f"{name!r}, which is in {last['other_id']!r} by now, and whose first appearance is gone"
        return f"expected the id of a paper, found {found}. Name an appearance instead, or remove the line."
    return f"expected the id of a paper, found {name!r}, whose appearances were retracted. Remove the line."
