"""Which way a promise went: less, more, something else, or the same in other words."""

from collections.abc import Callable
from typing import Any

from paperlake.contract_check.changes import Move
from paperlake.contract_check.facts import DEFAULTS, Bound
from paperlake.contract_check.spelling import spell

_Mover = Callable[[Any, Any], Move]


def _move_anyhow(_before: Any, _after: Any) -> Move:
    return Move.OTHER


def _move_nowhere(_before: Any, _after: Any) -> Move:
    return Move.SAME


def _move_flag(before: Any, after: Any) -> Move:
    return _judge(is_more=after is True and before is False, is_less=before is True and after is False)


def _move_least(before: Any, after: Any) -> Move:
    """Of the least that a value may be: a higher one promises more."""
    return _move_number(before, after, 1)


def _move_greatest(before: Any, after: Any) -> Move:
    """Of the most that a value may be: a lower one promises more."""
    return _move_number(before, after, -1)


def _move_number(before: Any, after: Any, upwards: int) -> Move:
    (old, old_is_strict), (new, new_is_strict) = _as_bound(before), _as_bound(after)
    try:
        rises = (new > old) - (new < old)
    except TypeError:  # a number against a day
        return Move.OTHER
    tightens = upwards * rises if new != old else new_is_strict - old_is_strict
    return _judge(is_more=tightens > 0, is_less=tightens < 0, is_same=new == old and not tightens)


def _as_bound(value: Any) -> tuple[Any, bool]:
    return (value.value, not value.sign.endswith("=")) if isinstance(value, Bound) else (value, False)


def _move_values(before: Any, after: Any) -> Move:
    old, new = set(map(spell, before)), set(map(spell, after))
    return _judge(is_more=new < old, is_less=new > old, is_same=new == old)


def _judge(*, is_more: bool, is_less: bool, is_same: bool = False) -> Move:
    return Move.MORE if is_more else Move.LESS if is_less else Move.SAME if is_same else Move.OTHER


_SUBJECTS: dict[str, tuple[str, _Mover]] = {
    "table": ("table", _move_anyhow),
    "column": ("column", _move_anyhow),
    "logicalType": ("type", _move_anyhow),
    "physicalType": ("type", _move_anyhow),
    "logicalTypeOptions.format": ("type", _move_anyhow),
    "required": ("nulls", _move_flag),
    "unique": ("uniqueness", _move_flag),
    "logicalTypeOptions.uniqueItems": ("uniqueness", _move_flag),
    "key": ("key", _move_anyhow),
    "minimum": ("range", _move_least),
    "maximum": ("range", _move_greatest),
    "logicalTypeOptions.minLength": ("range", _move_least),
    "logicalTypeOptions.maxLength": ("range", _move_greatest),
    "logicalTypeOptions.minItems": ("range", _move_least),
    "logicalTypeOptions.maxItems": ("range", _move_greatest),
    "logicalTypeOptions.pattern": ("pattern", _move_anyhow),
    "values": ("values", _move_values),
    "physicalName": ("place", _move_anyhow),
    "column order": ("column order", _move_anyhow),
    "table order": ("table order", _move_nowhere),
}
"""Field to what it is a promise of, and to what tells which way it went."""

_UNKNOWN: tuple[str, _Mover] = ("other", _move_anyhow)

_WORDS = (
    "apiVersion", "name", "status", "domain", "dataProduct", "description", "businessName", "tags", "examples",
    "authoritativeDefinitions", "dataGranularityDescription", "contractCreatedTs",
)  # fmt: skip
"""Fields that people read and no program relies on."""


def find_move(fact: str, before: Any, after: Any) -> tuple[str, Move]:
    """What a field is a promise of, and which way it went; None where it says nothing.

    A field that is there and says what ODCS takes it for anyhow says the same in other words. What no row knows is
    `other`, and is more where it is new: a promise may lie in it.

    >>> find_move("required", True, None), find_move("minimum", None, 0)
    (('nulls', <Move.LESS: 'less'>), ('range', <Move.MORE: 'more'>))
    """
    subject, mover = _SUBJECTS.get(fact, _UNKNOWN)
    if subject == "other" and fact.split(".")[0] in _WORDS:
        return "words", Move.SAME
    default = DEFAULTS.get(fact)
    before, after = (default if value is None else value for value in (before, after))
    if spell(before) == spell(after):
        return subject, Move.SAME
    if before is None or after is None:
        return subject, Move.MORE if before is None else Move.LESS
    return subject, mover(before, after)
