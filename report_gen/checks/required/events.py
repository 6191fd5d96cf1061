"""Each event: onset, place, values, notification, acknowledgement, physiology (clinical reference §1.4, §3)."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.required.extent import role_named
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.vocab import team_roles, vocabulary

__all__ = ["EVENT_CHECKS"]


def _onset(_: Facts, chain: EventChain) -> Iterator[Fired]:
    if chain.onset.status == "not_recorded":
        yield fired(chain.event.pointer, chain.onset, eased=not chain.signal, event=chain.event.text("id"))


def _modality(facts: Facts, chain: EventChain) -> Iterator[Fired]:
    event = chain.event
    if chain.signal and not event.modality:
        unasked = not role_named(facts, "technologist")
        yield fired(f"{event.pointer}/modality", event, eased=unasked, event=event.text("id"))


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
    return [notification.fact for notification in chain.notifications] if _is_alert(chain) else []


def _told(fact: Fact) -> str:
    """Who was told, in words that fit behind `the`."""
    return "person told" if fact.code("to") == "not_recorded" or not fact.text("to") else fact.text("to")


def _notification_time(_: Facts, chain: EventChain) -> Iterator[Fired]:
    for fact in _alert_notifications(chain):
        if not fact.text("at"):
            yield fired(f"{fact.pointer}/at", fact, person=_told(fact), event=chain.event.text("id"))


def _notification(_: Facts, chain: EventChain) -> Iterator[Fired]:
    """Who of the two teams is not among those told; that somebody unnamed was told tells of neither.

    A message of the log about the event tells as much as a notification of it.
    """
    event, roles = chain.event, {fact.status for fact in _alert_notifications(chain)}
    if _is_alert(chain):
        roles |= {message.code("to") for message in chain.told}
    for team, person, eased in (("surgical", "surgeon", False), ("anesthesia", "anesthesia team", True)):
        if roles and not roles & set(team_roles(team)):
            yield fired(f"{event.pointer}/notifications", event, eased=eased, person=person, event=event.text("id"))


def _acknowledgement(facts: Facts, chain: EventChain) -> Iterator[Fired]:
    yield from _acknowledgement_in_log(facts, chain)
    for fact in _acknowledgements(chain):
        if fact.status == "not_recorded":
            yield fired(
                f"{fact.pointer}/acknowledged",
                fact,
                eased=fact.code("to") not in team_roles("surgical"),
                person=_told(fact),
                event=chain.event.text("id"),
            )


def _acknowledgement_in_log(_: Facts, chain: EventChain) -> Iterator[Fired]:
    """Where the log alone tells that the surgical team was told, and nothing of an answer."""
    surgical = set(team_roles("surgical"))
    if not _is_alert(chain) or surgical & {notification.fact.status for notification in chain.notifications}:
        return
    told = [message for message in chain.told if message.code("to") in surgical]
    if told and not any(message.code("from") in surgical for message in chain.messages):
        yield fired(told[0].pointer, told[0], about=chain.event, person=_told(told[0]), event=chain.id)


def _acknowledgement_time(_: Facts, chain: EventChain) -> Iterator[Fired]:
    for fact in _acknowledgements(chain):
        if fact.status == "yes" and not fact.text("at"):
            yield fired(f"{fact.pointer}/acknowledged_at", fact, person=_told(fact), event=chain.event.text("id"))


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
