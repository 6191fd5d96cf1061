"""An event's class, direction and resolution against its values and the closing readings."""

from __future__ import annotations

from collections.abc import Iterator

from report_gen.checks.making import contradiction, earlier
from report_gen.checks.model import Finding
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views import EventChain, Reading
from report_gen.vocab import vocabulary

__all__ = ["outcome_findings"]

_RESPONSE = ("measured", "present")
_LOW_RETURN_PCT = 70
"""Percent of baseline below which a full return is asked about; within a wide criterion such a value is no return to
baseline (clinical reference §7.2). A proposal: no source gives the figure."""


def outcome_findings(facts: Facts) -> Iterator[Finding]:
    """Contradictions between what an event is called and what its values show."""
    for chain in facts.events:
        yield from _notification(facts, chain)
        yield from _class(chain)
        yield from _loss(chain)
        yield from _direction(chain)
        if chain.resolution is not None and chain.resolution.status != "not_recorded":
            yield from _resolved(facts, chain, chain.resolution)
            yield from _unresolved(facts, chain, chain.resolution)
            yield from _superseded(facts, chain, chain.resolution)


def _notification(facts: Facts, chain: EventChain) -> Iterator[Finding]:
    event, told = chain.event, chain.not_told
    name = event.text("id")
    if event.status == "alert" and told is not None:
        yield contradiction(
            "alert_without_notification",
            told.pointer,
            f"{name} is recorded as an alert and nobody as told.",
            f"Who was told of {name}, when, and what was the reply?",
            facts=[event, told],
        )
    messages = [row for row in facts.of_kind("message") if row.status == "alert" and row.code("event") == chain.id]
    if event.status == "change" and messages:
        yield contradiction(
            "change_reported_as_alert",
            messages[0].pointer,
            f"{name} is recorded as a change, and the log has an alert about it.",
            f"Was {name} a change or an alert?",
            facts=[event, *messages],
            ask="professional",
            severity="warn",
        )


def _class(chain: EventChain) -> Iterator[Finding]:
    event, criterion = chain.event, chain.criterion
    if event.status == "change" and criterion is not None and criterion.status == "met":
        yield contradiction(
            "change_beyond_criterion",
            event.pointer,
            f"{event.text('id')} is recorded as a change, and its values meet the criterion in force.",
            f"Was {event.text('id')} a change or an alert?",
            facts=[event, criterion],
            ask="professional",
            severity="warn",
        )
    if chain.signal and event.code("direction") == "none":
        yield contradiction(
            "event_without_direction",
            f"{event.pointer}/direction",
            f"{event.text('id')} is recorded as {event.text('event_class')} and without a signal change.",
            f"What changed at {event.text('id')}?",
            facts=[event],
        )


def _responds(fact: Fact) -> bool:
    return fact.status in _RESPONSE and fact.number("amplitude_uv") != 0


def _loss(chain: EventChain) -> Iterator[Finding]:
    event = chain.event
    name, direction = event.text("id"), event.code("direction")
    values = [reading.fact for reading in chain.readings]
    if direction == "loss" and values and all(_responds(fact) for fact in values):
        yield contradiction(
            "loss_with_values",
            event.pointer,
            f"{name} is recorded as a loss of response, and its values show a response.",
            f"Was the response absent or attenuated at {name}?",
            facts=[event, *values],
        )
    attenuated = ("decrease", "prolonged_latency", "decrease_and_prolongation")
    if direction in attenuated and values and all(fact.status == "absent" for fact in values):
        yield contradiction(
            "attenuation_with_absent_response",
            event.pointer,
            f"{name} is recorded as {event.text('direction')}, and its values show no response.",
            f"Was the response absent or attenuated at {name}?",
            facts=[event, *values],
        )
    if direction == "return" and values and all(fact.status == "absent" for fact in values):
        yield contradiction(
            "return_with_absent_response",
            event.pointer,
            f"{name} is recorded as a return of response, and its values show no response.",
            f"Did the response return at {name}?",
            facts=[event, *values],
        )


_SIZES = (
    "amplitude_change_pct",
    "velocity_cm_change_pct",
    "saturation_change_pct",
    "pressure_change_pct",
    "spectral_edge_change_pct",
)
"""Changes that a plain decrease or increase is about, by what the modality measures."""
_EXPECTED_SIGN = {
    "decrease": tuple((name, -1) for name in _SIZES),
    "increase": tuple((name, 1) for name in _SIZES),
    "prolonged_latency": (("latency_change_ms", 1),),
    "shortened_latency": (("latency_change_ms", -1),),
    "decrease_and_prolongation": (("amplitude_change_pct", -1), ("latency_change_ms", 1)),
    "threshold_rise": (("threshold_change_ma", 1), ("threshold_change_v", 1)),
    "threshold_fall": (("threshold_change_ma", -1), ("threshold_change_v", -1)),
}


def _direction(chain: EventChain) -> Iterator[Finding]:
    event = chain.event
    for reading in chain.readings:
        value, change = reading.fact, reading.change
        if change is None or (chain.responses and reading.channel not in chain.responses):
            continue  # a control channel read at the same time says nothing about the direction of the event
        for name, sign in _EXPECTED_SIGN.get(event.code("direction"), ()):
            amount = change.number(name)
            if amount is not None and amount * sign < 0:
                yield contradiction(
                    "direction_against_value",
                    value.pointer,
                    f"{event.text('id')} is recorded as {event.text('direction')}, and the value changed by "
                    f"{change.text(name)}.",
                    f"Which is right for {event.text('id')}, the direction or the value?",
                    facts=[event, value, change],
                )


def _last_closings(facts: Facts, chain: EventChain) -> list[Reading]:
    """The closing reading of each response that the event names."""
    return [course.closing for course in facts.responses if course.channel in chain.responses]


def _still_changed(reading: Reading) -> bool:
    """Beyond its criterion, or absent where the baseline had a response."""
    if reading.change is None or reading.baseline is None:
        return False
    lost = reading.fact.status == "absent" and reading.baseline.status in _RESPONSE
    return lost or reading.change.status == "beyond_criterion"


def _resolved(facts: Facts, chain: EventChain, resolution: Fact) -> Iterator[Finding]:
    if not vocabulary("resolution_classes")[resolution.status].extra["recovered"]:
        return
    name, words = chain.event.text("id"), resolution.text("text")
    last = chain.last_readings
    still = [reading.change for reading in last if reading.change is not None and _still_changed(reading)]
    if still:
        yield contradiction(
            "resolved_beyond_criterion",
            resolution.pointer,
            f"{name} is recorded as {words}, and its last value still meets the criterion in force or shows no "
            "response.",
            f"Did {name} return to within criterion, and at which value?",
            facts=[resolution, *still],
            ask="professional",
        )
        return
    closing = [
        reading.fact
        for reading in _last_closings(facts, chain)
        if _still_changed(reading) and not _later_event(facts, chain, reading.channel)
    ]
    if closing:
        yield contradiction(
            "resolved_beyond_at_closing",
            resolution.pointer,
            f"{name} is recorded as {words}, and a closing reading of the same response meets the criterion in force "
            "or shows no response.",
            f"Was there a further change after {name}?",
            facts=[resolution, *closing],
            ask="professional",
        )
    low = [
        change
        for reading in last
        if (change := reading.change) is not None
        and (percent := change.number("amplitude_pct_of_baseline")) is not None
        and percent < _LOW_RETURN_PCT
    ]
    if resolution.status == "full_return" and low:
        yield contradiction(
            "full_return_below_baseline",
            resolution.pointer,
            f"{name} is recorded as {words}, and its last value is {low[0].text('amplitude_pct_of_baseline')} of "
            "baseline.",
            f"Was {name} a return to baseline, or to within criterion?",
            facts=[resolution, *low],
            ask="professional",
            severity="warn",
        )


def _later_event(facts: Facts, chain: EventChain, channel: Fact) -> bool:
    return any(
        channel in other.responses
        and other.event.status in ("alert", "change")
        and earlier(chain.begun_at, other.begun_at)
        for other in facts.events
    )


def _unresolved(facts: Facts, chain: EventChain, resolution: Fact) -> Iterator[Finding]:
    name, words, criterion = chain.event.text("id"), resolution.text("text"), chain.criterion
    last = [reading.change for reading in chain.last_readings]
    within = bool(last) and all(change is not None and change.status == "within_criterion" for change in last)
    if (
        resolution.status in ("unchanged", "worsened")
        and criterion is not None
        and criterion.status == "met"
        and within
    ):
        yield contradiction(
            "unresolved_within_criterion",
            resolution.pointer,
            f"{name} is recorded as {words}, and its last values are within the criterion that it met before.",
            f"How did {name} end?",
            facts=[resolution, *[change for change in last if change is not None]],
            ask="professional",
        )
    closings = [reading.fact for reading in _last_closings(facts, chain)]
    if resolution.status == "lost_to_close" and closings and all(_responds(row) for row in closings):
        yield contradiction(
            "lost_but_present",
            resolution.pointer,
            f"{name} is recorded as lost to close, and closing readings of the same response show it.",
            f"Was the response absent at closing after {name}?",
            facts=[resolution, *closings],
            ask="professional",
        )


def _superseded(facts: Facts, chain: EventChain, resolution: Fact) -> Iterator[Finding]:
    event = chain.event
    if resolution.status != "superseded_by_new_baseline":
        return
    resets = [
        baseline
        for course in facts.responses
        if course.channel in chain.responses
        for baseline in course.baselines
        if baseline.code("baseline_kind") == "reset"
    ]
    if not resets and not any(row.modality == event.modality for row in facts.of_kind("modality.baseline_reset")):
        yield contradiction(
            "superseded_without_reset",
            resolution.pointer,
            f"{event.text('id')} is recorded as superseded by a new baseline, and no new baseline is recorded.",
            f"Which new baseline replaced the earlier one after {event.text('id')}, and when?",
            facts=[resolution],
            ask="professional",
        )
