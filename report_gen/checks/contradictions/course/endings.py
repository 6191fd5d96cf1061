"""How responses and events end: a closing reading that is not the last one, an end after the last data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeAlias

from report_gen.checks.contradictions.days import off_by_a_day
from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.subjects import named
from report_gen.facts.intervals import earlier
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.criteria import ATTEMPTED_STATES
from report_gen.facts.views.courses import EventChain, ResponseCourse
from report_gen.facts.wording import utc

__all__ = ["ENDING_CHECKS", "ENDING_OF_EVENT_CHECKS"]

_SEEN_RETURN: Final = ("full_return", "within_criterion", "within_baseline_limits", "partial", "improved")
"""Ends that somebody saw in a response; one that lasts to the close may be timed with the close."""

_Later: TypeAlias = tuple[datetime, Fact]
"""A time after the closing reading, and what is of it."""


def _closing_before(facts: Facts) -> Iterator[Fired]:
    """Said once: responses whose closing reading is before another reading of them, or before an event about them."""
    begun: dict[str, list[_Later]] = {}
    for chain in facts.events:
        if chain.signal and chain.begun_at is not None:
            for channel in chain.responses:
                begun.setdefault(channel.id, []).append((chain.begun_at, chain.onset))
    rows = [
        (course, *found)
        for course in facts.responses
        if (found := _later_than_closing(course, begun.get(course.channel.id, []))) is not None
    ]
    if rows and not off_by_a_day(facts):
        course, closing, (later_at, later) = rows[0]
        yield fired(
            closing.pointer,
            *(fact for _, closed, after in rows for fact in (closed, after[1])),
            count=len(rows),
            about=course.channel if len(rows) == 1 else facts.by_id["case.id"],
            channel=named(course.channel),
            time=closing.text("at"),
            later=f"{'an event' if later.kind == 'event.onset' else 'a reading'} at {facts.clock.time(later_at)}",
        )


def _later_than_closing(course: ResponseCourse, events: Sequence[_Later]) -> tuple[Fact, _Later] | None:
    """The last closing reading of a response, and the first of what is later. None: nothing is, or nobody can say.

    Args:
        course: The response.
        events: The events about it that have a time.
    """
    closings = [fact for fact in course.closings if fact.status in ATTEMPTED_STATES]
    timed = [(utc(at), fact) for fact in closings if (at := fact.instant("at")) is not None]
    # One without a time may be the last.
    if not timed or len(timed) < len(closings):
        return None
    closed_at, closing = max(timed, key=lambda row: row[0])
    readings = [
        (reading.at, reading.fact)
        for reading in course.readings
        if reading.fact.kind != "channel.closing" and reading.fact.status in ATTEMPTED_STATES and reading.at is not None
    ]
    later = [row for row in (*readings, *events) if earlier(closed_at, row[0])]
    return (closing, min(later, key=lambda row: utc(row[0]))) if later else None


def _resolved_after(facts: Facts, chain: EventChain) -> Iterator[Fired]:
    """A return that nothing shows any more: later than the last data of the modality, or than monitoring."""
    end = chain.resolution
    at = end.instant("at") if end is not None else None
    if end is None or at is None or not chain.signal or end.status not in _SEEN_RETURN:
        return
    modality = next((fact for fact in facts.of_kind("modality") if fact.modality == chain.event.modality), None)
    last = modality.instant("last_data_at") if modality is not None else None
    ends = [(ended, fact) for fact in facts.of_kind("interval.monitoring") if (ended := fact.instant("end_at"))]
    if modality is not None and last is not None:
        limit, of, what = last, modality, f"the last {modality.text('label')} data"
    elif ends:
        limit, of = max(ends, key=lambda row: utc(row[0]))
        what = "the end of monitoring"
    else:
        return
    if earlier(limit, at) and not off_by_a_day(facts, facts.in_group(chain.event.group)):
        yield fired(
            end.pointer,
            end,
            of,
            event=chain.id,
            resolution=end.text("text"),
            time=end.text("at"),
            what=what,
            limit=facts.clock.time(limit),
        )


ENDING_CHECKS: Final[Checks[[Facts]]] = MappingProxyType({"contradiction.closing_before_last_reading": _closing_before})
"""Contradictions between closing readings and what is later."""

ENDING_OF_EVENT_CHECKS: Final[Checks[[Facts, EventChain]]] = MappingProxyType(
    {"contradiction.resolved_after_last_data": _resolved_after}
)
"""Contradictions between the end of an event and the end of what shows it."""
