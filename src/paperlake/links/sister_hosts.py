"""Hosts that show or serve what lies in GitHub repositories, and how each writes the repository in its paths.

Every path is turned into the one that GitHub itself would use: `owner name page ref path...`. Only services whose own
pages state the form of their addresses are listed. A wrong entry would make repositories out of other sites' pages.
"""

# `github.dev/owner/name/tree/main`: the path goes on as on GitHub.
_LIKE_GITHUB = (
    "github.com www.github.com m.github.com ssh.github.com github.dev github1s.com vscode.dev/github "
    "insiders.vscode.dev/github api.github.com/repos uploads.github.com/repos colab.research.google.com/github "
    "githubtocolab.com nbviewer.org/github nbviewer.jupyter.org/github nbviewer.ipython.org/github "
    "studiolab.sagemaker.aws/import/github console.paperspace.com/github stackblitz.com/github "
    "codesandbox.io/s/github gitingest.com"
)
# `raw.githubusercontent.com/owner/name/main/data.csv`: a ref and a path.
_FILES = (
    "raw.github.com raw.githubusercontent.com media.githubusercontent.com/media raw.githack.com rawcdn.githack.com "
    "rawgit.com cdn.rawgit.com"
)
# `cdn.jsdelivr.net/gh/owner/name@v1/data.csv`: a ref behind the name, or none, and a path.
_PINNED_FILES = "cdn.jsdelivr.net/gh fastly.jsdelivr.net/gh gcore.jsdelivr.net/gh cdn.statically.io/gh"
# `mybinder.org/v2/gh/owner/name/main`: a ref.
_TREES = "mybinder.org/v2/gh codesandbox.io/p/github"
# `codeload.github.com/owner/name/zip/refs/heads/main`: how it is packed, and a ref.
_PACKED = "codeload.github.com"
# `deepwiki.com/owner/name/2-overview`: pages of the host's own.
_FRONT_PAGES = "deepwiki.com gitmcp.io"

_HOSTS: dict[str, list[tuple[list[str], str]]] = {}
for _form, _places in (
    ("like_github", _LIKE_GITHUB),
    ("files", _FILES),
    ("pinned_files", _PINNED_FILES),
    ("trees", _TREES),
    ("packed", _PACKED),
    ("front_pages", _FRONT_PAGES),
):
    for _place in _places.split():
        _host, *_prefix = _place.split("/")
        _HOSTS.setdefault(_host, []).append((_prefix, _form))

GITHUB_HOSTS = frozenset({"github.com", "www.github.com"})
_OTHER_OWNERS = {"deepwiki.com": frozenset({"org"})}


def github_path(host: str, path: str) -> list[str] | None:
    """The segments of the path that GitHub would use for the same place; None where a host serves no repositories.

    Args:
        host: in lower case, without port.
        path: without query and fragment.

    >>> github_path("raw.githubusercontent.com", "/kettle-lab/drip/main/a.csv")
    ['kettle-lab', 'drip', 'raw', 'main', 'a.csv']
    >>> github_path("cdn.jsdelivr.net", "/gh/kettle-lab/drip@v1/a.js")
    ['kettle-lab', 'drip', 'raw', 'v1', 'a.js']
    >>> github_path("colab.research.google.com", "/drive/17") is None
    True
    """
    segments = [segment for segment in path.split("/") if segment]
    for prefix, form in _HOSTS.get(host, ()):
        if segments[: len(prefix)] == prefix:
            return _as_on_github(form, host, segments[len(prefix) :])
    return None


def _as_on_github(form: str, host: str, segments: list[str]) -> list[str] | None:
    if form == "like_github" or len(segments) < 2:
        return segments
    owner, name, *below = segments
    if owner in _OTHER_OWNERS.get(host, ()):
        return None
    if form == "front_pages":
        return [owner, name]
    if form == "pinned_files":
        name, _, ref = name.partition("@")
        return [owner, name, "raw", ref, *below] if ref or below else [owner, name]
    if form == "packed":
        below = ["archive", *below[1:]]
    page = {"files": ["raw"], "trees": ["tree"]}.get(form, [])
    return [owner, name, *page, *below] if below else [owner, name]
