"""An event's class, direction and resolution against its values and the closing readings."""

from __future__ import annotations

from collections.abc import Iterator

from report_gen.checks.making import SIGNAL, begun, contradiction, earlier, event_channels
from report_gen.checks.model import Finding
from report_gen.facts.model import Fact, Facts
from report_gen.vocab import vocabulary

__all__ = ["outcome_findings"]

_RESPONSE = ("measured", "present")
_LOW_RETURN_PCT = 70
"""Percent of baseline below which a full return is asked about; within a wide criterion such a value is no return to
baseline (clinical reference §7.2). A proposal: no source gives the figure."""


def outcome_findings(facts: Facts) -> Iterator[Finding]:
    """Contradictions between what an event is called and what its values show."""
    for event in facts.of_kind("event"):
        yield from _notification(facts, event)
        yield from _class(facts, event)
        yield from _loss(facts, event)
        yield from _direction(facts, event)
        resolution = facts.get(f"{event.group}.resolution")
        if resolution is not None and resolution.status != "not_recorded":
            yield from _resolved(facts, event, resolution)
            yield from _unresolved(facts, event, resolution)
            yield from _superseded(facts, event, resolution)


def _notification(facts: Facts, event: Fact) -> Iterator[Finding]:
    name = event.text("id")
    told = facts.get(f"{event.group}.told")
    if event.status == "alert" and told is not None:
        yield contradiction(
            "alert_without_notification",
            told.pointer,
            f"{name} is recorded as an alert and nobody as told.",
            f"Who was told of {name}, when, and what was the reply?",
            facts=[event, told],
        )
    messages = [
        row for row in facts.of_kind("message") if row.status == "alert" and row.code("event") == event.code("id")
    ]
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


def _class(facts: Facts, event: Fact) -> Iterator[Finding]:
    criterion = facts.get(f"{event.group}.criterion")
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
    if event.status in SIGNAL and event.code("direction") == "none":
        yield contradiction(
            "event_without_direction",
            f"{event.pointer}/direction",
            f"{event.text('id')} is recorded as {event.text('event_class')} and without a signal change.",
            f"What changed at {event.text('id')}?",
            facts=[event],
        )


def _responds(fact: Fact) -> bool:
    return fact.status in _RESPONSE and fact.number("amplitude_uv") != 0


def _loss(facts: Facts, event: Fact) -> Iterator[Finding]:
    name, direction = event.text("id"), event.code("direction")
    values = facts.in_group(event.group, "event.value")
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


def _direction(facts: Facts, event: Fact) -> Iterator[Finding]:
    for value in facts.in_group(event.group, "event.value"):
        change = facts.get(f"{value.id}.change")
        if change is None or (event.inputs and not set(value.inputs) <= set(event.inputs)):
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


def _last_values(facts: Facts, event: Fact) -> list[tuple[Fact, Fact | None]]:
    """The last recorded value of each response of an event, with its change."""
    last: dict[str, Fact] = {}
    for kind in ("event.value", "event.retest.value"):
        for value in facts.in_group(event.group, kind):
            last[value.inputs[0]] = value
    return [(value, facts.get(f"{value.id}.change")) for value in last.values()]


def _last_closings(facts: Facts, event: Fact) -> list[Fact]:
    return [facts.in_group(channel.id, "channel.closing")[-1] for channel in event_channels(facts, event)]


def _still_changed(facts: Facts, value: Fact, change: Fact | None) -> bool:
    """Beyond its criterion, or absent where the baseline had a response."""
    if change is None:
        return False
    lost = value.status == "absent" and facts.by_id[change.inputs[1]].status in _RESPONSE
    return lost or change.status == "beyond_criterion"


def _resolved(facts: Facts, event: Fact, resolution: Fact) -> Iterator[Finding]:
    if not vocabulary("resolution_classes")[resolution.status].extra["recovered"]:
        return
    name, words = event.text("id"), resolution.text("text")
    last = _last_values(facts, event)
    still = [change for value, change in last if change is not None and _still_changed(facts, value, change)]
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
        row
        for row in _last_closings(facts, event)
        if _still_changed(facts, row, facts.get(f"{row.id}.change")) and not _later_event(facts, event, row.group)
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
        for _, change in last
        if change is not None
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


def _later_event(facts: Facts, event: Fact, channel: str) -> bool:
    return any(
        channel in other.inputs
        and other.status in ("alert", "change")
        and earlier(begun(facts, event), begun(facts, other))
        for other in facts.of_kind("event")
    )


def _unresolved(facts: Facts, event: Fact, resolution: Fact) -> Iterator[Finding]:
    name, words = event.text("id"), resolution.text("text")
    criterion = facts.get(f"{event.group}.criterion")
    last = [change for _, change in _last_values(facts, event)]
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
    closings = _last_closings(facts, event)
    if resolution.status == "lost_to_close" and closings and all(_responds(row) for row in closings):
        yield contradiction(
            "lost_but_present",
            resolution.pointer,
            f"{name} is recorded as lost to close, and closing readings of the same response show it.",
            f"Was the response absent at closing after {name}?",
            facts=[resolution, *closings],
            ask="professional",
        )


def _superseded(facts: Facts, event: Fact, resolution: Fact) -> Iterator[Finding]:
    if resolution.status != "superseded_by_new_baseline":
        return
    resets = [
        row
        for channel in event_channels(facts, event)
        for row in facts.in_group(channel.id, "channel.baseline")
        if row.code("baseline_kind") == "reset"
    ]
    if not resets and not facts.in_group(f"modality.{event.modality}", "modality.baseline_reset"):
        yield contradiction(
            "superseded_without_reset",
            resolution.pointer,
            f"{event.text('id')} is recorded as superseded by a new baseline, and no new baseline is recorded.",
            f"Which new baseline replaced the earlier one after {event.text('id')}, and when?",
            facts=[resolution],
            ask="professional",
        )
