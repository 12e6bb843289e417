"""Errors that keep their facts and build their own message: where, expected against found, what to do."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class PaperlakeError(Exception):
    """Every error that paperlake raises on purpose; whole after a way between processes."""

    exit_code = 1
    may_pass = False
    """Whether the same again can go well later, with nothing mended."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Its message and facts, since its `__init__` takes others than it keeps."""
        return _restore, (type(self), self.args, self.__dict__)


def _restore(kind: type[PaperlakeError], message: tuple[Any, ...], facts: dict[str, Any]) -> PaperlakeError:
    error = kind.__new__(kind, *message)
    error.__dict__.update(facts)
    return error


class SettingsError(PaperlakeError):
    """A setting that cannot be used."""

    def __init__(self, name: str, found: object, expected: str, remedy: str) -> None:
        self.name, self.found, self.expected, self.remedy = name, found, expected, remedy
        super().__init__(f"setting '{name}' expected {expected}, found {found!r}.\n{remedy}")


class DumpError(PaperlakeError):
    """A dump that cannot be read at all. The run sets it aside with `reason` and goes on."""

    def __init__(self, path: str, reason: str, detail: str) -> None:
        self.path, self.reason, self.detail = path, reason, detail
        super().__init__(f"{path}: {detail}\nThe dump is set aside as '{reason}'.")


class LayoutError(DumpError):
    """A dump whose layout is unknown, or which yields no paper where its layout promises some.

    `layout` is the name of the layout that was tried, None where none is known.
    """

    def __init__(self, path: str, reason: str, detail: str, layout: str | None = None) -> None:
        self.layout = layout
        super().__init__(path, reason, detail)


class ChangedDumpError(PaperlakeError):
    """A dump whose file no longer holds the bytes that were found there: somebody writes it still, or moved it away.

    `change` says what happened. A build leaves it for the next run.
    """

    def __init__(self, path: str, change: str) -> None:
        self.path, self.change = path, change
        super().__init__(f"{path}: expected the bytes that were found there before, but {change}.\nRun again.")


class CorrectionError(PaperlakeError):
    """A file of people's repairs whose entries cannot be used or fit no longer; `faults` says of each where and why."""

    def __init__(self, file: str, faults: Sequence[str]) -> None:
        self.file, self.faults = file, tuple(faults)
        shown = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{file} has {len(self.faults)} fault(s):\n{shown}\nNothing was published.")


class JudgementConflictError(PaperlakeError):
    """Judgements that contradict one another; `conflicts`: of each the lines (0: not written yet) and words."""

    def __init__(self, file: str, conflicts: Sequence[Sequence[tuple[int, str]]]) -> None:
        self.file, self.conflicts = file, tuple(tuple(conflict) for conflict in conflicts)
        shown = "\n\n".join("\n".join(f"  {said}" for _, said in conflict) for conflict in self.conflicts)
        super().__init__(
            f"{file} has {len(self.conflicts)} contradiction(s):\n{shown}\n"
            "Mend or remove one line of each. Nothing was published."
        )


class ContractError(PaperlakeError):
    """A frame that breaks its model; `failures` holds the first rows that do."""

    exit_code = 4

    def __init__(self, frame: str, failures: Sequence[str], n_failures: int) -> None:
        self.frame, self.failures, self.n_failures = frame, tuple(failures), n_failures
        shown = "\n".join(f"  {failure}" for failure in self.failures)
        super().__init__(
            f"frame '{frame}' breaks its contract in {n_failures} place(s):\n{shown}\n"
            "The rules stand in paperlake/schemas.py; nothing was published."
        )


class GateError(PaperlakeError):
    """A release that a gate holds; the last good one stays.

    `failures` are gates and findings that nobody accepted, `accepted` the names of those that failed and were,
    `final` those that nobody can accept, `candidate` the folder of what is held, `held` its id, `store` where it would
    have gone.
    """

    exit_code = 3

    def __init__(
        self,
        failures: Sequence[tuple[str, str]],
        final: Sequence[str],
        candidate: str,
        accepted: Sequence[str] = (),
        store: str = "",
    ) -> None:
        self.failures, self.final, self.accepted = tuple(failures), tuple(final), tuple(accepted)
        self.candidate, self.held, self.store = candidate, Path(candidate).name, store
        shown = "\n".join(f"  {gate}: {finding}" for gate, finding in self.failures)
        super().__init__(
            f"{len(self.failures)} gate(s) hold this release:\n{shown}\n"
            f"The last release stays as it was; the candidate is kept in {candidate}.\n"
            f"Look at it with `paperlake held show {self.held}{self._option()}`.\n{self._remedy()}"
        )

    def _option(self) -> str:
        """The store for commands that people copy, whatever their shell's own is."""
        return f" --store {shlex.quote(self.store)}" if self.store else ""

    def _remedy(self) -> str:
        if self.final:
            return f"Nobody can accept {', '.join(self.final)}: mend the dumps or the rules, and build again."
        accept = " ".join(f"--accept {gate}" for gate in (*self.accepted, *(gate for gate, _ in self.failures)))
        publish = f"`paperlake held publish {self.held} {accept}{self._option()}`"
        return f"If it is right, publish it with {publish}; if not, mend the dumps or the rules, and build again."


class AuditError(PaperlakeError):
    """A store with something published that can no longer be trusted; `faults` says what."""

    exit_code = 5

    def __init__(self, store: str, faults: Sequence[str]) -> None:
        self.store, self.faults = store, tuple(faults)
        shown = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(
            f"{store}: {len(self.faults)} fault(s) in what is published:\n{shown}\n"
            "`paperlake repair` says what of damaged files can be mended; what a gate or a contract says needs a new "
            "release: mend the dumps or the rules and build, or `paperlake rollback` to one that is right."
        )


class HeldError(PaperlakeError):
    """A held candidate that is not there, or cannot be published as it was held; `held` is its id."""

    def __init__(self, held: str, expected: str, found: str, remedy: str) -> None:
        self.held, self.expected, self.found = held, expected, found
        super().__init__(f"held candidate {held}: expected {expected}, found {found}.\n{remedy}")


class ReleaseConflictError(PaperlakeError):
    """Another publisher committed this version first; re-read the store and rebuild."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"release {version} was committed by another publisher. Build again: it starts from that one.")


class StoreError(PaperlakeError):
    """A store that is missing something or holds something wrong; `damages` says where."""

    exit_code = 5

    def __init__(self, store: str | Path, damages: Sequence[str], remedy: str) -> None:
        self.store, self.damages, self.remedy = str(store), tuple(damages), remedy
        shown = "\n".join(f"  {damage}" for damage in self.damages)
        super().__init__(f"store {store}:\n{shown}\n{remedy}")


class UnreachableError(StoreError):
    """A store that does not answer now; nothing says that it is damaged."""

    exit_code = 1
    may_pass = True


class UnknownPaperError(PaperlakeError):
    """What somebody asked for is no paper of a release; `suggestions` are ids and titles that come close."""

    def __init__(
        self, asked: str, release: int, found: str, remedy: str, suggestions: Sequence[tuple[str, str]] = ()
    ) -> None:
        self.asked, self.release, self.found, self.remedy = asked, release, found, remedy
        self.suggestions = tuple(suggestions)
        shown = "".join(f"\n  {paper_id}  {title}" for paper_id, title in self.suggestions)
        closest = f"The closest titles are:{shown}\n" if shown else ""
        super().__init__(f"expected a paper of release {release}, found {found}.\n{closest}{remedy}")


class ContractFileError(PaperlakeError):
    """A contract, or a file of expectations, that cannot be used; `faults` says of each where and why."""

    def __init__(self, file: str | Path, faults: Sequence[str]) -> None:
        self.file, self.faults = str(file), tuple(faults)
        shown = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{file} has {len(self.faults)} fault(s):\n{shown}\nMend the file, and check again.")


class BreakingContractError(PaperlakeError):
    """A contract that differs more from the one before than its version declares; `least` is the version that would do.

    `changes` holds all differences, each of which says itself as text; `declared` and `found` are the size of the bump
    and of the largest difference: `none`, `patch`, `minor` or `major`.
    """

    exit_code = 4

    def __init__(
        self, old_version: str, new_version: str, declared: str, found: str, least: str, changes: Sequence[object]
    ) -> None:
        self.old_version, self.new_version, self.least = old_version, new_version, least
        self.declared, self.found, self.changes = declared, found, tuple(changes)
        self.remedy = (
            f"Set CONTRACT_VERSION in paperlake/schemas.py to {least} or later and run `make contract`, "
            "or take back what differs. No build publishes it as it is."
        )
        shown = "\n".join(f"  {change}" for change in self.changes)
        super().__init__(
            f"contract {old_version} -> {new_version}: expected at most {_in_words(declared)}, as the versions say, "
            f"found {_in_words(found)}:\n{shown}\n{self.remedy}"
        )


def _in_words(size: str) -> str:
    return "no difference" if size == "none" else f"a {size} difference"
