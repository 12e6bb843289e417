"""What stands behind `owner/name` in a path on GitHub: a page, a branch, tag or commit, and a path in it."""

import re
from typing import NamedTuple

# `tree/main/models`: pages whose path goes on with a branch, tag or commit.
_REF_PAGE = re.compile(r"tree|blob|raw|blame|edit|commits?|archive|tarball|zipball", re.IGNORECASE)
_ARCHIVE_END = re.compile(r"\.(?:zip|tar\.gz|tgz)$")
_PATCH_END = re.compile(r"\.(?:patch|diff)$")


class Inside(NamedTuple):
    """The page of a repository (`tree`, `issues`), and the ref and the path that it shows."""

    page: str | None
    ref: str | None
    subpath: str | None


def read_inside(segments: list[str]) -> Inside:
    """What the segments behind `owner/name` say.

    A branch with a slash in its name cannot be told from a folder without asking GitHub: its first part is taken.

    >>> read_inside(["tree", "main", "models", "v2"])
    Inside(page='tree', ref='main', subpath='models/v2')
    >>> read_inside(["issues", "7"])
    Inside(page='issues', ref=None, subpath='issues/7')
    """
    if not segments:
        return Inside(None, None, None)
    written, *below = segments
    page = written.lower()
    if page == "releases" and len(below) > 1 and below[0] in ("tag", "download"):
        return Inside(page, below[1], _join(below[2:]))
    if not _REF_PAGE.fullmatch(page) or not below:
        return Inside(page, None, _join(segments))
    ref, path = _split_ref(below)
    if page == "archive":
        ref = _ARCHIVE_END.sub("", ref)
    if page == "commit":
        ref = _PATCH_END.sub("", ref)
    return Inside(page, ref or None, _join(path))


def _split_ref(segments: list[str]) -> tuple[str, list[str]]:
    """A ref by its short name where it has one (`refs/heads/main`), and what follows it."""
    if segments[0] == "refs" and len(segments) > 2:
        if segments[1] in ("heads", "tags"):
            return segments[2], segments[3:]
        return "/".join(segments[:4]), segments[4:]
    return segments[0], segments[1:]


def _join(segments: list[str]) -> str | None:
    return "/".join(segments) or None
