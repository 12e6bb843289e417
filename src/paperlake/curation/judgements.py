"""What people judged, in `curation/judgements.csv`: which appearances or papers are one, and which are not."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from paperlake.curation.csv_rows import add_row, find_unsigned, read_rows
from paperlake.errors import CorrectionError

JUDGEMENTS_FILE = "curation/judgements.csv"
SAME, DIFFERENT = "same", "different"
_COLUMNS = ("when", "who", "left", "right", "verdict", "why")
_PAPER_ID = re.compile(r"pl-[0-9a-z]{12}")
_APPEARANCE_ID = re.compile(r"[0-9a-f]{16}:[1-9][0-9]{0,9}")


@dataclass(frozen=True, slots=True)
class Judgement:
    """That `left` and `right` are one paper (`same`) or two (`different`); who said so, when, and why."""

    when: date
    who: str
    left: str
    """Id of an appearance, or of a paper for the appearance that the id was made from; as `right`."""
    right: str
    verdict: str
    why: str
    line: int = field(default=0, compare=False)
    """Line of the file, for messages; 0 for one that is not written yet."""

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"line {self.line}" if self.line else "the new line"

    @property
    def effect(self) -> tuple[str, str, str]:
        """What it does, whoever said it and in whatever order: both ids and the verdict."""
        left, right = sorted((self.left, self.right))
        return (left, right, self.verdict)

    def as_dict(self) -> dict[str, str]:
        """It as JSON has it: the day in ISO 8601.

        >>> day, left, right = date(2026, 3, 14), "pl-0123456789ab", "0123456789abcdef:2"
        >>> list(Judgement(day, "mira", left, right, "same", "seen").as_dict().values())
        ['2026-03-14', 'mira', 'pl-0123456789ab', '0123456789abcdef:2', 'same', 'seen']
        """
        values = (self.when.isoformat(), self.who, self.left, self.right, self.verdict, self.why)
        return dict(zip(_COLUMNS, values, strict=True))


def is_paper_id(text: str) -> bool:
    """Whether it is the id of a paper, of those that a judgement may name.

    >>> is_paper_id("pl-0123456789ab"), is_paper_id("0123456789abcdef:12")
    (True, False)
    """
    return _PAPER_ID.fullmatch(text) is not None


def read_judgements(raw: Path) -> tuple[Judgement, ...]:
    """The judgements in the order of the file; empty without the file. Whether they agree is not looked at.

    Args:
        raw: folder of dumps, which may hold `curation/judgements.csv`.

    Raises:
        CorrectionError: the file cannot be read, a line is no judgement, or two say the same; all of them together.
    """
    rows, faults = read_rows(raw, JUDGEMENTS_FILE, _COLUMNS, find_faults)
    judgements = tuple(_as_judgement(cells, number) for number, cells in rows)
    faults += find_repeats(judgements)
    if faults:
        raise CorrectionError(JUDGEMENTS_FILE, faults)
    return judgements


def recall_judgements(facts: Iterable[Mapping[str, str]]) -> tuple[Judgement, ...]:
    """The judgements that a manifest tells of, as `as_dict` gave them."""
    return tuple(_as_judgement([fact[column] for column in _COLUMNS]) for fact in facts)


def add_judgement(raw: Path, judgement: Judgement) -> int:
    """The number of the line that now holds it, at the end of the file."""
    return add_row(raw, JUDGEMENTS_FILE, _COLUMNS, list(judgement.as_dict().values()))


def find_faults(when: str, who: str, left: str, right: str, verdict: str, why: str) -> Iterator[str]:
    """What is wrong with the values of a line: expected, found, and what to do."""
    yield from find_unsigned(when, who, why)
    for column, name in (("left", left), ("right", right)):
        if not (_PAPER_ID.fullmatch(name) or _APPEARANCE_ID.fullmatch(name)):
            expected = f"the id of a paper (pl-0123456789ab) or an appearance (0123456789abcdef:12) in `{column}`"
            yield f"{expected}, found {name!r}. Copy one from `paperlake review` or `paperlake explain`."
    if left == right:
        yield f"two ids, found {left!r} twice. Mend one, or remove the line."
    if verdict not in (SAME, DIFFERENT):
        yield f"{SAME!r} or {DIFFERENT!r} in `verdict`, found {verdict!r}. Write one of them."


def find_repeats(judgements: Sequence[Judgement]) -> list[str]:
    """What is wrong with judgements that say the same."""
    first: dict[tuple[str, str, str], Judgement] = {}
    return [
        f"{one.place}: expected {one.left!r} and {one.right!r} judged once, found {other.place}, too. Keep one."
        for one in judgements
        if (other := first.setdefault(one.effect, one)) is not one
    ]


def _as_judgement(cells: Sequence[str], line: int = 0) -> Judgement:
    when, who, left, right, verdict, why = cells
    return Judgement(date.fromisoformat(when), who, left, right, verdict, why, line)
