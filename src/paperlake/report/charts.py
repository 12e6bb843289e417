"""Charts as SVG, drawn by Vega while the page is made: they need no script, print well, and follow the page's colours.

Colours are variables of the page's style sheet, so one chart serves light and dark. A size in the drawing is about a
CSS pixel where the page is wide; on a phone charts shrink to three quarters.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import vl_convert

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

_WIDTH, _HEIGHT, _ROW = 400, 170, 22
_GREY = "var(--quiet)"
_SERIES = ("var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)")
_TEXT = {"labelColor": "currentColor", "titleColor": "currentColor", "labelFontSize": 12, "titleFontSize": 12}
_CONFIG: Spec = {
    "background": None,
    "font": "Liberation Sans",  # comes with Vega's own fonts: the same widths on every machine
    "view": {"stroke": None},
    "padding": {"left": 16, "right": 8, "top": 5, "bottom": 5},  # a reader's own font may be a little wider
    "axis": {**_TEXT, "gridColor": "var(--line)", "domainColor": _GREY, "tickColor": _GREY},
    "legend": {**_TEXT, "orient": "top", "title": None},
    "bar": {"color": _SERIES[0]},
    "range": {"category": list(_SERIES)},
}
_MOST_TICKS = 4
_MOST_LABELS = 6
"""Below bars and lines: more would run into one another, and measuring them costs more than all else of a chart."""
_SIZE = re.compile(r' width="[\d.]+" height="[\d.]+"')
_NOT_NEEDED = re.compile(r' (?:font-family|role|aria-[a-z]+|class|pointer-events)="[^"]*"')
"""The page has a font; and a picture has one name as a whole, so that nothing in it needs one."""
_LONG_NUMBER = re.compile(r"(\d\.\d\d)\d+")
_KEPT = 64
"""Drawings kept in memory: a publisher that was not the fastest makes its page again, mostly of the same figures."""


def bars(rows: Rows, along: str, counted: str, *, stacked_by: str | None = None, order: Sequence[str] = ()) -> Spec:
    """Standing bars: a row a bar, in the order given.

    Args:
        rows: what is drawn.
        along: field that names a bar.
        counted: field with its height.
        stacked_by: field by which a bar is cut into parts.
        order: the names of the parts, from the bottom.
    """
    x = {"field": along, "type": "ordinal", "sort": None, "title": None, "axis": _some_labels(rows, along)}
    y = {"field": counted, "type": "quantitative", "title": None, "axis": _counts(rows, counted)}
    parts = {"color": {"field": stacked_by, "type": "nominal", "sort": list(order)}} if stacked_by else {}
    return _spec(rows, "bar", {"x": x, "y": y, **parts}, _HEIGHT)


def lying_bars(rows: Rows, along: str, counted: str, *, is_share: bool = False) -> Spec:
    """Lying bars, for names that are long: a row a bar, in the order given; shares from 0 to 1."""
    y = {"field": along, "type": "ordinal", "sort": None, "title": None, "axis": {"labelLimit": 170}}
    axis = {"format": "%", "tickCount": 5} if is_share else _counts(rows, counted)
    scale = {"scale": {"domain": [0, 1]}} if is_share else {}
    x = {"field": counted, "type": "quantitative", "title": None, "axis": axis, **scale}
    return _spec(rows, "bar", {"x": x, "y": y}, _ROW * max(len(rows), 1))


def heat(rows: Rows, across: str, down: str, amount: str, orders: Mapping[str, Sequence[str]] | None = None) -> Spec:
    """Cells that are the stronger the more there is; cells without a row are empty.

    Args:
        rows: what is drawn.
        across: field that names a column.
        down: field that names a row.
        amount: field with a count, or a share.
        orders: names in their order, by field; those of a field without one stand as in the alphabet.
    """
    order = {field: list(names) for field, names in (orders or {}).items()}
    tilted = {"labelAngle": -40, "labelLimit": 110}
    x = {"field": across, "type": "ordinal", "sort": order.get(across, "ascending"), "title": None, "axis": tilted}
    y = {"field": down, "type": "ordinal", "sort": order.get(down, "ascending"), "title": None}
    strong = {"field": amount, "type": "quantitative", "legend": None, "scale": {"type": "sqrt", "range": [0.18, 1]}}
    n_down = len({row[down] for row in rows})
    mark = {"type": "rect", "color": _SERIES[0], "stroke": "var(--line)", "strokeWidth": 0.5}
    return _spec(rows, mark, {"x": x, "y": y, "opacity": strong}, _ROW * max(n_down, 1))


def lines(rows: Rows, along: str, measured: str, *, by: str | None = None, is_share: bool = False) -> Spec:
    """A line, or one for each value of `by`, with a point a row."""
    x = {"field": along, "type": "ordinal", "sort": None, "title": None, "axis": _some_labels(rows, along)}
    axis = {"format": "%"} if is_share else {"format": "~s"}
    y = {"field": measured, "type": "quantitative", "title": None, "axis": axis, "scale": {"zero": True}}
    colour = {"color": {"field": by, "type": "nominal", "sort": None}} if by else {}
    mark = {"type": "line", "point": {} if by else {"color": _SERIES[0]}, **({} if by else {"color": _SERIES[0]})}
    return _spec(rows, mark, {"x": x, "y": y, **colour}, _HEIGHT)


def draw(spec: Spec) -> str:
    """The chart as one `svg` element without a size of its own; the same figures, the same letters."""
    return _draw(json.dumps(spec, sort_keys=True))


@lru_cache(maxsize=_KEPT)
def _draw(spec: str) -> str:
    drawn = vl_convert.vegalite_to_svg(spec)
    plain = _NOT_NEEDED.sub("", _SIZE.sub("", drawn, count=1))
    return _LONG_NUMBER.sub(r"\1", plain)


def _counts(rows: Rows, counted: str) -> Spec:
    """Ticks at whole numbers, also where the most is one or two."""
    most = max((row[counted] for row in rows), default=1)
    return {"tickCount": min(_MOST_TICKS, max(most, 1)), "format": "~s"}


def _some_labels(rows: Rows, along: str) -> Spec:
    """Labels of every few values, so that they do not overlap."""
    names = list(dict.fromkeys(row[along] for row in rows))
    return {"values": names[:: -(-len(names) // _MOST_LABELS) or 1], "labelAngle": 0}


def _spec(rows: Rows, mark: object, encoding: Spec, height: int) -> Spec:
    size = {"width": _WIDTH, "height": height, "autosize": {"type": "fit-x", "contains": "padding"}}
    return {"config": _CONFIG, **size, "data": {"values": list(rows)}, "mark": mark, "encoding": encoding}
