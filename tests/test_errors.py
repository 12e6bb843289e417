"""Errors keep message, facts and exit code on their way between processes, as workers on other machines need it."""

import pickle

import pytest

from paperlake import errors

FOUND = [
    errors.SettingsError("raw", "nowhere", "a folder", "Make it."),
    errors.DumpError("late.txt", "empty", "expected text, found none"),
    errors.LayoutError("late.txt", "unknown_layout", "expected a layout", "spaced"),
    errors.CorrectionError("corrections.toml", ["line 3: stale"]),
    errors.ContractError("links", ["url: null"], 1),
    errors.GateError([("has_papers", "found none")], ["has_papers"], "/store/.work/held/2026", ["reject_share"]),
    errors.ReleaseConflictError(4),
    errors.StoreError("/store", ["latest: gone"], "Repair it."),
    errors.UnreachableError("s3://bucket", ["_log: GenericError"], "Run again."),
    errors.AuditError("/store", ["links: null"]),
]


@pytest.mark.parametrize("error", FOUND, ids=lambda error: type(error).__name__)
def test_an_error_travels_whole(error):
    there = pickle.loads(pickle.dumps(error))
    assert type(there) is type(error)
    assert (str(there), there.__dict__, there.exit_code) == (str(error), error.__dict__, error.exit_code)


def test_only_a_store_that_does_not_answer_may_pass():
    assert [type(error).__name__ for error in FOUND if error.may_pass] == ["UnreachableError"]
