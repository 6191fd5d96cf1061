"""Losses: nobody told, no baseline to be lost from; and an outcome class that says nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.contradictions.readings import events_about
from report_gen.checks.contradictions.units import Slips
from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.subjects import named, time_of
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.criteria import RESPONSE_STATES
from report_gen.facts.views.courses import EventChain, Reading, ResponseCourse
from report_gen.vocab import vocabulary

__all__ = ["LOSS_CHECKS", "OUTCOME_CLASS_CHECKS", "UNRECORDED_CHECKS", "changed", "is_lost"]

_STATES: Final = {"absent": "absent", "not_obtained": "not obtained", "not_monitored": "not monitored"}
_UNHARMED: Final = ("no_change", "reversible_change")
"""Classes by which every response ended as it began."""


def is_lost(reading: Reading) -> bool:
    """Whether a response that its baseline had is absent; of a response that is itself abnormal that is no loss."""
    entry = vocabulary("modalities").get(reading.channel.modality)
    if entry is None or entry.response_is_abnormal or reading.fact.status != "absent":
        return False
    return reading.baseline is not None and reading.baseline.status in RESPONSE_STATES


def _is_loss(event: Fact) -> bool:
    """Whether a loss is the kind of change of an event, or one of several that all happened."""
    return not event.value("either") and "loss" in (event.code("direction"), *event.codes("further"))


def changed(reading: Reading) -> bool:
    """Whether a reading is lost, or beyond the criterion in force."""
    beyond = reading.change is not None and reading.change.status == "beyond_criterion"
    return beyond or is_lost(reading)


def _lost_without_notification(_: Facts, chain: EventChain) -> Iterator[Fired]:
    """Of any class but alert, which is asked by itself; what was never told is answered with `no`.

    A message of the log about the event has told of it.
    """
    event = chain.event
    if event.status in ("alert", "improvement") or chain.notifications or chain.told:
        return
    lost = [reading for reading in chain.every_reading if is_lost(reading)]
    named_lost = _is_loss(event)
    if not lost and not named_lost:
        return
    first = lost[0].channel if lost else next(iter(chain.responses), None)
    entry = vocabulary("modalities").get(event.modality)
    words = named(first) if first is not None else entry.display if entry is not None else "response"
    # A reading with a time of its own was absent then; the change may have begun before.
    own = lost[0].fact.text("at") if lost else ""
    at = own or time_of(chain)
    # A loss that was found later than it happened has no time of its own.
    lost_words = "noticed lost" if at and not own and not chain.onset.text("onset_at") else "lost"
    place = f"{event.pointer}/notifications"
    yield fired(place, event, channel=words, time=f" at {at}" if at else "", lost=lost_words)


def _loss_without_baseline(facts: Facts, chain: EventChain) -> Iterator[Fired]:
    event = chain.event
    if not chain.signal or not _is_loss(event):
        return
    for course in facts.responses:
        recorded = [fact for fact in course.baselines if fact.status != "not_recorded" and fact.code("text")]
        if course.channel not in chain.responses or not recorded or course.followed:
            continue
        state = _STATES.get(recorded[-1].status, "not obtained")
        yield fired(event.pointer, event, recorded[-1], event=chain.id, channel=named(course.channel), state=state)


def _lost_without_event(facts: Facts, course: ResponseCourse, slips: Slips) -> Iterator[Fired]:
    """A reading beyond its criterion, or an absent one, without an event about it: the record lacks an event.

    What may be a slip of the unit is asked about as such, together with the change; a whole response in another unit
    meets a criterion that is a value of its own.
    """
    right = course.channel.id not in slips.whole
    readings = [
        reading
        for reading in course.readings
        if (is_lost(reading) or (right and changed(reading))) and reading.fact.id not in slips.doubted
    ]
    if not readings or events_about(facts, course.channel):
        return
    closing = [reading for reading in readings if reading.fact.kind == "channel.closing"]
    told = (closing or readings)[0].fact
    at = told.text("at")
    what = "is absent" if told.status == "absent" else "meets the criterion in force"
    yield fired(
        told.pointer,
        told,
        channel=named(course.channel),
        time=f" at {at}" if at else "",
        phase="closing reading" if told.kind == "channel.closing" else "reading",
        what=what,
    )


def _class_no_change(facts: Facts, slips: Slips) -> Iterator[Fired]:
    """No change, or a reversible one, and a response ended beyond criterion or lost; no change, and an alert."""
    outcome = facts.get("opinion.outcome_class")
    if outcome is None or outcome.status not in _UNHARMED:
        return
    for course in facts.responses:
        if changed(course.closing) and course.closing.fact.id not in slips.doubted:
            fact, channel = course.closing.fact, named(course.channel)
            what = "is absent" if fact.status == "absent" else "is beyond its criterion"
            yield fired(
                outcome.pointer,
                outcome,
                fact,
                about=course.channel,
                outcome=outcome.text("text"),
                what=f"the closing reading of the {channel} {what}",
                subject=channel,
            )
    for chain in facts.events:
        if outcome.status == "no_change" and chain.event.status == "alert":
            at = time_of(chain)
            yield fired(
                outcome.pointer,
                outcome,
                chain.event,
                about=chain.event,
                outcome=outcome.text("text"),
                what=f"an alert is recorded{f' at {at}' if at else ''} ({chain.id})",
                subject=f"alert {chain.id}",
            )


LOSS_CHECKS: Final[Checks[[Facts, EventChain]]] = MappingProxyType(
    {
        "contradiction.lost_without_notification": _lost_without_notification,
        "contradiction.loss_without_baseline": _loss_without_baseline,
    }
)
"""Contradictions of events that are losses."""

UNRECORDED_CHECKS: Final[Checks[[Facts, ResponseCourse, Slips]]] = MappingProxyType(
    {"contradiction.beyond_criterion_without_event": _lost_without_event}
)
"""Changes of a response that no event is about."""

OUTCOME_CLASS_CHECKS: Final[Checks[[Facts, Slips]]] = MappingProxyType(
    {"contradiction.no_change_against_readings": _class_no_change}
)
"""Contradictions between the class of the outcome and the record."""
