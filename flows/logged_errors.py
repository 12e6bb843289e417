"""What Prefect logs of our own errors: once, in their own words.

A traceback says where our code found the fault; the message says where it is and what to do, and is all that people on
call need. Other errors keep their tracebacks.
"""

import logging

from paperlake.errors import PaperlakeError


def in_own_words(record: logging.LogRecord) -> bool:
    """True, for every record is kept; one that tells of an error of ours tells just that."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, PaperlakeError):
        record.msg, record.args, record.exc_info = "%s: %s", (type(error).__name__, error), None
    return True


def told_by_the_run(record: logging.LogRecord) -> bool:
    """True; that a task failed is no error of its own, since the run that it belongs to tells it."""
    if record.getMessage().startswith("Finished in state Failed"):
        record.levelno, record.levelname = logging.INFO, "INFO"
    return True


logging.getLogger("prefect.flow_runs").addFilter(in_own_words)
logging.getLogger("prefect.task_runs").addFilter(told_by_the_run)
