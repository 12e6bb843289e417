r"""Finds the URLs of a text and takes them out of whatever sentence, markup or accident they stand in.

A link is read in steps, one module each: `visible_text` shows what a reader sees; `credentials` covers secrets;
`spans` says where a URL begins and ends; `broken_lines` whether it goes on in the next line; `wrappers`
closes what was opened, which gives the span `raw`; `addresses` makes the canonical URL. Whatever is changed on the
way is named in `repairs`, wrappers first.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from paperlake.links.addresses import Address, read_address
from paperlake.links.broken_lines import Break, find_break
from paperlake.links.credentials import find_credentials, mask_spans
from paperlake.links.kinds import ADDRESS_MARKS
from paperlake.links.spans import COVER, NPM_SHORTHAND, SCAN, body_end, cut_address, is_shorthand
from paperlake.links.typographic_hyphens import HYPHENS, fold_hyphens
from paperlake.links.unsure_ends import find_unsure_end
from paperlake.links.visible_text import INVISIBLE, WIDE_MARKS, fold_addresses, see
from paperlake.links.wrappers import Span, unwrap

# For Polars: what holds no match holds no link. An invisible letter could stand inside any mark.
LINK_HINT = "(?i)" + "|".join(re.escape(mark) for mark in (*ADDRESS_MARKS, *INVISIBLE))
_NOT_PLAIN = re.compile(f"[{INVISIBLE}{HYPHENS}{WIDE_MARKS}]")
_LONGEST_OPENER = 300
"""Letters from the start of a wrapper to the first mark of its URL, at most."""
_LONGEST_HEAD = 90
"""The same where no wrapper with a text of its own ends there: a bracket, a scheme and a host's longest label."""
_LONG_OPENERS = ("](", "{", "href")


class Link(NamedTuple):
    """A URL of a text: what it is, how it was written, and what was repaired.

    `repository` is certain, `candidates` are repositories that the link may mean. `page` is what the path says it is:
    `issues` or `tree` of a repository, `owner` or `orgs` on GitHub, `model` or `dataset` on Hugging Face.
    """

    url: str
    kind: str
    repository: str | None
    subpath: str | None
    ref: str | None
    raw: str
    repairs: tuple[str, ...]
    start: int
    end: int
    candidates: tuple[str, ...]
    page: str | None


class _Found(NamedTuple):
    """A link in the text as it is read: its address, the span with its wrapper, and the steps that gave it."""

    address: Address
    candidates: tuple[str, ...]
    head: int
    span: Span
    steps: tuple[str, ...]


def find_links(text: str, *, is_cut: bool = False) -> list[Link]:
    r"""The links of a text in order; `text[start:end]` is `raw`, but for credentials, which are masked.

    Args:
        text: as a page showed it.
        is_cut: whether the text was cut at its end: a link that ends it is then certain only up to its last slash.

    >>> [link.url for link in find_links(r"Code (\url{http://www.github.com/kettle-lab/drip\_net.git}).")]
    ['https://github.com/kettle-lab/drip_net']
    >>> find_links("Its performance.The code is on GitHub.")
    []
    """
    is_plain = text.isascii() or not _NOT_PLAIN.search(text)
    seen, places = (text, range(len(text))) if is_plain else see(text)
    narrow = seen if is_plain else fold_addresses(seen)
    folded = seen if is_plain else fold_hyphens(narrow)
    marks = _find_marks(folded)
    if not marks:
        return []
    secrets = find_credentials(seen)
    originals = [(places[start], places[end - 1] + 1) for start, end in secrets]
    readable = _cover(folded, secrets) if secrets else folded
    return [
        _make_link(found, text, (seen, narrow, folded), places, originals) for found in _read(readable, marks, is_cut)
    ]


def _find_marks(text: str) -> list[int]:
    """Where the marks of addresses stand. The one letter that grows in lower case is replaced, so that places agree."""
    lowered = text.replace("İ", "i").lower()
    return sorted(place for mark in ADDRESS_MARKS for place in _places(lowered, mark))


def _places(text: str, mark: str) -> Iterator[int]:
    place = text.find(mark)
    while place >= 0:
        yield place
        place = text.find(mark, place + 1)


def _cover(text: str, spans: list[tuple[int, int]]) -> str:
    """The text, letter for letter, with letters that tell nothing for secrets, and blanks where no scheme is before."""
    kept, done = [], 0
    for start, secret_end in spans:
        is_word = text[start - 1 : start].isspace() or start == 0
        end = secret_end + (is_word and text[secret_end] == "@")
        kept += [text[done:start], (" " if is_word else COVER) * (end - start)]
        done = end
    return "".join([*kept, text[done:]])


def _read(text: str, marks: list[int], is_cut: bool) -> Iterator[_Found]:
    position = 0
    for near in marks:
        while position <= near:
            match = SCAN.search(text, max(position, _first_letter(text, near)))
            if match is None:
                return
            found, position = _read_at(text, match, is_cut)
            if found:
                yield found


def _first_letter(text: str, near: int) -> int:
    """Where to look from for the URL of a mark, wrapper included: as near as can be, for looking is what costs."""
    first = max(0, near - _LONGEST_HEAD)
    before = text[first:near].lower()
    return max(0, near - _LONGEST_OPENER) if any(mark in before for mark in _LONG_OPENERS) else first


def _read_at(text: str, match: re.Match[str], is_cut: bool) -> tuple[_Found | None, int]:
    """The link that a match of `SCAN` begins, if it is one, and where to read on."""
    start, head = match.end(), match["head"]
    letters_end = body_end(text, start)
    cut = cut_address(text, match.start("head"), start, letters_end)
    broken = find_break(text, start, cut.end, letters_end) or find_unsure_end(text, start, cut.end, is_cut=is_cut)
    address = read_address(head, broken.known if broken else text[start : cut.end])
    if head == NPM_SHORTHAND and not (address and address.place and is_shorthand(text, match, cut.end)):
        address = None
    if address is None:
        return None, max(cut.end, match.start() + 1)
    span = unwrap(text, match, broken.end if broken else cut.end)
    steps = ("glued_sentence",) * cut.is_glued + ((broken.step,) if broken else ())
    candidates = _read_candidates(head, broken, address) if broken else address.candidates
    return _Found(address, candidates, match.start("head"), span, (*span.repairs, *steps)), span.end


def _read_candidates(head: str, broken: Break, address: Address) -> tuple[str, ...]:
    """The repositories that a broken URL may mean; none where what is certain of it names one."""
    if address.place:
        return ()
    readings = [read for body in broken.readings if (read := read_address(head, body))]
    names = [name for read in readings for name in ((read.place.full_name,) if read.place else read.candidates)]
    return tuple(dict.fromkeys(names))


def _make_link(
    found: _Found,
    text: str,
    read_as: tuple[str, str, str],
    places: Sequence[int],
    secrets: list[tuple[int, int]],
) -> Link:
    (first, last), address, written = found.span[:2], found.address, slice(found.head, found.span.end)
    start, end = places[first], places[last - 1] + 1
    hidden = ("zero_width",) if end - start > last - first else ()
    folded = _name_folded(*(step[written] for step in read_as)) if read_as[0] is not read_as[2] else ()
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in secrets if a < end and b > start]
    return Link(
        url=address.url,
        kind=address.kind,
        repository=address.place.full_name if address.place else None,
        subpath=address.place.subpath if address.place else None,
        ref=address.place.ref if address.place else None,
        raw=mask_spans(text[start:end], inside),
        repairs=tuple(dict.fromkeys((*found.steps, *hidden, *folded, *address.repairs))),
        start=start,
        end=end,
        candidates=found.candidates,
        page=address.page,
    )


def _name_folded(seen: str, narrow: str, folded: str) -> tuple[str, ...]:
    """The names of the repairs that made the letters of an address plain."""
    return ("full_width",) * (seen != narrow) + ("unicode_hyphen",) * (narrow != folded)
