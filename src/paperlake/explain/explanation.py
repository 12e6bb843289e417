"""Where the values of a paper come from, as data: dump, line, raw text, steps, rules, and what lost.

A release keeps the raw values and the reasons; steps and candidates are worked out again by the rules that are
installed. Where the release was made by others, that is said, and every value that comes out otherwise says so, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from paperlake.curation.reading import Curation, recall_curation
from paperlake.dump_notes import NOTES_FILE
from paperlake.dumps import Dump
from paperlake.explain.link_corrections import find_link_corrections
from paperlake.explain.links import CHOICE_SAYS, ExplainedLink, RepositoryChoice, choose_repository, explain_links
from paperlake.explain.lookup import Found, Lookup, find_papers
from paperlake.explain.release_rows import open_readable, read_rows
from paperlake.explain.source_lines import SourceLines
from paperlake.explain.values import ExplainedValue, explain_values, see_appearances
from paperlake.release.reading import Release
from paperlake.schemas import TABLES
from paperlake.settings import Settings
from paperlake.work import rules_version

MOST_PAPERS = 10
_MATCH_COLUMNS = ("appearance_id", "line_start", "line_end", "is_cut", "match_rule", "match_score", "matched_with")


@dataclass(frozen=True, slots=True)
class ExplainedPaper:
    """One paper.

    Attributes:
        paper_id: its id.
        title: its title.
        why: why it is one of those that were asked for.
        history: its rows of `id_history`, and those of ids that were merged into it.
        appearances: where it was seen, in order of entry, and why these are one paper: columns of `appearances`, with
            `dump` (its path), `captured_on` and `captured_from`.
        values: of `papers` and `metrics`, those that are there.
        links: its links, in their order.
        repository: why it has that repository, or none.
    """

    paper_id: str
    title: str
    why: str
    history: tuple[dict[str, Any], ...]
    appearances: tuple[dict[str, Any], ...]
    values: tuple[ExplainedValue, ...]
    links: tuple[ExplainedLink, ...]
    repository: RepositoryChoice


@dataclass(frozen=True, slots=True)
class Explanation:
    """What there is to say about something that was asked.

    Attributes:
        asked: what was asked, and `asked_as` what it was read as: `paper_id`, `url`, `title` and so on.
        asked_as: see there.
        meant: the id, canonical address or title key that it is.
        release: number of the release.
        made_by_rules: the rules version of the release; `installed_rules` that of this program.
        installed_rules: see there.
        papers: the papers, most relevant first; none where a title is that of several.
        others: those that are only named: `paper_id`, `title`, `why`.
    """

    asked: str
    asked_as: str
    meant: str
    release: int
    made_by_rules: str
    installed_rules: str
    papers: tuple[ExplainedPaper, ...]
    others: tuple[dict[str, str], ...]

    @property
    def is_by_installed_rules(self) -> bool:
        """Whether the release was made by the rules by which it is explained."""
        return self.made_by_rules == self.installed_rules

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return asdict(self) | {"is_by_installed_rules": self.is_by_installed_rules}


def explain(asked: str, settings: Settings, at: int | str | None = None, n_papers: int = MOST_PAPERS) -> Explanation:
    """Where every value of the papers comes from that somebody asks for.

    Args:
        asked: paper id, appearance id, arXiv id, DOI, URL, `owner/name` or title.
        settings: store, and the raw folder whose dumps are quoted.
        at: version of the release; the newest without it.
        n_papers: papers to explain, at most; the others are named. 0 for all.

    Raises:
        UnknownPaperError: no paper is meant.
        StoreError: there is no such release, or it is damaged.
    """
    release = open_readable(settings.store, at)
    lookup = find_papers(release, asked, settings.store)
    shown, others = _divide(lookup, n_papers)
    return Explanation(
        asked=asked,
        asked_as=lookup.kind,
        meant=lookup.meant,
        release=release.version,
        made_by_rules=release.manifest["facts"]["rules_version"],
        installed_rules=rules_version(),
        papers=tuple(_explain_papers(release, shown, settings)),
        others=tuple(_name_papers(release, others)),
    )


def _divide(lookup: Lookup, n_papers: int) -> tuple[Sequence[Found], Sequence[Found]]:
    """Those to explain and those to name: of a title that several papers have, nobody can say which one is meant."""
    if lookup.kind == "title" and len(lookup.found) > 1:
        return (), lookup.found
    most = n_papers or len(lookup.found)
    return lookup.found[:most], lookup.found[most:]


def _name_papers(release: Release, found: Sequence[Found]) -> list[dict[str, str]]:
    wanted = pl.col("paper_id").is_in([one.paper_id for one in found])
    titles = dict(read_rows(release, "papers", wanted, ("paper_id", "title")).iter_rows()) if found else {}
    return [{"paper_id": one.paper_id, "title": titles[one.paper_id], "why": one.why} for one in found]


def _explain_papers(release: Release, found: Sequence[Found], settings: Settings) -> list[ExplainedPaper]:
    if not found:
        return []
    ids = [one.paper_id for one in found]
    own = pl.col("paper_id").is_in(ids)
    tables = {name: read_rows(release, name, own) for name in ("papers", "metrics", "appearances", "links")}
    tables["id_history"] = read_rows(release, "id_history", own | pl.col("other_id").is_in(ids))
    curation = recall_curation(release.manifest["facts"])
    tables["appearances"] = _with_dumps(tables["appearances"], release, curation)
    sources = SourceLines(settings)
    return [_explain_paper(one, tables, curation, sources) for one in found]


def _with_dumps(appearances: pl.DataFrame, release: Release, curation: Curation) -> pl.DataFrame:
    """The appearances with `path`, `captured_on` and `captured_from` of their dumps."""
    wanted = pl.col("dump_id").is_in(appearances["dump_id"].unique().to_list())
    dumps = read_rows(release, "dumps", wanted, ("dump_id", "path", "captured_on"))
    origins = [_captured_from(row, curation) for row in dumps.to_dicts()]
    dated = dumps.with_columns(captured_from=pl.Series(origins, dtype=pl.String))
    return appearances.join(dated, on="dump_id", how="left", maintain_order="left")


def _captured_from(dump: Mapping[str, Any], curation: Curation) -> str | None:
    if dump["captured_on"] is None:
        return None
    if (curation.written.get(dump["dump_id"]) or {}).get("captured_on"):
        return NOTES_FILE
    return "its file name" if Dump(dump["path"], dump["dump_id"], 0).captured_on else "its text"


def _explain_paper(
    found: Found, tables: Mapping[str, pl.DataFrame], curation: Curation, sources: SourceLines
) -> ExplainedPaper:
    own = pl.col("paper_id") == found.paper_id
    rows = {name: tables[name].filter(own) for name in ("papers", "metrics", "appearances", "links")}
    [paper], [metrics], appearances = (rows[name].to_dicts() for name in ("papers", "metrics", "appearances"))
    seen = see_appearances(rows["appearances"], curation.corrections)
    by_id = {row["appearance_id"]: row for row in appearances}
    corrected = find_link_corrections(rows["appearances"], curation.corrections)
    links = explain_links(rows["links"], by_id, curation.aliases, corrected, sources)
    choice = choose_repository(paper, links)
    values = [*explain_values("papers", paper, seen, sources), *_values_from_links(paper, links, choice)]
    return ExplainedPaper(
        paper_id=found.paper_id,
        title=paper["title"],
        why=found.why,
        history=tuple(tables["id_history"].filter(own | (pl.col("other_id") == found.paper_id)).to_dicts()),
        appearances=tuple(map(_as_appearance, appearances)),
        values=(*_in_contract_order(values), *explain_values("metrics", metrics, seen, sources)),
        links=tuple(links),
        repository=choice,
    )


def _as_appearance(row: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: row[name] for name in _MATCH_COLUMNS}
    return {"dump": row["path"], "captured_on": row["captured_on"], "captured_from": row["captured_from"]} | known


def _values_from_links(
    paper: Mapping[str, Any], links: Sequence[ExplainedLink], choice: RepositoryChoice
) -> list[ExplainedValue]:
    """The values of `papers` that links give, each with the link that stands first in it."""
    names = {candidate.repository: candidate for candidate in choice.candidates}
    best = paper["repository"] or next(iter(names), None)
    giver = next((link for link in links if link.row["repository"] == best), None)
    return [
        ExplainedValue(
            "papers", column, paper[column], "most official", says,
            source=giver.source if giver else None, raw=giver.row["raw"] if giver else None,
            corrections=giver.corrections if giver else (),
        )
        for column, says in CHOICE_SAYS.items()
        if paper[column] not in (None, [])
    ]  # fmt: skip


def _in_contract_order(values: Sequence[ExplainedValue]) -> list[ExplainedValue]:
    order = TABLES["papers"].polars_schema.names()
    return sorted(values, key=lambda value: order.index(value.column))
