"""Errors of ours stand in Prefect's logs once, in their own words; those of others keep their tracebacks."""

import logging

import pytest
from flows.logged_errors import in_own_words, told_by_the_run

from paperlake.errors import GateError

HELD = GateError([("has_papers", "expected papers, found 0")], ["has_papers"], "held/0a1b")


@pytest.fixture
def logged(caplog):
    """What a logger with both filters was told."""
    logger = logging.getLogger("tests.logged_errors")
    for keep in (in_own_words, told_by_the_run):
        logger.addFilter(keep)
    yield logger, caplog
    for keep in (in_own_words, told_by_the_run):
        logger.removeFilter(keep)


def fail(logger, error):
    try:
        raise error
    except type(error) as caught:
        logger.exception("Encountered exception during execution: %r", caught)


def test_an_error_of_ours_is_told_in_its_own_words(logged):
    logger, caplog = logged
    fail(logger, HELD)
    [record] = caplog.records
    assert record.getMessage() == f"GateError: {HELD}"
    assert "Traceback" not in caplog.text


def test_any_other_error_keeps_its_traceback(logged):
    logger, caplog = logged
    fail(logger, KeyError("socks"))
    assert "Encountered exception during execution: KeyError('socks')" in caplog.text
    assert "Traceback" in caplog.text


def test_that_a_task_failed_is_told_by_its_run_alone(logged):
    logger, caplog = logged
    caplog.set_level(logging.DEBUG)
    logger.error("Finished in state Failed('x')")
    logger.error("Crash detected! Execution was interrupted")
    assert [record.levelname for record in caplog.records] == ["INFO", "ERROR"]


def test_prefect_asks_them():
    assert in_own_words in logging.getLogger("prefect.flow_runs").filters
    assert told_by_the_run in logging.getLogger("prefect.task_runs").filters
