"""Times of the case against each other: milestones, baselines, reviews, end of monitoring, sessions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from report_gen.checks.contradictions.days import off_by_a_day
from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.intervals import Span, concurrency, earlier
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import utc
from report_gen.vocab import vocabulary

__all__ = ["TIME_CHECKS"]

_ORDERED = (
    "patient_in_room",
    "induction",
    "intubation",
    "incision",
    "closure_start",
    "skin_closed",
    "extubation",
    "out_of_room",
)
# Anesthesia care may start before the patient is in the room and end after leaving it.
_PAIRS = (
    ("anesthesia_start", "incision"),
    ("skin_closed", "anesthesia_end"),
    ("position_start", "position_end"),
    ("cross_clamp_on", "cross_clamp_off"),
    ("temporary_clip_on", "temporary_clip_off"),
    ("dura_open", "dura_closed"),
    ("bypass_start", "bypass_end"),
)


def _first(facts: Facts, code: str) -> Fact | None:
    """The first milestone of a code that has a time."""
    return next((fact for fact in facts.of_kind("milestone") if fact.status == code and fact.instant("at")), None)


def _milestones(facts: Facts) -> Iterator[Fired]:
    known = [fact for code in _ORDERED if (fact := _first(facts, code)) is not None]
    pairs = [*pairwise(known)]
    for start, end in _PAIRS:
        begin, finish = _first(facts, start), _first(facts, end)
        if begin is not None and finish is not None:
            pairs.append((begin, finish))
    terms = vocabulary("milestones")
    for first, second in pairs:
        if earlier(second.instant("at"), first.instant("at")):
            # The vocabulary's own words: a label is free text.
            later, sooner = terms.display(second.status), terms.display(first.status)
            yield fired(second.pointer, first, second, later=later, earlier=sooner)


def _baselines(facts: Facts) -> Iterator[Fired]:
    """A first baseline after incision; resets and modalities recorded in the field are expected to be later."""
    incision = _first(facts, "incision")
    if incision is None:
        return
    for modality in facts.of_kind("modality"):
        if vocabulary("modalities")[modality.modality].baseline_in_field:
            continue
        baselines = [
            fact
            for fact in facts.of_kind("channel.baseline")
            if fact.modality == modality.modality and fact.instant("at") is not None
        ]
        if baselines and all(earlier(incision.instant("at"), fact.instant("at")) for fact in baselines):
            yield fired(baselines[0].pointer, baselines[0], incision, modality=modality.text("label"))


def _reviews(facts: Facts) -> Iterator[Fired]:
    for review in facts.of_kind("modality.baseline_review"):
        times = [
            at
            for fact in facts.of_kind("channel.baseline")
            if fact.modality == review.modality and (at := fact.instant("at")) is not None
        ]
        if times and earlier(review.instant("at"), min(times, key=utc)):
            yield fired(review.pointer, review, modality=facts.by_id[review.group].text("label"))


def _end(facts: Facts) -> Iterator[Fired]:
    end, minutes = facts.get("monitoring.end"), facts.by_id["minutes.monitoring"]
    closed, stopped = _first(facts, "skin_closed"), minutes.instant("end_at")
    if end is None or closed is None or stopped is None:
        return
    before = earlier(stopped, closed.instant("at"))
    if (end.status == "before_closure") != before and end.status != "at_skin_closure":
        computed = "before" if before else "at or after"
        yield fired(end.pointer, end, closed, stated=end.text("text"), computed=computed)


def _sessions(facts: Facts) -> Iterator[Fired]:
    time = facts.get("anesthesia.time")
    if time is None:
        return
    for fact in facts.of_kind("session"):
        if earlier(fact.instant("start_at"), time.instant("start_at")) or earlier(
            time.instant("end_at"), fact.instant("end_at")
        ):
            yield fired(fact.pointer, fact, time)


def _open_cases(facts: Facts) -> Iterator[Fired]:
    """A stated number of other open cases that the sessions in other cases exceed."""
    elsewhere = facts.other_sessions
    for session in facts.sessions:
        fact, stated = session.fact, session.fact.number("other_open_cases")
        if stated is None:
            continue
        others = [other for other in elsewhere if other.professional == session.professional]
        cases: dict[str, list[Span]] = {}
        for other in others:
            cases.setdefault(other.fact.text("case"), []).append(other.span)
        most = max(count for _, count in concurrency([session.span], cases.values()))
        if most > stated:
            overlapping = [other.fact for other in others]
            yield fired(fact.pointer, fact, *overlapping, stated=fact.text("other_open_cases"), counted=str(most))


def _offsets(facts: Facts) -> Iterator[Fired]:
    """Times whose offset is not that of the facility's zone; milder where the instants may still be right.

    In the night of a clock change a time that keeps the day before has that day's offset wrong: its day is asked about.
    """
    offsets = facts.of_kind("case.offsets")
    slipped = bool(offsets and off_by_a_day(facts))
    for fact in offsets:
        if slipped and fact.status == "sound":
            continue
        times = f"{fact.text('count')} {'time bears' if fact.number('count') == 1 else 'times bear'}"
        yield fired(
            fact.pointer,
            fact,
            eased=fact.status == "sound",
            times=times,
            stamped=fact.text("stamped"),
            of_zone=fact.text("of_zone"),
            zone=fact.text("zone"),
        )


TIME_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "contradiction.milestone_order": _milestones,
        "contradiction.baseline_after_incision": _baselines,
        "contradiction.review_before_baseline": _reviews,
        "contradiction.monitoring_end_against_times": _end,
        "contradiction.session_outside_anesthesia": _sessions,
        "contradiction.open_cases_against_sessions": _open_cases,
        "contradiction.offset_against_zone": _offsets,
    }
)
"""Contradictions between times of the case."""
