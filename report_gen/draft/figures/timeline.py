"""The case on a time axis: only lanes that hold something, the steps nearest to events first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias

from report_gen.document.figures import FigureSpan, Lane, Mark, Omission, Phase, Point, Step, TargetStep, TimelineFigure
from report_gen.draft.events import in_order
from report_gen.draft.figures.axis import EVENT_KINDS, SPAN_KINDS, breaks_of, event_mark, omission, stretch, ticks
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.facts.views.pressure import targets_in_force
from report_gen.facts.wording import joined, number_text, utc
from report_gen.vocab import interval_kinds

__all__ = ["timeline"]

_MOST_NAMED: Final = 8
"""Events of a class without a symbol that are named beneath the timeline."""
_NOT_STEPS: Final = (
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
_ORDINARY: Final = ("incision", "exposure", "closure_start", "skin_closed", "other")
"""Steps of every operation: words for them after those that are this operation's own."""
_AROUND: Final = ("position_end",)
_BEFORE_MIN, _AFTER_MIN = 15.0, 5.0
"""How long before the onset of an event, and after its notice, a step counts as near to it."""
_PER_CLASS: Final = 100

_Axis: TypeAlias = tuple[datetime, datetime]
"""The ends of the axis, in UTC."""


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
    axis = utc(start_at), utc(end_at)
    points = tuple(
        Point(at, number, (fact.id,), fact.text("map_mmhg"), fact.text("at"))
        for fact in facts.of_kind("physiology.row")
        if (at := fact.instant("at")) is not None
        and (number := fact.number("map_mmhg")) is not None
        and _within(at, axis)
    )
    target = facts.get("anesthesia.map_target")
    phases = tuple(
        Phase(fact.text("kind"), start, end, (fact.id,))
        for fact in shown
        if fact.status in interval_kinds("preparation", "monitoring")
        and (start := fact.instant("start_at")) is not None
        and (end := fact.instant("end_at")) is not None
    )
    lanes, without = _lanes(facts, monitoring)
    return TimelineFigure(
        id="timeline",
        title="Timeline",
        alt_text=_timeline_words(facts, lanes, points),
        start_at=start_at,
        end_at=end_at,
        ticks=ticks(start_at, end_at, facts.clock),
        phases=phases,
        lanes=lanes,
        actions=_actions(facts),
        steps=_steps(facts, axis),
        handovers=_handovers(facts, axis),
        map_points=points,
        map_target=target.number("map_mmhg") if target is not None else None,
        map_target_facts=(target.id,) if target is not None else (),
        map_targets=_targets(facts, start_at, end_at),
        note=_not_on_the_timeline(facts, lanes, without, axis),
    )


def _targets(facts: Facts, start_at: datetime, end_at: datetime) -> tuple[TargetStep, ...]:
    """The targets that held on the axis, each until the next."""
    held = targets_in_force(facts)
    starts = [max(target.start_at or start_at, start_at, key=utc) for target in held]
    ends = [min(at, end_at, key=utc) for at in starts[1:]] + [end_at]
    return tuple(
        TargetStep(target.mmhg, start, end, (target.fact.id,))
        for target, start, end in zip(held, starts, ends, strict=False)
        if utc(start) < utc(end)
    )


# --- lanes -----------------------------------------------------------------------------------------------------------


def _lanes(facts: Facts, monitoring: Sequence[Fact]) -> tuple[tuple[Lane, ...], tuple[Fact, ...]]:
    """Lanes that hold something, and the performed modalities that have none.

    A break of the whole case has its words on the first lane; where data stopped, other lanes show it without words.
    """
    performed = [fact for fact in facts.of_kind("modality") if fact.status == "performed"]
    monitored = [span for fact in monitoring if (span := stretch(fact, "monitored")) is not None]
    breaks = breaks_of(facts)
    whole = [span for span, concerned in breaks if not concerned]
    stopped = [replace(span, label="") for span in whole if span.kind != "outage"]
    marked = [(chain, mark) for chain in in_order(facts) if (mark := event_mark(chain)) is not None]
    marks = {
        fact.id: tuple(mark for chain, mark in marked if chain.event.modality == fact.modality) for fact in performed
    }
    lanes: list[Lane] = []
    told: set[str] = set()
    worded: set[str] = {name for span in whole for name in span.facts}
    if whole:
        lanes.append(Lane("all modalities", (*monitored, *whole), (), tuple(fact.id for fact in performed)))
    shared: dict[tuple[FigureSpan, ...], list[Fact]] = {}
    for modality in performed:
        own = tuple(span for span, concerned in breaks if modality.modality in concerned)
        if own and not marks[modality.id]:
            shared.setdefault(own, []).append(modality)
    for modality in performed:
        own = tuple(span for span, concerned in breaks if modality.modality in concerned)
        together = shared.get(own, [modality]) if not marks[modality.id] else [modality]
        if (own or marks[modality.id]) and together[0] is modality:
            label = ", ".join(fact.text("label") for fact in together)
            # Words once, on the first lane that shows a break.
            wordless = [replace(span, label="") if span.facts[0] in worded else span for span in own]
            worded.update(span.facts[0] for span in own)
            spans = (*monitored, *stopped, *wordless)
            lanes.append(Lane(label, spans, marks[modality.id], tuple(fact.id for fact in together)))
            told.update(fact.id for fact in together)
    return tuple(lanes), tuple(fact for fact in performed if fact.id not in told)


def _actions(facts: Facts) -> tuple[Mark, ...]:
    marks = [
        Mark(at, "intervention", chain.id, (fact.id,))
        for chain in facts.events
        for fact in chain.interventions
        if (at := fact.instant("at")) is not None
    ]
    return tuple(sorted(marks, key=lambda mark: utc(mark.at)))


# --- steps -----------------------------------------------------------------------------------------------------------


def _steps(facts: Facts, axis: _Axis) -> tuple[Step, ...]:
    marked = [chain for chain in facts.events if event_mark(chain) is not None]
    return tuple(
        Step(at, fact.text("label"), (fact.id,), fact.text("at"), _rank(fact.status, at, marked))
        for fact in facts.of_kind("milestone")
        if fact.status not in _NOT_STEPS and (at := fact.instant("at")) is not None and _within(at, axis)
    )


def _rank(code: str, at: datetime, marked: Sequence[EventChain]) -> int:
    """Which step gets its words first: near to an alert, to a change, to an improvement; then by kind of step."""
    classes = list(EVENT_KINDS)
    near = [
        classes.index(chain.event.status) * _PER_CLASS + int(minutes)
        for chain in marked
        if (minutes := _minutes_from(at, chain)) is not None
    ]
    kind = 2 if code in _AROUND else 1 if code in _ORDINARY else 0
    return min(near, default=(len(classes) + kind) * _PER_CLASS)


def _minutes_from(at: datetime, chain: EventChain) -> float | None:
    """Minutes between a step and an event that it is near to; none within the time in which the event set in."""
    noticed = chain.begun_at
    if noticed is None:
        return None
    began = chain.onset.instant("last_unaffected_at") or noticed
    before = (utc(began) - utc(at)).total_seconds() / 60
    after = (utc(at) - utc(noticed)).total_seconds() / 60
    return max(before, after, 0.0) if before <= _BEFORE_MIN and after <= _AFTER_MIN else None


def _handovers(facts: Facts, axis: _Axis) -> tuple[Step, ...]:
    rank = (len(EVENT_KINDS) + 3) * _PER_CLASS
    return tuple(
        Step(at, f"{fact.text('role')} hand-over", (fact.id,), fact.text("end_at"), rank)
        for fact in facts.of_kind("attendance")
        if fact.text("handed_over_to") and (at := fact.instant("end_at")) is not None and _within(at, axis)
    )


# --- what is not drawn -----------------------------------------------------------------------------------------------


def _not_on_the_timeline(
    facts: Facts, lanes: Sequence[Lane], without: Sequence[Fact], axis: _Axis
) -> tuple[Omission, ...]:
    """What the record holds and the timeline does not show, by its reason."""
    drawn = {mark.facts[0] for lane in lanes for mark in lane.marks}
    events = [chain for chain in facts.events if chain.event.id not in drawn]
    untimed = [chain.event for chain in events if chain.begun_at is None]
    acts = [fact for chain in facts.events for fact in chain.interventions if fact.instant("at") is None]
    steps = [fact for fact in facts.of_kind("milestone") if fact.status not in _NOT_STEPS]
    without_time = [fact for fact in steps if fact.instant("at") is None]
    outside = [fact for fact in steps if (at := fact.instant("at")) is not None and not _within(at, axis)]
    pressures = [
        fact
        for fact in facts.of_kind("physiology.row")
        if fact.number("map_mmhg") is not None and ((at := fact.instant("at")) is None or not _within(at, axis))
    ]
    ids = {chain.event.group: chain.id for chain in facts.events}
    untold = {fact.modality for fact in untimed}
    breaks = [fact for fact in facts.of_kind("untimed_interval") if fact.status in SPAN_KINDS]
    untold.update(code for fact in breaks for code in fact.codes("modalities"))
    bare = [fact for fact in without if fact.modality not in untold]
    return tuple(
        note
        for note in (
            omission("without a recorded time", untimed, _event_names(untimed)),
            _unmarked([chain.event for chain in events if chain.begun_at is not None]),
            omission("without a recorded time", breaks, [_break_name(fact) for fact in breaks]),
            omission("without a recorded time", acts, [f"{fact.text('done')} ({ids[fact.group]})" for fact in acts]),
            omission("without a recorded time", without_time, [fact.text("label") for fact in without_time]),
            omission("outside of the axis", outside, [fact.text("label") for fact in outside]),
            omission(_why_not(pressures), pressures, [_pressures(pressures)]),
            _bare(bare),
        )
        if note is not None
    )


def _why_not(facts: Sequence[Fact]) -> str:
    """Why facts are not on the axis: without a time, outside of it, or some so and some so."""
    untimed = [fact.instant("at") is None for fact in facts]
    if not any(untimed):
        return "outside of the axis"
    return "without a recorded time" if all(untimed) else "without a time or outside of the axis"


def _within(at: datetime, axis: _Axis) -> bool:
    return axis[0] <= utc(at) <= axis[1]


def _bare(modalities: Sequence[Fact]) -> Omission | None:
    """Modalities without a lane; that they were monitored throughout is for the record to say, not for a lane."""
    if not modalities:
        return None
    names = joined(fact.text("label") for fact in modalities)
    have, its = ("has", "its") if len(modalities) == 1 else ("have", "their")
    words = f"No lane for {names}, which {have} no alert, change, improvement, or break of {its} own."
    return Omission(words, tuple(fact.id for fact in modalities))


def _unmarked(events: Sequence[Fact]) -> Omission | None:
    """Events without a symbol, by class; a class that has none is named as a whole where its events are many."""
    by_class: dict[str, list[str]] = {}
    for event in events:
        by_class.setdefault(event.text("event_class"), []).append(event.text("id"))
    if not events:
        return None
    without = {event.text("event_class") for event in events if event.status not in EVENT_KINDS}
    named = "; ".join(
        f"{kind}s" if kind in without and len(ids) > _MOST_NAMED else f"{kind} {joined(ids)}"
        for kind, ids in by_class.items()
    )
    return Omission(f"Not drawn: {named}.", tuple(event.id for event in events))


def _event_names(events: Sequence[Fact]) -> list[str]:
    return [f"{event.text('id')} ({event.text('event_class')})" for event in events]


def _break_name(fact: Fact) -> str:
    concerned = fact.text("modalities")
    return f"{fact.text('kind')} ({concerned})" if concerned else fact.text("kind")


def _pressures(readings: Sequence[Fact]) -> str:
    return f"{len(readings)} pressure reading{'s' if len(readings) != 1 else ''}"


# --- in words --------------------------------------------------------------------------------------------------------


def _timeline_words(facts: Facts, lanes: Sequence[Lane], points: Sequence[Point]) -> str:
    """The figure for readers who do not see it."""
    parts: list[str] = []
    marks = [mark for lane in lanes for mark in lane.marks]
    if marks:
        told = (
            f"{mark.kind} {mark.label} at {facts.by_id[mark.facts[1]].text('onset_at') or 'the time noticed'}"
            for mark in marks
        )
        parts.append(f"Events: {', '.join(told)}.")
    breaks = dict.fromkeys(
        f"{span.label} {facts.by_id[span.facts[0]].text('start_at')} to {facts.by_id[span.facts[0]].text('end_at')}"
        f" ({lane.label})"
        for lane in lanes
        for span in lane.spans
        if span.label
    )
    if breaks:
        parts.append(f"Breaks: {', '.join(breaks)}.")
    if not parts:
        parts.append("No event and no break is marked.")
    parts.append(_pressure_words(points))
    return " ".join(parts)


def _pressure_words(points: Sequence[Point]) -> str:
    if not points:
        return "Mean arterial pressure is not recorded."
    lowest = min(points, key=lambda point: point.value)
    return (
        f"Mean arterial pressure: {len(points)} recorded values, the lowest {number_text(lowest.value)} mmHg"
        f" at {lowest.when}."
    )
