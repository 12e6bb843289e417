"""The tables of a release that adds new dumps to another and changes nothing else: rows that stay are not made again.

A paper's row is made of its appearances; so it is another only where these are others, in number or in name, or where a
repository of it is spelled otherwise by now. What is small is made anew: links, metrics, repositories.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from paperlake.assemble import (
    collect_repositories,
    finish_papers,
    in_contract,
    join_matches,
    place_sights,
    see,
    with_days,
)
from paperlake.curation.correcting import correct
from paperlake.curation.corrections import Correction
from paperlake.extract import EXTRACTED_APPEARANCES
from paperlake.identity.merging import COUNTS, merge_metrics, merge_papers
from paperlake.normalise import normalise_appearances
from paperlake.paper_links import best_repositories, collect_links
from paperlake.release.draft import DraftPart
from paperlake.release.reading import Release
from paperlake.release.splice import parts_of, read_rows, splice
from paperlake.schemas import TABLES

_MATCH = ("paper_id", "match_rule", "match_score", "matched_with")
_SEEN = ("appearance_id", "dump_id", "line_start", "line_end", *COUNTS, *_MATCH)
"""What is read of all appearances."""
_REPOSITORY = ("repository", "repository_confidence", "repositories")


@dataclass(frozen=True)
class Additions:
    """New dumps on top of a release.

    `appearances` are those of the new dumps, `clean` CLEAN of them, `matches` MATCHES of all, `sights` FOUND_LINKS of
    all, in order of entry; `dumps` and `rejects` are whole tables.
    """

    parent: Release
    appearances: pl.DataFrame
    dumps: pl.DataFrame
    rejects: pl.DataFrame
    clean: pl.DataFrame
    sights: pl.DataFrame
    matches: pl.DataFrame
    corrections: Sequence[Correction]
    aliases: Mapping[str, str]

    @cached_property
    def old(self) -> pl.DataFrame:
        """Of the appearances of the parent what is short."""
        return self.parent.read("appearances", *_SEEN)

    @cached_property
    def seen(self) -> pl.DataFrame:
        """The same of all appearances, with their papers of today."""
        new = self.appearances.select(name for name in _SEEN if name not in _MATCH)
        return pl.concat([self.old.drop(_MATCH), new]).hstack(self.matches.select(_MATCH))

    @cached_property
    def touched(self) -> pl.Series:
        """Ids of the papers, of before or of today, whose appearances are others than before."""
        then, now = self.old["paper_id"], self.seen["paper_id"]
        moved = then != now.head(self.old.height)
        ids = [now.slice(self.old.height), now.head(self.old.height).filter(moved), then.filter(moved)]
        return pl.concat(ids).unique(maintain_order=True)

    def appearance_parts(self) -> Iterable[DraftPart]:
        """The table `appearances`: old rows that are matched otherwise by now are made again."""
        n_old, old = self.old.height, parts_of(self.parent, "appearances")
        now = self.seen.head(n_old)
        differs = [self.old[name].ne_missing(now[name]).alias(name) for name in _MATCH]
        is_other = pl.DataFrame(differs).select(pl.any_horizontal(pl.all())).to_series()
        other = read_rows(self.parent, "appearances", is_other.arg_true(), EXTRACTED_APPEARANCES.names())
        rows = pl.concat([other, self.appearances])
        matched = self.matches.filter(pl.concat([is_other, pl.repeat(True, self.appearances.height, eager=True)]))
        kept = pl.Series(range(n_old), dtype=pl.Int64).set(is_other, None)
        sources = pl.concat([kept, pl.Series([None] * self.appearances.height, dtype=pl.Int64)])
        return splice("appearances", old, sources, join_matches(rows, matched))

    @cached_property
    def papers(self) -> pl.DataFrame:
        """The touched papers of today, as `merge_papers` gives them."""
        is_member = self.seen["paper_id"].is_in(self.touched.implode())
        rows = is_member.head(self.old.height).arg_true()
        read = read_rows(self.parent, "appearances", rows, EXTRACTED_APPEARANCES.names())
        old = correct(read, self.corrections)
        clean = pl.concat([normalise_appearances(old).select(self.clean.columns), self.clean])
        members = pl.concat([old, correct(self.appearances, self.corrections)])
        return merge_papers(see(join_matches(members, self.matches.filter(is_member)), clean, self.dumps))

    @cached_property
    def placed(self) -> pl.DataFrame:
        """All sights, as `place_sights` gives them."""
        return place_sights(self.sights, with_days(self.seen, self.dumps), self.aliases)

    @cached_property
    def links(self) -> pl.DataFrame:
        """All links, as `collect_links` gives them."""
        titles = self.parent.read("papers", "paper_id", "title")
        untouched = titles.filter(~pl.col("paper_id").is_in(self.touched.implode()))
        return collect_links(self.placed, pl.concat([untouched, self.papers.select("paper_id", "title")]))

    @cached_property
    def repositories_now(self) -> pl.DataFrame:
        """The repositories of papers, in the types of `papers`."""
        schema = TABLES["papers"].polars_schema
        return best_repositories(self.links).cast({name: schema[name] for name in _REPOSITORY})

    @cached_property
    def papers_then(self) -> pl.DataFrame:
        """`row`, `paper_id` of the papers of the parent, and whether their row is another by now (`is_other`)."""
        then = self.parent.read("papers", "paper_id", *_REPOSITORY).with_row_index("row")
        now = then.select("paper_id").join(self.repositories_now, on="paper_id", how="left", maintain_order="left")
        now = now.with_columns(pl.col("repositories").fill_null([]))
        differs = [then[name].ne_missing(now[name]).alias(name) for name in _REPOSITORY]
        is_other = pl.DataFrame(differs).select(pl.any_horizontal(pl.all())).to_series()
        is_touched = pl.col("paper_id").is_in(self.touched.implode())
        return then.select("row", "paper_id", is_other=is_touched | is_other)

    @cached_property
    def papers_before(self) -> pl.DataFrame:
        """The rows of the parent of which others stand there by now, or none."""
        rows = self.papers_then.filter("is_other")["row"]
        return read_rows(self.parent, "papers", rows)

    @cached_property
    def papers_after(self) -> pl.DataFrame:
        """The rows in their stead, and those of new papers, in order."""
        made = finish_papers(self.papers, self.repositories_now)
        is_touched = pl.col("paper_id").is_in(self.touched.implode())
        respelled = self.papers_before.filter(~is_touched).drop(_REPOSITORY)
        named = respelled.join(self.repositories_now, on="paper_id", how="left", maintain_order="left")
        rows = pl.concat([made, in_contract("papers", named.with_columns(pl.col("repositories").fill_null([])))])
        return self._order.join(rows, on="paper_id", how="inner", maintain_order="left")

    @cached_property
    def _order(self) -> pl.DataFrame:
        """`paper_id` of all papers of today, in order of entry."""
        return self.seen.select(pl.col("paper_id").unique(maintain_order=True))

    def paper_parts(self) -> Iterable[DraftPart]:
        """The table `papers`."""
        stays = self.papers_then.filter(~pl.col("is_other")).select("paper_id", pl.col("row").cast(pl.Int64))
        sources = self._order.join(stays, on="paper_id", how="left", maintain_order="left")["row"]
        return splice("papers", parts_of(self.parent, "papers"), sources, self.papers_after)

    def small_tables(self) -> dict[str, pl.DataFrame]:
        """The other content tables, made anew."""
        of_counts = [one for one in self.corrections if one.column in COUNTS]
        return {
            "metrics": merge_metrics(with_days(correct(self.seen, of_counts), self.dumps)),
            "links": in_contract("links", self.links),
            "repositories": collect_repositories(self.placed),
            "dumps": in_contract("dumps", self.dumps),
            "rejects": in_contract("rejects", self.rejects),
        }
