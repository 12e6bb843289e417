"""Finds URLs and repositories with packages of the index, in their own environment; `benchmarks.link_peers` runs it.

Standard input is JSON: `finder` (a name in `FINDERS`), `texts`, `n_runs`. Standard output is JSON: `found` (per text a
list of [URL, `owner/name` or null]) and `cpu_seconds`, of the fastest run over all texts, without imports and start.

The joint is what anybody would write in two lines: the sentence's stops are cut from the end, because urlextract leaves
them on, and a URL of GitHub without scheme, with `http` or with `www.` is given to giturlparse with `https`, because it
knows no other.
"""

import json
import re
import sys
import time
from collections.abc import Callable

import giturlparse
from linkify_it import LinkifyIt
from urlextract import URLExtract

_GITHUB = re.compile(r"^(?:https?:)?(?://)?(?:www\.)?github\.com/", re.IGNORECASE)
_STOPS = ".,;:!?…"

Finder = Callable[[str], list[str]]


def linkify_it() -> Finder:
    """A finder of the URLs of a text, as they stand there; addresses of e-mail are left out."""
    linkify = LinkifyIt(options={"fuzzy_email": False})
    linkify.add("mailto:", None)
    return lambda text: [match.raw for match in linkify.match(text) or []]


def urlextract() -> Finder:
    """A finder of the URLs of a text, as they stand there."""
    return URLExtract().find_urls  # type: ignore[no-any-return]


FINDERS: dict[str, Callable[[], Finder]] = {"linkify-it-py": linkify_it, "urlextract": urlextract}


def read_url(found: str) -> tuple[str, str | None]:
    """The URL to publish, and the repository it names.

    >>> read_url("www.github.com/kettle-lab/drip.git."), read_url("drip.example.org")
    (('https://github.com/kettle-lab/drip', 'kettle-lab/drip'), ('https://drip.example.org', None))
    """
    url = found.rstrip(_STOPS)
    parsed = giturlparse.parse(_GITHUB.sub("https://github.com/", url))
    if parsed.valid and parsed.github and parsed.domain == "github.com":
        repository = f"{parsed.owner}/{parsed.repo}"
        return f"https://github.com/{repository}", repository
    return url if "://" in url else f"https://{url.lstrip('/')}", None


def main() -> None:
    """Read the order, write the answer."""
    order = json.load(sys.stdin)
    find = FINDERS[order["finder"]]()
    seconds = []
    for _ in range(order["n_runs"]):
        start = time.process_time()
        found = [[read_url(url) for url in find(text)] for text in order["texts"]]
        seconds.append(time.process_time() - start)
    json.dump({"found": found, "cpu_seconds": min(seconds)}, sys.stdout)


if __name__ == "__main__":
    main()
