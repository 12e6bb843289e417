"""A limit that really ends a run: Prefect's timeouts wait for the library's own code, which knows nothing of them.

Ending a build at any point is safe: releases are whole or not there, and the next run goes on from the work files.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from prefect import runtime
from prefect.client.orchestration import get_client
from prefect.states import Failed

from flows.notices import tell_timeout

_EXIT_CODE = 124
"""As `timeout` of coreutils has it."""


@contextmanager
def time_limit(minutes: float | None) -> Iterator[None]:
    """The process of a flow run ends after so many minutes, the run being Failed as 'TimedOut'; None for no limit."""
    if minutes is None:
        yield
        return
    run = runtime.flow_run
    timer = threading.Timer(minutes * 60, _end, (UUID(str(run.id)), str(run.flow_name), str(run.name), minutes))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end(run_id: UUID, flow: str, run: str, minutes: float) -> None:
    try:
        message = f"the run took longer than {minutes:g} minutes and was ended; the next goes on from its work files"
        with get_client(sync_client=True) as client:
            client.set_flow_run_state(run_id, Failed(name="TimedOut", message=message), force=True)
        tell_timeout(flow, run, str(run_id), message)
    finally:
        os._exit(_EXIT_CODE)
