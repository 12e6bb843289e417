"""The layouts paperlake knows, and which of them a dump has."""

from collections.abc import Sequence

from paperlake.layouts import compact, spaced
from paperlake.layouts.layout import Layout, Recognition

LAYOUTS: tuple[Layout, ...] = (
    Layout("compact", compact.recognise, compact.split),
    Layout("spaced", spaced.recognise, spaced.split),
)
"""One line a layout: a new one is a module here, a line in this table and a folder in tests/cases/layouts/."""


def recognise_layout(lines: Sequence[str]) -> tuple[Layout | None, tuple[Recognition, ...]]:
    """The one layout that says yes (None when none does), and what each of them said."""
    answers = tuple(layout.recognise(lines) for layout in LAYOUTS)
    known = [layout for layout, answer in zip(LAYOUTS, answers, strict=True) if answer.is_known]
    return (known[0] if known else None), answers
