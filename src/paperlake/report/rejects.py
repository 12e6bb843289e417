"""What could not be read: by reason, with examples and the lines they stand on."""

import polars as pl

from paperlake.report.charts import draw, lying_bars
from paperlake.report.section import Chart, Column, Grid, Section, tell_cap
from paperlake.report.view import View
from paperlake.shown_text import shorten, span
from paperlake.vocabularies import REJECT_REASONS

PER_REASON, MOST_EXAMPLES = 5, 60
_MOST_LETTERS = 240
_SAYS = (
    "Text that could not be read, or would not be published: the table “rejects” keeps 2,000 characters of each, and "
    "the dump all of it. A dump that is set aside whole is a reject, too, but no record, and so not in their share."
)


def rejects_section(view: View) -> Section:
    """Rejects by reason, and some of each."""
    counted = view.read("rejects", "reason").group_by("reason").agg(n=pl.len())
    if counted.is_empty():
        return Section("rejects", "Rejects", ("Nothing was rejected: every line is part of a paper, or furniture.",))
    ranked = counted.sort("n", "reason", descending=[True, False])
    sentences = (_SAYS,)
    return Section("rejects", "Rejects", sentences, (_chart(ranked),), (_examples(view),))


def _chart(ranked: pl.DataFrame) -> Chart:
    says = f"{ranked['n'].sum():,} rejects, by the reason."
    rows = [(reason, n, REJECT_REASONS.get(reason, "")) for reason, n in ranked.iter_rows()]
    columns = (Column("reason"), Column("rejects", "number"), Column("which is"))
    svg = draw(lying_bars(ranked.to_dicts(), "reason", "n"))
    return Chart("Rejects by reason", says, svg, Grid("Rejects by reason", columns, rows))


def _examples(view: View) -> Grid:
    """The first of each reason."""
    columns = ("reason", "dump_id", "line_start", "line_end", "detail", "text")
    paths = view.scan("dumps").select("dump_id", "path")
    of_each = view.scan("rejects").select(columns).group_by("reason", maintain_order=True).head(PER_REASON)
    found = of_each.join(paths, on="dump_id", how="left").sort("reason", maintain_order=True).collect()
    shown = found.head(MOST_EXAMPLES)
    rows = [
        (row["reason"], row["path"], span(row["line_start"], row["line_end"]), row["detail"], _short(row["text"]))
        for row in shown.to_dicts()
    ]
    headings = (
        Column("reason"),
        Column("dump", "text"),
        Column("lines", "word"),
        Column("detail", "text"),
        Column("text", "text"),
    )
    left_out = tell_cap(shown.height, view.counts["rejects"], "“rejects”")
    return Grid("Rejects, some of every reason", headings, rows, left_out)


def _short(text: str | None) -> str | None:
    return text and shorten(" ".join(text.split()), _MOST_LETTERS)
