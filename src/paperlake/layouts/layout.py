"""What a layout is: a name, a signature, and a way to split a dump into blocks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from paperlake.records import Piece


@dataclass(frozen=True, slots=True)
class Recognition:
    """Whether a layout claims a dump, and why or why not."""

    is_known: bool
    why: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The way one capture tool writes a listing page down."""

    name: str
    recognise: Callable[[Sequence[str]], Recognition]
    split: Callable[[Sequence[str]], list[Piece]]
    shows: tuple[str, ...] = ("abstract_raw",)
    """Fields of `RawPaper` that nearly every paper has in this layout, the title apart.

    The gate `layout_drift` holds a new dump that shows one of them on less than half of its papers, so a field that
    only many papers have does not belong here. Once a store has enough papers of the layout, what they showed counts.
    """
    shares_lines: bool = False
    """Whether several papers may stand on one line, as in JSON."""
