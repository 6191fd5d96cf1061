"""Draws the timeline: steps above, the phases of the operation, lanes with their marks, the pressure, the time axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise

from report_gen.document.figures import FigureSpan, Mark, Phase, Point, TargetStep, TimelineFigure
from report_gen.facts.wording import number_text
from report_gen.render.figures.pen import Pen
from report_gen.render.figures.place import StackedLabel, StepLabel, folded, place_steps, stack_labels, wrapped
from report_gen.render.figures.shapes import (
    NARROW,
    ROW,
    SIZE,
    BreakKind,
    KeyItem,
    Printer,
    Scale,
    axis,
    bold_width,
    draw_key,
    foot_height,
    key_lines,
    pattern,
    symbol,
    time_scale,
    width_of,
)
from report_gen.render.figures.targets import draw_targets
from report_gen.render.metrics import RULE

__all__ = ["measured_timeline"]

_BAR = 6.0
_BAND = 15.0
_BARE_LANE = 11.0
_LABEL = 8.5
_LABEL_AT = 10.8
"""From the foot of a lane to its lowest labels, above the symbols."""
_LEVELS = 3
_STEP_ROWS, _STEP_ROWS_NARROW = (3, 4), (6,)
"""Rows above the phases; the next number where fewer leave a step without its words."""
_ONE_LINE, _MOST_WIDE = 75.0, 150.0
_NAMES = 108.0
_PANEL = 35.0
_BREAKS: tuple[BreakKind, ...] = ("gap", "outage", "standby")
_SAME_SPOT = 4.0
"""Symbols closer than this hide each other."""
_BREAK_MIN = 45.0
"""Longest stretch between two recorded pressures that a line still joins."""


@dataclass(frozen=True, slots=True)
class _DrawnLane:
    """A lane with its labels in place."""

    names: tuple[str, ...]
    spans: tuple[FigureSpan, ...]
    marks: tuple[Mark, ...]
    labels: tuple[StackedLabel, ...]
    breaks: frozenset[str]
    """Those of the labels that name breaks; the others are numbers of events."""
    label_room: float
    height: float

    @property
    def without_room(self) -> tuple[str, ...]:
        """Numbers that found no room."""
        return tuple(label.words for label in self.labels if not label.shown and label.words not in self.breaks)


@dataclass(frozen=True, slots=True)
class _TimelinePlan:
    """Everything measured, for height and drawing."""

    narrow: bool
    left: float
    right: float
    x: Scale
    steps: tuple[StepLabel, ...]
    rows: int
    lanes: tuple[_DrawnLane, ...]
    panel: float
    pressure: tuple[str, ...]
    key: tuple[tuple[tuple[float, KeyItem], ...], ...]

    @property
    def foot(self) -> float:
        """Height of the time axis above the foot of the figure."""
        return foot_height(self.key)

    @property
    def height(self) -> float:
        """Height of the figure."""
        lanes = sum(lane.height for lane in self.lanes)
        return self.rows * ROW + _BAND + lanes + self.panel + self.foot


def measured_timeline(figure: TimelineFigure, width: float, words: Printer) -> tuple[float, Callable[[Pen], None]]:
    """The height in points of a timeline drawn `width` points wide, and what draws it from its lower left corner."""
    plan = _plan(figure, width, words)
    return plan.height, lambda pen: _draw(pen, figure, plan, words)


def _draw(pen: Pen, figure: TimelineFigure, plan: _TimelinePlan, words: Printer) -> None:
    top = plan.height - plan.rows * ROW
    y = top - _BAND
    _phases(pen, figure.phases, plan, y + 4, words)
    for lane in plan.lanes:
        y -= lane.height
        _lane(pen, lane, plan, y)
    if figure.map_points:
        _guides(pen, figure, plan)
        _pressure(pen, figure, plan)
    _steps(pen, plan, top)
    pen.line((plan.left, plan.foot), (plan.right, plan.foot), width=RULE)
    axis(pen, figure.ticks, plan.x, plan.foot)
    draw_key(pen, plan.key)


# --- measuring -------------------------------------------------------------------------------------------------------


def _plan(figure: TimelineFigure, width: float, words: Printer) -> _TimelinePlan:
    narrow = width < NARROW
    pressure = _pressure_words(figure, narrow=narrow)
    names = [wrapped(words(lane.label), width if narrow else _NAMES, width_of) for lane in figure.lanes]
    actions = ("interventions",)
    column = [line for lines in (*names, actions if figure.actions else (), pressure) for line in lines]
    left = 24.0 if narrow else max([*map(width_of, column), 40.0]) + (22.0 if figure.map_points else 6.0)
    target = figure.map_targets[-1] if figure.map_targets and figure.map_points else None
    right = width - (width_of(f"target {number_text(target.mmhg)}") + 3 if target is not None else 12.0)
    x = time_scale(figure.start_at, figure.end_at, left, right)
    lanes = [
        _measured(lane_names, lane.spans, lane.marks, (x, width, words), narrow=narrow)
        for lane_names, lane in zip(names, figure.lanes, strict=True)
    ]
    if figure.actions:
        lanes.append(_measured(actions, (), figure.actions, (x, width, words), narrow=narrow))
    steps, key_steps = _placed_steps(figure, x, width, words)
    panel = 0.0 if not figure.map_points else _PANEL + 8 + (ROW * len(pressure) if narrow else 0)
    key = key_lines([*_key(figure, lanes, words), *_narrow_phases(figure.phases, x, words), *key_steps], width)
    rows = max((step.top + 1 for step in steps if step.shown), default=0)
    return _TimelinePlan(narrow, left, right, x, steps, rows, tuple(lanes), panel, pressure, key)


def _pressure_words(figure: TimelineFigure, *, narrow: bool) -> tuple[str, ...]:
    if not figure.map_points:
        return ()
    lowest = min(figure.map_points, key=lambda point: point.value)
    when = f" ({lowest.when})" if lowest.when else ""
    lines = ("MAP, mmHg", f"lowest {number_text(lowest.value)}{when}")
    return (", ".join(lines),) if narrow else lines


def _measured(
    names: tuple[str, ...],
    spans: tuple[FigureSpan, ...],
    marks: tuple[Mark, ...],
    frame: tuple[Scale, float, Printer],
    *,
    narrow: bool,
) -> _DrawnLane:
    x, width, words = frame
    named = [(x(span.start_at) - 2, words(span.label)) for span in spans if span.label]
    # Interventions of one event alone carry no number; the key has it.
    bare = _one_event(marks) is not None
    wanted = [*named, *((x(at), words(label)) for at, label in ([] if bare else _numbers(marks, x)))]
    labels = stack_labels(wanted, width=bold_width, right=width, levels=_LEVELS)
    used = max((label.level + 1 for label in labels), default=0)
    room = _LABEL_AT + 7.5 + (used - 1) * _LABEL if used else _BARE_LANE
    height = room + len(names) * ROW if narrow else max(room, len(names) * ROW + 1)
    return _DrawnLane(names, spans, marks, labels, frozenset(label for _, label in named), room, height)


def _one_event(marks: Sequence[Mark]) -> str | None:
    """The number of the one event that all interventions of a figure belong to. None: of several, or not these."""
    numbers = {mark.label for mark in marks if mark.kind == "intervention"}
    return numbers.pop() if len(numbers) == 1 else None


def _numbers(marks: Sequence[Mark], x: Scale) -> Iterator[tuple[datetime, str]]:
    """The number of each event; interventions that hide each other share a label with the numbers of all of them.

    So do those of one event that stand closer than their number is wide, with their count.
    """
    clusters: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda mark: mark.at):
        before = clusters[-1] if clusters and mark.kind == "intervention" else []
        same = {mark.label} == {other.label for other in before}
        room, first = (bold_width(mark.label) + 8, -1) if same else (_SAME_SPOT, 0)
        if before and x(mark.at) - x(before[first].at) <= room:
            before.append(mark)
        else:
            clusters.append([mark])
    for cluster in clusters:
        numbers = list(dict.fromkeys(mark.label for mark in cluster))
        count = f" ({len(cluster)})" if len(numbers) == 1 < len(cluster) else ""
        yield cluster[0].at, ", ".join(numbers) + count


def _placed_steps(
    figure: TimelineFigure, x: Scale, width: float, words: Printer
) -> tuple[tuple[StepLabel, ...], list[KeyItem]]:
    """Steps with their labels, and the key's words for those without."""
    steps = sorted((*figure.steps, *figure.handovers), key=lambda step: (step.rank, step.at))
    wanted = [(x(step.at), _ways(words(step.label))) for step in steps]
    rows = _STEP_ROWS_NARROW if width < NARROW else _STEP_ROWS
    placed: tuple[StepLabel, ...] = ()
    for most in rows:
        placed = place_steps(wanted, width=width_of, left=0.0, right=width, rows=most)
        if all(label.shown for label in placed):
            break
    bare = sorted(
        (step for step, label in zip(steps, placed, strict=True) if not label.shown), key=lambda step: step.at
    )
    told = ", ".join(f"{step.when} {words(step.label)}".strip() for step in bare)
    return placed, [KeyItem(f"tick without words: {told}")] if bare else []


def _ways(words: str) -> list[tuple[str, ...]]:
    """Ways to set the words of a step: on one line where they are short, else on two; on one as the last resort."""
    one: tuple[str, ...] = (words,)
    two = folded(words, width_of)
    if width_of(words) <= _ONE_LINE or len(two) == 1:
        ways = [one]
    else:
        ways = [two, one] if width_of(words) <= _MOST_WIDE else [two]
    return [way for way in ways if max(map(width_of, way)) <= _MOST_WIDE]


def _key(figure: TimelineFigure, lanes: Sequence[_DrawnLane], words: Printer) -> Iterator[KeyItem]:
    """Names of the symbols, of stretches whose words found no room, and numbers that found none."""
    spans = [span for lane in figure.lanes for span in lane.spans]
    bare = {label.words for lane in lanes for label in lane.labels if not label.shown}
    for kind in _BREAKS:
        named = dict.fromkeys(words(span.label) for span in spans if span.kind == kind)
        yield from (KeyItem(name, partial(_swatch, kind)) for name in named if name in bare)
    kinds = {mark.kind for lane in figure.lanes for mark in lane.marks}
    for name in ("alert", "change", "improvement"):
        if name in kinds:
            yield KeyItem(name, partial(_symbol, name))
    if figure.actions:
        one = _one_event(figure.actions)
        of_event = "with the number of its event" if one is None else f"all of {one}"
        yield KeyItem(f"intervention, {of_event}", partial(_symbol, "intervention"))
    if "alert" in kinds and figure.map_points:
        yield KeyItem("upright dashes: alert")
    if any(span.kind == "monitored" for span in spans):
        yield KeyItem("bar: monitoring interval")
    for lane in lanes:
        if lane.without_room:
            yield KeyItem(f"{' '.join(lane.names)}, without a number beside it: {', '.join(lane.without_room)}")


def _narrow_phases(phases: Sequence[Phase], x: Scale, words: Printer) -> Iterator[KeyItem]:
    """Names of phases too short for their words."""
    bare = [label for phase in phases if not _fits(phase, x, label := words(phase.label))]
    if bare:
        yield KeyItem(f"box without words: {', '.join(dict.fromkeys(bare))}")


def _fits(phase: Phase, x: Scale, label: str) -> bool:
    return width_of(label) + 3 <= x(phase.end_at) - x(phase.start_at)


def _swatch(kind: BreakKind, pen: Pen, x: float, y: float) -> None:
    pattern(pen, kind, (x - 4.2, y - 2.8), (x + 4.2, y + 2.8))


def _symbol(kind: str, pen: Pen, x: float, y: float) -> None:
    symbol(pen, kind, x, y)


# --- drawing ---------------------------------------------------------------------------------------------------------


def _phases(pen: Pen, phases: Sequence[Phase], plan: _TimelinePlan, y: float, words: Printer) -> None:
    for phase in phases:
        start, end = plan.x(phase.start_at), plan.x(phase.end_at)
        pen.rect((start, y), (end - start, 10), width=RULE)
        label = words(phase.label)
        if _fits(phase, plan.x, label):
            bare = [step.place for step in plan.steps if not step.shown and start < step.place < end]
            left, right = max(pairwise(sorted([start, *bare, end])), key=lambda gap: gap[1] - gap[0])
            pen.text(((left + right) / 2, y + 1.8), label, size=SIZE, anchor="middle")


def _lane(pen: Pen, lane: _DrawnLane, plan: _TimelinePlan, y: float) -> None:
    name_at = y + lane.label_room + 1 if plan.narrow else y + 2.2
    for index, name in enumerate(reversed(lane.names)):
        pen.text((0, name_at + index * ROW), name, size=SIZE)
    low = y + 2
    for span in lane.spans:
        start, end = plan.x(span.start_at), plan.x(span.end_at)
        if span.kind == "monitored":
            pen.rect((start, low), (end - start, _BAR), width=RULE)
        else:
            pattern(pen, span.kind, (start, low), (end, low + _BAR))
    for label in lane.labels:
        if not label.shown:
            continue
        base = y + _LABEL_AT + label.level * _LABEL
        if label.level:
            pen.line((label.place, y + 9), (label.place, base + label.leader), width=0.5)
        pen.text((label.left, base), label.words, size=SIZE, bold=label.words not in lane.breaks)
    for mark in lane.marks:
        symbol(pen, mark.kind, plan.x(mark.at), y + 5.2)


def _guides(pen: Pen, figure: TimelineFigure, plan: _TimelinePlan) -> None:
    """A dashed line from each alert down through the pressure, so that the two can be read together."""
    for lane in figure.lanes:
        for mark in lane.marks:
            if mark.kind == "alert":
                x = plan.x(mark.at)
                pen.line((x, plan.foot), (x, plan.foot + _PANEL + 3), width=0.5, dash=(2, 2))


def _steps(pen: Pen, plan: _TimelinePlan, top: float) -> None:
    for step in plan.steps:
        height = top + (step.top + 1) * ROW - 2 if step.shown else top - 1
        pen.line((step.place, top - 1 if step.shown else top - 3.5), (step.place, height), width=0.5)
        for index, line in enumerate(reversed(step.lines)):
            at = (step.right if step.before_tick else step.left, top + (step.row + index) * ROW + 1.5)
            pen.text(at, line, size=SIZE, anchor="end" if step.before_tick else "start")


def _pressure(pen: Pen, figure: TimelineFigure, plan: _TimelinePlan) -> None:
    bottom = plan.foot
    values = [point.value for point in figure.map_points]
    bounds = [*values, *(target.mmhg for target in figure.map_targets)]
    low, high = math.floor((min(bounds) - 4) / 10) * 10, math.ceil((max(bounds) + 4) / 10) * 10
    named = min((target.mmhg for target in figure.map_targets[:-1]), default=high)
    if low > 0 and (named - low) * (_PANEL - 6) < ROW * (high - low):
        low -= 10  # its words stand between line and axis

    def y(value: float) -> float:
        return bottom + 2 + (value - low) / (high - low) * (_PANEL - 6)

    first = bottom + _PANEL + 4 if plan.narrow else bottom + _PANEL / 2 + 1
    for index, line in enumerate(plan.pressure):
        pen.text((0, first - index * ROW), line, size=SIZE)
    for value in (low, high):
        pen.text((plan.left - 3, y(value) - 2.8), str(value), size=SIZE, anchor="end")
        pen.line((plan.left - 2, y(value)), (plan.left, y(value)))
    pen.line((plan.left, bottom), (plan.left, bottom + _PANEL), width=0.5)
    curve = [_curve(pen, stretch, plan.x, y) for stretch in _stretches(figure.map_points)]

    def place(target: TargetStep) -> tuple[float, float, float]:
        last = target is figure.map_targets[-1]
        return plan.x(target.start_at), plan.right if last else plan.x(target.end_at), y(target.mmhg)

    draw_targets(pen, figure.map_targets, place, curve, (bottom, bottom + _PANEL))
    lowest = min(figure.map_points, key=lambda point: point.value)
    x, level = plan.x(lowest.at), y(lowest.value)
    corners = ((x - 1.8, level - 1.8), (x + 1.8, level - 1.8), (x + 1.8, level + 1.8), (x - 1.8, level + 1.8))
    pen.polygon(corners, filled=True, width=0.4)


def _stretches(points: Sequence[Point]) -> list[list[Point]]:
    """Points cut where too much time lies between two of them for a line to be honest."""
    ordered = sorted(points, key=lambda point: point.at)
    stretches = [[ordered[0]]]
    for before, point in pairwise(ordered):
        if (point.at - before.at).total_seconds() / 60 > _BREAK_MIN:
            stretches.append([])
        stretches[-1].append(point)
    return stretches


def _curve(pen: Pen, points: Sequence[Point], x: Scale, y: Callable[[float], float]) -> list[tuple[float, float]]:
    """Draw a line through the points; where several share a printed column, through the lowest and highest of them."""
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
    return drawn
