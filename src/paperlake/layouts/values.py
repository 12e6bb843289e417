"""Values that several layouts write the same way: counts, days, numbers of authors."""

import re
from datetime import date, timedelta
from functools import lru_cache

_COUNT = re.compile(r"(\d{1,3}(?:,\d{3}){1,2}|\d{1,9})(?:\.(\d{1,9}))?([kKmM])?", re.ASCII)
_LARGEST_COUNT = 2**31 - 1
"""Counts are 32-bit columns; a number beyond them counts nothing of a page."""
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}
_N_AUTHORS = re.compile(r"(?:[-*•][ \xa0])?(\d{1,5})[ \xa0]authors?")

_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}
MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
DAY = rf"{MONTH} \d{{1,2}}(?:, \d{{4}})?"
"""Pattern of a day as listing pages write it; without its year when that is the year of capture."""
_DAY = re.compile(rf"(?P<month>{MONTH}) (?P<day>\d{{1,2}})(?:, (?P<year>\d{{4}}))?")
_DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}}) (?P<month>{MONTH})(?:,? (?P<year>\d{{4}}))?")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:[T ].*)?")
_SENTENCE_END = re.compile(r"""(?:[.!?…。]["'”’)\]}]*|https?://\S+)\s*$""")
_TIME_ZONES = timedelta(days=1)
"""A page can be a day ahead of the clock of whoever captured it."""


def read_count(text: str) -> int | None:
    """The number behind a count as pages show it; `-` is zero. None for other text.

    >>> read_count("11.3k"), read_count("1,204"), read_count("-"), read_count("soon")
    (11300, 1204, 0, None)
    """
    if text == "-":
        return 0
    found = _COUNT.fullmatch(text)
    if found is None:
        return None
    whole, fraction, unit = found[1].replace(",", ""), found[2] or "", (found[3] or "").lower()
    if fraction and not unit:
        return None
    count = round(float(f"{whole}.{fraction}") * _UNITS[unit]) if unit else int(whole)
    return count if count <= _LARGEST_COUNT else None


def read_n_authors(text: str) -> int | None:
    """The number of authors in `4 authors`, with or without its bullet; None for other text.

    >>> read_n_authors("- 1 authors"), read_n_authors("two authors")
    (1, None)
    """
    found = _N_AUTHORS.fullmatch(text)
    return (int(found[1]) or None) if found else None


@lru_cache(maxsize=4096)
def read_day(raw: str, captured_on: date | None = None) -> date | None:
    """The day that a date names; None where it names none, or where nothing tells its year.

    Args:
        raw: as the page writes it, or an ISO instant.
        captured_on: day of capture; pages leave out the year of a date exactly when it is the year of capture. A date
            that would then lie in the future of the capture was captured in another year: nobody knows which.

    >>> read_day("Feb 27, 2025"), read_day("4 Jan, 2026"), read_day("2026-01-04T00:00:00.000Z")
    (datetime.date(2025, 2, 27), datetime.date(2026, 1, 4), datetime.date(2026, 1, 4))
    >>> read_day("May 29"), read_day("May 29", date(2026, 10, 2)), read_day("Dec 29", date(2026, 10, 2))
    (None, datetime.date(2026, 5, 29), None)
    """
    found = _DAY.fullmatch(raw) or _DAY_FIRST.fullmatch(raw) or _ISO.fullmatch(raw)
    if found is None:
        return None
    year = found["year"]
    if year is None and captured_on is None:
        return None
    month = _MONTHS.get(found["month"][:3].lower()) or int(found["month"])
    day = _day(int(year or captured_on.year), month, int(found["day"]))  # type: ignore[union-attr]
    if year is None and day and captured_on and day > captured_on + _TIME_ZONES:
        return None
    return day


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def ends_sentence(text: str) -> bool:
    """Whether a text ends as abstracts do, with a full stop or an address, not in the middle of something."""
    return _SENTENCE_END.search(text[-200:]) is not None
