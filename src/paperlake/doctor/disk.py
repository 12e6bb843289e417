"""The disk: whether a build has room for its work beside the release that it writes."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from paperlake.doctor.finding import Finding
from paperlake.dumps import list_names
from paperlake.errors import PaperlakeError
from paperlake.release.reading import open_release, versions
from paperlake.settings import Settings
from paperlake.stores import Location

_LEAST_BYTES = 2**30
_LEAST_TEMPORARY = 2**28
_TIMES_STAGED = 2
"""A release grows, and one that has nothing of the last one is written whole."""
_TIMES_RELEASE, _TIMES_RAW = 8, 4
"""A build that makes everything anew holds its records four times in quick compression (as extracted, entered, cleaned
and assembled) beside what finding papers needs, until it has written the release: of 20,000 invented records it took
7.7 times the bytes of the release and 3.6 times those of the raw folder, and a tenth more after that 4.7 times."""


def check_disk(settings: Settings) -> Finding:
    """Whether the disk of the work folder has room for a build that makes everything anew."""
    folder = next(_existing(settings.work.resolve()))
    free, needed = shutil.disk_usage(folder).free, _needed_bytes(settings)
    message = f"expected {_in_gib(needed)} GiB free for {folder}, found {_in_gib(free)} GiB"
    remedy = (
        "Make room: `paperlake prune` deletes old releases, `paperlake held drop --all` held candidates; or name a "
        "work folder on another disk: PAPERLAKE_WORK_FOLDER."
    )
    return Finding("disk", free >= needed, message, remedy)


def check_temporary(store: Location) -> Finding:
    """Whether the folder of temporary files has room: a release for a bucket is written there before it is sent."""
    folder = Path(tempfile.gettempdir())
    free, needed = shutil.disk_usage(folder).free, _LEAST_TEMPORARY
    if not isinstance(store, Path):
        needed = max(needed, _TIMES_STAGED * _release_bytes(store))
    message = f"expected {_in_gib(needed)} GiB free for {folder}, found {_in_gib(free)} GiB"
    return Finding("temporary files", free >= needed, message, "Make room, or name another folder: TMPDIR.")


def _needed_bytes(settings: Settings) -> int:
    raw = sum((settings.raw / name).stat().st_size for name in list_names(settings.raw)) if settings.raw.is_dir() else 0
    return max(_LEAST_BYTES, _TIMES_RELEASE * _release_bytes(settings.store), _TIMES_RAW * raw)


def _release_bytes(store: Location) -> int:
    """Bytes of the newest release's tables; 0 where there is none, or it is damaged."""
    try:
        tables = open_release(store).manifest["tables"].values() if versions(store) else ()
    except PaperlakeError:
        return 0
    return sum(part["n_bytes"] for table in tables for part in table["parts"])


def _existing(folder: Path) -> Iterator[Path]:
    return (path for path in (folder, *folder.parents) if path.exists())


def _in_gib(n_bytes: int) -> str:
    return f"{n_bytes / 2**30:,.1f}"
