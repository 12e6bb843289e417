"""Errors of ours stand in Prefect's logs once, in their own words; those of others keep their tracebacks."""

import logging

import pytest
from flows.logged_errors import in_own_words, not_told_by_the_stage

from paperlake.errors import GateError

HELD = GateError([("has_papers", "expected papers, found 0")], ["has_papers"], "held/0a1b")


@pytest.fixture
def logged(caplog):
    """What a logger with both filters was told."""
    logger = logging.getLogger("tests.logged_errors")
    for keep in (in_own_words, not_told_by_the_stage):
        logger.addFilter(keep)
    yield logger, caplog
    for keep in (in_own_words, not_told_by_the_stage):
        logger.removeFilter(keep)


def fail(logger, error, told="Encountered exception during execution: %r"):
    try:
        raise error
    except type(error) as caught:
        logger.exception(told, *([caught] if "%" in told else []))


def test_an_error_of_ours_is_told_in_its_own_words(logged):
    logger, caplog = logged
    fail(logger, HELD)
    [record] = caplog.records
    assert record.getMessage() == f"GateError: {HELD}"
    assert "Traceback" not in caplog.text


def test_the_process_of_a_deployed_run_does_not_tell_it_again(logged):
    logger, caplog = logged
    fail(logger, HELD, "Engine execution exited with unexpected exception")
    assert caplog.records == []
    fail(logger, KeyError("socks"), "Engine execution exited with unexpected exception")
    assert "Traceback" in caplog.text


def test_any_other_error_keeps_its_traceback(logged):
    logger, caplog = logged
    fail(logger, KeyError("socks"))
    assert "Encountered exception during execution: KeyError('socks')" in caplog.text
    assert "Traceback" in caplog.text


def test_how_a_task_ended_is_told_by_its_stage_alone(logged):
    logger, caplog = logged
    caplog.set_level(logging.DEBUG)
    logger.info("Finished in state Completed()")
    logger.error("Finished in state Failed('x')")
    logger.error("Crash detected! Execution was interrupted")
    assert [record.getMessage()[:5] for record in caplog.records] == ["Crash"]


def test_prefect_asks_them():
    assert in_own_words in logging.getLogger("prefect.flow_runs").filters
    assert not_told_by_the_stage in logging.getLogger("prefect.task_runs").filters
