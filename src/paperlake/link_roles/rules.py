"""The rules that speak for the role of a link, as `cues.toml` states them, read and checked.

A fault in the file is an error that names the rule: a rule that is half understood would be silent for ever.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from paperlake.errors import PaperlakeError
from paperlake.vocabularies import LINK_ROLES

PARTS = ("clause", "sentence", "after", "raw", "page", "name", "host", "address")
"""What a pattern may look at; `cues.toml` says what each is."""
_SAID = ("says", "for", "own")
_KEYS = {"rules": (*_SAID, *PARTS), "found": _SAID}
_TABLES = ("words", *_KEYS)


class RuleError(PaperlakeError):
    """A rule that cannot be used: `rule`, and what was expected and found of it."""

    def __init__(self, rule: str, expected: str, found: object, remedy: str) -> None:
        self.rule, self.expected, self.found = rule, expected, found
        super().__init__(f"cues.toml, {rule}: expected {expected}, found {found!r}.\n{remedy}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        name: its name, as `evidence` shows it.
        says: what it saw, for people.
        roles: those it speaks for, and so against all others; none where only the labelled links tell.
        is_own: it says that a link is the paper's own.
        patterns: by the part that they look at; none of rules that other code finds.
    """

    name: str
    says: str
    roles: tuple[str, ...]
    is_own: bool
    patterns: Mapping[str, re.Pattern[str]]


@cache
def link_rules() -> dict[str, Rule]:
    """Every rule by its name, in the order of the file.

    Raises:
        RuleError: the file has a fault.
    """
    return read_rules(files("paperlake.link_roles").joinpath("cues.toml").read_text(encoding="utf-8"))


def own_rules() -> tuple[str, ...]:
    """Names of the rules that say that a link is the paper's own."""
    return tuple(rule.name for rule in link_rules().values() if rule.is_own)


def read_rules(text: str) -> dict[str, Rule]:
    r"""The rules of a text in the form of `cues.toml`.

    Raises:
        RuleError: a table, key, role, word or pattern is not what it should be.
        tomllib.TOMLDecodeError: the text is no TOML.

    >>> read_rules("[words]\n[rules.pots]\nsays = 'a pot'\nclause = 'pots?'\n[found]")["pots"].roles
    ()
    """
    tables = tomllib.loads(text)
    _expect_known("the file", "table", tables, _TABLES)
    words = {name: _alternatives(listed) for name, listed in tables["words"].items()}
    rules = [_read_rule(f"[{table}.{name}]", name, said, words, _KEYS[table]) for table, name, said in _entries(tables)]
    return {rule.name: rule for rule in rules}


def _entries(tables: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for table in _KEYS:
        for name, said in tables[table].items():
            if table == "found" and name in tables["rules"]:
                raise RuleError(
                    f"[found.{name}]", "a name of its own", name, "Another rule has it: rename one of them."
                )
            yield table, name, said


def _read_rule(place: str, name: str, said: Mapping[str, Any], words: Mapping[str, str], keys: Iterable[str]) -> Rule:
    _expect_known(place, "key", said, keys)
    says, roles, is_own = said.get("says"), said.get("for", []), said.get("own", False)
    if not isinstance(says, str) or not says:
        raise RuleError(place, "`says`: what it saw", says, "People read it in `paperlake explain`.")
    if not isinstance(is_own, bool):
        raise RuleError(place, "true or false for `own`", is_own, "Write it without quotes.")
    if not isinstance(roles, list):
        raise RuleError(place, "a list of roles for `for`", roles, 'Write `for = ["official_code"]`.')
    _expect_known(place, "role in `for`", roles, LINK_ROLES)
    patterns = {part: _pattern(f"{place}, `{part}`", said[part], words) for part in PARTS if part in said}
    if place.startswith("[rules.") and not patterns:
        raise RuleError(place, f"a pattern for one of {', '.join(PARTS)}", None, "Without one it would never speak.")
    return Rule(name, says, tuple(roles), is_own, patterns)


def _expect_known(place: str, what: str, found: Iterable[str], known: Iterable[str]) -> None:
    listed = list(known)
    for name in found:
        if name not in listed:
            close = get_close_matches(str(name), listed, n=1)
            hint = f" Did you mean '{close[0]}'?" if close else ""
            raise RuleError(place, f"a known {what}", name, f"Known are {', '.join(listed)}.{hint}")


def _pattern(place: str, pattern: Any, words: Mapping[str, str]) -> re.Pattern[str]:
    if not isinstance(pattern, str):
        raise RuleError(place, "a regular expression", pattern, "Write it in quotes.")
    _expect_known(place, "word in braces", re.findall(r"\{([a-z_]+)\}", pattern), words)
    try:
        return re.compile(re.sub(r"\{([a-z_]+)\}", lambda found: words[found[1]], pattern))
    except re.error as error:
        raise RuleError(place, "a regular expression", pattern, f"It fails: {error}.") from error


def _alternatives(listed: str) -> str:
    """A pattern for any of the words, which stand two blanks or a line apart."""
    words = re.split(r"\n|  +", listed.strip("\n"))
    return words[0] if len(words) == 1 else f"(?:{'|'.join(words)})"
