"""Geometry of the figures, read from a pen that remembers: what overlaps here overlaps on the page."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from report_gen import load_case
from report_gen.document.figures import Lane, Mark, Point, Series, Step, Tick, TimelineFigure, TrendFigure
from report_gen.pipeline import prepare
from report_gen.render.figures.drawing import draw_timeline, draw_trend, timeline_height, trend_height
from report_gen.render.figures.pen import PenText, RecorderPen
from report_gen.render.pdf.styles import MARGIN, page
from tests.selection import over_samples

by_sample = over_samples(
    "invented_scoliosis_mep_loss", "invented_outage_cautery_gaps", "invented_overnight_clock_change"
)
"""A trend with an alert; gaps and outages; an axis over midnight. Published cases have no figure."""
WIDTHS = {size: page(size)[0] - 2 * MARGIN for size in ("letter", "a4")}
START = datetime.fromisoformat("2026-02-11T08:00:00-06:00")


@cache
def _figures(path: Path) -> list[TimelineFigure | TrendFigure]:
    draft = prepare(load_case(path)).draft
    blocks = [block for section in draft.sections for block in section.blocks]
    return [block for block in blocks if isinstance(block, (TimelineFigure, TrendFigure))]


def _drawn(figure: TimelineFigure | TrendFigure, width: float) -> tuple[RecorderPen, float]:
    pen = RecorderPen()
    if isinstance(figure, TimelineFigure):
        draw_timeline(pen, figure, width, str)
        return pen, timeline_height(figure, width, str)
    draw_trend(pen, figure, width, str)
    return pen, trend_height(figure)


def _overlap(first: PenText, second: PenText) -> bool:
    """Whether two texts touch, by cap height and width."""
    across = first.left < second.left + second.width and second.left < first.left + first.width
    along = first.bottom < second.bottom + second.size * 0.72 and second.bottom < first.bottom + first.size * 0.72
    return across and along


def _faults(figure: TimelineFigure | TrendFigure, width: float) -> list[str]:
    pen, height = _drawn(figure, width)
    faults = [
        f"{a.text!r} on {b.text!r}" for a, b in combinations([w for w in pen.words if w.text], 2) if _overlap(a, b)
    ]
    faults += [
        f"{w.text!r} outside"
        for w in pen.words
        if w.left < -0.5 or w.left + w.width > width + 0.5 or w.bottom < -0.5 or w.bottom + 6 > height + 0.5
    ]
    faults += [f"{w.text!r} at {w.size} pt" for w in pen.words if w.size < 8]
    faults += [
        f"{stroke.kind} outside"
        for stroke in pen.strokes
        for x, y in stroke.points
        if not (-1 <= x <= width + 1 and -1 <= y <= height + 1)
    ]
    return faults


class TestEverySample:
    @pytest.mark.parametrize("size", ["letter", "a4"])
    @by_sample
    def test_nothing_overlaps_or_leaves_its_figure(self, path, size):
        """No label touches another, everything lies inside, nothing is under 8 pt."""
        faults = {figure.id: _faults(figure, WIDTHS[size]) for figure in _figures(path)}
        assert {name: rows for name, rows in faults.items() if rows} == {}


def _timeline(events: int, *, minutes: int = 240, steps: int = 4, label: str = "E{}") -> TimelineFigure:
    end = START + timedelta(minutes=minutes)

    def moment(index: int, count: int) -> datetime:
        return START + timedelta(minutes=minutes * (index + 0.5) / max(count, 1))

    marks = tuple(
        Mark(moment(i, events), ("alert", "change", "improvement")[i % 3], label.format(i + 1), ("f",))
        for i in range(events)
    )
    actions = tuple(
        Mark(min(mark.at + timedelta(minutes=1), end), "intervention", mark.label, ("f",)) for mark in marks
    )
    points = tuple(Point(START + timedelta(minutes=m), 60 + m % 37, ("f",)) for m in range(0, minutes + 1, 5))
    return TimelineFigure(
        id="timeline",
        title="Timeline",
        alt_text="words",
        start_at=START,
        end_at=end,
        ticks=tuple(Tick(START + timedelta(minutes=m), f"{8 + m // 60:02d}:00") for m in range(0, minutes, 60)),
        phases=(),
        lanes=(Lane("TcMEP", (), marks, ("f",)), Lane("lower-limb SSEP", (), (), ("f",))),
        actions=actions,
        steps=tuple(Step(moment(i, steps), f"step {i + 1} of the operation", ("f",)) for i in range(steps)),
        handovers=(Step(moment(1, 3), "technologist hand-over", ("f",)),),
        map_points=points,
        map_target=75,
        map_target_facts=("f",),
    )


class TestTheTimeline:
    @pytest.mark.parametrize("events", [0, 1, 12, 60])
    @pytest.mark.parametrize("minutes", [20, 240, 1440])
    def test_any_number_of_events_stays_legible(self, events, minutes):
        """Sixty events in twenty minutes join their labels instead of printing them over each other."""
        assert _faults(_timeline(events, minutes=minutes), WIDTHS["letter"]) == []

    @pytest.mark.parametrize("steps", [0, 1, 8, 40])
    def test_any_number_of_steps_stays_legible(self, steps):
        """A step without room for words keeps its tick, and the key says where its words stand."""
        figure = _timeline(2, steps=steps)
        assert _faults(figure, WIDTHS["letter"]) == []
        words = [row.text for row in _drawn(figure, WIDTHS["letter"])[0].words]
        shown = sum(text.startswith("step ") for text in words)
        assert shown == steps or any("tick without words" in text for text in words)

    def test_long_names_are_cut_with_an_ellipsis(self):
        """An event id of any allowed length cannot cover what stands beside it."""
        assert _faults(_timeline(12, label="an-event-id-of-great-length-{}"), WIDTHS["letter"]) == []

    def test_an_alert_stands_at_its_minute(self):
        """The tip of an alert's triangle lies as far along the axis as its time lies in the case."""
        figure = _timeline(1)
        pen, _ = _drawn(figure, WIDTHS["letter"])
        triangle = next(stroke for stroke in pen.strokes if stroke.kind == "polygon" and stroke.filled)
        (left, _), (right, _) = max(
            (stroke.points for stroke in pen.strokes if stroke.kind == "line" and len(stroke.points) == 2),
            key=lambda points: abs(points[1][0] - points[0][0]),
        )
        tip = triangle.points[2][0]
        assert (tip - left) / (right - left) == pytest.approx(0.5, abs=0.01)

    def test_an_alert_is_filled_and_the_others_are_not(self):
        """Shape tells the classes apart without colour."""
        pen, _ = _drawn(_timeline(3), WIDTHS["letter"])
        shapes = [stroke for stroke in pen.strokes if stroke.kind == "polygon" and len(stroke.points) in (3, 4)]
        assert sum(stroke.filled for stroke in shapes if len(stroke.points) == 3) == 1

    def test_pressure_is_not_drawn_over_a_gap(self):
        """Two pressures an hour apart are not joined."""
        figure = _timeline(0, minutes=120)
        apart = tuple(Point(START + timedelta(minutes=m), 70, ("f",)) for m in (0, 10, 20, 80, 90))
        figure = TimelineFigure(**{name: getattr(figure, name) for name in figure.__slots__} | {"map_points": apart})
        pen, _ = _drawn(figure, WIDTHS["letter"])
        lines = [stroke for stroke in pen.strokes if stroke.kind == "polyline"]
        assert [len(line.points) for line in lines] == [3, 2]

    def test_every_recorded_extreme_of_a_crowded_pressure_is_drawn(self):
        """Thinning two thousand points keeps the lowest and the highest."""
        figure = _timeline(0)
        crowd = tuple(
            Point(START + timedelta(seconds=7 * i), 31 if i == 1234 else 120 if i == 700 else 80, ("f",))
            for i in range(2000)
        )
        figure = TimelineFigure(**{name: getattr(figure, name) for name in figure.__slots__} | {"map_points": crowd})
        pen, _ = _drawn(figure, WIDTHS["letter"])
        line = next(stroke for stroke in pen.strokes if stroke.kind == "polyline")
        heights = sorted({round(y, 3) for _, y in line.points})
        assert len(heights) == 3
        assert any(row.text == "lowest 31" for row in pen.words)


def _trend(series: int, *, final: float = 50) -> TrendFigure:
    rows = tuple(
        Series(
            f"L muscle {i + 1}",
            tuple(Point(START + timedelta(minutes=30 * m), 100 if m < 2 else final, ("f",)) for m in range(5)),
            f"{final:.0f}%",
            i == 0,
            ("f",),
        )
        for i in range(series)
    )
    ticks = tuple(Tick(START + timedelta(minutes=m), f"{8 + m // 60:02d}:{m % 60:02d}") for m in (0, 60, 120))
    return TrendFigure("trend", "Trend", "words", START, START + timedelta(hours=2), ticks, "% of baseline", rows, ())


class TestTheTrend:
    @pytest.mark.parametrize("series", [1, 2, 8])
    @pytest.mark.parametrize("final", [0, 50, 100, 480])
    def test_labels_at_the_same_height_are_spread(self, series, final):
        """Eight responses that end on the same value keep eight readable labels."""
        assert _faults(_trend(series, final=final), WIDTHS["letter"]) == []
