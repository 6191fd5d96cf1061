"""What the professional was told, acknowledged or said outside every recorded session (clinical reference §1.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import MappingProxyType
from typing import Final

from report_gen.checks.contradictions.days import off_by_a_day
from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.subjects import time_of
from report_gen.facts.intervals import contains
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.facts.wording import joined

__all__ = ["SUPERVISION_CHECKS"]

_PROFESSIONAL: Final = "interpreting_professional"


def _outside_sessions(facts: Facts, chain: EventChain) -> Iterator[Fired]:
    """One finding for an event; without any session it is the log that is asked for."""
    spans = [session.span for session in facts.sessions]
    if not spans or off_by_a_day(facts, facts.in_group(chain.event.group)):
        return
    told: list[str] = []
    said_at: list[datetime] = []
    facts_of: list[Fact] = []
    times: list[str] = []
    begun_at = chain.begun_at
    if chain.event.status == "alert" and begun_at is not None and not contains(spans, begun_at):
        told.append(f"alert {chain.id} at {time_of(chain)}")
        times.append(time_of(chain))
        facts_of.append(chain.onset)
    for notification in chain.notifications:
        reply, sent = notification.acknowledgement, notification.fact
        if reply.code("to") != _PROFESSIONAL and sent.status != _PROFESSIONAL:
            continue
        at = reply.instant("at") if reply.status == "yes" else None
        if at is not None and not contains(spans, at):
            told.append(f"the professional's acknowledgement of {chain.id} at {reply.text('at')}")
            times.append(reply.text("at"))
            said_at.append(at)
            facts_of.append(reply)
    for message in chain.messages:
        at = message.instant("at")
        if message.code("from") != _PROFESSIONAL or at is None or contains(spans, at) or at in said_at:
            continue
        told.append(f"the professional's message about {chain.id} at {message.text('at')}")
        times.append(message.text("at"))
        facts_of.append(message)
    if told:
        what = joined(told)
        verb = "lies" if len(told) == 1 else "lie"
        yield fired(
            facts_of[0].pointer,
            chain.event,
            *facts_of,
            what=f"{what[0].upper()}{what[1:]} {verb}",
            time=joined(list(dict.fromkeys(times))),
        )


SUPERVISION_CHECKS: Final[Checks[[Facts, EventChain]]] = MappingProxyType(
    {"contradiction.alert_outside_sessions": _outside_sessions}
)
"""Contradictions between the chain of an event and the professional's log."""
