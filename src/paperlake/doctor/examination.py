"""All that a doctor looks at, in a fixed order."""

from collections.abc import Iterator

from paperlake.doctor.clock import check_clock
from paperlake.doctor.disk import check_disk, check_temporary
from paperlake.doctor.finding import Finding
from paperlake.doctor.held import check_held
from paperlake.doctor.packages import check_packages, check_python
from paperlake.doctor.prefect_settings import check_prefect
from paperlake.doctor.probe import probe_store
from paperlake.doctor.raw_folder import check_raw, check_unfinished
from paperlake.doctor.store import check_store, check_writes
from paperlake.doctor.written import check_written
from paperlake.settings import Settings


def examine(settings: Settings) -> list[Finding]:
    """Everything that was looked at; nothing is changed, but a probe is written into the store and taken away."""
    return list(_examine(settings))


def _examine(settings: Settings) -> Iterator[Finding]:
    yield check_python()
    yield check_packages()
    raw = check_raw(settings.raw)
    yield raw
    yield check_unfinished(settings.raw)
    yield from check_written(settings) if raw.is_ok else ()
    yield check_store(settings.store)
    yield check_held(settings)
    probe = probe_store(settings.store)
    yield check_writes(settings.store, probe)
    yield check_disk(settings)
    yield check_temporary(settings.store)
    yield check_clock(settings.store, probe)
    yield from check_prefect()
