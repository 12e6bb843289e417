"""The page of a release as a server gives it out, with the policy that goes with it."""

from dataclasses import dataclass

from paperlake.explore.refusals import unreadable
from paperlake.release import pages
from paperlake.release.reading import Release
from paperlake.report.page import served_policy
from paperlake.schemas import CONTRACT_VERSION


@dataclass(frozen=True, slots=True)
class Page:
    """HTML in UTF-8, and its Content-Security-Policy."""

    html: bytes
    policy: str


def make_page(release: Release) -> Page:
    """The page of a release whose searches are answered by its server.

    Raises:
        RefusedError: it keeps another contract than today's.
        StoreError: a file of it is missing or damaged.
    """
    found = release.manifest["contract"]["version"]
    if found != CONTRACT_VERSION:
        said = f"release {release.version} has no page here: expected contract {CONTRACT_VERSION}, found {found}"
        raise unreadable(f"{said}; its report.html is from the paperlake that made it")
    return Page(pages.make_page(release, is_served=True).encode(), served_policy())
