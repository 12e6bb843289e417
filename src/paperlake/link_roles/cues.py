"""What speaks for the role of a link: names of rules about its sentence, its place and its own address.

A rule only says that it saw something. The rules stand in `cues.toml`; what each is worth, in `weights.csv`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from paperlake.link_roles.context import Context, read_contexts
from paperlake.link_roles.rules import PARTS, link_rules
from paperlake.links.finding import Link

_NOT_NAME = re.compile(r"[^a-z0-9]")
_LONGEST_NAME = 60
_KNOWN_WORDS = 4096
"""Texts around links whose rules are remembered: every second link is announced in words that others use too."""


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


def rule_descriptions() -> dict[str, str]:
    """What each rule says it saw, by its name."""
    return {name: rule.says for name, rule in link_rules().items()}


def _context_cues(link: Link, context: Context) -> Iterator[str]:
    clause = f"{context.clause} {context.label}".strip()
    if link.repository and _is_named(link.repository, context.clause):
        yield "named_just_before"
    if link.raw[0] in "([" and not context.label:
        yield "in_brackets"
    yield from _recall("clause", clause)
    yield from _recall("sentence", context.sentence)
    yield from _recall("after", context.after)
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


@lru_cache(maxsize=_KNOWN_WORDS)
def _recall(part: str, text: str) -> tuple[str, ...]:
    return tuple(_matching(part, text))


def _is_named(repository: str, clause: str) -> bool:
    """Whether the last words before a link are the repository's name, as where a text cites somebody's tool."""
    last = _NOT_NAME.sub("", clause[-_LONGEST_NAME:])
    return last.endswith(tuple(_NOT_NAME.sub("", part) for part in repository.lower().split("/")))


@cache
def _patterns() -> dict[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    """By the part that they look at, the rules' names and patterns, in the order of their file."""
    rules = link_rules().items()
    return {part: tuple((name, rule.patterns[part]) for name, rule in rules if part in rule.patterns) for part in PARTS}
