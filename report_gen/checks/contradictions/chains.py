"""An event's times: inside monitoring, after the baseline, and in the order of the chain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from report_gen.checks.making import contradiction, earlier
from report_gen.facts.intervals import Span, contains
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views import EventChain
from report_gen.facts.wording import utc
from report_gen.finding import Finding

__all__ = ["chain_findings"]


def chain_findings(facts: Facts) -> Iterator[Finding]:
    """Contradictions between the times of an event and those of the case."""
    for chain in facts.events:
        yield from _onset_order(chain)
        yield from _after_onset(chain)
        yield from _acknowledged(chain)
        yield from _retest_order(chain)
        at = chain.begun_at
        if at is not None and chain.signal:
            yield from _outside_monitoring(facts, chain, at)
            yield from _inside_gap(facts, chain, at)
            yield from _before_baseline(facts, chain, at)


def _spans(rows: list[Fact]) -> list[Span]:
    return [
        Span(start_at, end_at)
        for row in rows
        if (start_at := row.instant("start_at")) is not None and (end_at := row.instant("end_at")) is not None
    ]


def _outside_monitoring(facts: Facts, chain: EventChain, at: datetime) -> Iterator[Finding]:
    event = chain.event
    monitored = _spans([*facts.of_kind("interval.monitoring"), *facts.of_kind("interval.baseline")])
    if monitored and not contains(monitored, at):
        yield contradiction(
            "event_outside_monitoring",
            event.pointer,
            f"{event.text('id')} lies outside the recorded monitoring intervals.",
            f"Was the time of {event.text('id')} or the monitoring interval entered wrongly?",
            facts=[chain.onset],
        )


def _inside_gap(facts: Facts, chain: EventChain, at: datetime) -> Iterator[Finding]:
    """An onset strictly inside a stretch without data of its modality; its ends may touch the event."""
    event = chain.event
    gaps = [
        row
        for row in facts.of_kind("interval.gap")
        if (not row.codes("modalities") or event.modality in row.codes("modalities"))
        and any(span.start_at < utc(at) < span.end_at for span in _spans([row]))
    ]
    if gaps:
        yield contradiction(
            "event_inside_gap",
            event.pointer,
            f"{event.text('id')} lies inside a recorded gap without data.",
            f"Was the time of {event.text('id')} or the gap entered wrongly?",
            facts=[chain.onset, *gaps],
        )


def _before_baseline(facts: Facts, chain: EventChain, at: datetime) -> Iterator[Finding]:
    event = chain.event
    baselines = [
        moment
        for fact in facts.of_kind("channel.baseline")
        if fact.modality == event.modality and (moment := fact.instant("at")) is not None
    ]
    if baselines and utc(at) < min(utc(moment) for moment in baselines):
        yield contradiction(
            "event_before_baseline",
            event.pointer,
            f"{event.text('id')} lies before the first baseline of its modality.",
            f"Was the time of {event.text('id')} or of the baseline entered wrongly?",
            facts=[chain.onset],
        )


def _chain_order(chain: EventChain, fact: Fact, words: str) -> Finding:
    name = chain.event.text("id")
    return contradiction(
        "chain_order",
        fact.pointer,
        f"{name} is recorded as {words}.",
        f"Which time of {name} is right?",
        facts=[fact],
    )


def _onset_order(chain: EventChain) -> Iterator[Finding]:
    onset = chain.onset
    if earlier(onset.instant("noticed_at"), onset.instant("onset_at")):
        yield _chain_order(chain, onset, "noticed before its onset")
    if earlier(onset.instant("onset_at"), onset.instant("last_unaffected_at")):
        yield _chain_order(chain, onset, "unaffected after its onset")


def _after_onset(chain: EventChain) -> Iterator[Finding]:
    """Nobody is told, acts, re-tests or resolves before the onset, or before the notice where that is all there is."""
    start = "its onset" if chain.onset.text("onset_at") else "it was noticed"
    acts = [(notification.told, "told") for notification in chain.notifications]
    acts += [(intervention, "acted upon") for intervention in chain.interventions]
    acts += [(retest.fact, "re-tested") for retest in chain.retests]
    acts += [(chain.resolution, "resolved")] if chain.resolution is not None else []
    for fact, what in acts:
        if earlier(fact.instant("at"), chain.begun_at):
            yield _chain_order(chain, fact, f"{what} before {start}")


def _acknowledged(chain: EventChain) -> Iterator[Finding]:
    for notification in chain.notifications:
        fact = notification.acknowledgement
        if earlier(fact.instant("at"), notification.told.instant("at")):
            yield _chain_order(chain, fact, "acknowledged before anybody was told")
        if fact.status != "yes" and fact.text("at"):
            name = chain.event.text("id")
            yield contradiction(
                "acknowledgement_against_time",
                fact.pointer,
                f"{name} has a time of acknowledgement and is not recorded as acknowledged.",
                f"Was {name} acknowledged?",
                facts=[fact],
            )


def _retest_order(chain: EventChain) -> Iterator[Finding]:
    timed = [retest.fact for retest in chain.retests if retest.fact.instant("at") is not None]
    for first, second in pairwise(timed):
        if earlier(second.instant("at"), first.instant("at")):
            yield _chain_order(chain, second, "re-tested in another order than listed")
