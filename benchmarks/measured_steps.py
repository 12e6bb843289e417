"""Steps of a build that note what they took."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from benchmarks.measuring import Cost, measure
from paperlake.steps import Made, Order, PlainSteps


class MeasuredSteps(PlainSteps):
    """Plain steps that note what each took."""

    def __init__(self) -> None:
        """No cost yet."""
        self.costs: list[Cost] = []

    def call(self, name: str, step: Callable[..., Made], *arguments: Any) -> Made:
        """What the step gives."""
        made, cost = measure(name, step, *arguments)
        self.costs.append(cost)
        return made

    def map(self, name: str, step: Callable[[Order], Made], orders: Sequence[Order]) -> list[Made]:
        """What the step gives for each order; one cost for all."""
        made = self.call(name, lambda: [step(order) for order in orders])
        self.costs[-1] = replace(self.costs[-1], n_parts=len(orders))
        return made
