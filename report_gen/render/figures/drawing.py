"""Draws the timeline and the trends of a report with a pen; black only, words beside every shape.

A shape never carries meaning alone: each symbol has its event's id beside it and its name in the key.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from report_gen.document.figures import Lane, Mark, Phase, Point, Series, Tick, TimelineFigure, TrendFigure
from report_gen.facts.wording import number_text
from report_gen.render.figures.pen import Pen, PointXY
from report_gen.render.figures.place import StepLabel, group_marks, place_steps, shortened, spread
from report_gen.render.metrics import HAIRLINE, RULE, text_width

__all__ = ["draw_figure", "draw_timeline", "draw_trend", "figure_height", "timeline_height", "trend_height"]

SIZE = 8.0
"""Type size of every label; nothing smaller survives a fax."""
_LANE, _BAR = 17.0, 6.0
_ROW = 10.0
_STEP_ROWS = 5
_RIGHT = 44.0
_PANEL = 52.0
_TREND = 118.0
_SAME_SPOT = 5.0
_BREAK_MIN = 45.0
"""Longest stretch between two recorded pressures that a line still joins."""

Scale = Callable[[datetime], float]
Printer = Callable[[str], str]


def figure_height(figure: TimelineFigure | TrendFigure, width: float, words: Printer) -> float:
    """Height in points of a figure drawn `width` points wide."""
    return timeline_height(figure, width, words) if isinstance(figure, TimelineFigure) else trend_height(figure)


def draw_figure(pen: Pen, figure: TimelineFigure | TrendFigure, width: float, words: Printer) -> None:
    """Draw a figure of either kind. Arguments as `draw_timeline`."""
    if isinstance(figure, TimelineFigure):
        draw_timeline(pen, figure, width, words)
    else:
        draw_trend(pen, figure, width, words)


def _width(words: str) -> float:
    return text_width(words, SIZE)


def _scale(start_at: datetime, end_at: datetime, left: float, right: float) -> Scale:
    length = max((end_at - start_at).total_seconds(), 60.0)
    return lambda at: left + (at - start_at).total_seconds() / length * (right - left)


def _axis(pen: Pen, ticks: Sequence[Tick], x: Scale, y: float) -> None:
    """Ticks with their times; a time without room beside the one before keeps its tick alone."""
    taken = -math.inf
    for tick in ticks:
        at = x(tick.at)
        pen.line((at, y), (at, y - 3))
        half = _width(tick.label) / 2
        if at - half > taken:
            pen.text((at, y - 12), tick.label, size=SIZE, anchor="middle")
            taken = at + half + 4


# --- timeline --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _PlotFrame:
    """Edges of a timeline, and what was measured once for height and drawing."""

    left: float
    right: float
    x: Scale
    steps: tuple[StepLabel, ...]
    rows: int
    key: tuple[str, ...]


def _frame(figure: TimelineFigure, width: float, words: Printer) -> _PlotFrame:
    labels = [words(lane.label) for lane in figure.lanes] + ["Interventions", "MAP, mmHg"]
    left = min(max(_width(label) for label in labels), 130.0) + 6.0
    right = width - _RIGHT
    x = _scale(figure.start_at, figure.end_at, left, right)
    named = [(x(step.at), shortened(words(step.label), 130.0, _width)) for step in (*figure.steps, *figure.handovers)]
    steps = place_steps(named, width=_width, left=left - 20, right=width, rows=_STEP_ROWS)
    rows = max((step.row + 1 for step in steps), default=0)
    return _PlotFrame(left, right, x, steps, rows, _key(figure, steps, width))


def _key(figure: TimelineFigure, steps: Sequence[StepLabel], width: float) -> tuple[str, ...]:
    kinds = {mark.kind for lane in figure.lanes for mark in lane.marks}
    parts = ["bar: monitored"]
    if any(span.kind == "gap" for lane in figure.lanes for span in lane.spans):
        parts.append("hatched: no data or stand-by")
    if "alert" in kinds:
        parts.append("filled triangle: alert")
    if "change" in kinds:
        parts.append("open diamond: change")
    if "improvement" in kinds:
        parts.append("open triangle: improvement")
    if figure.actions:
        parts.append("inverted triangle: intervention, with the event's number")
    if any(not step.shown for step in steps):
        parts.append("tick without words: see the table of times")
    lines = [""]
    for part in parts:
        joined = f"{lines[-1]}; {part}" if lines[-1] else part
        if _width(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(part)
    return tuple(lines)


def timeline_height(figure: TimelineFigure, width: float, words: Printer) -> float:
    """Height in points of a timeline drawn `width` points wide."""
    frame = _frame(figure, width, words)
    lanes = len(figure.lanes) + (1 if figure.actions else 0)
    panel = _PANEL + 8 if figure.map_points else 0
    return frame.rows * _ROW + 18 + lanes * _LANE + panel + 16 + len(frame.key) * _ROW


def draw_timeline(pen: Pen, figure: TimelineFigure, width: float, words: Printer) -> None:
    """Draw the timeline; its lower left corner is the origin.

    Args:
        pen: Where to draw.
        figure: What to draw.
        width: Width in points.
        words: Makes text printable.
    """
    frame = _frame(figure, width, words)
    top = timeline_height(figure, width, words) - frame.rows * _ROW
    bottom = 16 + len(frame.key) * _ROW
    y = top - 18
    _phases(pen, figure.phases, frame, y + 3, words)
    for lane in figure.lanes:
        y -= _LANE
        _lane(pen, lane, frame, y, words)
    if figure.actions:
        y -= _LANE
        pen.text((0, y + 3), "Interventions", size=SIZE)
        _marks(pen, figure.actions, frame, y, words)
    _guides(pen, figure, frame, bottom)
    if figure.map_points:
        _pressure(pen, figure, frame, bottom)
    _steps(pen, frame, top)
    pen.line((frame.left, bottom), (frame.right, bottom), width=RULE)
    _axis(pen, figure.ticks, frame.x, bottom)
    for index, line in enumerate(reversed(frame.key)):
        pen.text((0, index * _ROW + 1), line, size=SIZE)


def _phases(pen: Pen, phases: Sequence[Phase], frame: _PlotFrame, y: float, words: Printer) -> None:
    for phase in phases:
        start, end = frame.x(phase.start_at), frame.x(phase.end_at)
        pen.rect((start, y), (end - start, 10), width=RULE)
        label = words(phase.label)
        if _width(label) + 3 <= end - start:
            pen.text(((start + end) / 2, y + 2.2), label, size=SIZE, anchor="middle")


def _lane(pen: Pen, lane: Lane, frame: _PlotFrame, y: float, words: Printer) -> None:
    pen.text((0, y + 3), shortened(words(lane.label), frame.left - 6, _width), size=SIZE)
    low = y + 2
    for span in lane.spans:
        start, end = frame.x(span.start_at), frame.x(span.end_at)
        if span.kind == "gap":
            # White first, so that the bar beneath does not suggest data.
            box = ((start, low), (end, low), (end, low + _BAR), (start, low + _BAR))
            pen.polygon(box, filled=False, width=RULE)
            _hatch(pen, (start, low), (end, low + _BAR))
        else:
            pen.rect((start, low), (end - start, _BAR), width=RULE)
    _marks(pen, lane.marks, frame, y, words)


def _hatch(pen: Pen, corner: PointXY, opposite: PointXY, step: float = 3.0) -> None:
    """Diagonal lines inside a rectangle."""
    (left, low), (right, high) = corner, opposite
    height = high - low
    offset = left - height + step
    while offset < right:
        start, end = max(offset, left), min(offset + height, right)
        if end > start:
            pen.line((start, low + start - offset), (end, low + end - offset), width=HAIRLINE)
        offset += step


_SHAPES: dict[str, tuple[tuple[PointXY, ...], bool]] = {
    "alert": (((-4.2, -3.6), (4.2, -3.6), (0, 4.4)), True),
    "change": (((-3.8, 0), (0, -3.8), (3.8, 0), (0, 3.8)), False),
    "improvement": (((-4.2, -3.6), (4.2, -3.6), (0, 4.4)), False),
    "intervention": (((-3.8, 3.6), (3.8, 3.6), (0, -3.6)), False),
}


def _marks(pen: Pen, marks: Sequence[Mark], frame: _PlotFrame, y: float, words: Printer) -> None:
    """Symbols on the bar of a lane, their labels above it; of marks on the same spot one symbol shows."""
    drawn = -math.inf
    for mark in sorted(marks, key=lambda mark: mark.at):
        points, filled = _SHAPES[mark.kind]
        x = frame.x(mark.at)
        if x - drawn >= _SAME_SPOT or mark.kind != "intervention":
            pen.polygon([(x + dx, y + 5.6 + dy) for dx, dy in points], filled=filled)
            drawn = x
    named = [(frame.x(mark.at), shortened(words(mark.label), 34.0, _bold)) for mark in marks]
    for group in group_marks(named, _bold):
        left = min(group.label_at, frame.right + _RIGHT - _bold(group.label))
        pen.text((left, y + 9.2), group.label, size=SIZE, bold=True)


def _bold(words: str) -> float:
    return text_width(words, SIZE, bold=True)


def _guides(pen: Pen, figure: TimelineFigure, frame: _PlotFrame, bottom: float) -> None:
    """A dashed line from each alert down through the pressure, so that the two can be read together."""
    if not figure.map_points:
        return
    for lane in figure.lanes:
        for mark in lane.marks:
            if mark.kind == "alert":
                x = frame.x(mark.at)
                pen.line((x, bottom), (x, bottom + _PANEL), width=0.5, dash=(2, 2))


def _steps(pen: Pen, frame: _PlotFrame, top: float) -> None:
    for step in frame.steps:
        height = top + max(step.row, 0) * _ROW + (8 if step.shown else 0)
        pen.line((step.place, top - 4), (step.place, height), width=0.5)
        if step.shown:
            pen.text((step.left, top + step.row * _ROW + 1.5), step.words, size=SIZE)


def _pressure(pen: Pen, figure: TimelineFigure, frame: _PlotFrame, bottom: float) -> None:
    values = [point.value for point in figure.map_points]
    bounds = [*values, *([figure.map_target] if figure.map_target is not None else [])]
    low, high = math.floor((min(bounds) - 4) / 10) * 10, math.ceil((max(bounds) + 4) / 10) * 10

    def y(value: float) -> float:
        return bottom + 2 + (value - low) / (high - low) * (_PANEL - 6)

    lowest = min(figure.map_points, key=lambda point: point.value)
    pen.text((0, bottom + _PANEL / 2 + 2), "MAP, mmHg", size=SIZE)
    pen.text((0, bottom + _PANEL / 2 - 9), f"lowest {number_text(lowest.value)}", size=SIZE)
    for value in (low, high):
        pen.text((frame.left - 3, y(value) - 2.8), str(value), size=SIZE, anchor="end")
        pen.line((frame.left - 2, y(value)), (frame.left, y(value)))
    pen.line((frame.left, bottom), (frame.left, bottom + _PANEL), width=0.5)
    for stretch in _stretches(figure.map_points):
        _curve(pen, stretch, frame.x, y)
    if figure.map_target is not None:
        level = y(figure.map_target)
        pen.line((frame.left, level), (frame.right, level), width=RULE, dash=(5, 2))
        pen.text((frame.right + 2, level - 2.8), f"target {number_text(figure.map_target)}", size=SIZE)
    x, level = frame.x(lowest.at), y(lowest.value)
    pen.polygon(
        [(x - 1.8, level - 1.8), (x + 1.8, level - 1.8), (x + 1.8, level + 1.8), (x - 1.8, level + 1.8)],
        filled=True,
        width=0.4,
    )


def _stretches(points: Sequence[Point]) -> list[list[Point]]:
    """Points cut where too much time lies between two of them for a line to be honest."""
    ordered = sorted(points, key=lambda point: point.at)
    stretches = [[ordered[0]]]
    for before, point in pairwise(ordered):
        if (point.at - before.at).total_seconds() / 60 > _BREAK_MIN:
            stretches.append([])
        stretches[-1].append(point)
    return stretches


def _curve(pen: Pen, points: Sequence[Point], x: Scale, y: Callable[[float], float]) -> None:
    """A line through the points; where several share a printed column, through the lowest and highest of them."""
    columns: dict[int, list[Point]] = {}
    for point in points:
        columns.setdefault(int(x(point.at) * 2), []).append(point)
    kept: list[Point] = []
    for column in columns.values():
        extremes = {min(column, key=lambda p: p.value).at, max(column, key=lambda p: p.value).at}
        kept.extend(point for point in column if len(column) < 3 or point.at in extremes)
    drawn = [(x(point.at), y(point.value)) for point in kept]
    if len(drawn) > 1:
        pen.polyline(drawn, width=1.1)
    if len(drawn) <= 60:
        for px, py in drawn:
            pen.rect((px - 0.9, py - 0.9), (1.8, 1.8), width=0.6)


# --- trend -----------------------------------------------------------------------------------------------------------

_DASHES: tuple[tuple[float, ...], ...] = ((3, 2), (1, 2), (6, 2), (4, 1.5, 1, 1.5), (2, 1), (8, 2), (1, 1))


def trend_height(figure: TrendFigure) -> float:
    """Height in points of a trend."""
    return _TREND + 22 + max(0, len(figure.series) - 11) * 9 + len(figure.criterion) * _ROW


def draw_trend(pen: Pen, figure: TrendFigure, width: float, words: Printer) -> None:
    """Draw a trend; its lower left corner is the origin. Arguments as `draw_timeline`."""
    labels = [f"{shortened(words(curve.label), 90, _width)} {curve.final_label}" for curve in figure.series]
    right = width - max(_bold(label) for label in labels) - 12
    left, bottom, top = 34.0, 18.0 + len(figure.criterion) * _ROW, trend_height(figure) - 6
    x = _scale(figure.start_at, figure.end_at, left, right)
    highest = max(120.0, *(point.value for curve in figure.series for point in curve.points))
    step = next(size for size in (50, 100, 200, 500, 1000) if highest / size <= 5 or size == 1000)
    limit = math.ceil(highest / 20) * 20

    def y(value: float) -> float:
        return bottom + value / limit * (top - bottom)

    pen.line((left, bottom), (left, top), width=RULE)
    pen.line((left, bottom), (right, bottom), width=RULE)
    for value in range(0, int(limit) + 1, step):
        pen.line((left - 3, y(value)), (left, y(value)))
        pen.text((left - 5, y(value) - 2.8), f"{value}%", size=SIZE, anchor="end")
    _axis(pen, figure.ticks, x, bottom)
    if limit > 100:
        pen.line((left, y(100)), (right, y(100)), width=HAIRLINE)
    for index, line in enumerate(figure.criterion):
        pen.line((left, y(line.value)), (right, y(line.value)), width=RULE, dash=(5, 2))
        label = shortened(f"dashed line at {number_text(line.value)}%: {words(line.label)}", width, _width)
        pen.text((0, (len(figure.criterion) - 1 - index) * _ROW + 1), label, size=SIZE)
    threshold = max((line.value for line in figure.criterion), default=None)
    plain = 0
    ends: list[float] = []
    for curve in figure.series:
        _series(pen, curve, x, y, _DASHES[plain % len(_DASHES)], threshold)
        plain += not curve.emphasised
        ends.append(y(curve.points[-1].value))
    heights = spread([end - 2.8 for end in ends], gap=9.0, low=bottom, high=top)
    for curve, label, end, height in zip(figure.series, labels, ends, heights, strict=True):
        last = x(curve.points[-1].at)
        pen.line((last + 3, end), (right + 8, height + 2.8), width=HAIRLINE)
        pen.text((right + 10, height), label, size=SIZE, bold=curve.emphasised)


def _series(
    pen: Pen, curve: Series, x: Scale, y: Callable[[float], float], dash: tuple[float, ...], threshold: float | None
) -> None:
    points = [(x(point.at), y(point.value)) for point in curve.points]
    pen.polyline(points, width=2 * RULE if curve.emphasised else RULE, dash=() if curve.emphasised else dash)
    if curve.emphasised:
        for point, (px, py) in zip(curve.points, points, strict=True):
            filled = threshold is not None and point.value <= threshold
            corners = ((px - 2, py - 2), (px + 2, py - 2), (px + 2, py + 2), (px - 2, py + 2))
            pen.polygon(corners, filled=filled, width=0.7)
