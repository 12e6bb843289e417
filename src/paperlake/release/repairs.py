"""One thing that is wrong with a store, and what mends it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from paperlake.errors import StoreError


@dataclass(frozen=True, slots=True)
class Repair:
    """What was found, in words, and what is done about it; without `mend`, what a person has to do."""

    found: str
    remedy: str
    mend: Callable[[], None] | None = None
    is_mended: bool = False

    @property
    def state(self) -> str:
        """`repaired`, `repairable` or `beyond repair`."""
        if self.is_mended:
            return "repaired"
        return "repairable" if self.mend else "beyond repair"

    def as_dict(self) -> dict[str, str]:
        """It for machines."""
        return {"found": self.found, "state": self.state, "remedy": self.remedy}

    def applied(self) -> "Repair":
        """The same after the attempt."""
        if self.mend is None:
            return self
        try:
            self.mend()
        except StoreError as error:
            return Repair(self.found, error.remedy)
        return replace(self, is_mended=True)
