"""Steps: how whoever runs a build has its work done, at once or as tasks somewhere."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

Order = TypeVar("Order")
Made = TypeVar("Made")


class Steps(Protocol):
    """How a step is run: at once, or as a task somewhere."""

    def call(self, name: str, step: Callable[..., Made], *arguments: Any) -> Made:
        """What the step gives."""

    def map(self, name: str, step: Callable[[Order], Made], orders: Sequence[Order]) -> list[Made]:
        """What the step gives for each order, in their order."""


class PlainSteps:
    """Steps that are simply called, one after the other."""

    def call(self, name: str, step: Callable[..., Made], *arguments: Any) -> Made:  # noqa: ARG002
        """What the step gives."""
        return step(*arguments)

    def map(self, name: str, step: Callable[[Order], Made], orders: Sequence[Order]) -> list[Made]:
        """What the step gives for each order."""
        return [self.call(name, step, order) for order in orders]
