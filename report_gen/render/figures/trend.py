"""Draws a trend: markers that tell the responses apart, lines only where the figure has them, absent in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from report_gen.document.figures import ABSENT, JOINED_MIN, FigureSpan, Point, Series, TrendFigure
from report_gen.facts.wording import number_text
from report_gen.render.figures.pen import Pen, PointXY
from report_gen.render.figures.place import StackedLabel, spread, stack_labels
from report_gen.render.figures.shapes import (
    SIZE,
    BreakKind,
    KeyItem,
    Printer,
    Scale,
    axis,
    bold_width,
    cross,
    draw_key,
    foot_height,
    key_lines,
    marker,
    pattern,
    time_scale,
    width_of,
)
from report_gen.render.metrics import HAIRLINE, RULE

__all__ = ["measured_trend"]

_PLOT = 84.0
_LABEL_GAP = 9.0
_STRIP = 11.0
"""Height of the strip below zero in which absent responses stand."""
_MARK_LEVELS, _ABSENT_LEVELS = 2, 3
_MARKER_ROOM = 10.0
_DOTS = (0.8, 2.2)
_CROSS = 2.4
_LEAST_NAME, _NAME_SHARE = 70.0, 0.2
"""Room for the name of a response: the greater of these, in points and as a share of the width."""
_BREAK = 5.0
_SMALL, _LARGE = 1.8, 2.3
_STEPS = (20, 25, 50, 100, 200, 250, 500, 1000)


@dataclass(frozen=True, slots=True)
class _EndLabel:
    """Words at the right end of a line: a response with its last value, or a criterion."""

    words: str
    at: float | None
    """Percent of baseline. None: absent."""
    bold: bool
    index: int
    """Of the response, for its marker; -1: a criterion."""


@dataclass(frozen=True, slots=True)
class _TrendPlan:
    """Everything measured, for height and drawing."""

    left: float
    right: float
    x: Scale
    plot: float
    limit: float
    ends: tuple[_EndLabel, ...]
    marks: tuple[StackedLabel, ...]
    absent: tuple[StackedLabel, ...]
    key: tuple[tuple[tuple[float, KeyItem], ...], ...]

    @property
    def foot(self) -> float:
        """Height of the time axis above the foot of the figure."""
        return foot_height(self.key)

    @property
    def strip(self) -> float:
        """Height of the strip of absent responses; none where no response was absent."""
        levels = max((label.level + 1 for label in self.absent), default=0)
        return _STRIP + max(0, levels - 1) * _LABEL_GAP if self.absent else 0.0

    @property
    def zero(self) -> float:
        """Height of nought percent."""
        return self.foot + self.strip

    @property
    def top(self) -> float:
        """Height of the upper end of the value axis."""
        return self.zero + self.plot

    @property
    def height(self) -> float:
        """Height of the figure."""
        levels = max((label.level + 1 for label in self.marks), default=0)
        return self.top + max(6.0, 2 + levels * _LABEL_GAP)

    def y(self, value: float) -> float:
        """Height of a percentage of baseline."""
        return self.zero + value / self.limit * self.plot

    def place(self, point: Point) -> PointXY:
        """Where a reading stands; an absent one in its strip."""
        return self.x(point.at), self.foot + _STRIP / 2 if point.absent else self.y(point.value)


def measured_trend(figure: TrendFigure, width: float, words: Printer) -> tuple[float, Callable[[Pen], None]]:
    """The height in points of a trend drawn `width` points wide, and what draws it from its lower left corner."""
    plan = _plan(figure, width, words)
    return plan.height, lambda pen: _draw(pen, figure, plan)


def _draw(pen: Pen, figure: TrendFigure, plan: _TrendPlan) -> None:
    _axes(pen, figure, plan)
    for span in figure.breaks:
        _break(pen, span, plan)
    _events(pen, plan)
    for line in figure.criterion:
        pen.line((plan.left, plan.y(line.value)), (plan.right, plan.y(line.value)), width=RULE, dash=(5, 2))
    threshold = max((line.value for line in figure.criterion), default=None)
    for index, curve in enumerate(figure.series):
        _series(pen, curve, index, plan, threshold)
    _absent(pen, figure, plan)
    _ends(pen, plan)
    draw_key(pen, plan.key)


# --- measuring -------------------------------------------------------------------------------------------------------


def _plan(figure: TrendFigure, width: float, words: Printer) -> _TrendPlan:
    names, spelled = _names(figure, width, words)
    labels = [f"{name} {curve.final_label}" for name, curve in zip(names, figure.series, strict=True)]
    labels += [words(line.short) for line in figure.criterion]
    missing = any(point.absent for curve in figure.series for point in curve.points)
    left = max(width_of(ABSENT) if missing else 0.0, width_of("1000%")) + 6
    right = width - max(map(bold_width, labels), default=0.0) - _MARKER_ROOM - 14
    x = time_scale(figure.start_at, figure.end_at, left + 4, right - 4)
    plot = max(_PLOT, len(labels) * _LABEL_GAP)
    marks = stack_labels(
        [(x(mark.at), words(mark.label)) for mark in figure.marks],
        width=bold_width,
        right=width,
        levels=_MARK_LEVELS,
    )
    named = [(x(at), words(", ".join(gone))) for at, _, gone in _absences(figure)]
    absent = stack_labels(named, width=width_of, right=right, levels=_ABSENT_LEVELS, symbol=_CROSS)
    threshold = bool(figure.criterion)
    key = key_lines([*_key(figure, absent, marks, words, threshold=threshold), *spelled], width)
    ends = tuple(
        _EndLabel(label, None if curve.points[-1].absent else curve.points[-1].value, curve.emphasised, index)
        for index, (label, curve) in enumerate(zip(labels, figure.series, strict=False))
    )
    ends += tuple(_EndLabel(words(line.short), line.value, bold=False, index=-1) for line in figure.criterion)
    return _TrendPlan(left, right, x, plot, _limit(figure), ends, marks, absent, key)


def _names(figure: TrendFigure, width: float, words: Printer) -> tuple[list[str], list[KeyItem]]:
    """Names at the ends of the lines; in place of one without room a letter, which the key spells out."""
    room = max(_LEAST_NAME, width * _NAME_SHARE)
    names: list[str] = []
    key: list[KeyItem] = []
    for curve in figure.series:
        name = words(curve.label)
        if bold_width(name) > room:
            letter = chr(ord("a") + len(key))
            key.append(KeyItem(f"{letter}: {name}"))
            name = letter
        names.append(name)
    return names, key


def _limit(figure: TrendFigure) -> float:
    highest = max(110.0, *(point.value for curve in figure.series for point in curve.points))
    return math.ceil(highest / 20) * 20


def _absences(figure: TrendFigure) -> Iterator[tuple[datetime, str, list[str]]]:
    """Each time at which responses were absent, as printed, with their names."""
    found: dict[datetime, tuple[str, list[str]]] = {}
    for curve in figure.series:
        for point in curve.points:
            if point.absent:
                found.setdefault(point.at, (point.when, []))[1].append(curve.label)
    yield from ((at, when, list(dict.fromkeys(names))) for at, (when, names) in sorted(found.items()))


def _key(
    figure: TrendFigure,
    absent: Sequence[StackedLabel],
    marks: Sequence[StackedLabel],
    words: Printer,
    *,
    threshold: bool,
) -> Iterator[KeyItem]:
    joins = {point.joined for curve in figure.series for point in curve.points}
    if "line" in joins:
        yield KeyItem(f"line: readings at most {JOINED_MIN} min apart")
    if "dots" in joins:
        yield KeyItem("dots: further apart, course between not recorded")
    yield from _break_names(figure, words)
    points = [point for curve in figure.series for point in curve.points]
    if any(point.joined == "none" for curve in figure.series for point in curve.points[1:]):
        yield KeyItem("no line: a break, a new baseline, an absent response, or an onset not seen lies between")
    if any(not point.absent for point in points) and threshold:
        yield KeyItem("filled: at or below the dashed line", partial(_filled, 0))
    if absent:
        yield KeyItem("absent", cross)
    if figure.marks:
        kinds = list(dict.fromkeys(mark.kind for mark in figure.marks))
        yield KeyItem(f"upright dashes: {', '.join(kinds)}")
    hidden = [label.words for label in marks if not label.shown]
    if hidden:
        yield KeyItem(f"without a number beside it: {', '.join(hidden)}")
    yield from _absent_words(figure, absent, words)
    for line in figure.criterion:
        yield KeyItem(f"dashed line at {number_text(line.value)}%: {words(line.label)}")


def _break_names(figure: TrendFigure, words: Printer) -> Iterator[KeyItem]:
    """Names of the breaks by their kind."""
    for kind in dict.fromkeys(span.kind for span in figure.breaks):
        named = dict.fromkeys(words(span.label) for span in figure.breaks if span.kind == kind and span.label)
        if kind != "monitored":
            yield KeyItem(", ".join(named) or kind, partial(_swatch, kind))


def _absent_words(figure: TrendFigure, absent: Sequence[StackedLabel], words: Printer) -> Iterator[KeyItem]:
    """Which responses were absent when, where the strip has no room to say so."""
    bare = [
        f"{when} {words(', '.join(names))}"
        for label, (_, when, names) in zip(absent, _absences(figure), strict=True)
        if not label.shown
    ]
    if bare:
        yield KeyItem(f"absent: {'; '.join(bare)}")


def _filled(index: int, pen: Pen, x: float, y: float) -> None:
    marker(pen, index, (x, y), _LARGE, filled=True)


# --- drawing ---------------------------------------------------------------------------------------------------------


def _axes(pen: Pen, figure: TrendFigure, plan: _TrendPlan) -> None:
    pen.line((plan.left, plan.foot), (plan.left, plan.top), width=RULE)
    pen.line((plan.left, plan.foot), (plan.right, plan.foot), width=RULE)
    step = next((size for size in _STEPS if plan.limit / size <= 5), _STEPS[-1])
    for value in range(0, int(plan.limit) + 1, step):
        pen.line((plan.left - 3, plan.y(value)), (plan.left, plan.y(value)))
        pen.text((plan.left - 5, plan.y(value) - 2.8), f"{value}%", size=SIZE, anchor="end")
    if plan.strip:
        pen.line((plan.left, plan.zero), (plan.right, plan.zero), width=HAIRLINE)
        pen.text((plan.left - 5, plan.foot + _STRIP / 2 - 4.6), ABSENT, size=SIZE, anchor="end")
    if plan.limit > 100:
        pen.line((plan.left, plan.y(100)), (plan.right, plan.y(100)), width=HAIRLINE)
    axis(pen, figure.ticks, plan.x, plan.foot)


def _break(pen: Pen, span: FigureSpan, plan: _TrendPlan) -> None:
    """A break as in the timeline, along the upper edge."""
    left, right = (min(max(plan.x(at), plan.left), plan.right) for at in (span.start_at, span.end_at))
    if span.kind != "monitored" and right > left:
        pattern(pen, span.kind, (left, plan.top - _BREAK), (right, plan.top))


def _swatch(kind: BreakKind, pen: Pen, x: float, y: float) -> None:
    pattern(pen, kind, (x - 4.2, y - 2.8), (x + 4.2, y + 2.8))


def _events(pen: Pen, plan: _TrendPlan) -> None:
    """A dashed line at each event, its number above."""
    for label in plan.marks:
        high = plan.top + max(label.level, 0) * _LABEL_GAP
        pen.line((label.place, plan.zero), (label.place, high + 8 if label.shown else high), width=0.5, dash=(2, 2))
        if label.shown:
            pen.text((label.left, high + 2), label.words, size=SIZE, bold=True)


def _series(pen: Pen, curve: Series, index: int, plan: _TrendPlan, threshold: float | None) -> None:
    places = [plan.place(point) for point in curve.points]
    width = 1.5 * RULE if curve.emphasised else RULE
    for kind, stretch in _stretches(curve.points, places):
        pen.polyline(stretch, width=width if kind == "line" else RULE, dash=() if kind == "line" else _DOTS)
    size = _LARGE if curve.emphasised else _SMALL
    for point, place in zip(curve.points, places, strict=True):
        if not point.absent:
            marker(pen, index, place, size, filled=threshold is not None and point.value <= threshold)


def _stretches(points: Sequence[Point], places: Sequence[PointXY]) -> Iterator[tuple[str, list[PointXY]]]:
    """Runs of points that are joined in one way."""
    run: list[PointXY] = []
    kind = "none"
    for point, place in zip(points, places, strict=True):
        if point.joined != kind:
            if len(run) > 1:
                yield kind, run
            run, kind = run[-1:], point.joined
        run = [place] if kind == "none" else [*run, place]
    if len(run) > 1:
        yield kind, run


def _absent(pen: Pen, figure: TrendFigure, plan: _TrendPlan) -> None:
    """A cross at each time at which responses were absent, with their names."""
    for (at, _, _), label in zip(_absences(figure), plan.absent, strict=True):
        x, y = plan.x(at), plan.foot + _STRIP / 2
        cross(pen, x, y, _CROSS)
        if label.shown:
            base = plan.foot + 2.5 + label.level * _LABEL_GAP
            if label.level:
                pen.line((label.place, y), (label.place, base + label.leader), width=0.5)
            pen.text((label.left, base), label.words, size=SIZE)


def _ends(pen: Pen, plan: _TrendPlan) -> None:
    """Labels right of the plot, each with the marker of its response, spread where they end at the same height."""
    ends = [plan.foot + _STRIP / 2 if end.at is None else plan.y(end.at) for end in plan.ends]
    heights = spread([end - 2.8 for end in ends], gap=_LABEL_GAP, low=plan.foot, high=plan.top + 2)
    for end, at, height in zip(plan.ends, ends, heights, strict=True):
        pen.line((plan.right + 1, at), (plan.right + 9, height + 2.8), width=HAIRLINE)
        if end.index >= 0:
            marker(pen, end.index, (plan.right + 14, height + 2.8), _LARGE, filled=False)
        pen.text((plan.right + 10 + _MARKER_ROOM, height), end.words, size=SIZE, bold=end.bold)
