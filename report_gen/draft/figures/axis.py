"""What figures share: the ticks of a time axis, events and breaks that are marked, words for what is not drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from report_gen.document.figures import FigureSpan, Mark, Omission, Tick
from report_gen.facts.clock import Clock
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.facts.wording import joined, utc
from report_gen.vocab import interval_kinds

__all__ = ["EVENT_KINDS", "SPAN_KINDS", "breaks_of", "event_mark", "omission", "stretch", "ticks"]

EVENT_KINDS: Final[Mapping[str, Literal["alert", "change", "improvement"]]] = {
    "alert": "alert",
    "change": "change",
    "improvement": "improvement",
}
"""Classes of event that a figure marks, the gravest first."""
SPAN_KINDS: Final[Mapping[str, Literal["gap", "outage", "standby"]]] = {
    "gap": "gap",
    "outage": "outage",
    "standby": "standby",
}
"""Kinds of interval that a figure shows as a break."""
_STEP_MIN_MINUTES = (15, 30, 60, 120)


def ticks(start_at: datetime, end_at: datetime, clock: Clock) -> tuple[Tick, ...]:
    """Full quarter hours, hours or hours in steps by the facility's clock, at most ten or so."""
    length = (utc(end_at) - utc(start_at)).total_seconds() / 60
    step = next((minutes for minutes in _STEP_MIN_MINUTES if length / minutes <= 9), 240)
    found: list[Tick] = []
    moment = utc(start_at).replace(minute=0, second=0, microsecond=0)
    while moment <= utc(end_at):
        local = clock.local(moment) if clock.zone is not None else moment.astimezone(start_at.tzinfo)
        if moment >= utc(start_at) and (local.hour * 60 + local.minute) % step == 0:
            found.append(Tick(moment, clock.tick(local)))
        moment += timedelta(minutes=15)
    return tuple(found)


def event_mark(chain: EventChain) -> Mark | None:
    """An event at its onset or notice. None: it is not of a class that is marked, or has no time."""
    kind, at = EVENT_KINDS.get(chain.event.status), chain.begun_at
    if kind is None or at is None or not chain.signal:
        return None
    return Mark(at, kind, chain.event.text("id"), (chain.event.id, chain.onset.id))


def omission(why: str, left_out: Sequence[Fact], words: Sequence[str]) -> Omission | None:
    """A sentence that names what is not drawn, and why; None where nothing is left out.

    Args:
        why: Words after "Not drawn".
        left_out: The facts.
        words: Their names; the same name once.
    """
    if not left_out:
        return None
    return Omission(f"Not drawn, {why}: {joined(dict.fromkeys(words))}.", tuple(fact.id for fact in left_out))


def stretch(fact: Fact, kind: Literal["monitored", "gap", "outage", "standby"], label: str = "") -> FigureSpan | None:
    """An interval as a stretch of a lane. None: one of its times is not recorded."""
    start_at, end_at = fact.instant("start_at"), fact.instant("end_at")
    return None if start_at is None or end_at is None else FigureSpan(start_at, end_at, kind, (fact.id,), label)


def breaks_of(facts: Facts) -> list[tuple[FigureSpan, tuple[str, ...]]]:
    """Breaks with the modalities that each names; one that names none is of the whole case."""
    found: list[tuple[FigureSpan, tuple[str, ...]]] = []
    for kind in interval_kinds("break"):
        for fact in facts.of_kind(f"interval.{kind}"):
            span = stretch(fact, SPAN_KINDS[kind], fact.text("kind"))
            if span is not None:
                found.append((span, fact.codes("modalities")))
    return sorted(found, key=lambda row: utc(row[0].start_at))
