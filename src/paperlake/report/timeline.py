"""When papers were published, and which dumps brought them."""

import polars as pl

from paperlake.report.charts import bars, draw
from paperlake.report.section import Chart, Column, Section, grid_of
from paperlake.report.view import View

MOST_MONTHS, MOST_BARS = 96, 48
_DUMP_KEY = 16
"""Letters of a `dump_id` that open an `appearance_id`."""
NEW, KNOWN = "new", "seen before"


def timeline_section(view: View) -> Section:
    """Papers by month of publication, and by the dump that showed them first."""
    months, n_undated, n_older = _by_month(view)
    sentences = []
    if n_undated:
        sentences.append(f"{n_undated:,} papers have no date of publication: no dump decides it.")
    if n_older:
        sentences.append(f"{n_older:,} papers of months before the first one shown are left out.")
    charts = [_months_chart(months)] if months.height else []
    return Section("timeline", "Papers by time", tuple(sentences), (*charts, _dumps_chart(view)))


def _by_month(view: View) -> tuple[pl.DataFrame, int, int]:
    """`month` as `2026-03`, `n`: the last months without a gap; papers without a date; papers of earlier months."""
    month = pl.col("published_on").dt.truncate("1mo")
    counted = view.scan("papers").group_by(month).agg(n=pl.len()).sort("published_on").collect()
    dated = counted.drop_nulls()
    n_undated = int(counted.filter(pl.col("published_on").is_null())["n"].sum())
    if dated.is_empty():
        return dated.select(month=pl.lit(""), n="n").clear(), n_undated, 0
    every = dated.upsample("published_on", every="1mo").with_columns(pl.col("n").fill_null(0)).tail(MOST_MONTHS)
    n_older = int(dated["n"].sum()) - int(every["n"].sum())
    return every.select(month=pl.col("published_on").dt.strftime("%Y-%m"), n="n"), n_undated, n_older


def _months_chart(months: pl.DataFrame) -> Chart:
    busiest = months.row(int(months["n"].arg_max() or 0), named=True)
    says = f"{months['n'].sum():,} papers; most of them, {busiest['n']:,}, in {busiest['month']}."
    grid = grid_of("Papers by month of publication", (Column("month"), Column("papers", "number")), months)
    return Chart("Papers by month of publication", says, draw(bars(months.to_dicts(), "month", "n")), grid)


def _dumps_chart(view: View) -> Chart:
    """Bars of dumps in order of entry; of many dumps several share a bar."""
    dumps = count_new(view).select("sequence", "n_new", known=pl.col("n_papers") - pl.col("n_new"))
    per_bar = -(-dumps.height // MOST_BARS) or 1
    binned = dumps.group_by((pl.int_range(pl.len()) // per_bar).alias("bar"), maintain_order=True).agg(
        first=pl.col("sequence").first(), last=pl.col("sequence").last(), n_new=pl.sum("n_new"), known=pl.sum("known")
    )
    named = pl.when(pl.col("first") == pl.col("last")).then(pl.col("first").cast(pl.String))
    bars_of = binned.select(named.otherwise(pl.format("{}–{}", "first", "last")).alias("dumps"), "n_new", "known")
    rows = [
        {"dumps": names, "n": n, "part": part}
        for names, n_new, known in bars_of.iter_rows()
        for n, part in ((n_new, NEW), (known, KNOWN))
    ]
    svg = draw(bars(rows, "dumps", "n", stacked_by="part", order=[NEW, KNOWN]))
    says = f"{dumps['n_new'].sum():,} papers stood in a dump first; {dumps['known'].sum():,} records were seen before."
    columns = (Column("dumps"), Column(NEW, "number"), Column(KNOWN, "number"))
    return Chart("Records by dump, in order of entry", says, svg, grid_of("Records by dump", columns, bars_of))


def count_new(view: View) -> pl.DataFrame:
    """One row a dump in order of entry: its columns, and `n_new`, the papers that it was the first to show."""
    first = view.scan("papers").group_by(key=pl.col("first_appearance_id").str.head(_DUMP_KEY)).agg(n_new=pl.len())
    dumps = view.scan("dumps").with_columns(key=pl.col("dump_id").str.head(_DUMP_KEY))
    joined = dumps.join(first, on="key", how="left").sort("sequence")
    return joined.with_columns(pl.col("n_new").fill_null(0).cast(pl.Int32)).drop("key").collect()
