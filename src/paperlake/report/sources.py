"""Where papers came from: dumps and their layouts, and how much these show alike."""

import polars as pl

from paperlake.report.charts import bars, draw, heat, lying_bars
from paperlake.report.section import STRONGER, Chart, Column, Grid, Section, grid_of, tell_cap
from paperlake.report.timeline import count_new
from paperlake.report.view import View

MOST_DUMPS, MOST_LAYOUTS, MOST_MONTHS, MOST_TIMES = 300, 14, 24, 8
_NO_DATE, _NONE = "no date", "none"


def sources_section(view: View) -> Section:
    """Dumps by layout and capture month, papers that several layouts show, and every dump."""
    dumps = count_new(view).with_columns(pl.col("layout").fill_null(_NONE))
    if dumps.is_empty():
        return Section("sources", "Where papers came from", ("There are no dumps.",))
    charts = [_layouts_chart(dumps), _months_chart(dumps), _times_chart(view)]
    shared = _shared_papers(view)
    charts += [_overlap_chart(shared)] if shared.height else []
    return Section("sources", "Where papers came from", (), tuple(charts), (_dumps_grid(dumps),))


def _layouts_chart(dumps: pl.DataFrame) -> Chart:
    counted = dumps.group_by("layout").agg(pl.len(), pl.sum("n_papers"), pl.sum("n_rejects"))
    ranked = counted.sort("n_papers", "layout", descending=[True, False])
    shown = ranked.head(MOST_LAYOUTS)
    names = ("layout", "dumps", "records", "rejects")
    columns = (Column(names[0]), *(Column(name, "number") for name in names[1:]))
    left_out = tell_cap(shown.height, ranked.height, "“dumps”")
    most = ranked.item(0, "layout")
    says = f"{dumps.height:,} dumps in {_count_layouts(ranked)} layouts; most records come from {most}."
    svg = draw(lying_bars(shown.to_dicts(), "layout", "n_papers"))
    return Chart("Records by layout", says, svg, grid_of("Records by layout", columns, shown, left_out))


def _count_layouts(dumps: pl.DataFrame) -> int:
    """Those that recognised a dump."""
    return dumps.filter(pl.col("layout") != _NONE)["layout"].n_unique()


def _months_chart(dumps: pl.DataFrame) -> Chart:
    month = pl.col("captured_on").dt.strftime("%Y-%m").fill_null(_NO_DATE)
    counted = dumps.group_by("layout", month=month).agg(pl.len(), pl.sum("n_papers")).sort("month", "layout")
    months = counted["month"].unique().sort()
    shown = counted.filter(pl.col("month").is_in(months.tail(MOST_MONTHS).implode()))
    columns = (Column("layout"), Column("captured"), Column("dumps", "number"), Column("records", "number"))
    left_out = tell_cap(min(MOST_MONTHS, len(months)), len(months), "“dumps”").replace("The first", "The last")
    svg = draw(heat(shown.to_dicts(), "month", "layout", "n_papers"))
    says = f"Which layouts were captured when: {len(months)} months, {_count_layouts(counted)} layouts. {STRONGER}"
    return Chart("Records by layout and month of capture", says, svg, grid_of("Records", columns, shown, left_out))


def _times_chart(view: View) -> Chart:
    """In how many dumps papers stand."""
    times = pl.col("n_dumps").clip(upper_bound=MOST_TIMES)
    counted = view.scan("metrics").group_by(times=times).agg(n=pl.len()).sort("times").collect()
    more = pl.when(pl.col("times") == MOST_TIMES).then(pl.format("{} and more", "times"))
    named = counted.select(more.otherwise(pl.col("times").cast(pl.String)).alias("times"), "n")
    n_again = int(counted.filter(pl.col("times") > 1)["n"].sum())
    grid = grid_of("Papers by dumps that show them", (Column("dumps"), Column("papers", "number")), named)
    says = f"{n_again:,} papers stand in more than one dump."
    return Chart("Papers by the number of dumps that show them", says, draw(bars(named.to_dicts(), "times", "n")), grid)


def _shared_papers(view: View) -> pl.DataFrame:
    """`one`, `other`, `n`: papers that two layouts show, of each pair both ways; only papers of several dumps count."""
    several = view.scan("metrics").filter(pl.col("n_dumps") > 1).select("paper_id")
    layouts = view.scan("dumps").select("dump_id", one=pl.col("layout").fill_null(_NONE))
    seen = view.scan("appearances").select("paper_id", "dump_id").join(several, on="paper_id", how="semi")
    shown = seen.join(layouts, on="dump_id").select("paper_id", "one").unique().collect().lazy()
    pairs = shown.join(shown.rename({"one": "other"}), on="paper_id").filter(pl.col("one") != pl.col("other"))
    return pairs.group_by("one", "other").agg(n=pl.len()).sort("one", "other").collect()


def _overlap_chart(shared: pl.DataFrame) -> Chart:
    most = shared.row(int(shared["n"].arg_max() or 0), named=True)
    says = f"Most papers, {most['n']:,}, stand in both {most['one']} and {most['other']}. {STRONGER}"
    columns = (Column("layout"), Column("other layout"), Column("papers", "number"))
    grid = grid_of("Papers that two layouts show", columns, shared)
    return Chart("Papers that two layouts show", says, draw(heat(shared.to_dicts(), "one", "other", "n")), grid)


def _dumps_grid(dumps: pl.DataFrame) -> Grid:
    """The dumps that entered last."""
    named = {
        "sequence": Column("no.", "number"),
        "path": Column("path", "text"),
        "layout": Column("layout"),
        "captured_on": Column("captured", "day"),
        "n_lines": Column("lines", "number"),
        "n_papers": Column("records", "number"),
        "n_new": Column("new papers", "number"),
        "n_furniture": Column("furniture", "number"),
        "n_rejects": Column("rejects", "number"),
        "status": Column("status"),
        "reason": Column("reason"),
    }
    shown = dumps.select(*named).tail(MOST_DUMPS).reverse()
    left_out = tell_cap(shown.height, dumps.height, "“dumps”").replace("The first", "The last")
    return grid_of("Dumps, the last to enter first", tuple(named.values()), shown, left_out)
