"""The page of a release: one file that needs nothing else, made of sections by a template.

Nothing that a dump says can run in it: the template escapes all of it, links go to the web alone, and the page's own
policy (a hash for its script, one for its style) lets a browser run no other letter.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2

from paperlake.link_roles.rules import link_rules
from paperlake.report.contents import changes_section, headline
from paperlake.report.coverage import coverage_section
from paperlake.report.identity import identity_section
from paperlake.report.links import links_section
from paperlake.report.reading import reading_section
from paperlake.report.rejects import rejects_section
from paperlake.report.repositories import repositories_section
from paperlake.report.search_data import SearchData, search_data
from paperlake.report.section import Section
from paperlake.report.shown import FILTERS
from paperlake.report.sources import sources_section
from paperlake.report.timeline import timeline_section
from paperlake.report.trust import trust_section
from paperlake.report.view import View
from paperlake.schemas import CONTRACT_VERSION

_SECTIONS: tuple[Callable[[View], Section], ...] = (
    changes_section,
    trust_section,
    timeline_section,
    sources_section,
    links_section,
    repositories_section,
    coverage_section,
    identity_section,
    rejects_section,
    reading_section,
)
_SCRIPTS, _STYLE, _TEMPLATE = ("tables.js", "paper.js", "search.js"), "page.css", "page.html.jinja"
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:"


def page_text(view: View, *, is_served: bool = False) -> str:
    """The page as HTML; the same release, the same text.

    Args:
        view: the release, and those before it.
        is_served: a server answers its searches, so it carries no papers.
    """
    script, style = _script(), _asset(_STYLE)
    return _template().render(
        view=view,
        contract=CONTRACT_VERSION,
        tiles=headline(view),
        sections=[section(view) for section in _SECTIONS],
        search=SearchData((), 0, view.counts["papers"]) if is_served else search_data(view),
        words=_words(),
        is_served=is_served,
        policy=None if is_served else _policy("connect-src 'none'"),
        script=script,
        style=style,
    )


def served_policy() -> str:
    """The policy of a page whose searches its own server answers, for its header."""
    return _policy("connect-src 'self'; frame-ancestors 'none'")


def _policy(more: str) -> str:
    return f"{_NOTHING}; {more}; script-src '{_hash(_script())}'; style-src '{_hash(_asset(_STYLE))}'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _words() -> str:
    """What each rule of evidence saw, as JSON that no `<` can end."""
    says: dict[str, Any] = {name: rule.says for name, rule in link_rules().items()}
    return json.dumps(says, ensure_ascii=True).replace("<", "\\u003c")


@cache
def _script() -> str:
    return "\n".join(map(_asset, _SCRIPTS))


@cache
def _asset(name: str) -> str:
    return files("paperlake.report").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= FILTERS
    return environment.from_string(_asset(_TEMPLATE))
