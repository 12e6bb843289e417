"""The repositories that most papers link."""

import polars as pl

from paperlake.report.section import Column, Section, grid_of, tell_cap
from paperlake.report.view import View

MOST_REPOSITORIES = 100


def repositories_section(view: View) -> Section:
    """The most linked ones."""
    names = ("owner", "name", "url", "n_papers", "github_stars", "first_seen_on", "last_seen_on")
    ranked = view.scan("repositories").select(names).sort("n_papers", "url", descending=[True, False])
    shown = ranked.head(MOST_REPOSITORIES).collect()
    if shown.is_empty():
        return Section("repositories", "Most linked repositories", ("No paper links a repository.",))
    columns = (
        Column("repository", "url"),
        Column("papers", "number"),
        Column("stars", "number"),
        Column("first seen", "day"),
        Column("last seen", "day"),
    )
    rows = shown.select("url", *names[3:])
    left_out = tell_cap(shown.height, view.counts["repositories"], "“repositories”")
    n_once = view.scan("repositories").select((pl.col("n_papers") == 1).sum()).collect().item()
    sentences = (f"{n_once:,} of {view.counts['repositories']:,} repositories are linked by one paper alone.",)
    grid = grid_of("Repositories by the number of papers that link them", columns, rows, left_out)
    return Section("repositories", "Most linked repositories", sentences, grids=(grid,))
