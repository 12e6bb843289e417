"""Whether a contract says with its version how much it differs from the one before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from paperlake.contract_check.changes import Change, Size
from paperlake.contract_check.compare import compare_contracts
from paperlake.contract_check.documents import parse_document
from paperlake.errors import BreakingContractError, ContractFileError

_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)", re.ASCII)


@dataclass(frozen=True)
class Comparison:
    """Two contracts beside one another: their versions, and every difference."""

    old_version: str
    new_version: str
    changes: tuple[Change, ...]

    @property
    def found(self) -> Size:
        """Size of the largest difference."""
        return max((change.size for change in self.changes), default=Size.NONE)

    @property
    def declared(self) -> Size:
        """Size of the difference that the versions declare."""
        return declared_size(self.old_version, self.new_version)

    @property
    def refusal(self) -> BreakingContractError | None:
        """What is wrong with the new version; None where it declares as much as was found, or more."""
        if self.found <= self.declared:
            return None
        least = next_version(self.old_version, self.found)
        sizes = str(self.declared), str(self.found)
        return BreakingContractError(self.old_version, self.new_version, *sizes, least, self.changes)


def compare_versions(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """Two contracts beside one another.

    Raises:
        ContractFileError: one of them is not built as ODCS says, or its version is none.
    """
    changes = compare_contracts(old, new)
    return Comparison(_read_version(old, "the old contract"), _read_version(new, "the new contract"), tuple(changes))


def check_bump(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """Two contracts beside one another, of which the new one declares what differs.

    Raises:
        BreakingContractError: they differ more than their versions say.
        ContractFileError: one of them is not built as ODCS says, or its version is none.
    """
    comparison = compare_versions(old, new)
    if comparison.refusal:
        raise comparison.refusal
    return comparison


def refuse_undeclared(parent_contract_text: str, new_contract_text: str) -> None:
    """Nothing, where a release may follow another: its contract, as YAML, declares what differs from the parent's.

    Raises:
        BreakingContractError: they differ more than their versions say.
        ContractFileError: one of them cannot be read.
    """
    if parent_contract_text != new_contract_text:
        old = parse_document(parent_contract_text, "the contract of the release before")
        check_bump(old, parse_document(new_contract_text, "the new contract"))


def declared_size(old: str, new: str) -> Size:
    """Size of the difference that two versions declare; none where the new one is the same or lower.

    There is no special rule for versions below 1.0.0.

    >>> [str(declared_size("2.1.0", new)) for new in ("3.0.0", "2.10.0", "2.1.1", "2.1.0", "1.9.9")]
    ['major', 'minor', 'patch', 'none', 'none']
    """
    before, after = _parts(old), _parts(new)
    if after <= before:
        return Size.NONE
    first = next(place for place in range(3) if after[place] != before[place])
    return (Size.MAJOR, Size.MINOR, Size.PATCH)[first]


def next_version(version: str, size: Size) -> str:
    """The least version that declares a difference of this size.

    >>> [next_version("2.1.4", size) for size in Size]
    ['2.1.4', '2.1.5', '2.2.0', '3.0.0']
    """
    major, minor, patch = _parts(version)
    following = (f"{major}.{minor}.{patch + 1}", f"{major}.{minor + 1}.0", f"{major + 1}.0.0")
    return following[size - 1] if size else version


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _read_version(contract: Mapping[str, Any], file: str) -> str:
    version = contract.get("version")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise ContractFileError(file, [f"version: expected one like '2.1.0', found {version!r}"])
    return version
