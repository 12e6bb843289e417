"""People's judgements by rows: which two appearances each of them speaks of, and whether they agree.

In the file a paper id means the appearance that it was made from, whatever releases say: so what a judgement means
depends on the dumps alone, and the same input gives the same papers for ever.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from paperlake.curation.judgements import DIFFERENT, JUDGEMENTS_FILE, SAME, Judgement, is_paper_id
from paperlake.errors import CorrectionError, JudgementConflictError
from paperlake.identity.registry import find_founders, follow

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """Pairs of rows `left` < `right` that people judged to be one paper, and two; each once, in order."""

    same: list[Pair]
    different: list[Pair]


def place_judgements(judgements: Sequence[Judgement], rows: pl.DataFrame) -> Placed:
    """The pairs of rows that judgements speak of; one that both ids of `same` mean is left out.

    Args:
        judgements: as read.
        rows: `appearance_id` of all appearances in order of entry; a row's number is its position.

    Raises:
        CorrectionError: some name what nothing has; all of them together.
        JudgementConflictError: some contradict one another; all of them together.
    """
    if not judgements:
        return Placed([], [])
    places = _find_rows(judgements, rows)
    faults = [
        f"{one.place}: {_unknown_fault(name)}"
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


def by_appearance(judgements: Iterable[Judgement], appearance_ids: pl.Series) -> list[Judgement]:
    """The judgements with the appearance that each paper id means in its stead; one that means none stays.

    Args:
        judgements: as read.
        appearance_ids: of all appearances that may be meant.
    """
    judged = list(judgements)
    founders = find_founders({name for name in _names(judged) if is_paper_id(name)}, appearance_ids)
    return [
        replace(one, left=founders.get(one.left, one.left), right=founders.get(one.right, one.right)) for one in judged
    ]


def name_appearances(judgement: Judgement, members: pl.DataFrame, history: pl.DataFrame) -> Judgement:
    """The judgement with the appearances that its ids mean in a release.

    A paper means the earliest of its appearances. An id that ended means the appearance that it was made from, or where
    that is gone, the earliest of the paper that it leads to.

    Args:
        judgement: whose values can be used.
        members: `appearance_id`, `paper_id` of the release in order of entry.
        history: `id_history` of the release.

    Raises:
        CorrectionError: it names what the release does not know, or one appearance twice.
    """
    meant = {name: _find_appearance(name, members, history) for name in (judgement.left, judgement.right)}
    faults = [f"{judgement.place}: {_not_there_fault(name)}" for name, one in meant.items() if one is None]
    left, right = (meant[name] or name for name in (judgement.left, judgement.right))
    if left == right:
        expected = f"expected two appearances, found that {judgement.left!r} and {judgement.right!r} both mean {left!r}"
        faults.append(f"{judgement.place}: {expected}. `paperlake explain` lists the appearances of a paper.")
    if faults:
        raise CorrectionError(JUDGEMENTS_FILE, faults)
    return replace(judgement, left=left, right=right)


def _find_appearance(name: str, members: pl.DataFrame, history: pl.DataFrame) -> str | None:
    """The appearance that an id means in a release; None where it means none."""
    if not is_paper_id(name):
        return name if members["appearance_id"].eq(name).any() else None
    return (
        _find_earliest(name, members)
        or find_founders({name}, members["appearance_id"]).get(name)
        or _find_earliest(follow(history, name)[0], members)
    )


def _find_earliest(paper_id: str | None, members: pl.DataFrame) -> str | None:
    found = members.filter(pl.col("paper_id") == pl.lit(paper_id, pl.String))
    return None if found.is_empty() else str(found.item(0, "appearance_id"))


def _find_rows(judgements: Sequence[Judgement], rows: pl.DataFrame) -> dict[str, int]:
    """The row that each id means; none for what nothing has."""
    meant = dict(zip(_names(judgements), _names(by_appearance(judgements, rows["appearance_id"])), strict=True))
    is_meant = rows["appearance_id"].is_in(list(meant.values()))
    row_of = dict(zip(rows["appearance_id"].filter(is_meant), is_meant.arg_true(), strict=True))
    return {name: row_of[one] for name, one in meant.items() if one in row_of}


def _names(judgements: Iterable[Judgement]) -> list[str]:
    return [name for one in judgements for name in (one.left, one.right)]


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


def _unknown_fault(name: str) -> str:
    """Why an id of the file means no row, and what to do."""
    if not is_paper_id(name):
        found = f"{name!r}, which no dump shows"
        return f"expected the id of an appearance, found {found}. Mend it; if it was retracted, remove the line."
    found = f"{name!r}, and no dump shows the appearance that it was made from"
    return f"expected the id of a paper, found {found}. Name an appearance instead, or remove the line."


def _not_there_fault(name: str) -> str:
    """Why an id means nothing in a release, and what to do."""
    kind = "a paper that leads into" if is_paper_id(name) else "an appearance of"
    expected = f"expected the id of {kind} the newest release, found {name!r}"
    return f"{expected}. Copy one from `paperlake review` or `paperlake explain`."
