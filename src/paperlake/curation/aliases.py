"""Repositories that moved: old and new names, which people write in `curation/repository_aliases.csv`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from paperlake.curation.csv_rows import read_rows
from paperlake.curation.text import is_day
from paperlake.errors import CorrectionError
from paperlake.links.repository_names import RESERVED_NAMES, is_owner, is_repository_name, trim_repository_name

ALIASES_FILE = "curation/repository_aliases.csv"
_COLUMNS = ("old", "new", "since", "source")
_HOSTS = ("github.com", "www.github.com")


@dataclass(frozen=True, slots=True)
class Alias:
    """A repository that was `old` and is `new`, both `owner/name`; since when, where known, and how we know."""

    old: str
    new: str
    since: date | None
    source: str
    line: int = field(default=0, compare=False)
    """Line of the file, for messages."""

    def as_dict(self) -> dict[str, str | None]:
        """Its facts as JSON has them: the day in ISO 8601.

        >>> Alias("kettle-works/whistle", "kettle-works/song", None, "redirects").as_dict()
        {'old': 'kettle-works/whistle', 'new': 'kettle-works/song', 'since': None, 'source': 'redirects'}
        """
        since = self.since.isoformat() if self.since else None
        return {"old": self.old, "new": self.new, "since": since, "source": self.source}


def read_aliases(raw: Path) -> tuple[Alias, ...]:
    """The aliases in the order of the file; empty without the file. Blank lines and those that open with `#` are none.

    Args:
        raw: folder of dumps, which may hold `curation/repository_aliases.csv`.

    Raises:
        CorrectionError: the file cannot be read, a line is no alias, a repository has two new names, or names go round
            in a circle; all such lines together.
    """
    rows, faults = read_rows(raw, ALIASES_FILE, _COLUMNS, _find_faults)
    aliases = [_as_alias(number, cells) for number, cells in rows]
    faults += _find_conflicts(aliases)
    if faults:
        raise CorrectionError(ALIASES_FILE, faults)
    return tuple(aliases)


def recall_aliases(facts: Iterable[Mapping[str, str | None]]) -> tuple[Alias, ...]:
    """The aliases that a manifest tells of, as `as_dict` gave them."""
    return tuple(
        Alias(
            str(fact["old"]),
            str(fact["new"]),
            date.fromisoformat(fact["since"]) if fact["since"] else None,
            str(fact["source"]),
        )
        for fact in facts
    )


def resolve_aliases(aliases: Sequence[Alias]) -> dict[str, str]:
    """Today's `owner/name` by the old one in lower case, of aliases that were read: a name that moved twice, too.

    >>> first = Alias("kettle-works/hiss", "kettle-works/whistle", None, "redirects")
    >>> second = Alias("Kettle-Works/Whistle", "kettle-works/song", None, "redirects")
    >>> resolve_aliases([first, second])
    {'kettle-works/hiss': 'kettle-works/song', 'kettle-works/whistle': 'kettle-works/song'}
    """
    steps = {alias.old.lower(): alias.new for alias in aliases}
    return {old: _names_after(old, steps)[-1] for old in steps}


def _as_alias(line: int, cells: Sequence[str]) -> Alias:
    old, new, since, source = cells
    return Alias(old, new, date.fromisoformat(since) if since else None, source, line)


def _find_faults(old: str, new: str, since: str, source: str) -> Iterator[str]:
    """What is wrong with the values of a line: expected, found, and what to do."""
    for column, name in (("old", old), ("new", new)):
        remedy = _name_fault(name)
        if remedy:
            yield f"`owner/name` of a GitHub repository in `{column}`, found {name!r}. {remedy}"
    if old.lower() == new.lower():
        yield f"two names, found '{old}' twice: GitHub does not tell cases apart. Remove the line."
    if since and not is_day(since):
        yield f"a day as 2026-03-14 in `since`, or nothing, found {since!r}. Write it so, or leave it empty."
    if not source:
        yield "how we know it in `source`, found nothing. Name a page, or say `redirects`."


def _name_fault(name: str) -> str | None:
    """Why a name cannot be that of a repository, and what to do; None where it can."""
    owner, _, repository = name.partition("/")
    if "://" in name or owner.lower() in _HOSTS:
        return "Write it without the address in front of it."
    if owner.lower() in RESERVED_NAMES:
        return f"github.com/{owner} is a page of GitHub's own and no owner. Mend the name, or remove the line."
    if not is_owner(owner):
        return f"An owner has 1 to 39 letters, digits and single inner hyphens, which {owner!r} is not. Mend it."
    if not is_repository_name(repository):
        return f"A repository has 1 to 100 of letters, digits, `.`, `_` and `-`, which {repository!r} is not. Mend it."
    if trim_repository_name(repository) != repository:
        return "No name ends in `.git` or a full stop. Write it without."
    return None


def _find_conflicts(aliases: Sequence[Alias]) -> Iterator[str]:
    """What is wrong with aliases together: a name that moved to two places, and names that lead back to themselves."""
    first: dict[str, Alias] = {}
    for alias in aliases:
        other = first.setdefault(alias.old.lower(), alias)
        if other is not alias:
            yield f"line {alias.line}: expected one line for '{alias.old}', found line {other.line}, too. Keep one."
    steps = {old: alias.new for old, alias in first.items()}
    circles: set[str] = set()
    for old, alias in first.items():
        names = _names_after(old, steps)
        if names[-1].lower() == old and old not in circles:
            circles.update(name.lower() for name in names)
            circle = " -> ".join([alias.old, *names])
            yield f"line {alias.line}: expected names that end somewhere, found {circle}. Remove the oldest line."


def _names_after(old: str, steps: Mapping[str, str]) -> list[str]:
    """The names that a repository had after the old one, today's last; ends where a name comes a second time."""
    names: list[str] = []
    seen: set[str] = set()
    while old in steps and old not in seen:
        seen.add(old)
        names.append(steps[old])
        old = names[-1].lower()
    return names
