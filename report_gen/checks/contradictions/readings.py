"""Readings against each other: last data, absent baselines, typed percentages, changes without an event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.subjects import named
from report_gen.facts.intervals import earlier
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.change_names import change_names
from report_gen.facts.signals.criteria import ATTEMPTED_STATES, RESPONSE_STATES
from report_gen.facts.views.courses import ResponseCourse
from report_gen.facts.wording import utc

__all__ = ["READING_CHECKS", "RESPONSE_CHECKS", "events_about"]

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


def events_about(facts: Facts, channel: Fact) -> list[Fact]:
    """Events about a response of the channel: those that name it, or else name its modality and no channel."""
    return [
        chain.event
        for chain in facts.events
        if chain.signal
        and (channel in chain.responses or (not chain.responses and chain.event.modality == channel.modality))
    ]


def _no_baseline(facts: Facts, course: ResponseCourse) -> Iterator[Fired]:
    """A response without baseline; one that first appears during surgery is an improvement and recorded as such."""
    channel, baselines = course.channel, course.baselines
    if course.followed:
        return
    appeared = ("return", "increase", "new_activity")
    if any(
        event.status == "improvement" or event.code("direction") in appeared for event in events_about(facts, channel)
    ):
        return
    later = [reading.fact for reading in course.readings if reading.fact.status in RESPONSE_STATES]
    if later:
        # The reason for the absence is free text and stays out of the message.
        last = baselines[-1]
        yield fired(last.pointer, last, later[0], channel=named(channel), state=_STATES[last.status])


def _two_at_one_time(_: Facts, course: ResponseCourse) -> Iterator[Fired]:
    """Readings of one response of one minute that differ, such as at a re-test and in its own course."""
    by_minute: dict[datetime, Fact] = {}
    for reading in course.readings:
        fact, at = reading.fact, reading.fact.instant("at")
        if at is None or fact.status not in ATTEMPTED_STATES:
            continue
        first = by_minute.setdefault(utc(at).replace(second=0, microsecond=0), fact)
        if first.code("text") != fact.code("text") or _numbers(first) != _numbers(fact):
            yield fired(
                fact.pointer,
                fact,
                first,
                about=course.channel,
                channel=named(course.channel),
                time=fact.text("at"),
                first=first.text("bare") or first.text("text"),
                second=fact.text("bare") or fact.text("text"),
            )


def _numbers(fact: Fact) -> list[tuple[str, float]]:
    """The measured numbers of a reading by name."""
    names = change_names()
    return [(value.name, value.number) for value in fact.values if value.name in names and value.number is not None]


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
        "contradiction.two_readings_at_one_time": _two_at_one_time,
    }
)
"""Contradictions in the course of each response."""
