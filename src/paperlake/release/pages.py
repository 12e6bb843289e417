"""The page of a release: as it was published, or made now where it has none or a server answers its searches."""

from paperlake.errors import StoreError
from paperlake.release.earlier import read_earlier
from paperlake.release.reading import Release
from paperlake.report import PAGE
from paperlake.report.page import page_text
from paperlake.report.view import View
from paperlake.schemas import CONTRACT_VERSION


def read_page(release: Release) -> str:
    """The page that stands in a release, or one made now where it was published without.

    Raises:
        StoreError: the page is damaged; or there is none, and none can be made of its tables.
    """
    return release.read_document(PAGE) if PAGE in release.manifest["documents"] else make_page(release)


def make_page(release: Release, *, is_served: bool = False) -> str:
    """The page of a release, made of its tables.

    Args:
        release: the release.
        is_served: a server answers its searches, so it carries no papers.

    Raises:
        StoreError: it keeps another contract than today's, of which no page can be made.
    """
    found = release.manifest["contract"]["version"]
    if found != CONTRACT_VERSION:
        damage = f"expected contract {CONTRACT_VERSION}, found {found}: this paperlake can make no page of it"
        raise StoreError(release.location, [damage], "Ask the paperlake that made it, or look at a newer release.")
    tables = {name: release[name] for name in release.tables}
    earlier = read_earlier(release.store, release.version - 1)
    view = View(tables, release.manifest["facts"], release.version, release.manifest["fingerprint"], earlier)
    return page_text(view, is_served=is_served)
