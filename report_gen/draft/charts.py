"""Figures from facts: the timeline of the case and the trend of responses; nothing is interpolated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from report_gen.document.figures import (
    CriterionLine,
    FigureSpan,
    Lane,
    Mark,
    Phase,
    Point,
    Series,
    Step,
    Tick,
    TimelineFigure,
    TrendFigure,
)
from report_gen.draft.events import in_order
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import ResponseCourse
from report_gen.facts.wording import joined, percent_text, utc
from report_gen.vocab import interval_kinds

__all__ = ["timeline", "trends"]

_EVENT_KINDS: dict[str, Literal["alert", "change", "improvement"]] = {
    "alert": "alert",
    "change": "change",
    "improvement": "improvement",
}
_STEP_MIN_MINUTES = (15, 30, 60, 120)
_NOT_STEPS = (
    "patient_in_room",
    "anesthesia_start",
    "anesthesia_end",
    "induction",
    "intubation",
    "position_start",
    "timeout",
    "extubation",
    "out_of_room",
)


def _ticks(start_at: datetime, end_at: datetime, zone_of: Sequence[datetime]) -> tuple[Tick, ...]:
    """Round local times, at most ten; each takes the UTC offset of the record at that time."""
    length = (end_at - start_at).total_seconds() / 60
    step = next((minutes for minutes in _STEP_MIN_MINUTES if length / minutes <= 9), 240)
    known = sorted(zone_of, key=utc)
    ticks: list[Tick] = []
    moment = utc(start_at).replace(minute=0, second=0, microsecond=0)
    while moment <= utc(end_at):
        if moment >= utc(start_at):
            earlier = [at for at in known if utc(at) <= moment] or known[:1]
            local = moment.astimezone(earlier[-1].tzinfo)
            if (local.hour * 60 + local.minute) % step == 0:
                ticks.append(Tick(moment, local.strftime("%H:%M")))
        moment += timedelta(minutes=15)
    return tuple(ticks)


def timeline(facts: Facts) -> TimelineFigure | None:
    """The case on a time axis; None when neither intervals nor events have times."""
    monitoring = facts.of_kind("interval.monitoring")
    shown = [
        *monitoring,
        *facts.of_kind("interval.setup"),
        *facts.of_kind("interval.baseline"),
        *facts.of_kind("interval.gap"),
        *facts.of_kind("interval.outage"),
    ]
    instants = [at for fact in shown for name in ("start_at", "end_at") if (at := fact.instant(name)) is not None]
    instants += [chain.begun_at for chain in facts.events if chain.begun_at is not None]
    instants += [at for action in facts.of_kind("event.intervention") if (at := action.instant("at")) is not None]
    if not monitoring or not instants:
        return None
    start_at, end_at = min(instants, key=utc), max(instants, key=utc)
    points = tuple(
        Point(at, number, (fact.id,))
        for fact in facts.of_kind("physiology.row")
        if (at := fact.instant("at")) is not None
        and (number := fact.number("map_mmhg")) is not None
        and utc(start_at) <= utc(at) <= utc(end_at)
    )
    target = facts.get("anesthesia.map_target")
    phases = tuple(
        Phase(fact.text("kind"), start, end, (fact.id,))
        for fact in shown
        if fact.status in interval_kinds("preparation", "monitoring")
        and (start := fact.instant("start_at")) is not None
        and (end := fact.instant("end_at")) is not None
    )
    lanes = _lanes(facts, monitoring)
    return TimelineFigure(
        id="timeline",
        title="Timeline",
        alt_text=_timeline_words(facts, lanes, points),
        start_at=start_at,
        end_at=end_at,
        ticks=_ticks(start_at, end_at, instants),
        phases=phases,
        lanes=lanes,
        actions=_actions(facts),
        steps=_steps(facts, start_at, end_at),
        handovers=_handovers(facts),
        map_points=points,
        map_target=target.number("map_mmhg") if target is not None else None,
        map_target_facts=(target.id,) if target is not None else (),
    )


def _lanes(facts: Facts, monitoring: Sequence[Fact]) -> tuple[Lane, ...]:
    lanes: list[Lane] = []
    gaps = [fact for kind in interval_kinds("break") for fact in facts.of_kind(f"interval.{kind}")]
    for modality in facts.of_kind("modality"):
        if modality.status != "performed":
            continue
        label = modality.text("label")
        spans: list[FigureSpan] = []
        for fact, kind in [*((interval, "monitored") for interval in monitoring), *((gap, "gap") for gap in gaps)]:
            start_at, end_at = fact.instant("start_at"), fact.instant("end_at")
            concerned = fact.codes("modalities")
            if start_at is None or end_at is None or (concerned and modality.modality not in concerned):
                continue
            spans.append(FigureSpan(start_at, end_at, "gap" if kind == "gap" else "monitored", (fact.id,)))
        marks = tuple(
            Mark(at, _EVENT_KINDS[chain.event.status], chain.event.text("id"), (chain.event.id, chain.onset.id))
            for chain in in_order(facts)
            if chain.event.modality == modality.modality and chain.signal and (at := chain.begun_at) is not None
        )
        lanes.append(Lane(label, tuple(spans), marks, (modality.id,)))
    first = lanes[0].spans if lanes else ()
    if len(lanes) > 1 and all(not lane.marks and lane.spans == first for lane in lanes):
        return (Lane("all modalities", first, (), tuple(i for lane in lanes for i in lane.facts)),)
    return tuple(lanes)


def _actions(facts: Facts) -> tuple[Mark, ...]:
    marks = [
        Mark(at, "intervention", chain.id, (fact.id,))
        for chain in facts.events
        for fact in chain.interventions
        if (at := fact.instant("at")) is not None
    ]
    return tuple(sorted(marks, key=lambda mark: utc(mark.at)))


def _steps(facts: Facts, start_at: datetime, end_at: datetime) -> tuple[Step, ...]:
    return tuple(
        Step(at, fact.text("label"), (fact.id,))
        for fact in facts.of_kind("milestone")
        if fact.status not in _NOT_STEPS
        and (at := fact.instant("at")) is not None
        and utc(start_at) <= utc(at) <= utc(end_at)
    )


def _handovers(facts: Facts) -> tuple[Step, ...]:
    return tuple(
        Step(at, f"{fact.text('role')} hand-over", (fact.id,))
        for fact in facts.of_kind("attendance")
        if fact.text("handed_over_to") and (at := fact.instant("end_at")) is not None
    )


def _timeline_words(facts: Facts, lanes: Sequence[Lane], points: Sequence[Point]) -> str:
    parts = [f"Modalities: {joined(lane.label for lane in lanes)}."]
    marks = [mark for lane in lanes for mark in lane.marks]
    if marks:
        parts.append(
            "Events: "
            + ", ".join(
                f"{mark.kind} {mark.label} at {facts.by_id[mark.facts[1]].text('onset_at') or 'the time noticed'}"
                for mark in marks
            )
            + "."
        )
    parts.append(
        f"Mean arterial pressure: {len(points)} recorded values."
        if points
        else "Mean arterial pressure is not recorded."
    )
    return " ".join(parts)


def trends(facts: Facts) -> tuple[TrendFigure, ...]:
    """Amplitude in percent of baseline for each modality with an event and at least two timed values."""
    figures: list[TrendFigure] = []
    for modality in facts.of_kind("modality"):
        events = [
            event
            for event in facts.of_kind("event")
            if event.modality == modality.modality and event.status in _EVENT_KINDS
        ]
        if not events:
            continue
        figure = _trend(facts, modality, events)
        if figure is not None:
            figures.append(figure)
    return tuple(figures[:2])


def _value_points(course: ResponseCourse) -> list[Point]:
    """Every timed reading of a response, in the record and in events, as percent of baseline; absent is zero."""
    points: dict[datetime, Point] = {}
    compared_with = {reading.baseline.id for reading in course.readings if reading.baseline is not None}
    for baseline in course.baselines:
        at = baseline.instant("at")
        if at is not None and baseline.number("amplitude_uv") and baseline.id in compared_with:
            points[utc(at)] = Point(at, 100.0, (baseline.id,))
    for reading in course.readings:
        change = reading.change
        percent = change.number("amplitude_pct_of_baseline") if change is not None else None
        if reading.fact.status == "absent":
            percent = 0.0
        # A re-test without a time of its own is drawn nowhere, and a reading of one only at its own time.
        at = reading.fact.instant("at") if reading.fact.kind == "event.retest.reading" else reading.at
        if at is None or percent is None:
            continue
        points[utc(at)] = Point(at, percent, (reading.fact.id, *([change.id] if change is not None else [])))
    return [points[at] for at in sorted(points)]


def _trend(facts: Facts, modality: Fact, events: Sequence[Fact]) -> TrendFigure | None:
    affected = {channel for event in events for channel in event.inputs}
    series: list[Series] = []
    for course in facts.responses:
        channel = course.channel
        if channel.modality != modality.modality:
            continue
        points = _value_points(course)
        if len(points) < 2:
            continue
        emphasised = channel.id in affected
        series.append(
            Series(channel.text("short"), tuple(points), percent_text(points[-1].value), emphasised, (channel.id,))
        )
    if not any(curve.emphasised for curve in series):
        return None
    # More lines than a reader can tell apart help nobody: the affected ones, then controls up to eight.
    series = sorted(series, key=lambda curve: not curve.emphasised)[:8]
    instants = [point.at for curve in series for point in curve.points]
    start_at, end_at = min(instants, key=utc), max(instants, key=utc)
    lines = tuple(
        CriterionLine(100 - number, f"criterion in force, {fact.text('text')}", (fact.id,))
        for fact in facts.of_kind("criterion")
        if modality.modality in fact.codes("modalities")
        and (number := fact.number("amplitude_decrease_pct")) is not None
    )
    words = "; ".join(f"{curve.label} last {curve.final_label}" for curve in series)
    return TrendFigure(
        id=f"trend-{modality.modality}",
        title=f"{modality.text('label')}: amplitude in percent of baseline",
        alt_text=f"Amplitude in percent of baseline. {words}.",
        start_at=start_at,
        end_at=end_at,
        ticks=_ticks(start_at, end_at, instants),
        unit_label="% of baseline",
        series=tuple(series),
        criterion=lines,
    )
