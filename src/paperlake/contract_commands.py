"""`paperlake contract`: what readers may rely on, shown, compared, and checked against what a reader uses."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from paperlake.commands import STORE, Json, Store, err, exits, out
from paperlake.console import print_json
from paperlake.contract_check.bump import compare_versions
from paperlake.contract_check.console import comparison_facts, comparison_lines, expectation_facts, expectation_lines
from paperlake.contract_check.documents import parse_document, read_document, read_text
from paperlake.contract_check.expectations import find_unmet, read_expectations
from paperlake.contract_check.facts import read_facts
from paperlake.errors import ContractError
from paperlake.release.contract import CONTRACT_FILE, contract_text
from paperlake.release.reading import open_release, versions

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="What readers may rely on: shown, compared, checked."
)

_OWN = "this paperlake"
_BROKEN = ContractError.exit_code


@dataclass(frozen=True)
class _Source:
    """A contract as YAML text, and whose it is."""

    name: str
    text: str


@app.command("show")
@exits
def show(
    at: Annotated[str | None, typer.Option(metavar="N|TAG", help="Version or tag; the newest without one.")] = None,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Print the contract of a release; this paperlake's own where the store has no release."""
    source = _newest(store) if at is None else _of_release(store, at)
    err.print(f"the contract of {source.name}", markup=False, highlight=False, soft_wrap=True)
    print_json(parse_document(source.text, source.name)) if as_json else sys.stdout.write(source.text)


@app.command("check")
@exits
def check(
    against: Annotated[
        str,
        typer.Option(
            metavar="RELEASE|FILE",
            help="Number of a release, a contract.yaml, or a folder with one; the newest release without it.",
        ),
    ] = "",
    expect: Annotated[
        Path | None, typer.Option(metavar="FILE", help="YAML of the tables and columns that a reader uses.")
    ] = None,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Compare the contract of this paperlake with an older one, or check one against what a reader expects.

    Exits with 4 where they differ more than their versions declare, or an expectation is not met.
    """
    if expect is None:
        _check_bump(_named(against, store) if against else _of_release(store), as_json=as_json)
    else:
        _check_expectations(expect, _named(against, store) if against else _newest(store), as_json=as_json)


def _check_bump(old: _Source, *, as_json: bool) -> None:
    """Print how this paperlake's contract differs from an older one.

    Raises:
        Exit: more than its version declares.
    """
    new = _Source(_OWN, contract_text())
    comparison = compare_versions(*(parse_document(source.text, source.name) for source in (old, new)))
    if as_json:
        print_json(comparison_facts(comparison, old.name, new.name))
    else:
        _print_lines(comparison_lines(comparison, old.name, new.name))
    if comparison.refusal:
        err.print(comparison.refusal.remedy, markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(_BROKEN)


def _check_expectations(file: Path, source: _Source, *, as_json: bool) -> None:
    """Print what a reader expects and a contract does not promise.

    Raises:
        Exit: there is something.
    """
    expected = read_expectations(read_document(file), str(file))
    contract = read_facts(parse_document(source.text, source.name), source.name)
    unmet = find_unmet(expected, contract)
    if as_json:
        print_json(expectation_facts(unmet, source.name, contract.version))
    else:
        _print_lines(expectation_lines(unmet, expected, source.name, contract.version))
    if unmet:
        raise typer.Exit(_BROKEN)


def _named(against: str, store: str) -> _Source:
    """The contract of the release with this number, or of the file or folder with this name."""
    if against.isascii() and against.isdigit():
        return _of_release(store, int(against))
    path = Path(against)
    return _Source(against, read_text(path / CONTRACT_FILE if path.is_dir() else path))


def _newest(store: str) -> _Source:
    """The contract of the newest release, or this paperlake's own where there is none."""
    return _of_release(store) if versions(store) else _Source(_OWN, contract_text())


def _of_release(store: str, version: str | int | None = None) -> _Source:
    """The contract that was published with a release, by default the newest.

    Raises:
        StoreError: there is no such release, or its contract is missing or is not the one that was published.
    """
    release = open_release(store, version)
    return _Source(f"release {release.version}", release.read_document(CONTRACT_FILE))


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        out.print(line, markup=False, highlight=False, soft_wrap=True)
