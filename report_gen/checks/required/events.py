"""Each event: onset, place, values, who was told and acknowledged, physiology (clinical reference §1.4, §3)."""

from __future__ import annotations

from collections.abc import Iterator

from report_gen.checks.making import absent
from report_gen.checks.model import Finding
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views import EventChain
from report_gen.vocab import team_roles, vocabulary

__all__ = ["event_findings"]


def event_findings(facts: Facts) -> Iterator[Finding]:
    """What is missing of the events."""
    for chain in facts.events:
        yield from _onset(chain)
        if chain.signal:
            yield from _place(chain.event)
        if chain.event.status == "alert":
            yield from _values(facts, chain)
            yield from _notified(chain)
            yield from _acknowledged(chain)
            yield from _physiology(chain)


def _onset(chain: EventChain) -> Iterator[Finding]:
    """Published and late-entered cases have no clock times: the draft prints that, signing a signal event asks."""
    event, onset, signal = chain.event, chain.onset, chain.signal
    name = event.text("id")
    if onset.status == "not_recorded":
        yield absent(
            "event_onset",
            event.pointer,
            f"The time of {name} is not recorded.",
            f"When did {name} begin, or between which times?",
            facts=[onset],
            severity="block" if signal else "warn",
            gate="sign" if signal else "draft",
        )


def _place(event: Fact) -> Iterator[Finding]:
    name = event.text("id")
    if not event.modality:
        yield absent(
            "event_modality",
            f"{event.pointer}/modality",
            f"{name} names no modality.",
            f"Which modality showed {name}?",
            facts=[event],
            severity="block",
            gate="draft",
        )
    if event.side == "not_recorded":
        yield absent(
            "event_side",
            f"{event.pointer}/side",
            f"The side of {name} is not recorded.",
            f"Which side did {name} affect?",
            facts=[event],
            severity="block",
        )


def _values(facts: Facts, chain: EventChain) -> Iterator[Finding]:
    event = chain.event
    name = event.text("id")
    tested = any(fact.modality == event.modality for fact in facts.of_kind("threshold"))
    if not tested and not chain.readings:
        yield absent(
            "event_values",
            f"{event.pointer}/readings",
            f"No value is recorded for {name}.",
            f"Which values did the responses have at {name}?",
            facts=[event],
        )


def _notified(chain: EventChain) -> Iterator[Finding]:
    event = chain.event
    name = event.text("id")
    told = [row.told for row in chain.notifications if row.told.status != "not_recorded"]
    if not told:
        return  # an alert nobody was told of is a contradiction, reported there
    for fact in told:
        if not fact.text("at"):
            who, explicit = fact.text("to"), bool(fact.text("at_stated"))
            yield absent(
                "notification_time",
                f"{fact.pointer}/at",
                f"The time at which the {who} was told of {name} is not recorded.",
                f"When was the {who} told of {name}?",
                facts=[fact],
                severity="warn" if explicit else "block",
            )
    roles = {fact.status for fact in told}
    for team, who, blocks in (("surgical", "surgeon", True), ("anesthesia", "anesthesia team", False)):
        if not roles & set(team_roles(team)):
            yield absent(
                "notification",
                f"{event.pointer}/notifications",
                f"Notification of the {who} of {name} is not recorded.",
                f"Was the {who} told of {name}, when, and what was the reply?",
                facts=[event],
                severity="block" if blocks else "warn",
            )


def _acknowledged(chain: EventChain) -> Iterator[Finding]:
    """The surgeon's acknowledgement, as a value or as the record's own statement that it is not recorded."""
    name = chain.event.text("id")
    for notification in chain.notifications:
        fact = notification.acknowledgement
        who = fact.text("to")
        if fact.status == "not_recorded":
            explicit = bool(fact.text("acknowledged_stated"))
            yield absent(
                "acknowledgement",
                f"{fact.pointer}/acknowledged",
                f"Acknowledgement of {name} by the {who} is not recorded.",
                f"Did the {who} acknowledge {name}, when and in which words?",
                facts=[fact],
                severity="block" if fact.code("to") in team_roles("surgical") and not explicit else "warn",
            )
        elif fact.status == "yes" and not fact.text("at"):
            yield absent(
                "acknowledgement_time",
                f"{fact.pointer}/acknowledged_at",
                f"The time at which the {who} acknowledged {name} is not recorded.",
                f"When did the {who} acknowledge {name}?",
                facts=[fact],
            )


def _physiology(chain: EventChain) -> Iterator[Finding]:
    name, physiology = chain.event.text("id"), chain.physiology
    if physiology is None:
        return
    for code, parameter in vocabulary("parameters").entries.items():
        if parameter.always_stated and not physiology.text(code):
            yield absent(
                "physiology_at_alert",
                physiology.pointer,
                f"{parameter.display.capitalize()} at {name} is not recorded.",
                f"What was the {parameter.display} at {name}?",
                facts=[physiology],
                ask="anesthesia",
            )
