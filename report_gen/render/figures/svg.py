"""The pen's back end that writes SVG, and a whole figure as one image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.render.figures.drawing import measured_figure
from report_gen.render.figures.pen import Anchor, PointXY
from report_gen.render.html_text import characters, plain
from report_gen.render.metrics import text_width

__all__ = ["POINTS_A_PIXEL", "SvgPen", "figure_svg"]

# Arial, Liberation Sans and the report font have the same widths.
_FACES = "Arial, 'Liberation Sans', Helvetica, sans-serif"
POINTS_A_PIXEL = 0.75
"""Points in a pixel of CSS: type of 8 points is as tall as 10.7 pixels."""
_TYPE, _LINE = 8.0, 0.5
"""Size of the type and width of a line where an element names none."""
_EDGE = 3.0
"""Room around a figure, in pixels, for strokes on its edge and the tails of its last line."""


def _number(value: float) -> str:
    """A length with hundredths of a point; never a negative zero."""
    return f"{round(value, 2) + 0:g}"


class SvgPen:
    """Keeps what is drawn as SVG elements; the vertical axis of SVG runs downwards."""

    def __init__(self, height: float) -> None:
        """Draw on a figure of this height in points."""
        self._height = height
        self.elements: list[Markup] = []
        """What was drawn, in order."""

    def _add(self, name: str, attributes: Mapping[str, str], *content: Markup) -> None:
        self.elements.append(_element(name, attributes, *content))

    def _points(self, points: Sequence[PointXY]) -> str:
        return " ".join(f"{_number(x)},{_number(self._height - y)}" for x, y in points)

    def line(self, start: PointXY, end: PointXY, *, width: float = 0.5, dash: tuple[float, ...] = ()) -> None:
        """A straight line."""
        (x1, y1), (x2, y2) = start, end
        places = {"x1": x1, "y1": self._height - y1, "x2": x2, "y2": self._height - y2}
        self._add("line", {key: _number(value) for key, value in places.items()} | _stroke(width, dash))

    def rect(self, corner: PointXY, size: PointXY, *, width: float = 0.5) -> None:
        """An unfilled rectangle."""
        (x, y), (wide, high) = corner, size
        places = {"x": x, "y": self._height - y - high, "width": wide, "height": high}
        self._add("rect", {key: _number(value) for key, value in places.items()} | _stroke(width, ()))

    def polygon(self, points: Sequence[PointXY], *, filled: bool, width: float = 0.7) -> None:
        """A closed shape."""
        fill = "#000" if filled else "#fff"
        self._add("polygon", {"points": self._points(points), "fill": fill} | _stroke(width, ()))

    def polyline(self, points: Sequence[PointXY], *, width: float = 0.8, dash: tuple[float, ...] = ()) -> None:
        """Straight lines from point to point."""
        self._add("polyline", {"points": self._points(points)} | _stroke(width, dash))

    def text(self, at: PointXY, words: str, *, size: float = 8, bold: bool = False, anchor: Anchor = "start") -> None:
        """Text on a baseline, as wide as it was reckoned whatever font the browser takes."""
        attributes = {"x": _number(at[0]), "y": _number(self._height - at[1])}
        if size != _TYPE:
            attributes["font-size"] = _number(size)
        if anchor != "start":
            attributes["text-anchor"] = anchor
        if bold:
            attributes["font-weight"] = "bold"
        width = text_width(words, size, bold=bold)
        if width:
            attributes |= {"textLength": _number(width), "lengthAdjust": "spacingAndGlyphs"}
        self._add("text", attributes | {"fill": "#000", "stroke": "none"}, characters(words))


def _stroke(width: float, dash: tuple[float, ...]) -> dict[str, str]:
    attributes = {} if width == _LINE else {"stroke-width": _number(width)}
    if dash:
        attributes["stroke-dasharray"] = " ".join(_number(length) for length in dash)
    return attributes


def _element(name: str, attributes: Mapping[str, str], *content: Markup) -> Markup:
    """An element: names from the program, values of any text, around markup."""
    written = "".join(f' {key}="{characters(value)}"' for key, value in attributes.items())
    return Markup(f"<{name}{written}>{''.join(content)}</{name}>")  # noqa: S704 - all of it was escaped


def figure_svg(figure: TimelineFigure | TrendFigure, width: float) -> Markup:
    """A figure as an SVG image for who sees it, laid out for the width at which it is shown.

    Whoever places it says its facts in words.

    Args:
        figure: What to draw.
        width: Width in pixels of CSS, such as 340 on a phone or 700 on a desk; shown at that width, its type is 10.7
            pixels tall.
    """
    points = (width - 2 * _EDGE) * POINTS_A_PIXEL
    height, draw = measured_figure(figure, points, plain)
    pen = SvgPen(height)
    draw(pen)
    common = {"fill": "none", "stroke": "#000", "stroke-width": _number(_LINE), "font-size": _number(_TYPE)}
    drawn = _element("g", {**common, "font-family": _FACES}, *pen.elements)
    edge = _EDGE * POINTS_A_PIXEL
    view = " ".join(map(_number, (-edge, -edge, points + 2 * edge, height + 2 * edge)))
    return _element("svg", {"viewBox": view, "aria-hidden": "true"}, drawn)
