"""The SVG of a figure against the pen that remembers: the same shapes and words at the same places."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from report_gen import load_case
from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.pipeline import prepare
from report_gen.render.figures.drawing import measured_figure
from report_gen.render.figures.pen import PenText, RecorderPen, Stroke
from report_gen.render.figures.svg import POINTS_A_PIXEL, SvgPen, figure_svg
from report_gen.render.html_text import plain
from tests.markup_tree import Node, tree
from tests.selection import over_samples

by_sample = over_samples(
    "invented_scoliosis_mep_loss", "invented_outage_cautery_gaps", "invented_overnight_clock_change"
)
"""A trend with an alert; gaps and outages; an axis over midnight. Published cases have no figure."""
SHOWN = 700.0
WIDTH = (SHOWN - 6) * POINTS_A_PIXEL
_PLACES = {"x", "y", "x1", "y1", "x2", "y2", "width", "height"}


@cache
def _figures(path: Path) -> list[TimelineFigure | TrendFigure]:
    draft = prepare(load_case(path)).draft
    blocks = [block for section in draft.sections for block in section.blocks]
    return [block for block in blocks if isinstance(block, (TimelineFigure, TrendFigure))]


def _stroke(node: Node, height: float) -> Stroke:
    """A shape of the SVG as the recorder would have kept it."""
    number = {key: float(value) for key, value in node.attributes.items() if key in _PLACES}
    match node.name:
        case "line":
            points = ((number["x1"], height - number["y1"]), (number["x2"], height - number["y2"]))
        case "rect":
            low = height - number["y"] - number["height"]
            points = ((number["x"], low), (number["x"] + number["width"], low + number["height"]))
        case _:
            pairs = [pair.split(",") for pair in node.attributes["points"].split()]
            points = tuple((float(x), height - float(y)) for x, y in pairs)
    return Stroke(node.name, points, node.attributes.get("fill") == "#000")


def _words(node: Node, height: float) -> PenText:
    """A text of the SVG as the recorder would have kept it."""
    width = float(node.attributes.get("textlength", 0))
    back = {"start": 0, "middle": width / 2, "end": width}[node.attributes.get("text-anchor", "start")]
    x, y = float(node.attributes["x"]), float(node.attributes["y"])
    return PenText(node.text(), x - back, height - y, width, float(node.attributes.get("font-size", 8)))


def _flat(strokes: list[Stroke]) -> list[float]:
    return [place for stroke in strokes for point in stroke.points for place in point]


class TestEverySample:
    @by_sample
    def test_the_geometry_is_the_recorders(self, path):
        """Every line, shape and text of every figure, in order, within what rounding to hundredths leaves."""
        for figure in _figures(path):
            height, draw = measured_figure(figure, WIDTH, plain)
            pen = RecorderPen()
            draw(pen)
            (group,) = tree(figure_svg(figure, SHOWN)).all("g")
            strokes = [_stroke(node, height) for node in group.children if node.name != "text"]
            assert [(row.kind, row.filled) for row in strokes] == [(row.kind, row.filled) for row in pen.strokes]
            assert _flat(strokes) == pytest.approx(_flat(pen.strokes), abs=0.016)
            words = [_words(node, height) for node in group.children if node.name == "text"]
            assert [(row.text, row.size) for row in words] == [(row.text, row.size) for row in pen.words]
            for drawn, kept in zip(words, pen.words, strict=True):
                places = (drawn.left, drawn.bottom, drawn.width)
                assert places == pytest.approx((kept.left, kept.bottom, kept.width), abs=0.016)

    @by_sample
    def test_nothing_lies_outside_its_view(self, path):
        """The view of the image holds every point and the tails of the lowest line."""
        for figure in _figures(path):
            (image,) = tree(figure_svg(figure, SHOWN)).all("svg")
            left, top, width, height = map(float, image.attributes["viewbox"].split())
            drawn, _ = measured_figure(figure, WIDTH, plain)
            for node in image.all("g")[0].children:
                if node.name == "text":
                    row = _words(node, drawn)
                    points = [(row.left, row.bottom - 2), (row.left + row.width, row.bottom + 6)]
                else:
                    points = list(_stroke(node, drawn).points)
                assert all(left <= x <= left + width and top <= drawn - y <= top + height for x, y in points), (
                    figure.id,
                    node,
                )


class TestSvgPen:
    def test_a_word_is_as_wide_as_reckoned(self):
        """Another font of the reader's machine cannot push a label into its neighbour."""
        pen = SvgPen(100)
        pen.text((10, 20), "E1", bold=True, anchor="end")
        (node,) = tree("".join(pen.elements)).children
        assert node.attributes["textlength"] == "9.79"
        assert node.attributes["lengthadjust"] == "spacingAndGlyphs"
        assert (node.attributes["x"], node.attributes["y"]) == ("10", "80")

    def test_words_stand_for_themselves(self):
        """Markup in a label is words."""
        pen = SvgPen(10)
        pen.text((0, 0), '<set onbegin="x"/>&amp; \u05d3\u05d5\u05d3')
        (node,) = tree("".join(pen.elements)).children
        assert node.children == []
        assert node.text() == '<set onbegin="x"/>&amp; \u05d3\u05d5\u05d3'

    def test_a_text_without_width_has_no_length(self):
        """A length of nought would hide what there is."""
        pen = SvgPen(10)
        pen.text((0, 0), "")
        assert "textLength" not in pen.elements[0]

    def test_numbers_are_short(self):
        """Hundredths of a point, and no minus before nought."""
        pen = SvgPen(0)
        pen.line((1 / 3, 0.001), (2.0, 0.0), dash=(1.5, 1))
        assert 'x1="0.33" y1="0" x2="2" y2="0"' in pen.elements[0]
        assert 'stroke-dasharray="1.5 1"' in pen.elements[0]
