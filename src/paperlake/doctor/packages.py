"""Versions: of Python, and of what paperlake says that it needs."""

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from paperlake.doctor.finding import Finding

_LEAST_PYTHON = (3, 11)
_SHOWN = ("paperlake", "polars", "pyarrow", "pandera", "rapidfuzz", "prefect", "fastapi", "obstore")


def check_python() -> Finding:
    """Python's version."""
    found = ".".join(map(str, sys.version_info[:3]))
    remedy = "Make the environment anew: make clean; make PYTHON=python3.11 setup."
    return Finding("python", sys.version_info >= _LEAST_PYTHON, f"expected 3.11 or later, found {found}", remedy)


def check_packages() -> Finding:
    """Whether every package that paperlake needs is there in a version that it allows."""
    wrong = list(_misfits(requires("paperlake") or ()))
    versions = ((name, _installed(name)) for name in _SHOWN)
    shown = ", ".join(f"{name} {number}" for name, number in versions if number)
    remedy = "Install the locked versions: make setup. Where that says nothing, remove .venv/.ready first."
    return Finding("packages", not wrong, f"expected {'; '.join(wrong)}" if wrong else shown, remedy)


def _misfits(requirements: list[str] | tuple[()]) -> Iterator[str]:
    """Requirements that the installed packages do not meet; those of extras that nobody installed count not."""
    for requirement in map(Requirement, requirements):
        found = _installed(requirement.name)
        is_meant = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        is_met = found is not None and requirement.specifier.contains(found, prereleases=True)
        if is_meant and not is_met:
            yield f"{requirement.name}{requirement.specifier}, found {found or 'none'}"


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
