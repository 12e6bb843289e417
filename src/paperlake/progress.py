"""A progress bar on a terminal, and nothing at all elsewhere."""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import Progress

from paperlake.steps import Made, Order, PlainSteps

_STAGES = 11
"""extract, enter, corrections, normalise, index, pair, match, resolve, assemble, check, publish."""


class ShownSteps(PlainSteps):
    """Plain steps with a bar of the stages, drawn only where the console is a terminal."""

    def __init__(self, console: Console) -> None:
        """Nothing is drawn before the first step."""
        self._progress = Progress(console=console, transient=True, disable=not console.is_terminal)
        self._bar = self._progress.add_task("build", total=_STAGES)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def call(self, name: str, step: Callable[..., Made], *arguments: Any) -> Made:
        """What the step gives; the bar moves on when it is done."""
        self._progress.update(self._bar, description=name)
        made = step(*arguments)
        self._progress.advance(self._bar)
        return made

    def map(self, name: str, step: Callable[[Order], Made], orders: Sequence[Order]) -> list[Made]:
        """What the step gives for each order; the bar moves on when all are done."""
        self._progress.update(self._bar, description=name)
        made = [step(order) for order in orders]
        self._progress.advance(self._bar)
        return made
