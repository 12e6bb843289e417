"""What Prefect logs of runs and tasks: our own errors once, in their own words; and of tasks what stages do not tell.

A traceback says where our code found the fault; the message says where it is and what to do, and is all that people on
call need. Other errors keep their tracebacks.
"""

import logging

from paperlake.errors import PaperlakeError

_TOLD_BEFORE = "Engine execution exited with unexpected exception"
"""What the process of a deployed run says of the error that the run itself has told."""
_OF_TASKS = "Finished in state "
"""Of each task, without its name: the line of its stage says more, and a failure is told by the run."""


def in_own_words(record: logging.LogRecord) -> bool:
    """Whether a record is kept; one that tells of an error of ours tells just that, and once."""
    error = record.exc_info[1] if record.exc_info else None
    if not isinstance(error, PaperlakeError):
        return True
    is_new = record.msg != _TOLD_BEFORE
    record.msg, record.args, record.exc_info = "%s: %s", (type(error).__name__, error), None
    return is_new


def not_told_by_the_stage(record: logging.LogRecord) -> bool:
    """Whether a record of a task is kept."""
    return not record.getMessage().startswith(_OF_TASKS)


logging.getLogger("prefect.flow_runs").addFilter(in_own_words)
logging.getLogger("prefect.task_runs").addFilter(not_told_by_the_stage)
