"""The clock, beside the commits of the store and the clock of its disk or server.

Builds tell by it whether a file was just written (`settle_seconds`), and `prune` how long a release waits.
"""

import time
from datetime import UTC, datetime

from paperlake.doctor.finding import Finding
from paperlake.doctor.probe import Probe
from paperlake.errors import PaperlakeError
from paperlake.release.reading import versions
from paperlake.stores import Location

_EARLIEST = datetime(2026, 5, 28, tzinfo=UTC)
"""No release is older, so a clock before it is wrong."""
_MOST_SECONDS = 5.0
"""Buckets count whole seconds and take a moment to answer; a clock set by NTP is right by far less than one."""
_REMEDY = "Have the clock set: timedatectl set-ntp true; in a container, on its host."


def check_clock(store: Location, probe: Probe) -> Finding:
    """Whether our clock can be right."""
    now = datetime.fromtimestamp(time.time(), UTC)
    ahead = probe.seconds_ahead or 0.0
    if now < _EARLIEST:
        return Finding("clock", False, f"expected a day after {_EARLIEST:%Y-%m-%d}, found {now:%Y-%m-%d}", _REMEDY)
    if (newest := _newest_commit(store)) and (newest - now).total_seconds() > _MOST_SECONDS:
        message = f"expected a time after the newest release, {_shown(newest)}, found {_shown(now)}"
        remedy = f"This clock runs behind, or that of the machine which published ran ahead. {_REMEDY}"
        return Finding("clock", False, message, remedy)
    if abs(ahead) > _MOST_SECONDS:
        which = "ahead of" if ahead > 0 else "behind"
        message = f"expected the store's clock to be ours, found it {abs(ahead):,.0f} seconds {which} it"
        remedy = f"Where raw files lie there, too, a half-written one may look old. {_REMEDY}"
        return Finding("clock", False, message, remedy)
    return Finding("clock", True, _shown(now))


def _newest_commit(store: Location) -> datetime | None:
    """When the latest of all releases was committed; None where there is none, or the log is damaged."""
    try:
        return max((datetime.fromisoformat(commit.time) for commit in versions(store)), default=None)
    except (PaperlakeError, ValueError):
        return None


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
