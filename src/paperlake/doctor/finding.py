"""One thing that was looked at."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was found, and where that is wrong what was expected; `remedy` is what to do then."""

    subject: str
    is_ok: bool
    message: str
    remedy: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The finding for machines; what is well needs no remedy."""
        return asdict(self) | ({"remedy": ""} if self.is_ok else {})
