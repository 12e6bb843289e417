"""Prefect flows: the same order of work as the command line, with tasks for steps."""

import os

# Nothing leaves the machine: Prefect reads these when it is imported, which is after this.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
# Kept in memory, which is Prefect's default, the place of a run that dies together with its server is never free again.
os.environ.setdefault("PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE", "prefect.server.concurrency.lease_storage.filesystem")
# Prefect tells of every task on the console; the stages' own lines, and all in Prefect's pages, say enough.
os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "WARNING")

from flows import logged_errors  # noqa: F401  # after the settings above, as everything that knows Prefect
