"""Each event: onset, place, values, notification, acknowledgement, physiology (clinical reference §1.4, §3)."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.vocab import team_roles, vocabulary

__all__ = ["EVENT_CHECKS"]


def _onset(_: Facts, chain: EventChain) -> Iterator[Fired]:
    if chain.onset.status == "not_recorded":
        yield fired(chain.event.pointer, chain.onset, eased=not chain.signal, event=chain.event.text("id"))


def _modality(_: Facts, chain: EventChain) -> Iterator[Fired]:
    event = chain.event
    if chain.signal and not event.modality:
        yield fired(f"{event.pointer}/modality", event, event=event.text("id"))


def _side(_: Facts, chain: EventChain) -> Iterator[Fired]:
    event = chain.event
    if chain.signal and event.side == "not_recorded":
        yield fired(f"{event.pointer}/side", event, event=event.text("id"))


def _is_alert(chain: EventChain) -> bool:
    return chain.event.status == "alert"


def _values(facts: Facts, chain: EventChain) -> Iterator[Fired]:
    event = chain.event
    tested = any(fact.modality == event.modality for fact in facts.of_kind("threshold"))
    if _is_alert(chain) and not tested and not chain.readings:
        yield fired(f"{event.pointer}/readings", event, event=event.text("id"))


def _alert_notifications(chain: EventChain) -> list[Fact]:
    """The recorded notifications of an alert; an alert without any is reported as a contradiction."""
    facts = [notification.fact for notification in chain.notifications]
    return [fact for fact in facts if fact.status != "not_recorded"] if _is_alert(chain) else []


def _notification_time(_: Facts, chain: EventChain) -> Iterator[Fired]:
    for fact in _alert_notifications(chain):
        if not fact.text("at"):
            stated = bool(fact.text("at_stated"))
            person, event = fact.text("to"), chain.event.text("id")
            yield fired(f"{fact.pointer}/at", fact, eased=stated, person=person, event=event)


def _notification(_: Facts, chain: EventChain) -> Iterator[Fired]:
    event, roles = chain.event, {fact.status for fact in _alert_notifications(chain)}
    for team, person, eased in (("surgical", "surgeon", False), ("anesthesia", "anesthesia team", True)):
        if roles and not roles & set(team_roles(team)):
            yield fired(f"{event.pointer}/notifications", event, eased=eased, person=person, event=event.text("id"))


def _acknowledgement(_: Facts, chain: EventChain) -> Iterator[Fired]:
    """A missing acknowledgement; the record's own statement that it is not recorded eases the finding."""
    for fact in _acknowledgements(chain):
        if fact.status == "not_recorded":
            stated = bool(fact.text("acknowledged_stated"))
            yield fired(
                f"{fact.pointer}/acknowledged",
                fact,
                eased=stated or fact.code("to") not in team_roles("surgical"),
                person=fact.text("to"),
                event=chain.event.text("id"),
            )


def _acknowledgement_time(_: Facts, chain: EventChain) -> Iterator[Fired]:
    for fact in _acknowledgements(chain):
        if fact.status == "yes" and not fact.text("at"):
            person, event = fact.text("to"), chain.event.text("id")
            yield fired(f"{fact.pointer}/acknowledged_at", fact, person=person, event=event)


def _acknowledgements(chain: EventChain) -> list[Fact]:
    return [notification.acknowledgement for notification in chain.notifications] if _is_alert(chain) else []


def _physiology(_: Facts, chain: EventChain) -> Iterator[Fired]:
    physiology = chain.physiology
    if not _is_alert(chain) or physiology is None:
        return
    for code, parameter in vocabulary("parameters").entries.items():
        if parameter.always_stated and not physiology.text(code):
            words, event = parameter.display, chain.event.text("id")
            yield fired(physiology.pointer, physiology, Quantity=words.capitalize(), quantity=words, event=event)


EVENT_CHECKS: Final[Checks[[Facts, EventChain]]] = MappingProxyType(
    {
        "required.event_onset": _onset,
        "required.event_modality": _modality,
        "required.event_side": _side,
        "required.event_values": _values,
        "required.notification_time": _notification_time,
        "required.notification": _notification,
        "required.acknowledgement": _acknowledgement,
        "required.acknowledgement_time": _acknowledgement_time,
        "required.physiology_at_alert": _physiology,
    }
)
"""What is missing of each event."""
