"""How full every column is, and which fields each layout shows."""

from collections import defaultdict

import polars as pl

from paperlake.report.charts import draw, heat, lying_bars
from paperlake.report.section import STRONGER, Chart, Column, Grid, Section
from paperlake.report.view import View
from paperlake.schemas import TABLES

_TABLES = ("papers", "metrics", "appearances", "links", "repositories", "dumps")
_LONG_TEXTS = ("abstract", "abstract_raw")
"""Half of a release: their shares are told by flags and by the manifest, without reading a letter of them."""

Share = tuple[str, str, float | None, int]
"""Table, column, share 0-1 of its rows that have a value, rows."""


def coverage_section(view: View) -> Section:
    """Columns that may be empty, and fields by layout."""
    shares = [share for name in _TABLES for share in _table_shares(view, name)]
    sentences = ("Columns that the contract lets be empty, and how many of their rows have a value.",)
    charts = [_papers_chart(shares)]
    charts += [_layouts_chart(fields)] if (fields := _fields_by_layout(view)) else []
    return Section("coverage", "How full the columns are", sentences, tuple(charts), (_grid(shares),))


def _table_shares(view: View, name: str) -> list[Share]:
    columns = [column.name for column in TABLES[name].columns if column.nullable]
    read = [column for column in columns if column not in _LONG_TEXTS]
    n_rows = view.counts[name]
    [filled] = view.scan(name).select(pl.col(read).count()).collect().to_dicts()
    shares = {column: n / n_rows if n_rows else None for column, n in filled.items()}
    shares |= {column: _long_text_share(view, column) for column in columns if column in _LONG_TEXTS}
    return [(name, column, shares[column], n_rows) for column in columns]


def _long_text_share(view: View, column: str) -> float | None:
    if column == "abstract":
        without = view.scan("papers").select(pl.col("flags").list.contains("no_abstract").sum()).collect().item()
        n_papers = view.counts["papers"]
        return 1 - without / n_papers if n_papers else None
    dumps = view.facts.get("coverage", [])
    n_records = sum(dump["n_papers"] for dump in dumps)
    n_shown = sum(dump["n_papers"] * dump["fields"].get(column, 0) for dump in dumps)
    return round(n_shown / n_records, 3) if n_records else None


def _papers_chart(shares: list[Share]) -> Chart:
    of_papers = [share for share in shares if share[0] == "papers"]
    rows = [{"column": column, "share": share or 0} for _, column, share, _ in of_papers]
    told = [f"{column} {share or 0:.0%}" for _, column, share, _ in of_papers if column in ("abstract", "repository")]
    svg = draw(lying_bars(rows, "column", "share", is_share=True))
    grid = Grid(
        "Columns of papers",
        (Column("column"), Column("rows with a value", "share")),
        [(column, share) for _, column, share, _ in of_papers],
    )
    return Chart("Papers that have a value, by column", f"Of all papers: {', '.join(told)}.", svg, grid)


def _fields_by_layout(view: View) -> list[tuple[str, str, float]]:
    """Layout, field, and the share of its records that show it, as the manifest tells of every dump."""
    records: dict[str, int] = defaultdict(int)
    shown: dict[tuple[str, str], float] = defaultdict(float)
    for dump in view.facts.get("coverage", []):
        records[dump["layout"]] += dump["n_papers"]
        for field, share in dump["fields"].items():
            shown[dump["layout"], field] += share * dump["n_papers"]
    return [(layout, field, round(n / max(records[layout], 1), 3)) for (layout, field), n in sorted(shown.items())]


def _layouts_chart(fields: list[tuple[str, str, float]]) -> Chart:
    rows = [{"layout": layout, "field": field, "share": share} for layout, field, share in fields]
    columns = (Column("layout"), Column("field"), Column("records that show it", "share"))
    says = f"{len({layout for layout, _, _ in fields})} layouts and the fields that their records show. {STRONGER}"
    grid = Grid("Fields by layout", columns, fields)
    return Chart("Fields that layouts show", says, draw(heat(rows, "field", "layout", "share")), grid)


def _grid(shares: list[Share]) -> Grid:
    columns = (Column("table"), Column("column"), Column("rows with a value", "share"), Column("rows", "number"))
    return Grid("Every column that may be empty", columns, shares)
