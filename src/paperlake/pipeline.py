"""A build from its start: what there is, whether anything is due, and if so, the release that comes of it.

    find dumps -> what is due -> make a candidate -> check -> publish

`making` has what comes once something is due. It is imported only then: most runs of a schedule find nothing new, and
layouts, matching and publishing take longer to import than such a run takes.

Whoever runs it gives it its Steps: Prefect tasks in `flows/`, plain calls on the command line.
"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paperlake.build_report import BuildReport, describe_build
from paperlake.due import Start, begin, find_standing, open_head, take_in_dumps
from paperlake.errors import ChangedDumpError, ReleaseConflictError
from paperlake.release.commits import no_fault
from paperlake.release.gate_names import check_gate_names
from paperlake.release.pointers import heal
from paperlake.release.reading import Release
from paperlake.settings import Settings
from paperlake.steps import Steps
from paperlake.work import take_turn

if TYPE_CHECKING:
    from paperlake.making import Candidate

_TRIES = 10
"""Builds begun again because another publisher was faster."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is asked of one run, beside the settings."""

    accept: tuple[str, ...]
    run_id: str
    fault: Callable[[str], None]


def build(
    settings: Settings,
    steps: Steps,
    *,
    accept: tuple[str, ...] = (),
    run_id: str | None = None,
    fault: Callable[[str], None] = no_fault,
) -> BuildReport:
    """New dumps in, one release or none out.

    Builds into one store take turns, since they share its work folder; publishing itself is safe without that.

    Args:
        settings: where to read and write, and limits.
        steps: how a step is run.
        accept: gates that a person lets pass in this run.
        run_id: name of the run in the commit record; a random one without it.
        fault: called with the name of each step of publishing; for tests.

    Raises:
        GateError: a gate holds the release.
        ContractError: a table breaks the contract.
        SettingsError: `dumps.toml` cannot be used.
        CorrectionError: a file in `curation` cannot be used, or an entry fits no longer.
        JudgementConflictError: judgements contradict one another.
        ReleaseConflictError: other publishers were faster ten times in a row.
    """
    check_gate_names(accept)
    run = Run(accept, run_id or uuid.uuid4().hex, fault)
    with take_turn(settings.work):
        for _ in range(_TRIES - 1):
            with suppress(ReleaseConflictError):
                return _build_once(settings, steps, run)
        return _build_once(settings, steps, run)


def _build_once(settings: Settings, steps: Steps, run: Run) -> BuildReport:
    heal(settings.store)
    start, made = make_candidate(settings, steps, run.accept)
    if isinstance(made, Release):
        return describe_build(made, start)
    from paperlake.making import publish

    return describe_build(publish(made, start, settings, steps, run.run_id, run.fault), start)


def make_candidate(settings: Settings, steps: Steps, accept: tuple[str, ...]) -> "tuple[Start, Candidate | Release]":
    """What a run begins with, and what comes of it: a candidate, or the newest release where nothing is to do.

    It writes into the work folder alone. A dump that changes before it is read is left for the next run.

    Raises:
        SettingsError, StoreError, CorrectionError, JudgementConflictError: as `build` does.
    """
    parent = open_head(settings)
    intake = take_in_dumps(settings, parent)
    while True:
        start = begin(settings, parent, intake)
        if standing := find_standing(start, settings):
            return start, standing
        from paperlake.making import make

        try:
            return start, make(start, settings, steps, accept)
        except ChangedDumpError as error:
            intake = intake.leave(error.path, error.change)
