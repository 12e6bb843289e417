"""What speaks for the role of a link: names of rules about its sentence, its place and its own address.

A rule only says that it saw something. The rules stand in `cues.toml`; what each is worth, in `weights.csv`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from paperlake.link_roles.context import Context, read_contexts
from paperlake.links import Link

_PARTS = ("clause", "sentence", "after", "raw", "page", "name", "host", "address")
_NOT_NAME = re.compile(r"[^a-z0-9]")
_LONGEST_NAME = 60


def find_cues(text: str, links: Sequence[Link], found_in: str) -> list[tuple[str, ...]]:
    """The names of the rules that speak for each link of a text, in their order.

    Args:
        text: title, abstract, or address of the listing's button.
        links: its links, as `find_links` gives them.
        found_in: `title`, `abstract` or `listing`.
    """
    if found_in != "abstract":
        return [(*_address_cues(link), f"in_{found_in}") for link in links]
    contexts = read_contexts(text, links)
    return [
        (*_address_cues(link), *_context_cues(link, context)) for link, context in zip(links, contexts, strict=True)
    ]


@cache
def rule_descriptions() -> dict[str, str]:
    """What each rule says it saw, by its name."""
    cues = _read_cues()
    return {**{name: rule["says"] for name, rule in cues["rules"].items()}, **cues["found"]}


def _context_cues(link: Link, context: Context) -> Iterator[str]:
    clause = f"{context.clause} {context.label}".strip()
    if link.repository and _is_named(link.repository, context.clause):
        yield "named_just_before"
    if link.raw[0] in "([" and not context.label:
        yield "in_brackets"
    yield from _matching("clause", clause)
    yield from _matching("sentence", context.sentence)
    yield from _matching("after", context.after)
    yield "early_in_text" if context.is_early else "at_the_end" if context.is_last else "in_mid_text"


def _address_cues(link: Link) -> Iterator[str]:
    has_other_host = link.kind in ("other", "project_page")
    host = next(_matching("host", link.url), None) if has_other_host else None
    yield host or (f"{link.kind}_{link.page}" if link.kind == "hugging_face" and link.page else f"on_{link.kind}")
    if has_other_host or link.kind == "github_pages":
        yield from _matching("address", link.url.partition("://")[2].rstrip("/").lower())
    if link.repository:
        yield from _matching("raw", link.raw.lower())
        yield from _matching("page", link.page or "")
        yield from _matching("name", link.repository.partition("/")[2].lower())
    if not {"glued_sentence", "broken_over_line"}.isdisjoint(link.repairs):
        yield "uncertain_end"


def _matching(part: str, text: str) -> Iterator[str]:
    return (name for name, pattern in _patterns()[part] if pattern.search(text)) if text else iter(())


def _is_named(repository: str, clause: str) -> bool:
    """Whether the last words before a link are the repository's name, as where a text cites somebody's tool."""
    last = _NOT_NAME.sub("", clause[-_LONGEST_NAME:])
    return last.endswith(tuple(_NOT_NAME.sub("", part) for part in repository.lower().split("/")))


@cache
def _read_cues() -> Mapping[str, Any]:
    return tomllib.loads(files("paperlake.link_roles").joinpath("cues.toml").read_text(encoding="utf-8"))


@cache
def _patterns() -> dict[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    """By the part that they look at, the rules' names and patterns, in the order of their file."""
    cues = _read_cues()
    words = {name: _alternatives(listed) for name, listed in cues["words"].items()}
    rules = cues["rules"].items()
    return {
        part: tuple((name, re.compile(_filled(rule[part], words))) for name, rule in rules if part in rule)
        for part in _PARTS
    }


def _alternatives(listed: str) -> str:
    """A pattern for any of the words, which stand two blanks or a line apart."""
    words = re.split(r"\n|  +", listed.strip("\n"))
    return words[0] if len(words) == 1 else f"(?:{'|'.join(words)})"


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda found: words[found[1]], pattern)
