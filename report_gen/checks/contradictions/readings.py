"""Readings against each other: last data, absent baselines, typed percentages, changes without an event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.intervals import earlier
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import ResponseCourse

__all__ = ["READING_CHECKS", "RESPONSE_CHECKS"]

_ROUNDING_POINTS = 1.0
"""Percent points by which a typed and a computed percent may differ through rounding."""
_STATES = {"absent": "absent", "not_obtained": "not obtained", "not_monitored": "not monitored"}


def _after_last_data(facts: Facts, kinds: Sequence[str]) -> Iterator[Fired]:
    modalities = {fact.modality: fact for fact in facts.of_kind("modality")}
    for kind in kinds:
        for fact in facts.of_kind(kind):
            modality = modalities[fact.modality]
            if earlier(modality.instant("last_data_at"), fact.instant("at")):
                yield fired(fact.pointer, fact, modality, modality=modality.text("label"))


def _closing_after_last_data(facts: Facts) -> Iterator[Fired]:
    yield from _after_last_data(facts, ("channel.closing",))


def _reading_after_last_data(facts: Facts) -> Iterator[Fired]:
    yield from _after_last_data(facts, ("channel.measurement", "event.reading", "event.retest.reading"))


def _typed_percent(facts: Facts) -> Iterator[Fired]:
    for reading in (reading for course in facts.responses for reading in course.readings):
        fact, change = reading.fact, reading.change
        typed = fact.number("stated_pct_of_baseline")
        computed = change.number("amplitude_pct_of_baseline") if change is not None else None
        if typed is None or computed is None or change is None or abs(typed - computed) <= _ROUNDING_POINTS:
            continue
        yield fired(
            f"{fact.pointer}/reading/amplitude_pct_of_baseline",
            fact,
            change,
            stated=fact.text("stated_pct_of_baseline"),
            computed=change.text("amplitude_pct_of_baseline"),
        )


def _events(facts: Facts, channel: Fact) -> list[Fact]:
    """Events about a response of the channel: those that name it, or else name its modality and no channel."""
    return [
        chain.event
        for chain in facts.events
        if chain.signal
        and (channel in chain.responses or (not chain.responses and chain.event.modality == channel.modality))
    ]


def _named(channel: Fact) -> str:
    """A channel as its side and label."""
    side = f"{channel.side} " if channel.side in ("left", "right", "midline") else ""
    return f"{side}{channel.text('label')}"


def _no_baseline(facts: Facts, course: ResponseCourse) -> Iterator[Fired]:
    """A response without baseline; one that first appears during surgery is an improvement and recorded as such."""
    channel, baselines = course.channel, course.baselines
    if course.followed:
        return
    appeared = ("return", "increase", "new_activity")
    if any(event.status == "improvement" or event.code("direction") in appeared for event in _events(facts, channel)):
        return
    later = [reading.fact for reading in course.readings if reading.fact.status in ("measured", "present")]
    if later:
        # The reason for the absence is free text and stays out of the message.
        last = baselines[-1]
        yield fired(last.pointer, last, later[0], channel=_named(channel), state=_STATES[last.status])


def _beyond_without_event(facts: Facts, course: ResponseCourse) -> Iterator[Fired]:
    """A reading that meets the criterion without an event about it: the record lacks an event."""
    channel, worst = course.channel, course.worst
    if worst is not None and worst.status == "beyond_criterion" and not _events(facts, channel):
        yield fired(worst.pointer, worst, channel=_named(channel))


READING_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "contradiction.closing_after_last_data": _closing_after_last_data,
        "contradiction.reading_after_last_data": _reading_after_last_data,
        "contradiction.percent_typed_against_computed": _typed_percent,
    }
)
"""Contradictions between readings, and between them and the last data."""

RESPONSE_CHECKS: Final[Checks[[Facts, ResponseCourse]]] = MappingProxyType(
    {
        "contradiction.no_baseline_then_value": _no_baseline,
        "contradiction.beyond_criterion_without_event": _beyond_without_event,
    }
)
"""Contradictions in the course of each response."""
