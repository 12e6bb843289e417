"""Why the links of one paper are what they are, and why one repository, or none, is the paper's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from paperlake.curation.aliases import Alias, resolve_aliases
from paperlake.explain.source_lines import Source, SourceLines
from paperlake.link_roles.cues import rule_descriptions
from paperlake.link_roles.scores import ALWAYS, judge_roles, role_weights
from paperlake.paper_links import LEAST_CONFIDENCE
from paperlake.vocabularies import LINK_ROLES

OFFICIAL = "official_code"
_COLUMN_OF_PLACE = {"title": "title_raw", "abstract": "abstract_raw", "listing": "github_url"}
_ROUNDED = 0.002
"""Confidences are published with three places after the point."""
_KIND_SAYS = "its kind of address"
"""What rules say that have no words of their own: they are named after kinds of links and pages."""
_OTHER_RULES = "the rules that are installed judge its evidence otherwise: other rules made it"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A rule that spoke, what it says it saw, and its weight for the link's role in logarithms of odds.

    Both are None for a rule that is not installed.
    """

    rule: str
    says: str | None
    weight: float | None


@dataclass(frozen=True, slots=True)
class ExplainedLink:
    """One link of a paper.

    Attributes:
        row: as published: `url`, `kind`, `repository`, `role`, `confidence`, `raw`, `repairs`, `found_in` and so on.
        source: where it was first seen.
        evidence: the rules that spoke, the strongest first, whether for its role or against it.
        roles: share (0-1) of each role by what its evidence says, the best first.
        aliases: what people wrote of its repository's old names.
        notes: what else there is to know.
    """

    row: dict[str, Any]
    source: Source
    evidence: tuple[Evidence, ...]
    roles: dict[str, float]
    aliases: tuple[dict[str, str | None], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RepositoryCandidate:
    """A repository that a paper's links name: how official it is (share, 0-1), and why it won or lost."""

    repository: str
    role: str
    confidence: float
    official: float
    why: str


@dataclass(frozen=True, slots=True)
class RepositoryChoice:
    """Which repository is the paper's: None where none is official with `least_confidence`; all of them, best first."""

    repository: str | None
    confidence: float | None
    least_confidence: float
    why: str
    candidates: tuple[RepositoryCandidate, ...]


def explain_links(
    links: pl.DataFrame, appearances: Mapping[str, Mapping[str, Any]], aliases: Sequence[Alias], sources: SourceLines
) -> list[ExplainedLink]:
    """The links of one paper, in their order.

    Args:
        links: its rows of `links`.
        appearances: its rows of `appearances` with the `path` of their dumps, by id.
        aliases: those of the release.
        sources: where lines are read.
    """
    shares = judge_roles(links["evidence"]).select(LINK_ROLES).to_dicts()
    today = resolve_aliases(aliases)
    return [
        _explain(row, roles, sources.locate(appearances[row["appearance_id"]], "link", row["raw"]), aliases, today)
        for row, roles in zip(links.to_dicts(), shares, strict=True)
    ]


def _explain(
    row: dict[str, Any],
    roles: dict[str, float],
    source: Source,
    aliases: Sequence[Alias],
    today: Mapping[str, str],
) -> ExplainedLink:
    ranked = {role: round(roles[role], 3) for role in sorted(roles, key=lambda role: -roles[role])}
    is_as_judged = row["role"] == next(iter(ranked)) and abs(row["confidence"] - ranked[row["role"]]) < _ROUNDED
    return ExplainedLink(
        row=row,
        source=source,
        evidence=_weigh(row["evidence"], row["role"]),
        roles=ranked,
        aliases=tuple(one.as_dict() for one in aliases if _leads_to(one, row, today)),
        notes=() if is_as_judged else (_OTHER_RULES,),
    )


def _weigh(rules: Sequence[str], role: str) -> tuple[Evidence, ...]:
    weights = dict(role_weights().select("rule", role).iter_rows())
    says = dict.fromkeys(weights, _KIND_SAYS) | rule_descriptions()
    evidence = [Evidence(rule, says.get(rule), weights.get(rule)) for rule in (ALWAYS, *rules)]
    return tuple(sorted(evidence, key=lambda one: -abs(one.weight or 0)))


def _leads_to(alias: Alias, row: Mapping[str, Any], today: Mapping[str, str]) -> bool:
    """Whether an alias is one of those that renamed a link."""
    is_renamed = "renamed_repository" in row["repairs"]
    return is_renamed and today[alias.old.lower()].lower() == row["repository"].lower()


def choose_repository(paper: Mapping[str, Any], links: Sequence[ExplainedLink]) -> RepositoryChoice:
    """Why a paper has the repository it has, or none.

    Args:
        paper: its row of `papers`.
        links: all of its links.
    """
    named = [link for link in links if link.row["kind"] == "github_repository"]
    chosen = paper["repository"]
    candidates = [_candidate(link, chosen) for link in sorted(named, key=lambda link: -link.roles[OFFICIAL])]
    return RepositoryChoice(
        chosen, paper["repository_confidence"], LEAST_CONFIDENCE, _why(chosen, bool(named)), tuple(candidates)
    )


def _why(chosen: str | None, has_candidates: bool) -> str:
    if chosen:
        return f"the most official of its links that are {OFFICIAL} with a confidence of {LEAST_CONFIDENCE} or more"
    if has_candidates:
        return f"none of its repositories is {OFFICIAL} with a confidence of {LEAST_CONFIDENCE} or more"
    return "no link of it names a GitHub repository for certain"


def _candidate(link: ExplainedLink, chosen: str | None) -> RepositoryCandidate:
    row, official = link.row, link.roles[OFFICIAL]
    if row["repository"] == chosen:
        why = "chosen"
    elif row["role"] != OFFICIAL:
        why = f"lost: its role is {row['role']}"
    elif row["confidence"] < LEAST_CONFIDENCE:
        why = f"lost: {row['confidence']:.3f} is below {LEAST_CONFIDENCE}"
    else:
        why = f"lost: official, too, but {chosen} is more so"
    return RepositoryCandidate(row["repository"], row["role"], round(row["confidence"], 3), official, why)
