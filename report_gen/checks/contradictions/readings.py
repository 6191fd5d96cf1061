"""Readings against each other: last data, absent baselines, typed percentages, changes without an event."""

from __future__ import annotations

from collections.abc import Iterator

from report_gen.checks.making import contradiction, earlier
from report_gen.checks.model import Finding
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views import ResponseCourse

__all__ = ["reading_findings"]

_ROUNDING_POINTS = 1.0
"""Percent points by which a typed and a computed percent may differ through rounding."""
_VALUE_KINDS = ("channel.measurement", "channel.closing", "event.value", "event.retest.value")
_STATES = {"absent": "absent", "not_obtained": "not obtained", "not_monitored": "not monitored"}


def reading_findings(facts: Facts) -> Iterator[Finding]:
    """Contradictions between readings."""
    yield from _after_last_data(facts)
    yield from _typed_percent(facts)
    for course in facts.responses:
        yield from _no_baseline(facts, course)
        yield from _beyond_without_event(facts, course)


def _after_last_data(facts: Facts) -> Iterator[Finding]:
    modalities = {fact.modality: fact for fact in facts.of_kind("modality")}
    for kind in _VALUE_KINDS:
        for fact in facts.of_kind(kind):
            modality = modalities[fact.modality]
            if earlier(modality.instant("last_data_at"), fact.instant("at")):
                what = "closing" if kind == "channel.closing" else "recorded"
                yield contradiction(
                    "closing_after_last_data" if kind == "channel.closing" else "reading_after_last_data",
                    fact.pointer,
                    f"A {what} {modality.text('label')} reading is later than the last data of the modality.",
                    "Which time is right, the reading or the last data?",
                    facts=[fact, modality],
                )


def _typed_percent(facts: Facts) -> Iterator[Finding]:
    for reading in (reading for course in facts.responses for reading in course.readings):
        fact, change = reading.fact, reading.change
        stated = fact.number("stated_pct_of_baseline")
        computed = change.number("amplitude_pct_of_baseline") if change is not None else None
        if stated is None or computed is None or change is None or abs(stated - computed) <= _ROUNDING_POINTS:
            continue
        yield contradiction(
            "percent_typed_against_computed",
            f"{fact.pointer}/reading/amplitude_pct_of_baseline",
            f"The record states {fact.text('stated_pct_of_baseline')} of baseline; the recorded values give "
            f"{change.text('amplitude_pct_of_baseline')}.",
            "Which is right, the typed percent or the values?",
            facts=[fact, change],
        )


def _events(facts: Facts, channel: Fact) -> list[Fact]:
    """Events about a response of the channel: those that name it, or else name its modality and no channel."""
    return [
        chain.event
        for chain in facts.events
        if chain.signal
        and (channel in chain.responses or (not chain.responses and chain.event.modality == channel.modality))
    ]


def _no_baseline(facts: Facts, course: ResponseCourse) -> Iterator[Finding]:
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
        side = f"{channel.side} " if channel.side in ("left", "right", "midline") else ""
        yield contradiction(
            "no_baseline_then_value",
            baselines[-1].pointer,
            f"The {side}{channel.text('label')} baseline is recorded as {_STATES[baselines[-1].status]}, and a later "
            "reading has a response.",
            "Was a baseline obtained, and when?",
            facts=[baselines[-1], later[0]],
        )


def _beyond_without_event(facts: Facts, course: ResponseCourse) -> Iterator[Finding]:
    """A reading that meets the criterion and no event about it: something happened that the chain does not tell."""
    channel, worst = course.channel, course.worst
    if worst is not None and worst.status == "beyond_criterion" and not _events(facts, channel):
        side = f"{channel.side} " if channel.side in ("left", "right", "midline") else ""
        yield contradiction(
            "beyond_criterion_without_event",
            worst.pointer,
            f"A reading of the {side}{channel.text('label')} meets the criterion in force, and no event about it is "
            "recorded.",
            "Was this change noticed, and who was told?",
            facts=[worst],
            severity="warn",
        )
