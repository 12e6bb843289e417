"""What stands in the letters of a URL and surely is not its own: entities, mojibake, another address glued on."""

import html
import re

from paperlake.links.typographic_hyphens import DASHES, HYPHENS
from paperlake.links.visible_text import INVISIBLE

_ENTITY = re.compile(r"&(?:amp;)*(?P<name>#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});", re.IGNORECASE)
# An entity for one of these may be part of a name, and half a name is another repository.
_OF_URLS = frozenset("-._~:/?#[]@!$&()*+,;=%" + HYPHENS + DASHES + INVISIBLE)
# UTF-8 read as Windows-1252: quotes and dashes, hard blanks, Chinese stops. Hyphens and dashes in a name stay in doubt.
_MOJIBAKE = re.compile(
    r"â€(?![‘’“”‹\u0090-\u0094\x8b][A-Za-z\d])|â(?=\x80[^\x90-\x94\x8b])|Â(?=[\s\u00a0-\u00bf])|ã€|ã(?=\x80)"
)
# A letter before it: `docs.github.com` and `/www.kettle.example/` are names that somebody gave.
_PAGES = "actions|archive|blob|commits?|discussions|issues|pulls?|raw|releases|tree|wiki"
_ADDRESS = re.compile(
    rf"(?<=[a-z\d])(?:www\.[\w-]+\.[a-z]|github\.com/(?!(?:{_PAGES})\b)[\w-]+/[\w.-])|"
    r"(?<=[\w.-])/https?:\\?/",
    re.IGNORECASE,
)
_ADDRESS_MARKS = ("www.", "github.com/", "/http")
_REPOSITORY = re.compile(r"(?:www\.)?github\.com[:/][\w-]+/[\w.-]+", re.IGNORECASE)


def foreign_start(text: str, start: int, end: int) -> int:
    """Where the first foreign mark of the URL `text[start:end]` stands; `end` where it holds none.

    >>> foreign_start("kettle.example/a&rsquo;s", 0, 24)
    16
    >>> foreign_start("github.com/a/kettlegithub.com/x/data", 0, 36)
    19
    """
    end = _entity_start(text, start, end)
    found = None if text.isascii() else _MOJIBAKE.search(text, start, min(end + 3, len(text)))
    end = min(end, found.start()) if found else end
    return _address_start(text, start, end)


def _entity_start(text: str, start: int, end: int) -> int:
    if text.find("&", start, end) < 0:
        return end
    return next((found.start() for found in _ENTITY.finditer(text, start, end) if _is_foreign(found["name"])), end)


def _is_foreign(name: str) -> bool:
    """Whether an entity stands for a letter that no URL holds."""
    letter = html.unescape(f"&{name};")
    return not letter.startswith("&") and not (letter in _OF_URLS or (letter.isascii() and letter.isalnum()))


def _address_start(text: str, start: int, end: int) -> int:
    """Where another address begins in the path; behind `/https:` only where a repository was named before."""
    slash = text.find("/", start, end)
    path = text[slash:end].lower() if slash >= 0 else ""
    for found in _ADDRESS.finditer(text, slash, end) if any(mark in path for mark in _ADDRESS_MARKS) else ():
        if found[0][0] != "/" or _REPOSITORY.fullmatch(text, start, found.start()):
            return found.start()
    return end
