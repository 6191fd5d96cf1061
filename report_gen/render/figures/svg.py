"""The pen's back end that writes SVG, and a whole figure as one accessible image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.render.figures.drawing import draw_figure, figure_height
from report_gen.render.figures.pen import Anchor, PointXY
from report_gen.render.html_markup import Html, characters, element, plain
from report_gen.render.metrics import text_width

__all__ = ["SvgPen", "figure_svg"]

# Arial, Liberation Sans and the report font have the same widths.
_FACES = "Arial, 'Liberation Sans', Helvetica, sans-serif"
_EDGE = 3.0
"""Room around a figure for strokes on its edge and the tails of its last line."""


def _number(value: float) -> str:
    """A length with hundredths of a point; never a negative zero."""
    return f"{round(value, 2) + 0:g}"


class SvgPen:
    """Keeps what is drawn as SVG elements; the vertical axis of SVG runs downwards."""

    def __init__(self, height: float) -> None:
        """Draw on a figure of this height in points."""
        self._height = height
        self.elements: list[Html] = []
        """What was drawn, in order."""

    def _add(self, name: str, attributes: Mapping[str, str], *content: Html) -> None:
        self.elements.append(element(name, *content, attributes=attributes))

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
        attributes = {"x": _number(at[0]), "y": _number(self._height - at[1]), "font-size": _number(size)}
        if anchor != "start":
            attributes["text-anchor"] = anchor
        if bold:
            attributes["font-weight"] = "bold"
        width = text_width(words, size, bold=bold)
        if width:
            attributes |= {"textLength": _number(width), "lengthAdjust": "spacingAndGlyphs"}
        self._add("text", attributes | {"fill": "#000", "stroke": "none"}, characters(words))


def _stroke(width: float, dash: tuple[float, ...]) -> dict[str, str]:
    attributes = {"stroke-width": _number(width)}
    if dash:
        attributes["stroke-dasharray"] = " ".join(_number(length) for length in dash)
    return attributes


def figure_svg(figure: TimelineFigure | TrendFigure, width: float) -> Html:
    """A figure as an SVG image with its facts in words.

    Args:
        figure: What to draw.
        width: Width in points; the image scales.
    """
    height = figure_height(figure, width, plain)
    pen = SvgPen(height)
    draw_figure(pen, figure, width, plain)
    title, description = f"{figure.id}-title", f"{figure.id}-description"
    drawn = element("g", *pen.elements, attributes={"fill": "none", "stroke": "#000", "font-family": _FACES})
    return element(
        "svg",
        element("title", characters(figure.title), attributes={"id": title}),
        element("desc", characters(figure.alt_text), attributes={"id": description}),
        drawn,
        attributes={
            "viewBox": " ".join(map(_number, (-_EDGE, -_EDGE, width + 2 * _EDGE, height + 2 * _EDGE))),
            "role": "img",
            "aria-labelledby": title,
            "aria-describedby": description,
        },
    )
