"""What a written address says: its canonical URL, its kind, its repository, and what was repaired on the way."""

import re
from functools import lru_cache
from typing import NamedTuple

from paperlake.links.credentials import PRIVATE_PARAMETERS, SHARE_CODE
from paperlake.links.github import RepositoryPlace, find_repository, find_site_page, guess_repositories
from paperlake.links.kinds import host_kind
from paperlake.links.pages import find_hub_page
from paperlake.links.sister_hosts import GITHUB_HOSTS
from paperlake.links.spans import COVER, ESCAPE, NPM_SHORTHAND
from paperlake.links.typographic_hyphens import decode_hyphens

_AUTHORITY = re.compile(r"(?:(?P<user>[^/?#]*)@)?(?P<host>[^/?#:@]+?)\.?(?P<port>:\d+)?(?P<rest>(?:[/?#].*)?)")
_HOST = re.compile(r"(?:[\w-]+\.)+(?:[^\W\d_]{2,}|xn--[\w-]+)|\d+(?:\.\d+){3}")
_LONGEST_HOST = 253  # Source: RFC 1035, 2.3.4, without the root's dot.
_AMPERSAND = re.compile(r"&(?:amp;)+", re.IGNORECASE)
_SSH_COLON = re.compile(r":(?!\d+/)/?")
_COLON_FOR_SLASH = re.compile(r"(?:www\.)?github\.com:[a-z][\w-]*/", re.IGNORECASE)
_SHORTHAND_REF = re.compile(r"#(?=[\w.-]+$)")
# Source: RFC 3986, 6.2.2.2: these letters mean the same encoded or not. A `%` before them makes it two accidents: left.
_UNRESERVED = re.compile(r"(?<!%)(?<!%[\dA-F])%(2[DE]|3\d|4[1-9A-F]|5[\dAF]|6[1-9A-F]|7[\dAE])", re.IGNORECASE)
_QUERY = re.compile(r"[?#]")
_ENCODED_SLASH = re.compile(r"(?<=\w)%2F(?=\w)", re.IGNORECASE)
_PASTED_TWICE = re.compile(r"(?:/+(?:https?:/{0,2})?(?:www\.)?github\.com(?=/))+", re.IGNORECASE)
_SECRET = re.compile(rf"(?<=[?&#]){PRIVATE_PARAMETERS}=[^&#]*&?", re.IGNORECASE)
_COVERED = re.compile(f"{COVER}+@?")
_DEFAULT_PORTS = {("https", ":443"), ("http", ":80")}


class Address(NamedTuple):
    """A URL and what it names; `repairs` are the steps from the written form to `url`."""

    url: str
    kind: str
    place: RepositoryPlace | None
    candidates: tuple[str, ...]
    page: str | None
    repairs: tuple[str, ...]


def read_address(head: str, body: str) -> Address | None:
    """What a URL says; None when it is no address after all.

    Args:
        head: as `spans.SCAN` found it.
        body: all behind it. Users and passwords are no longer secret: `find_credentials` covered them before.

    >>> read_address("http://", "www.github.com/kettle-lab/drip.git").repairs
    ('http_scheme', 'www_prefix', 'dot_git_suffix')
    >>> read_address("https://", "performance") is None
    True
    """
    scheme, flaws = _read_head(head)
    written = _unescape(body)
    steps = [*flaws, *(["ssh_address"] if "://" in head and _COLON_FOR_SLASH.match(written) else [])]
    written = _with_slashes(head, written, "ssh_address" in steps)
    found = _AUTHORITY.fullmatch(_AMPERSAND.sub("&", written) if "&" in written else written)
    host = _read_host(found["host"]) if found else None
    if found is None or host is None:
        return None
    public = _drop_secrets(host, _COVERED.sub("", found["rest"]) if COVER in found["rest"] else found["rest"])
    rest, decoded = _decode(host, public)
    steps += [*_name_escapes(head, body), *decoded]
    steps += ["credentials"] if found["user"] not in (None, "git") or public != found["rest"] else []
    return _judge(scheme, host, found["port"] or "", rest, steps)


def _with_slashes(head: str, written: str, has_colon: bool) -> str:
    """The body as an address on the web would have it: the host, a slash, the path."""
    if head == NPM_SHORTHAND:
        return "github.com/" + _SHORTHAND_REF.sub("@", written)
    return _SSH_COLON.sub("/", written, count=1) if has_colon else written


def _unescape(body: str) -> str:
    return (
        ESCAPE.sub(lambda m: m["mark"] or m["braced"] or m["math"] or ("~" if m["tilde"] else "_"), body)
        if "\\" in body or "{" in body or "$" in body
        else body
    )


def _judge(scheme: str, host: str, port: str, rest: str, steps: list[str]) -> Address:
    if scheme != "ftp" and (place := find_repository(host, rest)):
        plain = ["http_scheme"] * (scheme == "http") + ["www_prefix"] * host.startswith("www.")
        return Address(place.url, "github_repository", place, (), place.page, (*steps, *plain, *place.repairs))
    kind = "other" if scheme == "ftp" else host_kind(host)
    page = find_site_page(host, rest) if kind == "github_other" else None
    if kind == "hugging_face":
        page = find_hub_page(host, rest)
    port = "" if (scheme, port) in _DEFAULT_PORTS else port
    return Address(f"{scheme}://{host}{port}{rest}", kind, None, guess_repositories(host, rest), page, tuple(steps))


@lru_cache(maxsize=1024)
def _read_head(head: str) -> tuple[str, tuple[str, ...]]:
    """The scheme to publish, and what was wrong with the one written."""
    plain = head.replace("\\", "").lower()
    schemes = re.findall(r"[a-z+]+(?=:?//)", plain) if "://" in plain else []
    if not schemes:
        names = {"git@": "ssh_address", NPM_SHORTHAND: "npm_shorthand", "": "missing_scheme", "//": "missing_scheme"}
        return "https", (names.get(head.lower(), "broken_scheme"),)
    if schemes[-1] in ("http", "https", "ftp"):
        return schemes[-1], ("doubled_scheme",) * (len(schemes) > 1) + ("broken_scheme",) * ("///" in plain)
    return "https", ("ssh_address" if "ssh" in schemes[-1] else "git_scheme",)


def _read_host(written: str) -> str | None:
    """The host in lower case; None where it is none. Letters beyond ASCII stay, for they may grow in lower case."""
    host = written.lower() if written.isascii() else written
    return host if len(host) <= _LONGEST_HOST and _HOST.fullmatch(host) else None


def _name_escapes(head: str, body: str) -> list[str]:
    if not ("\\" in head or "\\" in body or "{" in body or "$" in body or "&" in body):
        return []
    names = {
        "json_escape": "\\/" in head or "\\/" in body,
        "latex_escape": len(_unescape(body)) < len(body.replace("\\/", "/")),
        "html_entity": "&amp;" in body.lower(),
    }
    return [name for name, is_there in names.items() if is_there]


def _decode(host: str, rest: str) -> tuple[str, list[str]]:
    """What follows the host, with its letters decoded and GitHub's address once, and the names of the repairs."""
    steps = []
    if host in GITHUB_HOSTS and (pasted := _PASTED_TWICE.match(rest)):
        rest = rest[pasted.end() :]
        steps.append("doubled_host")
    if "%" not in rest:
        return rest, steps
    decoded = _UNRESERVED.sub(lambda m: chr(int(m[1], 16)), rest)
    query = _QUERY.search(decoded)
    written, behind = (decoded[: query.start()], decoded[query.start() :]) if query else (decoded, "")
    path = decode_hyphens(written)
    steps += ["unicode_hyphen"] if path != written else []
    if host in GITHUB_HOSTS and "/" not in path.strip("/"):
        path = _ENCODED_SLASH.sub("/", path, count=1)
    decoded = path + behind
    return decoded, [*steps, "percent_encoding"] if decoded != rest else steps


def _drop_secrets(host: str, rest: str) -> str:
    """What follows the host, without the parameters whose values open doors."""
    if "=" not in rest or SHARE_CODE.fullmatch(host + rest):
        return rest
    clean = _SECRET.sub("", rest)
    return clean.replace("?#", "#").rstrip("?&#") if clean != rest else rest
