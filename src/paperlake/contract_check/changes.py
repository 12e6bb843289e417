"""What a difference between two contracts means to a reader: one table of rules, and the sizes it gives."""

from dataclasses import asdict, dataclass
from enum import IntEnum, StrEnum
from typing import Any


class Size(IntEnum):
    """How much a reader feels of a difference: the part of a semantic version that declares it.

    >>> max(Size.PATCH, Size.MAJOR), str(Size.MINOR)
    (<Size.MAJOR: 3>, 'minor')
    """

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Move(StrEnum):
    """Which way a promise went."""

    LESS = "less"
    MORE = "more"
    OTHER = "other"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: where a promise of this subject went this way, how large that is, what people are told, and why."""

    subject: str
    move: Move
    size: Size
    says: str
    why: str


_LESS, _MORE, _OTHER, _SAME = Move.LESS, Move.MORE, Move.OTHER, Move.SAME
_MAJOR, _MINOR, _PATCH = Size.MAJOR, Size.MINOR, Size.PATCH

RULES: tuple[Rule, ...] = (
    Rule("table", _LESS, _MAJOR, "table removed", "whoever reads it finds nothing"),
    Rule("table", _MORE, _MINOR, "table added", "nobody reads it yet"),
    Rule("column", _LESS, _MAJOR, "column removed", "whoever names it finds nothing; a new name is such a removal"),
    Rule("column", _MORE, _MINOR, "column added", "whoever names columns reads on; so add it wherever it belongs"),
    Rule(
        "column order", _OTHER, _MAJOR, "columns in another order",
        "whoever counts columns (rows as tuples, UNION ALL, INSERT ... SELECT *) takes one for another and is not told",
    ),
    Rule("table order", _SAME, _PATCH, "tables in another order", "a table is read by its name"),
    Rule("type", _LESS, _MAJOR, "no longer says its type", "the next values may have any"),
    Rule("type", _MORE, _MINOR, "says its type", "a promise more"),
    Rule("type", _OTHER, _MAJOR, "has another type", "a wider one, too, may not fit what a reader set aside for it"),
    Rule("nulls", _LESS, _MAJOR, "may now be null", "a reader that never met a null need not cope with one"),
    Rule("nulls", _MORE, _MINOR, "is no longer null", "a promise more"),
    Rule("uniqueness", _LESS, _MAJOR, "may now repeat", "a join that gave one row may give several"),
    Rule("uniqueness", _MORE, _MINOR, "no longer repeats", "a promise more"),
    Rule("key", _LESS, _MAJOR, "no longer has a key", "a join that gave one row may give several"),
    Rule("key", _MORE, _MINOR, "has a key", "a promise more"),
    Rule("key", _OTHER, _MAJOR, "has another key", "whoever joins or merges by the old one gets other rows"),
    Rule("range", _LESS, _MAJOR, "lets more values through", "a reader may meet a value that it does not expect"),
    Rule("range", _MORE, _MINOR, "lets fewer values through", "a promise more"),
    Rule("range", _OTHER, _MAJOR, "has a range that cannot be compared", "it may let more values through"),
    Rule("pattern", _LESS, _MAJOR, "no longer has a pattern", "a reader may meet a value that it cannot take apart"),
    Rule("pattern", _MORE, _MINOR, "has a pattern", "a promise more"),
    Rule("pattern", _OTHER, _MAJOR, "has another pattern", "no rule can tell whether it lets more values through"),
    Rule("values", _LESS, _MAJOR, "no longer keeps to its values", "a reader's list of cases is no longer complete"),
    Rule("values", _MORE, _MINOR, "keeps to fewer values", "a promise more: cases that a reader handles stay away"),
    Rule("values", _OTHER, _MAJOR, "keeps to other values", "a reader's list of cases is no longer complete"),
    Rule("place", _LESS, _MAJOR, "no longer says where it lies", "whoever reads by that name finds nothing"),
    Rule("place", _MORE, _MINOR, "says where it lies", "a promise more"),
    Rule("place", _OTHER, _MAJOR, "lies elsewhere", "whoever reads by the old name finds nothing"),
    Rule("words", _SAME, _PATCH, "says it in other words", "people read it, no program relies on it"),
    Rule("other", _LESS, _MAJOR, "no longer says", "nobody knows who relied on it: a version too many breaks nobody"),
    Rule("other", _MORE, _MINOR, "says more", "nobody relies on it yet"),
    Rule("other", _OTHER, _MAJOR, "says something else", "nobody knows who relied on it, as where it is gone"),
)  # fmt: skip
"""What breaks a reader, and what does not. A test has cases of every row, both ways round."""

_BY_SUBJECT = {(rule.subject, rule.move): rule for rule in RULES}


def find_rule(subject: str, move: Move) -> Rule:
    """The row for a promise that went this way; what is merely said otherwise is words, whatever it speaks of."""
    return _BY_SUBJECT.get((subject, move)) or _BY_SUBJECT["words", move]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where it is, what of it, by which rule, and how large.

    `table` and `column` are empty where it is about the whole contract or table. `fact` is the field of the contract,
    `before` and `after` what it said, as plain values; None where it said nothing. `words` tells people all of it.
    """

    table: str
    column: str
    fact: str
    subject: str
    move: Move
    size: Size
    before: Any
    after: Any
    words: str

    @property
    def place(self) -> str:
        """`table.column`, `table`, or `contract`."""
        return ".".join(filter(None, (self.table, self.column))) or "contract"

    def __str__(self) -> str:
        return f"{self.size!s:5}  {self.place}: {self.words}"

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain values, for JSON."""
        return {**asdict(self), "move": str(self.move), "size": str(self.size)}
