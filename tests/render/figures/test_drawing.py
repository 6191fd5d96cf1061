"""Geometry of the figures, read from a pen that remembers: what overlaps here overlaps on the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from report_gen import load_case
from report_gen.document.figures import (
    CriterionLine,
    FigureSpan,
    Lane,
    Mark,
    Point,
    Series,
    Step,
    TargetStep,
    Tick,
    TimelineFigure,
    TrendFigure,
)
from report_gen.pipeline import prepare
from report_gen.render.figures.drawing import measured_figure
from report_gen.render.figures.pen import PenText, RecorderPen
from report_gen.render.pdf.styles import MARGIN, page
from tests.selection import over_samples

by_sample = over_samples(
    "invented_scoliosis_mep_loss",
    "invented_outage_cautery_gaps",
    "invented_overnight_clock_change",
    "invented_thyroid_rln",
    "stress_twelve_hours",
)
"""An alert; gaps and outages; an axis over midnight; a response lost to the end; crowds of everything."""
WIDTHS = {size: page(size)[0] - 2 * MARGIN for size in ("letter", "a4")} | {"phone": 340 * 0.75}
START = datetime.fromisoformat("2026-02-11T08:00:00-06:00")


@cache
def _figures(path: Path) -> list[TimelineFigure | TrendFigure]:
    draft = prepare(load_case(path)).draft
    blocks = [block for section in draft.sections for block in section.blocks]
    return [block for block in blocks if isinstance(block, (TimelineFigure, TrendFigure))]


def _drawn(figure: TimelineFigure | TrendFigure, width: float) -> tuple[RecorderPen, float]:
    pen = RecorderPen()
    height, draw = measured_figure(figure, width, str)
    draw(pen)
    return pen, height


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
    @pytest.mark.parametrize("size", sorted(WIDTHS))
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
        map_targets=(TargetStep(75, START, end, ("f",)),),
    )


def _changed(figure: TimelineFigure, **fields: object) -> TimelineFigure:
    return replace(figure, **fields)


class TestTheTimeline:
    @pytest.mark.parametrize("events", [0, 1, 12, 60])
    @pytest.mark.parametrize("minutes", [20, 240, 1440])
    @pytest.mark.parametrize("size", ["letter", "phone"])
    def test_any_number_of_events_stays_legible(self, events, minutes, size):
        """Of sixty events in twenty minutes those without room for their number are named in the key."""
        figure = _timeline(events, minutes=minutes)
        assert _faults(figure, WIDTHS[size]) == []
        printed = " ".join(row.text for row in _drawn(figure, WIDTHS[size])[0].words).replace(",", " ").split()
        assert {mark.label for mark in figure.lanes[0].marks} <= set(printed)
        assert not any("–" in word for word in printed)

    @pytest.mark.parametrize("steps", [0, 1, 8, 40])
    @pytest.mark.parametrize("size", ["letter", "phone"])
    def test_any_number_of_steps_stays_legible(self, steps, size):
        """A step without room for words at its tick has them in the key, whole."""
        figure = _timeline(2, steps=steps)
        assert _faults(figure, WIDTHS[size]) == []
        printed = " ".join(row.text for row in _drawn(figure, WIDTHS[size])[0].words)
        words = printed.replace(",", "").split()
        assert [words.count(str(index + 1)) >= 1 for index in range(steps)] == [True] * steps
        assert words.count("operation") == steps
        assert "…" not in printed

    @pytest.mark.parametrize("size", ["letter", "phone"])
    def test_long_names_are_not_cut(self, size):
        """An event id of any allowed length cannot cover what stands beside it, nor be lost."""
        figure = _timeline(12, label="an-event-id-of-great-length-{}")
        assert _faults(figure, WIDTHS[size]) == []
        printed = "".join(row.text for row in _drawn(figure, WIDTHS[size])[0].words)
        assert all(mark.label in printed.replace(" ", "") for mark in figure.lanes[0].marks)

    def test_a_name_without_a_break_between_words_stays_inside(self):
        """Of a step, of a lane and of a break."""
        long = "x" * 200
        span = FigureSpan(START, START + timedelta(minutes=9), "gap", ("f",), long)
        figure = _changed(_timeline(2), lanes=(Lane(long, (span,), (), ("f",)),), steps=(Step(START, long, ("f",)),))
        for width in WIDTHS.values():
            assert _faults(figure, width) == []
            assert "".join(row.text for row in _drawn(figure, width)[0].words).count("x") >= 600

    def test_breaks_have_their_words_beside_them(self):
        """Each kind another pattern, none without words."""
        spans = tuple(
            FigureSpan(START + timedelta(minutes=m), START + timedelta(minutes=m + 20), kind, ("f",), label)
            for m, kind, label in ((20, "gap", "data gap"), (90, "outage", "link outage"), (160, "standby", "stand-by"))
        )
        figure = _changed(_timeline(0), lanes=(Lane("all modalities", spans, (), ("f",)),))
        pen, _ = _drawn(figure, WIDTHS["letter"])
        words = {row.text: row.left for row in pen.words}
        assert words["data gap"] < words["link outage"] < words["stand-by"]

    def test_interventions_of_one_event_carry_no_number_and_the_key_has_it(self):
        """Seven symbols of E1 need no seven labels."""
        one = tuple(Mark(START + timedelta(minutes=m), "intervention", "E1", ("f",)) for m in range(100, 107))
        words = [row.text for row in _drawn(_changed(_timeline(1), actions=one), WIDTHS["letter"])[0].words]
        assert "intervention, all of E1" in words
        assert words.count("E1") == 1

    def test_interventions_that_hide_each_other_name_all_their_events(self):
        """One act about four alerts stands for all four, by number."""
        same = tuple(Mark(START + timedelta(minutes=100), "intervention", f"E{n}", ("f",)) for n in (1, 2, 4))
        words = [row.text for row in _drawn(_changed(_timeline(0), actions=same), WIDTHS["letter"])[0].words]
        assert "E1, E2, E4" in words

    def test_without_a_pressure_there_is_no_panel(self):
        """Neither a word of it nor its height."""
        figure, without = _timeline(1), _changed(_timeline(1), map_points=(), map_targets=())
        pen, height = _drawn(without, WIDTHS["letter"])
        assert not any("MAP" in row.text or "target" in row.text for row in pen.words)
        assert height < _drawn(figure, WIDTHS["letter"])[1] - 30

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
        # The alert itself, and its symbol in the key.
        assert sum(stroke.filled for stroke in shapes if len(stroke.points) == 3) == 2

    def test_pressure_is_not_drawn_over_a_gap(self):
        """Two pressures an hour apart are not joined."""
        figure = _timeline(0, minutes=120)
        apart = tuple(Point(START + timedelta(minutes=m), 70, ("f",)) for m in (0, 10, 20, 80, 90))
        figure = _changed(figure, map_points=apart)
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
        figure = _changed(figure, map_points=crowd)
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


def _absent(minute: int) -> Point:
    return Point(START + timedelta(minutes=minute), 0.0, ("f",), "absent", f"08:{minute:02d}")


def _polylines(figure: TrendFigure) -> list[int]:
    return [len(stroke.points) for stroke in _drawn(figure, WIDTHS["letter"])[0].strokes if stroke.kind == "polyline"]


class TestTheTrend:
    @pytest.mark.parametrize("series", [1, 2, 8])
    @pytest.mark.parametrize("final", [0, 50, 100, 480, 990])
    @pytest.mark.parametrize("size", ["letter", "phone"])
    def test_labels_at_the_same_height_are_spread(self, series, final, size):
        """Eight responses that end on the same value keep eight readable labels, and a great value a readable axis."""
        line = CriterionLine(20, "criterion in force", ("f",), "80% decrease")
        assert _faults(replace(_trend(series, final=final), criterion=(line,)), WIDTHS[size]) == []

    def test_lines_run_only_where_the_figure_has_them(self):
        """Nothing between points that are not joined; dots and lines are two strokes."""
        (curve,) = _trend(1).series
        joins = ("none", "line", "none", "dots", "line")
        points = tuple(replace(point, joined=join) for point, join in zip(curve.points, joins, strict=True))
        assert _polylines(_trend(1)) == []
        assert _polylines(replace(_trend(1), series=(replace(curve, points=points),))) == [2, 2, 2]

    def test_an_absent_response_stands_below_nought_with_its_name(self):
        """In a strip that says absent."""
        (curve,) = _trend(1).series
        figure = replace(
            _trend(1), series=(replace(curve, points=(*curve.points[:2], _absent(45)), final_label="absent"),)
        )
        pen, _ = _drawn(figure, WIDTHS["letter"])
        heights = {row.text: row.bottom for row in pen.words}
        assert heights["absent"] < heights["0%"]
        assert "L muscle 1 absent" in heights
        assert "L muscle 1" in heights

    @pytest.mark.parametrize("size", ["letter", "phone"])
    def test_every_absence_is_named_however_many_there_are(self, size):
        """At its cross, or in the key with its time."""
        rows = tuple(
            replace(curve, points=(curve.points[0], *(_absent(minute) for minute in range(20 + index, 60, 3))))
            for index, curve in enumerate(_trend(4).series)
        )
        figure = replace(_trend(4), series=rows)
        assert _faults(figure, WIDTHS[size]) == []
        printed = " ".join(row.text for row in _drawn(figure, WIDTHS[size])[0].words)
        assert "absent: 08:" in printed

    def test_the_criterion_says_at_its_line_what_it_is(self):
        """And under the figure whether it is all of the criterion."""
        line = CriterionLine(
            20, "amplitude part alone of the criterion in force, loss or decrease", ("f",), "80% decrease"
        )
        words = [row.text for row in _drawn(replace(_trend(2), criterion=(line,)), WIDTHS["letter"])[0].words]
        assert "80% decrease" in words
        assert any(text.startswith("dashed line at 20%: amplitude part alone") for text in words)

    def test_an_event_is_marked_across_the_figure(self):
        """Its number above, what the line is in the key."""
        mark = Mark(START + timedelta(minutes=40), "alert", "E1", ("f",))
        words = [row.text for row in _drawn(replace(_trend(1), marks=(mark,)), WIDTHS["letter"])[0].words]
        assert "E1" in words
        assert "upright dashes: alert" in words

    @pytest.mark.parametrize("size", ["letter", "phone"])
    def test_a_long_name_gives_its_room_to_the_figure(self, size):
        """A letter stands at the line, the name in the key."""
        (curve,) = _trend(1).series
        figure = replace(_trend(1), series=(replace(curve, label="left " + "muscle " * 30),))
        assert _faults(figure, WIDTHS[size]) == []
        words = [row.text for row in _drawn(figure, WIDTHS[size])[0].words]
        assert "a 50%" in words
        assert any(text.startswith("a: left muscle") for text in words)

    def test_responses_have_markers_of_their_own(self):
        """Where no line runs, the shape tells them apart."""
        pen, _ = _drawn(_trend(8), WIDTHS["letter"])
        shapes = {
            tuple((round(x - stroke.points[0][0], 1), round(y - stroke.points[0][1], 1)) for x, y in stroke.points)
            for stroke in pen.strokes
            if stroke.kind == "polygon" and stroke.points[0][0] > WIDTHS["letter"] * 0.75
        }
        assert len(shapes) >= 8
