"""Why the links of one paper are what they are, and why one repository, or none, is the paper's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from paperlake.curation.aliases import Alias, resolve_aliases
from paperlake.curation.corrections import Correction
from paperlake.explain.link_corrections import Sight
from paperlake.explain.source_lines import Source, SourceLines
from paperlake.link_roles.cues import rule_descriptions
from paperlake.link_roles.scores import ALWAYS, judge_roles, role_weights
from paperlake.paper_links import LEAST_CONFIDENCE, is_surely_own
from paperlake.vocabularies import LINK_ROLES

OFFICIAL = "official_code"
CHOICE_SAYS = {
    "repository": "the GitHub repository whose link is most official, where that is sure and something says so",
    "repository_confidence": "the confidence of the link that names `repository`",
    "repositories": "every GitHub repository that its links name, the most official first",
}
"""How links give these columns of `papers`."""
_ROUNDED = 0.002
"""Confidences are published with three places after the point."""
_KIND_SAYS = "its kind of address"
"""What rules say that have no words of their own: they are named after kinds of links and pages."""
_OTHER_RULES = "the rules that are installed judge its evidence otherwise: other rules made it"
_CORRECTED = "the page does not write it so: it is read from a corrected value"
_SURE = f"{OFFICIAL} with a confidence of {LEAST_CONFIDENCE} or more"
_NOBODY_SAYS = "nothing says that it is the paper's own"


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
        source: where it was first seen; of a link that people corrected, where the value stood before.
        evidence: the rules that spoke, the strongest first, whether for its role or against it.
        roles: share (0-1) of each role by what its evidence says, the best first.
        aliases: what people wrote of its repository's old names.
        corrections: people's repairs without which it would not be there, as a manifest has them.
        is_surely_own: whether it may be named as the paper's repository.
        notes: what else there is to know.
    """

    row: dict[str, Any]
    source: Source
    evidence: tuple[Evidence, ...]
    roles: dict[str, float]
    aliases: tuple[dict[str, str | None], ...]
    corrections: tuple[dict[str, Any], ...]
    is_surely_own: bool
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
    links: pl.DataFrame,
    appearances: Mapping[str, Mapping[str, Any]],
    aliases: Sequence[Alias],
    corrected: Mapping[Sight, Sequence[Correction]],
    sources: SourceLines,
) -> list[ExplainedLink]:
    """The links of one paper, in their order.

    Args:
        links: its rows of `links`.
        appearances: its rows of `appearances` with the `path` of their dumps, by id.
        aliases: those of the release.
        corrected: the corrections of links that are there because of them.
        sources: where lines are read.
    """
    shares = judge_roles(links["evidence"]).select(LINK_ROLES).to_dicts()
    own = links.select(is_surely_own()).to_series().to_list()
    today = resolve_aliases(aliases)
    explained = []
    for row, roles, is_own in zip(links.to_dicts(), shares, own, strict=True):
        corrections = corrected.get((row["appearance_id"], row["found_in"], row["raw"]), ())
        source = _locate(row, appearances[row["appearance_id"]], sources, is_corrected=bool(corrections))
        link = ExplainedLink(
            row=row,
            source=source,
            evidence=_weigh(row["evidence"], row["role"]),
            roles=_rank(roles),
            aliases=tuple(one.as_dict() for one in aliases if _leads_to(one, row, today)),
            corrections=tuple(one.as_dict() for one in corrections),
            is_surely_own=is_own,
            notes=(),
        )
        explained.append(link if _is_as_judged(link) else replace(link, notes=(_OTHER_RULES,)))
    return explained


def _locate(
    row: Mapping[str, Any], appearance: Mapping[str, Any], sources: SourceLines, *, is_corrected: bool
) -> Source:
    """Where a link stands; of a corrected one the listing's own address before, else only the record."""
    if not is_corrected:
        return sources.locate(appearance, "link", row["raw"])
    if row["found_in"] == "listing" and appearance["github_url"]:
        return sources.locate(appearance, "github_url", appearance["github_url"])
    return replace(sources.locate(appearance), note=_CORRECTED)


def _rank(roles: Mapping[str, float]) -> dict[str, float]:
    return {role: round(roles[role], 3) for role in sorted(roles, key=lambda role: -roles[role])}


def _is_as_judged(link: ExplainedLink) -> bool:
    role, confidence = link.row["role"], link.row["confidence"]
    return bool(role == next(iter(link.roles)) and abs(confidence - link.roles[role]) < _ROUNDED)


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
        chosen, paper["repository_confidence"], LEAST_CONFIDENCE, _why(chosen, candidates), tuple(candidates)
    )


def _why(chosen: str | None, candidates: Sequence[RepositoryCandidate]) -> str:
    if chosen:
        return f"the most official of its links that are {_SURE}, and of which something says that they are its own"
    unsaid = [one.repository for one in candidates if one.why.endswith(_NOBODY_SAYS)]
    if unsaid:
        return f"{unsaid[0]} is {_SURE}, but {_NOBODY_SAYS}"
    if any(one.why.endswith(_OTHER_RULES) for one in candidates):
        return _OTHER_RULES
    if candidates:
        return f"none of its repositories is {_SURE}"
    return "no link of it names a GitHub repository for certain"


def _candidate(link: ExplainedLink, chosen: str | None) -> RepositoryCandidate:
    row = link.row
    return RepositoryCandidate(
        row["repository"], row["role"], round(row["confidence"], 3), link.roles[OFFICIAL], _why_candidate(link, chosen)
    )


def _why_candidate(link: ExplainedLink, chosen: str | None) -> str:
    row = link.row
    if row["repository"] == chosen:
        return "chosen"
    if row["role"] != OFFICIAL:
        return f"lost: its role is {row['role']}"
    if row["confidence"] < LEAST_CONFIDENCE:
        return f"lost: {row['confidence']:.3f} is below {LEAST_CONFIDENCE}"
    if not link.is_surely_own:
        return f"lost: {_NOBODY_SAYS}"
    return f"lost: official, too, but {chosen} is more so" if chosen else f"lost: {_OTHER_RULES}"
