"""Which papers somebody means by an id, an address or a title."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl
from rapidfuzz import fuzz, process

from paperlake.curation.aliases import resolve_aliases
from paperlake.curation.reading import recall_curation
from paperlake.errors import UnknownPaperError
from paperlake.explain.release_rows import read_rows
from paperlake.links.finding import Link, find_links
from paperlake.links.repository_names import is_owner, is_repository_name
from paperlake.paper_ids import find_arxiv_id, find_doi
from paperlake.release.reading import Release, open_release
from paperlake.stores import Location
from paperlake.titles import title_key

_PAPER_ID = re.compile(r"pl-[0-9a-z]{12}")
_APPEARANCE_ID = re.compile(r"[0-9a-f]{16}:\d+")
_OWNER_NAME = re.compile(r"([\w-]+)/([\w.-]+)", re.ASCII)
_LABEL = re.compile(r"^(arxiv|doi)\s*[:.]\s*", re.IGNORECASE)
_SUGGESTIONS = 5
_LIKENESS = ((fuzz.ratio, 55), (fuzz.partial_ratio, 85))
"""How title keys are compared for suggestions, as a whole and in part, and the least (0-100) that makes one."""
_OFFICIAL = "official_code"
_NOT_READ = "for what could not be read see `paperlake show rejects`."
_NOTHING_FOUND = {
    "title": f"No title comes close: `paperlake show papers` lists them, and {_NOT_READ}",
    "appearance_id": f"`paperlake show appearances` lists these ids, and {_NOT_READ}",
    "url": f"`paperlake show links` lists what papers link, and {_NOT_READ}",
    "repository": f"`paperlake show repositories` lists what papers link, and {_NOT_READ}",
}
_NOTHING_FOUND |= dict.fromkeys(("arxiv_id", "doi"), f"No paper has or links it: {_NOT_READ}")
"""What to do, by what was asked, where no title comes close either."""


class Found(NamedTuple):
    """A paper, and why it is one of those that are meant."""

    paper_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """What was asked for, as what it was read (`paper_id`, `url`, `title` ...), and the papers, most relevant first."""

    asked: str
    kind: str
    meant: str
    found: tuple[Found, ...]


def find_papers(release: Release, asked: str, store: Location) -> Lookup:
    """The papers that are meant by a paper id, an appearance id, an arXiv id, a DOI, a URL, `owner/name` or a title.

    Args:
        release: in which they are looked up.
        asked: what somebody wrote.
        store: of the release; its newest release knows ids that are younger.

    Raises:
        UnknownPaperError: no paper of the release is meant.
        StoreError: the release is damaged.
    """
    text = " ".join(asked.split())
    if _PAPER_ID.fullmatch(text):
        return _by_paper_id(release, text, store)
    word = _LABEL.sub(r"\1:", text)
    read: list[Lookup] = []
    for look in (_by_appearance_id, _by_arxiv_id, _by_doi, _by_url, _by_title):
        lookup = look(release, text if look is _by_title else word)
        if lookup and lookup.found:
            return lookup
        read += [lookup] if lookup else []
    raise _unknown(release, read[0])


def _by_paper_id(release: Release, text: str, store: Location) -> Lookup:
    if not read_rows(release, "papers", pl.col("paper_id") == text, ("paper_id",)).is_empty():
        return Lookup(text, "paper_id", text, (Found(text, "it has this id"),))
    events = _events(release, text)
    if events.is_empty():
        raise _unknown_id(release, text, _events(open_release(store), text))
    last = events.row(-1, named=True)
    if last["event"] != "merged_into":
        remedy = f"No dump of this release shows it; the one before does: --at {last['release'] - 1}."
        found = f"{text}, an id that release {last['release']} retired"
        raise UnknownPaperError(text, release.version, found, remedy)
    now = _by_paper_id(release, last["other_id"], store)
    why = f"{text} was merged into {last['other_id']} in release {last['release']}"
    return Lookup(text, "paper_id", now.meant, tuple(Found(one.paper_id, why) for one in now.found))


def _events(release: Release, paper_id: str) -> pl.DataFrame:
    """What became of an id, the first event first."""
    own = read_rows(release, "id_history", pl.col("paper_id") == paper_id)
    return own.sort("release", maintain_order=True)


def _unknown_id(release: Release, text: str, later: pl.DataFrame) -> UnknownPaperError:
    """The error for an id that the release does not know, with its events in the newest one."""
    if later.is_empty():
        remedy = "Ask for a title or an address instead; `paperlake show papers` lists ids."
        return UnknownPaperError(text, release.version, f"{text}, an id that no release knows", remedy)
    born = later.item(0, "release")
    found = f"{text}, an id that release {born} created"
    return UnknownPaperError(text, release.version, found, f"Ask a release that knows it: --at {born}.")


def _by_appearance_id(release: Release, text: str) -> Lookup | None:
    if not _APPEARANCE_ID.fullmatch(text):
        return None
    rows = read_rows(release, "appearances", pl.col("appearance_id") == text, ("paper_id",))
    if rows.is_empty() and not read_rows(release, "rejects", pl.col("reject_id") == text, ("reject_id",)).is_empty():
        remedy = "Its text and the reason stand in `paperlake show rejects`."
        raise UnknownPaperError(text, release.version, "the id of a reject", remedy)
    return Lookup(text, "appearance_id", text, tuple(Found(one, "it has this appearance") for one in rows["paper_id"]))


def _by_arxiv_id(release: Release, word: str) -> Lookup | None:
    arxiv_id = None if " " in word else find_arxiv_id(word)
    if arxiv_id is None:
        return None
    named = _papers_where(release, pl.col("arxiv_id") == arxiv_id, "it has this arXiv id")
    seen = _papers_where(release, pl.col("arxiv_id") == arxiv_id, "one of its appearances has it", "appearances")
    near = pl.col("url").str.contains(arxiv_id, literal=True)
    linked = _linking(release, near, lambda url: find_arxiv_id(url) == arxiv_id)
    return Lookup(word, "arxiv_id", arxiv_id, _distinct([*named, *seen, *linked]))


def _by_doi(release: Release, word: str) -> Lookup | None:
    doi = None if " " in word else find_doi(word)
    if doi is None:
        return None
    named = _papers_where(release, pl.col("doi") == doi, "it has this DOI")
    near = pl.col("url").str.to_lowercase().str.contains(doi, literal=True)
    linked = _linking(release, near, lambda url: find_doi(url) == doi)
    return Lookup(word, "doi", doi, _distinct([*named, *linked]))


def _by_url(release: Release, word: str) -> Lookup | None:
    link = _read_link(word)
    if link is None:
        return None
    if link.repository:
        return _by_repository(release, word, link.repository)
    is_it = _plain(pl.col("url")) == _plain(pl.lit(link.url))
    is_page = _plain(pl.col("paper_url")) == _plain(pl.lit(link.url))
    pages = [
        *_papers_where(release, is_page, "it is its page"),
        *_papers_where(release, is_page, "it is its page", "appearances"),
    ]
    return Lookup(word, "url", link.url, _distinct([*pages, *_linking(release, is_it)]))


def _read_link(word: str) -> Link | None:
    """The one link that the whole word is."""
    parts = _OWNER_NAME.fullmatch(word)
    is_name = parts is not None and is_owner(parts[1]) and is_repository_name(parts[2])
    links = find_links(f"https://github.com/{word}" if is_name else word)
    return links[0] if len(links) == 1 and " " not in word else None


def _by_repository(release: Release, word: str, repository: str) -> Lookup:
    aliases = resolve_aliases(recall_curation(release.manifest["facts"]).aliases)
    today = aliases.get(repository.lower(), repository)
    key = today.lower()
    linked = _linking(release, pl.col("repository").str.to_lowercase() == key)
    may_mean = pl.col("candidates").list.eval(pl.element().str.to_lowercase()).list.contains(key)
    unsure = read_rows(release, "links", may_mean, ("paper_id",))["paper_id"]
    return Lookup(word, "repository", today, _distinct([*linked, *(Found(one, "it may mean it") for one in unsure)]))


def _by_title(release: Release, text: str) -> Lookup:
    key = _key(text)
    named = _papers_where(release, pl.col("title_key") == key, "it has this title") if key else []
    written = pl.col("title_raw").str.replace_all(r"\s+", " ") == text
    seen = [] if named else _papers_where(release, written, "one of its appearances has this title", "appearances")
    return Lookup(text, "title", key or text, _distinct([*named, *seen]))


def _key(text: str) -> str | None:
    key: str | None = pl.select(title_key(pl.lit(text))).item()
    return key


def _plain(url: pl.Expr) -> pl.Expr:
    return url.str.replace(r"^https?://(?:www\.)?", "").str.strip_chars_end("/")


def _papers_where(release: Release, where: pl.Expr, why: str, table: str = "papers") -> list[Found]:
    return [Found(paper_id, why) for paper_id in read_rows(release, table, where, ("paper_id",))["paper_id"]]


def _linking(release: Release, where: pl.Expr, is_meant: Callable[[str], bool] = bool) -> list[Found]:
    """The papers whose links are such, official ones first, then by confidence."""
    rows = read_rows(release, "links", where, ("paper_id", "url", "role", "confidence"))
    ranked = rows.sort(pl.col("role") != _OFFICIAL, -pl.col("confidence"), maintain_order=True)
    meant = (row for row in ranked.to_dicts() if is_meant(row["url"]))
    return [Found(row["paper_id"], f"it links it as {row['role']} ({row['confidence']:.3f})") for row in meant]


def _distinct(found: Sequence[Found]) -> tuple[Found, ...]:
    first: dict[str, Found] = {}
    for one in found:
        first.setdefault(one.paper_id, one)
    return tuple(first.values())


def _unknown(release: Release, lookup: Lookup) -> UnknownPaperError:
    found = f"the {lookup.kind.replace('_', ' ')} {lookup.asked!r} of none"
    suggestions = list(_suggest(release, lookup.asked))
    remedy = "Ask for one of these by its id." if suggestions else _NOTHING_FOUND[lookup.kind]
    return UnknownPaperError(lookup.asked, release.version, found, remedy, suggestions)


def _suggest(release: Release, text: str) -> Iterator[tuple[str, str]]:
    """Ids and titles that hold the text, then those most like it."""
    key = _key(text)
    if key is None:
        return
    titles = read_rows(release, "papers", pl.col("title_key").is_not_null(), ("paper_id", "title", "title_key"))
    keys = titles["title_key"]
    holding = keys.str.contains(key, literal=True).arg_true().to_list()
    like = [at for scorer, least in _LIKENESS for at in _most_like(key, keys.to_list(), scorer, least)]
    for row in list(dict.fromkeys([*holding, *like]))[:_SUGGESTIONS]:
        yield titles.item(row, "paper_id"), titles.item(row, "title")


def _most_like(key: str, keys: Sequence[str], scorer: Callable[..., float], least: float) -> list[int]:
    return [at for _, _, at in process.extract(key, keys, scorer=scorer, limit=_SUGGESTIONS, score_cutoff=least)]
