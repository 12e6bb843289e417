"""What all documents of a release say of it alike: its name, its version, its licence, how to cite it."""

from collections.abc import Mapping, Sequence

import polars as pl

from paperlake.release.manifest import Part
from paperlake.schemas import CONTRACT_VERSION

Parts = Mapping[str, Sequence[Part]]
"""Table name to its files, in order."""

NAME = "paperlake"
TITLE = "Papers of listing pages and their code"
DESCRIPTION = (
    "Papers as text captures of listing pages show them, with the links they give and the GitHub repositories of "
    "their code. Every value leads back to a line of a capture; what could not be read stands beside the papers with "
    "a reason."
)
KEYWORDS = ("papers", "papers-with-code", "github", "bibliography")


def dataset_version(fingerprint: str) -> str:
    """Version of a release that its content alone decides: the contract's, then the fingerprint as build metadata.

    The number of a release is not content: two stores may hold the same release under two numbers.
    Source: https://semver.org/spec/v2.0.0.html#spec-item-10.
    """
    return f"{CONTRACT_VERSION}+{fingerprint[:12]}"


def citation(fingerprint: str) -> str:
    """BibTeX entry of a release, in one line."""
    return f"@misc{{{NAME}, title = {{{NAME}: {TITLE}}}, version = {{{dataset_version(fingerprint)}}}}}"


def find_licence(dumps: pl.DataFrame) -> str | None:
    """The licence that every dump which was read states; None where one states none, or two differ."""
    stated = dumps.filter(pl.col("status") == "read")["licence"].unique().to_list()
    return stated[0] if len(stated) == 1 else None
