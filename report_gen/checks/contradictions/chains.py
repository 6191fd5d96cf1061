"""An event's times: inside monitoring, after the baseline, and in the order of the chain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from report_gen.checks.making import SIGNAL, begun, contradiction, earlier
from report_gen.checks.model import Finding
from report_gen.facts.intervals import Span, contains
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import utc

__all__ = ["chain_findings"]


def chain_findings(facts: Facts) -> Iterator[Finding]:
    """Contradictions between the times of an event and those of the case."""
    for event in facts.of_kind("event"):
        yield from _onset_order(facts, event)
        yield from _after_onset(facts, event)
        yield from _acknowledged(facts, event)
        yield from _retest_order(facts, event)
        at = begun(facts, event)
        if at is not None and event.status in SIGNAL:
            yield from _outside_monitoring(facts, event, at)
            yield from _inside_gap(facts, event, at)
            yield from _before_baseline(facts, event, at)


def _spans(rows: list[Fact]) -> list[Span]:
    return [
        Span(start_at, end_at)
        for row in rows
        if (start_at := row.instant("start_at")) is not None and (end_at := row.instant("end_at")) is not None
    ]


def _outside_monitoring(facts: Facts, event: Fact, at: datetime) -> Iterator[Finding]:
    monitored = _spans([*facts.of_kind("interval.monitoring"), *facts.of_kind("interval.baseline")])
    if monitored and not contains(monitored, at):
        yield contradiction(
            "event_outside_monitoring",
            event.pointer,
            f"{event.text('id')} lies outside the recorded monitoring intervals.",
            f"Was the time of {event.text('id')} or the monitoring interval entered wrongly?",
            facts=[facts.by_id[f"{event.group}.onset"]],
        )


def _inside_gap(facts: Facts, event: Fact, at: datetime) -> Iterator[Finding]:
    """An onset strictly inside a stretch without data of its modality; its ends may touch the event."""
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
            facts=[facts.by_id[f"{event.group}.onset"], *gaps],
        )


def _before_baseline(facts: Facts, event: Fact, at: datetime) -> Iterator[Finding]:
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
            facts=[facts.by_id[f"{event.group}.onset"]],
        )


def _chain_order(event: Fact, fact: Fact, words: str) -> Finding:
    name = event.text("id")
    return contradiction(
        "chain_order",
        fact.pointer,
        f"{name} is recorded as {words}.",
        f"Which time of {name} is right?",
        facts=[fact],
    )


def _onset_order(facts: Facts, event: Fact) -> Iterator[Finding]:
    onset = facts.by_id[f"{event.group}.onset"]
    if earlier(onset.instant("noticed_at"), onset.instant("onset_at")):
        yield _chain_order(event, onset, "noticed before its onset")
    if earlier(onset.instant("onset_at"), onset.instant("last_unaffected_at")):
        yield _chain_order(event, onset, "unaffected after its onset")


def _after_onset(facts: Facts, event: Fact) -> Iterator[Finding]:
    """Nobody is told, acts, re-tests or resolves before the onset, or before the notice where that is all there is."""
    at = begun(facts, event)
    start = "its onset" if facts.by_id[f"{event.group}.onset"].text("onset_at") else "it was noticed"
    for kind, what in (
        ("event.told", "told"),
        ("event.action", "acted upon"),
        ("event.retest", "re-tested"),
        ("event.resolution", "resolved"),
    ):
        for fact in facts.in_group(event.group, kind):
            if earlier(fact.instant("at"), at):
                yield _chain_order(event, fact, f"{what} before {start}")


def _acknowledged(facts: Facts, event: Fact) -> Iterator[Finding]:
    for fact in facts.in_group(event.group, "event.ack"):
        if earlier(fact.instant("at"), facts.by_id[fact.inputs[0]].instant("at")):
            yield _chain_order(event, fact, "acknowledged before anybody was told")
        if fact.status != "yes" and fact.text("at"):
            yield contradiction(
                "acknowledgement_against_time",
                fact.pointer,
                f"{event.text('id')} has a time of acknowledgement and is not recorded as acknowledged.",
                f"Was {event.text('id')} acknowledged?",
                facts=[fact],
            )


def _retest_order(facts: Facts, event: Fact) -> Iterator[Finding]:
    timed = [row for row in facts.in_group(event.group, "event.retest") if row.instant("at") is not None]
    for first, second in pairwise(timed):
        if earlier(second.instant("at"), first.instant("at")):
            yield _chain_order(event, second, "re-tested in another order than listed")
