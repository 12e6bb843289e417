"""Links by kind and role, how sure their roles are, and how right such confidences were on labelled links."""

from functools import cache
from importlib.resources import files

import polars as pl

from paperlake.report.charts import draw, heat, lying_bars
from paperlake.report.section import STRONGER, Chart, Column, Grid, Section, grid_of
from paperlake.report.view import View
from paperlake.vocabularies import LINK_KINDS, LINK_ROLES

_MOST_REPAIRS = 30
_CALIBRATION = (
    "A confidence says how sure a role is. How right such confidences are was measured on labelled links that no rule "
    "was made for: those figures are of the rules, not of this release."
)


def links_section(view: View) -> Section:
    """Kinds, roles, confidence and repairs."""
    links = view.read("links", "kind", "role", "confidence", "repairs")
    if links.is_empty():
        return Section("links", "Links", ("There are no links.",))
    return Section(
        "links", "Links", (_CALIBRATION,), (_kinds_chart(links), _confidence_chart(links)), (_repairs(links),)
    )


def _kinds_chart(links: pl.DataFrame) -> Chart:
    counted = links.group_by("kind", "role").agg(n=pl.len()).sort("n", "kind", "role", descending=[True, False, False])
    most = counted.row(0, named=True)
    says = f"Most of {links.height:,} links, {most['n']:,}, are {most['kind']} as {most['role']}. {STRONGER}"
    columns = (Column("kind"), Column("role"), Column("links", "number"))
    svg = draw(heat(counted.to_dicts(), "role", "kind", "n", {"kind": LINK_KINDS, "role": LINK_ROLES}))
    return Chart("Links by kind and role", says, svg, grid_of("Links by kind and role", columns, counted))


def _confidence_chart(links: pl.DataFrame) -> Chart:
    """Links by ranges of confidence, beside how right labelled links of that range were."""
    measured = calibration()
    sure = links["confidence"].drop_nulls().cast(pl.Float64).round(6)
    at = measured["least"].search_sorted(sure, side="right") - 1
    counted = pl.DataFrame({"least": measured["least"].gather(at)}).group_by("least").agg(n=pl.len())
    joined = measured.join(counted, on="least", how="left").with_columns(pl.col("n").fill_null(0))
    names = pl.Series("range", _ranges(measured["least"].to_list()))
    rows = joined.with_columns(names).select("range", "n", "n_labelled", "confidence", "right_share")
    n_sure = int(joined.filter(pl.col("least") >= 0.8)["n"].sum())
    says = f"{n_sure / links.height:.0%} of links have a confidence of 0.8 or more."
    columns = (
        Column("confidence"),
        Column("links here", "number"),
        Column("labelled links", "number"),
        Column("their mean confidence", "share"),
        Column("of them right", "share"),
    )
    grid = grid_of("Links by confidence, and how right labelled links of that confidence were", columns, rows)
    return Chart("Links by confidence in their role", says, draw(lying_bars(rows.to_dicts(), "range", "n")), grid)


@cache
def calibration() -> pl.DataFrame:
    """`least` confidence of a range; of labelled links in it `n_labelled`, mean `confidence` and `right_share`, 0-1.

    Source: `python -m benchmarks.link_roles`, on links held out, which writes the file.
    """
    path = files("paperlake.report").joinpath("calibration.csv")
    return pl.read_csv(path.read_bytes())


def _ranges(least: list[float]) -> list[str]:
    pairs = zip(least, [*least[1:], None], strict=True)
    return [f"{low:g} to {high:g}" if high is not None else f"{low:g} and more" for low, high in pairs]


def _repairs(links: pl.DataFrame) -> Grid:
    counted = links.select(repair=pl.col("repairs").explode(empty_as_null=False)).drop_nulls().group_by("repair").len()
    ranked = counted.sort("len", "repair", descending=[True, False]).head(_MOST_REPAIRS)
    return grid_of("Repairs made to URLs as written", (Column("repair"), Column("links", "number")), ranked)
