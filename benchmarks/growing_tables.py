"""Tables of a release whose store grows, from invented papers: what publishing is measured on.

The papers are those of `benchmarks.dump_generator`: their abstracts are as long as real ones (1,253 bytes on average)
and one paper in five gives a link. Texts, links, roles, merged values, ids and changes come from the steps of a build
themselves; only reading dumps and finding equal papers are left out, since which paper each record shows is known.
"""

from itertools import islice

import numpy as np
import polars as pl

from benchmarks.dump_generator import invent_papers
from benchmarks.listed_papers import LISTED, extract, list_papers
from paperlake.assemble import assemble_tables
from paperlake.causes import find_causes
from paperlake.entry import enter_dumps
from paperlake.identity.registry import extend_history, new_ids
from paperlake.identity.resolve import MATCHES
from paperlake.normalise import CLEAN, FOUND_LINKS, find_appearance_links, normalise_appearances
from paperlake.overrulings import OVERRULED
from paperlake.release.compare import find_changes
from paperlake.schemas import TABLES

_ENDLESS = 10**9
_NO_APPEARANCES = pl.DataFrame(schema={"appearance_id": pl.String()})

Tables = dict[str, pl.DataFrame]


class GrowingTables:
    """The nine tables of one release after another; the same seed and calls give the same tables.

    Attributes:
        tables: of the newest release; None before the first.
        n_releases: so far.
    """

    def __init__(self, seed: int) -> None:
        """No release yet."""
        self.tables: Tables | None = None
        self.n_releases = 0
        self._rng = np.random.default_rng([seed, 5])
        self._papers = invent_papers(_ENDLESS, seed)
        self._clean, self._links, self._matches = (pl.DataFrame(schema=each) for each in (CLEAN, FOUND_LINKS, MATCHES))

    @property
    def n_papers(self) -> int:
        """In the newest release; 0 before the first."""
        return 0 if self.tables is None else self.tables["papers"].height

    def grow(self, n_new: int, n_again: int = 0) -> Tables:
        """The tables with so many new papers more; as many old ones, drawn at random, are seen again among them."""
        before = self.tables
        shown = self._show(n_new, n_again)
        extracted = extract(shown.select(LISTED), 0 if before is None else before["dumps"].height, self._rng)
        new = extracted["appearances"]
        self._clean = pl.concat([self._clean, normalise_appearances(new)])
        self._links = pl.concat([self._links, find_appearance_links(new)])
        self._matches = pl.concat([self._matches, _match(new["appearance_id"], shown)])
        made = assemble_tables(enter_dumps(extracted, before), self._clean, self._links, self._matches)
        self.n_releases += 1
        self.tables = made | _steps_between(before, made, self.n_releases)
        return self.tables

    def _show(self, n_new: int, n_again: int) -> pl.DataFrame:
        """LISTED, `paper_id` and `first_appearance_id`, both null of new papers, in the order of the page."""
        new = list_papers(list(islice(self._papers, n_new)), self.n_papers, self._rng)
        shown = pl.concat([self._seen_again(n_again), new], how="diagonal") if n_again else _without_paper(new)
        return shown[self._rng.permutation(shown.height)]

    def _seen_again(self, n_again: int) -> pl.DataFrame:
        assert self.tables is not None
        papers = self.tables["papers"].select("paper_id", "first_appearance_id")
        chosen = papers[np.sort(self._rng.choice(papers.height, n_again, replace=False))]
        first = self.tables["appearances"].select("appearance_id", *LISTED)
        joined = chosen.join(first, left_on="first_appearance_id", right_on="appearance_id", maintain_order="left")
        return joined.select(*LISTED, "paper_id", "first_appearance_id")


def _without_paper(listed: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.lit(None, pl.String)
    return listed.with_columns(paper_id=nothing, first_appearance_id=nothing)


def _match(appearance_ids: pl.Series, shown: pl.DataFrame) -> pl.DataFrame:
    """MATCHES: old papers by their titles, new ones by ids of their own."""
    is_new = shown["paper_id"].is_null()
    own = new_ids(appearance_ids, pl.Series([], dtype=pl.String))
    return pl.DataFrame(
        {
            "appearance_id": appearance_ids,
            "paper_id": shown["paper_id"].fill_null(own),
            "match_rule": is_new.replace_strict({True: "new", False: "title_key"}, return_dtype=pl.String),
            "match_score": is_new.replace_strict({True: None, False: 100.0}, return_dtype=pl.Float32),
            "matched_with": shown["first_appearance_id"],
        },
        schema=MATCHES,
    )


def _steps_between(before: Tables | None, made: Tables, release: int) -> Tables:
    """`changes` and `id_history` as a build makes them, where nobody corrects or judges anything."""
    nobody = pl.DataFrame(schema=OVERRULED)
    earlier = None if before is None else before["appearances"]
    history = TABLES["id_history"].polars_schema.to_frame() if before is None else before["id_history"]
    history = extend_history(history, earlier, made["appearances"], release, nobody)
    events = history.filter(pl.col("release") == release)
    causes = find_causes(before, made, events, _NO_APPEARANCES, (), nobody)
    return {"changes": find_changes(before, made, causes), "id_history": history}
