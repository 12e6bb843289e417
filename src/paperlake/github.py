"""What a URL on GitHub's hosts means: a repository and a place in it, or only some page of the site.

Source: GitHub's own limits: an owner has up to 39 letters, digits and inner hyphens; a repository up to 100
of `[A-Za-z0-9._-]`, and neither `.` nor `..`.
"""

import re
from dataclasses import dataclass

from github_reserved_names import ALL as LISTED_NAMES

# Pages of the site that the package does not list. Names that are real owners (`actions`, `git`, `skills`) stay out.
UNLISTED_NAMES = frozenset(
    {"accelerator", "assets", "logged-out", "models", "premium-support", "session", "solutions", "spark"}
)
RESERVED_NAMES = frozenset(LISTED_NAMES) | UNLISTED_NAMES

# What stands before `owner/name` in the path of each host that serves the content of repositories.
CONTENT_HOSTS: dict[str, tuple[str, ...]] = {
    "github.com": (),
    "www.github.com": (),
    "m.github.com": (),
    "raw.github.com": (),
    "raw.githubusercontent.com": (),
    "codeload.github.com": (),
    "media.githubusercontent.com": ("media",),
    "api.github.com": ("repos",),
}
FILE_HOSTS = frozenset({"raw.github.com", "raw.githubusercontent.com", "media.githubusercontent.com"})

# `tree/main/models`: pages whose path goes on with a branch, tag or commit.
_REF_PAGE = re.compile(r"tree|blob|raw|blame|edit|commits?|archive|tarball|zipball|(?:legacy\.)?(?:zip|tar\.gz)")
_OWNER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?")
_NAME_START = re.compile(r"[A-Za-z0-9._-]*")
_NAME_END = re.compile(r"(?:\.git|\.)+$", re.IGNORECASE)
_DOT_GIT = re.compile(r"\.git\.*$", re.IGNORECASE)
_ARCHIVE_END = re.compile(r"\.(?:zip|tar\.gz|tgz)$")


@dataclass(frozen=True, slots=True)
class RepositoryPlace:
    """A repository, and the branch, tag or commit and the path in it that a URL names."""

    owner: str
    name: str
    ref: str | None
    subpath: str | None
    repairs: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """`owner/name` as written."""
        return f"{self.owner}/{self.name}"

    @property
    def url(self) -> str:
        """The address of the repository's front page."""
        return f"https://github.com/{self.full_name}"


def is_owner(name: str) -> bool:
    """Whether a name can belong to a person or an organisation on GitHub.

    >>> is_owner("kettle-lab"), is_owner("-kettle"), is_owner("topics")
    (True, False, False)
    """
    return _OWNER.fullmatch(name) is not None and name.lower() not in RESERVED_NAMES


def is_repository_name(name: str) -> bool:
    """Whether a name can be that of a repository.

    >>> is_repository_name("next.js"), is_repository_name(".."), is_repository_name("a" * 101)
    (True, False, False)
    """
    return 0 < len(name) <= 100 and _NAME_START.fullmatch(name) is not None and name.strip(".") != ""


def trim_repository_name(text: str) -> str:
    """The repository's name at the start of a path segment, without `.git` and without full stops at its end.

    >>> trim_repository_name("dripnet.git."), trim_repository_name("next.js"), trim_repository_name("dripnet:main")
    ('dripnet', 'next.js', 'dripnet')
    """
    start = _NAME_START.match(text)
    return _NAME_END.sub("", start[0] if start else "")


def find_repository(host: str, rest: str) -> RepositoryPlace | None:
    """The repository that a URL names; None for a page that belongs to no repository.

    Args:
        host: in lower case, without port.
        rest: path, query and fragment.

    >>> find_repository("github.com", "/kettle-lab/dripnet/tree/main/models").full_name
    'kettle-lab/dripnet'
    >>> find_repository("github.com", "/topics/teapots") is None
    True
    """
    if host not in CONTENT_HOSTS:
        return None
    path = re.split(r"[?#]", rest, maxsplit=1)[0]
    segments = [segment for segment in path.split("/") if segment]
    prefix = CONTENT_HOSTS[host]
    if tuple(segments[: len(prefix)]) != prefix:
        return None
    inside = segments[len(prefix) + 2 :]
    owner, written = [*segments[len(prefix) :], "", ""][:2]
    name = trim_repository_name(written)
    if not (is_owner(owner) and is_repository_name(name)):
        return None
    is_cut = not _NAME_START.fullmatch(written)
    ref, subpath = (None, None) if is_cut else _read_inside(host, inside)
    return RepositoryPlace(owner, name, ref, subpath, _repairs(written, is_cut, path != rest))


def _repairs(written: str, is_cut: bool, has_query: bool) -> tuple[str, ...]:
    steps = (
        ("foreign_character", is_cut),
        ("dot_git_suffix", _DOT_GIT.search(written) is not None and not is_cut),
        ("query_or_fragment", has_query),
    )
    return tuple(name for name, was_made in steps if was_made)


def _read_inside(host: str, inside: list[str]) -> tuple[str | None, str | None]:
    """The ref and the path below a repository.

    A branch with a slash in its name cannot be told from a folder without asking GitHub: its first part is taken.
    """
    page, *below = ("raw", *inside) if host in FILE_HOSTS else inside or ("",)
    if page == "releases" and len(below) > 1 and below[0] in ("tag", "download"):
        return below[1], "/".join(below[2:]) or None
    if not _REF_PAGE.fullmatch(page) or not below:
        return None, "/".join(inside) or None
    if below[0] == "refs" and len(below) > 2:
        below = below[2:]
    if page == "archive":
        below = [_ARCHIVE_END.sub("", below[0]), *below[1:]]
    return below[0], "/".join(below[1:]) or None
