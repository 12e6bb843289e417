"""What a URL on GitHub, and on hosts that serve its repositories, means: a repository and a place in it, or a page."""

import re
from dataclasses import dataclass

from paperlake.links.github_paths import Inside, read_inside
from paperlake.links.repository_names import (
    RESERVED_NAMES,
    WrittenName,
    is_owner,
    is_repository_name,
    read_repository_name,
    trim_repository_name,
)
from paperlake.links.sister_hosts import GITHUB_HOSTS, github_path

_PAGES_HOST = re.compile(r"(?P<owner>[a-z\d-]+)\.github\.io")
# Folders and files of a whole site: their first segment is no repository's name.
_SITE_FOLDER = re.compile(
    r"(?:about|assets|blog|css|files|images|img|papers|people|posts?|projects?|publications?|research|static|tags|talks|"
    r"teaching|\d{4})|.*\.(?:html?|php|pdf|png|jpe?g|gif|svg|xml|txt|mp4)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RepositoryPlace:
    """A repository, and the page, the branch, tag or commit and the path in it that a URL names."""

    owner: str
    name: str
    ref: str | None
    subpath: str | None
    repairs: tuple[str, ...]
    page: str | None = None

    @property
    def full_name(self) -> str:
        """`owner/name` as written."""
        return f"{self.owner}/{self.name}"

    @property
    def url(self) -> str:
        """The address of the repository's front page."""
        return f"https://github.com/{self.full_name}"


def find_repository(host: str, rest: str) -> RepositoryPlace | None:
    """The repository that a URL names; None for a page of no repository, and where the name has no sure end.

    Args:
        host: in lower case, without port.
        rest: path, query and fragment.

    >>> find_repository("github.com", "/kettle-lab/dripnet/tree/main/models").full_name
    'kettle-lab/dripnet'
    >>> find_repository("github.com", "/topics/teapots") is None
    True
    """
    segments = _read_path(host, rest)
    if len(segments) < 2 or not is_owner(segments[0]):
        return None
    written = read_repository_name(segments[1])
    if written is None:
        return None
    page, ref, subpath = _read_inside(written, segments[2:])
    steps = (
        "sister_host" if host not in GITHUB_HOSTS else "",
        *written.repairs,
        "query_or_fragment" * _has_query(rest),
    )
    return RepositoryPlace(segments[0], written.name, ref, subpath, tuple(filter(None, steps)), page)


def find_site_page(host: str, rest: str) -> str | None:
    """What a page of GitHub that belongs to no repository is: `owner`, or the reserved name (`orgs`, `topics`).

    >>> find_site_page("github.com", "/kettle-lab"), find_site_page("github.com", "/orgs/kettle-lab")
    ('owner', 'orgs')
    >>> find_site_page("github.com", "/") is None
    True
    """
    segments = _read_path(host, rest)
    if not segments or host not in GITHUB_HOSTS:
        return None
    if segments[0].lower() in RESERVED_NAMES:
        return segments[0].lower()
    return "owner" if len(segments) == 1 and is_owner(segments[0]) else None


def guess_repositories(host: str, rest: str) -> tuple[str, ...]:
    """The `owner/name` that a URL without a sure repository may mean, or nothing.

    `owner.github.io/name` is the page of a repository of that name, which held the paper's code for 48 % of 184 papers.

    >>> guess_repositories("kettle-lab.github.io", "/dripnet/")
    ('kettle-lab/dripnet',)
    >>> guess_repositories("github.com", "/kettle-lab/drip+net")
    ('kettle-lab/drip',)
    """
    site = _PAGES_HOST.fullmatch(host)
    path = [segment for segment in re.split(r"[?#]", rest, maxsplit=1)[0].split("/") if segment]
    if site and path and not _SITE_FOLDER.fullmatch(path[0]):
        owner, name = site["owner"], path[0]
    elif len(segments := _read_path(host, rest)) > 1:
        owner, name = segments[0], trim_repository_name(segments[1])
    else:
        return ()
    return (f"{owner}/{name}",) if is_owner(owner) and is_repository_name(name) else ()


def _read_path(host: str, rest: str) -> list[str]:
    return github_path(host, re.split(r"[?#]", rest, maxsplit=1)[0]) or []


def _has_query(rest: str) -> bool:
    return "?" in rest or "#" in rest


def _read_inside(written: WrittenName, below: list[str]) -> Inside:
    """The place in a repository; what follows a name that was cut is not believed."""
    if written.ref:
        return Inside(None, "/".join([written.ref, *below]), None)
    if written.is_cut:
        return Inside(None, None, None)
    inside = read_inside(below)
    return inside._replace(page="wiki") if written.is_wiki else inside
