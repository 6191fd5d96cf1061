"""An event's times: inside monitoring, after the baseline, and in the order of the chain."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from report_gen.checks.contradictions.days import off_by_a_day
from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.intervals import Span, contains, earlier
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.facts.wording import utc

__all__ = ["CHAIN_CHECKS"]


def _spans(intervals: list[Fact]) -> list[Span]:
    return [
        Span(start_at, end_at)
        for interval in intervals
        if (start_at := interval.instant("start_at")) is not None and (end_at := interval.instant("end_at")) is not None
    ]


def _outside_monitoring(facts: Facts, chain: EventChain) -> Iterator[Fired]:
    at = chain.begun_at
    monitored = _spans([*facts.of_kind("interval.monitoring"), *facts.of_kind("interval.baseline")])
    if chain.signal and at is not None and monitored and not contains(monitored, at) and not _moved(facts, chain):
        yield fired(chain.event.pointer, chain.onset, event=chain.event.text("id"))


def _inside_gap(facts: Facts, chain: EventChain) -> Iterator[Fired]:
    """An onset strictly inside a stretch without data of its modality; an onset at either end is no contradiction."""
    event, at = chain.event, chain.begun_at
    if not chain.signal or at is None:
        return
    gaps = [
        gap
        for gap in facts.of_kind("interval.gap")
        if (not gap.codes("modalities") or event.modality in gap.codes("modalities"))
        and any(span.start_at < utc(at) < span.end_at for span in _spans([gap]))
    ]
    if gaps:
        yield fired(event.pointer, chain.onset, *gaps, event=event.text("id"))


def _before_baseline(facts: Facts, chain: EventChain) -> Iterator[Fired]:
    event = chain.event
    baselines = [
        moment
        for fact in facts.of_kind("channel.baseline")
        if fact.modality == event.modality and (moment := fact.instant("at")) is not None
    ]
    if chain.signal and baselines and earlier(chain.begun_at, min(baselines, key=utc)) and not _moved(facts, chain):
        yield fired(event.pointer, chain.onset, event=event.text("id"))


def _moved(facts: Facts, chain: EventChain) -> bool:
    """Whether a time of the event is a day away: that is asked about once, and explains what follows from it."""
    return bool(off_by_a_day(facts, facts.in_group(chain.event.group)))


def _chain_order(facts: Facts, chain: EventChain) -> Iterator[Fired]:
    """Every step of an event that is earlier than the step it depends on."""
    if _moved(facts, chain):
        return
    for fact, order in (*_onset_order(chain), *_after_onset(chain), *_acknowledged(chain), *_retest_order(chain)):
        yield fired(fact.pointer, fact, event=chain.event.text("id"), order=order)


def _onset_order(chain: EventChain) -> Iterator[tuple[Fact, str]]:
    onset = chain.onset
    if earlier(onset.instant("noticed_at"), onset.instant("onset_at")):
        yield onset, "noticed before its onset"
    if earlier(onset.instant("onset_at"), onset.instant("last_unaffected_at")):
        yield onset, "unaffected after its onset"


def _after_onset(chain: EventChain) -> Iterator[tuple[Fact, str]]:
    """Notifications, interventions, re-tests and resolution before the onset, or before the notice without one."""
    start = "its onset" if chain.onset.text("onset_at") else "it was noticed"
    acts = [(notification.fact, "told") for notification in chain.notifications]
    acts += [(intervention, "acted upon") for intervention in chain.interventions]
    acts += [(retest.fact, "re-tested") for retest in chain.retests]
    acts += [(chain.resolution, "resolved")] if chain.resolution is not None else []
    for fact, step in acts:
        if earlier(fact.instant("at"), chain.begun_at):
            yield fact, f"{step} before {start}"


def _acknowledged(chain: EventChain) -> Iterator[tuple[Fact, str]]:
    for notification in chain.notifications:
        fact = notification.acknowledgement
        if earlier(fact.instant("at"), notification.fact.instant("at")):
            yield fact, "acknowledged before anybody was told"


def _retest_order(chain: EventChain) -> Iterator[tuple[Fact, str]]:
    timed = [retest.fact for retest in chain.retests if retest.fact.instant("at") is not None]
    for first, second in pairwise(timed):
        if earlier(second.instant("at"), first.instant("at")):
            yield second, "re-tested in another order than listed"


def _acknowledgement_against_time(_: Facts, chain: EventChain) -> Iterator[Fired]:
    for notification in chain.notifications:
        fact = notification.acknowledgement
        if fact.status != "yes" and fact.text("at"):
            yield fired(fact.pointer, fact, event=chain.event.text("id"))


CHAIN_CHECKS: Final[Checks[[Facts, EventChain]]] = MappingProxyType(
    {
        "contradiction.chain_order": _chain_order,
        "contradiction.acknowledgement_against_time": _acknowledgement_against_time,
        "contradiction.event_outside_monitoring": _outside_monitoring,
        "contradiction.event_inside_gap": _inside_gap,
        "contradiction.event_before_baseline": _before_baseline,
    }
)
"""Contradictions between the times of an event, and between them and those of the case."""
