"""Invented papers with every value that a listing page can show.

Titles and abstracts come from `benchmarks.dump_generator`; the rest, and the marks that are hard to read in one layout
or another (brackets, `](`, `--`, a URL, LaTeX), from here.
"""

import datetime as dt
import itertools
import random
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cache

from benchmarks.dump_generator import BATCH, invent_papers

CAPTURE_YEAR = 2026
"""Half of the papers are from the first half of this year, so that a page of it shows their days without a year."""
_OLDEST = dt.date(2021, 1, 1)
_MARKED_SHARE = 0.4
_LONGEST_ABSTRACT = 1_920
_MOST_STARS = 110_000

_TITLE_MARKS = (
    "[Re] {}", '"Warm" or "Hot"? {}', "Tea & {}", "lid_count_v2: {}", "Sock*: {}", "DR^{{3}}: {}", "{} -- A Reply",
    "{} (and Back [Again])", "{} in the 90\\% Case",
    "{}: A Long Walk from the Kettle to the Cupboard and Back with Nine Patient Snails",
)  # fmt: skip
_ABSTRACT_MARKS = (
    "See the note [on lids](page 3) for the rest.",
    "It reaches 45% -- twice the 21% of a kettle -- at no cost.",
    "Films lie at https://example-lab.github.io/socks/ for a year.",
    "Every lid stands in [0, 1] or in [A][B], and lid_max * 2 in neither.",
    "Values in [0, 1) count as damp.",
    "The $\\times$ sign stands for 45\\% of all lids_{max}.",
    f"Code: https://github.com/example-lab/lids{{https://github.com/example-lab/lids{'-and-kettles' * 6}}}.",
)
_OWNERS = ("example-lab", "Example-Lab", "kettle-works", "SockGuild", "snail-observatory", "b0bbin")
_ORGANISATIONS = (
    ("Example Lab", "example-lab"), ("Sock & Lid Society", "sock-lid"), ("KettleAI", "KettleAI"),
    ("Institute of Quiet Snails", "iqs"), ("Spoon University", "spoonuni"), ("tea.org", "tea-org"),
)  # fmt: skip
_SUBMITTERS = ("mira-k", "potter9", "To-Fu-42", "SpoutAda", "lidia", "x0-snail", "BoLidd")
_FIRST_NAMES = ("Ada", "Bo", "Cy", "Dee", "Émile", "Fay", "Gus")
_LAST_NAMES = ("Spout", "Lidd", "Hosen", "Ladle", "Crumb", "O'Mug", "van der Peg", "Zwirn", "Sieve")


@dataclass(frozen=True, slots=True)
class Paper:
    """All that a listing page can show of one paper; title and abstract stand on one line each."""

    title: str
    abstract: str
    arxiv_id: str
    upvotes: int
    comments: int | None
    """None where there is no discussion."""
    github: str | None
    """`owner/name`."""
    github_stars: int | None
    """None exactly where `github` is."""
    n_authors: int | None
    """None exactly where an organisation stands in its place."""
    organisation: str | None
    organisation_slug: str | None
    submitted_by: str | None
    published: dt.date

    @property
    def url(self) -> str:
        """Address of the paper's page."""
        return f"https://huggingface.co/papers/{self.arxiv_id}"

    @property
    def number(self) -> int:
        """A number that looks random: what varies from card to card without a rule is drawn from it."""
        return zlib.crc32(self.arxiv_id.encode())

    @property
    def authors(self) -> list[str]:
        """Names, which only data formats list, beside an organisation too: then of 2 to 8 authors."""
        n_authors = self.n_authors or 2 + self.number % 7
        firsts, lasts = len(_FIRST_NAMES), len(_LAST_NAMES)
        return [
            f"{_FIRST_NAMES[(self.number + i) % firsts]} {_LAST_NAMES[(self.number + 4 * i) % lasts]}"
            for i in range(n_authors)
        ]


def invent(n: int, seed: int) -> list[Paper]:
    """`n` papers; the same arguments give the same papers, and no two share an arXiv id.

    >>> [paper.title for paper in invent(2, 7)] == [paper.title for paper in invent(3, 7)[:2]]
    True
    """
    rng = random.Random(seed)
    texts = _texts(-(-n // BATCH) * BATCH)
    start = rng.randrange(len(texts)) if texts else 0
    n_of_month = Counter[str]()
    return [_paper(texts[(start + i) % len(texts)], n_of_month, rng) for i in range(n)]


@cache
def _texts(n: int) -> list[tuple[str, str]]:
    return list(itertools.islice(invent_papers(n, seed=0), n))


def _paper(text: tuple[str, str], n_of_month: Counter[str], rng: random.Random) -> Paper:
    title, abstract = text
    published = _published(rng)
    github = _github(title, rng) if rng.random() < 0.5 else None
    has_organisation = rng.random() < 0.35
    organisation, slug = rng.choice(_ORGANISATIONS) if has_organisation else (None, None)
    return Paper(
        title=rng.choice(_TITLE_MARKS).format(title) if rng.random() < _MARKED_SHARE else title,
        abstract=_marked(abstract, rng) if rng.random() < _MARKED_SHARE else abstract,
        arxiv_id=_arxiv_id(published, n_of_month, rng),
        upvotes=0 if rng.random() < 0.15 else int(900 ** rng.random()),
        comments=None if rng.random() < 0.5 else int(40 ** rng.random()),
        github=github,
        github_stars=None if github is None else _stars(rng),
        n_authors=None if has_organisation else int(30 ** rng.random()),
        organisation=organisation,
        organisation_slug=slug,
        submitted_by=rng.choice(_SUBMITTERS) if rng.random() < 0.85 else None,
        published=published,
    )


def _published(rng: random.Random) -> dt.date:
    this_year = dt.date(CAPTURE_YEAR, 1, 1)
    if rng.random() < 0.5:
        return this_year + dt.timedelta(days=rng.randrange(181))
    return _OLDEST + dt.timedelta(days=rng.randrange((this_year - _OLDEST).days))


def _arxiv_id(published: dt.date, n_of_month: Counter[str], rng: random.Random) -> str:
    """An id of the month, of an earlier one now and then: pages date some papers months after their ids."""
    submitted = published - dt.timedelta(days=rng.randrange(20, 120)) if rng.random() < 0.05 else published
    month = f"{submitted:%y%m}"
    n_of_month[month] += 1
    return f"{month}.{99_999 - n_of_month[month]:05}"


def _stars(rng: random.Random) -> int:
    return _MOST_STARS if rng.random() < 0.02 else int(_MOST_STARS ** rng.random())


def _github(title: str, rng: random.Random) -> str:
    name = "-".join(re.findall(r"[A-Za-z]+", title)[: rng.randint(1, 2)]) or "lids"
    return f"{rng.choice(_OWNERS)}/{name}{rng.choice(('', '', '', '_v2', '.md'))}"


def _marked(abstract: str, rng: random.Random) -> str:
    """The abstract with one hard sentence behind one of its own; without it where the page would be too long."""
    sentence = rng.choice(_ABSTRACT_MARKS)
    stops = [stop.end() for stop in re.finditer(r"\. (?=[A-Z])", abstract)]
    if not stops or len(abstract) + len(sentence) >= _LONGEST_ABSTRACT:
        return abstract
    at = rng.choice(stops)
    return f"{abstract[:at]}{sentence} {abstract[at:]}"
