"""An event's class, direction and resolution against its values and the closing readings."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.intervals import earlier
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.change_names import change_names
from report_gen.facts.signals.changes import MOST_PERCENT
from report_gen.facts.signals.criteria import RESPONSE_STATES
from report_gen.facts.views.courses import EventChain, Reading
from report_gen.vocab import vocabulary

__all__ = ["LOW_RETURN_PCT", "OUTCOME_CHECKS"]

LOW_RETURN_PCT = 70
"""Percent of baseline below which a full return is asked about; within a wide criterion such a value is no return to
baseline (clinical reference §7.2). A proposal: no source gives the figure."""
_ATTENUATED = ("decrease", "prolonged_latency", "decrease_and_prolongation")


def _alert_without_notification(_: Facts, chain: EventChain) -> Iterator[Fired]:
    event, missing = chain.event, chain.no_notification
    if event.status == "alert" and not chain.notifications and not chain.told:
        lacking = () if missing is None else (missing,)
        yield fired(f"{event.pointer}/notifications", event, *lacking, event=event.text("id"))


def _change_reported_as_alert(facts: Facts, chain: EventChain) -> Iterator[Fired]:
    event = chain.event
    messages = [fact for fact in facts.of_kind("message") if fact.status == "alert" and fact.code("event") == chain.id]
    if event.status == "change" and messages:
        yield fired(messages[0].pointer, event, *messages, event=event.text("id"))


def _change_beyond_criterion(_: Facts, chain: EventChain) -> Iterator[Fired]:
    event, criterion = chain.event, chain.criterion
    if event.status == "change" and criterion is not None and criterion.status == "met":
        yield fired(event.pointer, event, criterion, event=event.text("id"))


def _without_direction(_: Facts, chain: EventChain) -> Iterator[Fired]:
    event = chain.event
    if chain.signal and event.code("direction") == "none":
        yield fired(f"{event.pointer}/direction", event, event=event.text("id"), event_class=event.text("event_class"))


def _responds(fact: Fact) -> bool:
    return fact.status in RESPONSE_STATES and fact.number("amplitude_uv") != 0


def _values(chain: EventChain) -> list[Fact]:
    return [reading.fact for reading in chain.readings]


def _all_absent(chain: EventChain) -> bool:
    """Whether the event has values and none of them shows a response."""
    values = _values(chain)
    return bool(values) and all(fact.status == "absent" for fact in values)


def _loss_with_values(_: Facts, chain: EventChain) -> Iterator[Fired]:
    event, values = chain.event, _values(chain)
    if event.code("direction") == "loss" and values and all(_responds(fact) for fact in values):
        yield fired(event.pointer, event, *values, event=event.text("id"))


def _attenuation_with_absent_response(_: Facts, chain: EventChain) -> Iterator[Fired]:
    event = chain.event
    if event.code("direction") in _ATTENUATED and _all_absent(chain):
        words = event.text("direction")
        yield fired(event.pointer, event, *_values(chain), event=event.text("id"), direction=words)


def _return_with_absent_response(_: Facts, chain: EventChain) -> Iterator[Fired]:
    event = chain.event
    if event.code("direction") == "return" and _all_absent(chain):
        yield fired(event.pointer, event, *_values(chain), event=event.text("id"))


def _expected_signs(direction: str) -> Iterator[tuple[str, int]]:
    """The sign of change that a direction requires, by the name of each value that holds such a change."""
    entry = vocabulary("change_directions").get(direction)
    if entry is None:
        return
    for names in change_names().values():
        if names.aspect in entry.raises:
            yield names.judged, 1
        elif names.aspect in entry.lowers:
            yield names.judged, -1


def _direction_against_value(_: Facts, chain: EventChain) -> Iterator[Fired]:
    event = chain.event
    for reading in chain.readings:
        value, change = reading.fact, reading.change
        if change is None or (chain.responses and reading.channel not in chain.responses):
            continue  # a control channel read at the same time says nothing about the direction of the event
        # Above the most that is printed, the unit is asked about and not the direction.
        for name, sign in _expected_signs(event.code("direction")):
            amount = change.number(name)
            if amount is not None and abs(amount) <= MOST_PERCENT and amount * sign < 0:
                yield fired(
                    value.pointer,
                    event,
                    value,
                    change,
                    event=event.text("id"),
                    direction=event.text("direction"),
                    change=change.text(name),
                )


def _last_closings(facts: Facts, chain: EventChain) -> list[Reading]:
    """The closing reading of each response that the event names."""
    return [course.closing for course in facts.responses if course.channel in chain.responses]


def _still_changed(reading: Reading) -> bool:
    """Whether a reading is beyond its criterion, or absent where the baseline had a response."""
    if reading.change is None or reading.baseline is None:
        return False
    lost = reading.fact.status == "absent" and reading.baseline.status in RESPONSE_STATES
    return lost or reading.change.status == "beyond_criterion"


def _recovered(chain: EventChain) -> Fact | None:
    """The end of the event where the record calls it a recovery. None: it does not."""
    end = chain.resolution
    outcome = vocabulary("resolution_classes").get(end.status) if end is not None else None
    return end if outcome is not None and outcome.recovered else None


def _resolved(chain: EventChain, end: Fact, *facts: Fact) -> Fired:
    return fired(end.pointer, end, *facts, event=chain.event.text("id"), resolution=end.text("text"))


def _beyond_at_last(chain: EventChain) -> list[Fact]:
    """Changes of the last readings that still meet the criterion or show no response."""
    return [reading.change for reading in chain.last_readings if reading.change is not None and _still_changed(reading)]


def _resolved_beyond_criterion(_: Facts, chain: EventChain) -> Iterator[Fired]:
    end, still = _recovered(chain), _beyond_at_last(chain)
    if end is not None and still:
        yield _resolved(chain, end, *still)


def _resolved_beyond_at_closing(facts: Facts, chain: EventChain) -> Iterator[Fired]:
    end = _recovered(chain)
    if end is None or _beyond_at_last(chain):
        return
    closing = [
        reading.fact
        for reading in _last_closings(facts, chain)
        if _still_changed(reading) and not _later_event(facts, chain, reading.channel)
    ]
    if closing:
        yield _resolved(chain, end, *closing)


def _classed_after_within(_: Facts, chain: EventChain) -> Iterator[Fired]:
    """A return to within criterion that is classed later than the readings were within it."""
    end, first = chain.resolution, chain.first_within
    if end is None or first is None or end.status != "within_criterion":
        return
    if earlier(first.instant("at"), end.instant("at")):
        words, time = end.text("text"), end.text("at")
        yield fired(end.pointer, end, first, event=chain.id, resolution=words, time=time, first=first.text("at"))


def _within_without_beyond(_: Facts, chain: EventChain) -> Iterator[Fired]:
    """A return to within the criterion of an event whose values never met it; a slip of the unit is asked about."""
    end, criterion = chain.resolution, chain.criterion
    if end is None or criterion is None or (end.status, criterion.status) != ("within_criterion", "not_met"):
        return
    shares = [
        reading.change.number("amplitude_pct_of_baseline") or 0
        for reading in chain.every_reading
        if reading.change is not None
    ]
    if max(shares, default=0) <= MOST_PERCENT:
        yield _resolved(chain, end, criterion)


def _full_return_below_baseline(_: Facts, chain: EventChain) -> Iterator[Fired]:
    end = _recovered(chain)
    if end is None or end.status != "full_return" or _beyond_at_last(chain):
        return
    low = [
        change
        for reading in chain.last_readings
        if (change := reading.change) is not None
        and (percent := change.number("amplitude_pct_of_baseline")) is not None
        and percent < LOW_RETURN_PCT
    ]
    if low:
        event, resolution = chain.event.text("id"), end.text("text")
        shown = low[0].text("amplitude_pct_of_baseline")
        yield fired(end.pointer, end, *low, event=event, resolution=resolution, percent=shown)


def _later_event(facts: Facts, chain: EventChain, channel: Fact) -> bool:
    return any(
        channel in other.responses
        and vocabulary("event_classes")[other.event.status].deteriorates
        and earlier(chain.begun_at, other.begun_at)
        for other in facts.events
    )


def _unresolved_within_criterion(_: Facts, chain: EventChain) -> Iterator[Fired]:
    end, criterion = chain.resolution, chain.criterion
    last = [reading.change for reading in chain.last_readings]
    within = [change for change in last if change is not None and change.status == "within_criterion"]
    was_met = criterion is not None and criterion.status == "met"
    if end is not None and end.status in ("unchanged", "worsened") and was_met and last and len(within) == len(last):
        yield _resolved(chain, end, *within)


def _lost_but_present(facts: Facts, chain: EventChain) -> Iterator[Fired]:
    end, closings = chain.resolution, [reading.fact for reading in _last_closings(facts, chain)]
    if end is not None and end.status == "lost_to_close" and closings and all(_responds(fact) for fact in closings):
        yield fired(end.pointer, end, *closings, event=chain.event.text("id"))


def _superseded_without_reset(facts: Facts, chain: EventChain) -> Iterator[Fired]:
    event, end = chain.event, chain.resolution
    if end is None or end.status != "superseded_by_new_baseline":
        return
    resets = [
        baseline
        for course in facts.responses
        if course.channel in chain.responses
        for baseline in course.baselines
        if baseline.code("baseline_kind") == "reset"
    ]
    if not resets and not any(reset.modality == event.modality for reset in facts.of_kind("modality.baseline_reset")):
        yield fired(end.pointer, end, event=event.text("id"))


OUTCOME_CHECKS: Final[Checks[[Facts, EventChain]]] = MappingProxyType(
    {
        "contradiction.alert_without_notification": _alert_without_notification,
        "contradiction.change_reported_as_alert": _change_reported_as_alert,
        "contradiction.change_beyond_criterion": _change_beyond_criterion,
        "contradiction.event_without_direction": _without_direction,
        "contradiction.loss_with_values": _loss_with_values,
        "contradiction.attenuation_with_absent_response": _attenuation_with_absent_response,
        "contradiction.return_with_absent_response": _return_with_absent_response,
        "contradiction.direction_against_value": _direction_against_value,
        "contradiction.resolved_beyond_criterion": _resolved_beyond_criterion,
        "contradiction.resolved_beyond_at_closing": _resolved_beyond_at_closing,
        "contradiction.classed_after_within": _classed_after_within,
        "contradiction.within_without_beyond": _within_without_beyond,
        "contradiction.full_return_below_baseline": _full_return_below_baseline,
        "contradiction.unresolved_within_criterion": _unresolved_within_criterion,
        "contradiction.lost_but_present": _lost_but_present,
        "contradiction.superseded_without_reset": _superseded_without_reset,
    }
)
"""Contradictions between what an event is called and what its values show."""
