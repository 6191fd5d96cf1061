"""Counts the interpreting professional's minutes inside monitoring, by place and by the other cases open.

What is monitored and what is attended is defined in `report_gen.facts.monitored`, and means here what it means on the
page. Billing counts less than what was attended, and calls it counted: time outside anesthesia does not count, and time
with another case of any payer open is kept apart.
Source: Blue Cross Blue Shield of Nebraska RP-P-028 (set-up, baseline, removal); Harvard Pilgrim coverage note
(anesthesia time); CMS FAQ on billing remote IONM, 2012-12-17, and the settlement of 2019-12-30, U.S. Attorney's Office,
Middle District of Tennessee (other cases, all payers).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from report_gen.claim.minutes.other_cases import others_of, split
from report_gen.claim.model import Attention, Excluded, ExcludedReason, Minutes, MissingInput, Place
from report_gen.claim.record import ClaimRecord, Session, Stretch
from report_gen.facts import monitored as definition
from report_gen.facts.intervals import Span, intersect, merge, minutes, subtract

__all__ = [
    "anesthesia_facts",
    "anesthesia_time",
    "attended",
    "count_minutes",
    "monitored",
    "place_of",
]

_PLACES: Final[tuple[Place, ...]] = get_args(Place)
_LINK: Final = "outage"
"""Kind of stretch in which only a professional elsewhere watches nothing; recording goes on in the room."""
_OF_THE_LOG: Final = ("not_monitoring", "outside_anesthesia")
"""Reasons that are no kind of stretch."""
_KINDS: Final[tuple[ExcludedReason, ...]] = tuple(
    reason for reason in get_args(ExcludedReason) if reason not in (_LINK, *_OF_THE_LOG)
)
"""Kinds of stretch that are no monitoring, in the order in which a minute is given to one of them."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """Time that does not count, with its reason and the facts that say so."""

    reason: ExcludedReason
    spans: tuple[Span, ...]
    facts: tuple[tuple[str, Span | None], ...]
    """Facts with the stretch that each speaks of. None: it speaks of all."""
    places: tuple[Place, ...] = _PLACES


def place_of(session: Session) -> Place:
    """Where a session puts the professional: in the room, or anywhere else, in the same building or not."""
    return "in_room" if session.mode == definition.IN_ROOM else "remote"


def anesthesia_time(record: ClaimRecord) -> Span | None:
    """From start to end of anesthesia; None when one is not recorded or the two do not run forward.

    A milestone goes first; without one, the time in the anesthesia record.
    """
    start_at, end_at = (_anesthesia_edge(record, edge)[1] for edge in ("start", "end"))
    return Span(start_at, end_at) if start_at and end_at and start_at < end_at else None


def anesthesia_facts(record: ClaimRecord) -> tuple[str, ...]:
    """Fact ids of the recorded start and end of anesthesia."""
    edges = (_anesthesia_edge(record, edge) for edge in ("start", "end"))
    return tuple(dict.fromkeys(fact for fact, at in edges if at is not None))


def _anesthesia_edge(record: ClaimRecord, edge: Literal["start", "end"]) -> tuple[str, datetime | None]:
    milestone = record.milestone(f"anesthesia_{edge}")
    if milestone is not None:
        return milestone.id, milestone.instant("at")
    fact = record.facts.get("anesthesia.time")
    return "anesthesia.time", fact.instant(f"{edge}_at") if fact is not None else None


def count_minutes(record: ClaimRecord) -> Minutes:
    """The professionals' minutes, by person and place.

    Where one person is logged in both places at one moment, being in the room wins, and `logged_min` of the other place
    is without it. Two persons logged at one moment both count here. Where sessions of one person overlap and disagree
    on the number of other cases, the one that counts more holds, and a number holds over none. Other cases recorded
    under another id of the same identifier are the same person's.
    """
    monitoring = _of_kind(record, "monitoring")
    missing: list[MissingInput] = []
    if not record.sessions:
        missing.append("reader_log")
    if not monitoring:
        missing.append("monitoring_intervals")
    within = monitored(record)
    if missing:
        return Minutes((), tuple(missing), monitored_min=minutes(within) if monitoring else None)
    anesthesia = anesthesia_time(record)
    cuts = tuple(_cuts(record, monitoring, anesthesia))
    sessions = sorted(record.sessions, key=_order)
    attentions = tuple(
        attention
        for person in dict.fromkeys(session.person for session in sessions)
        for attention in _person(record, [session for session in sessions if session.person == person], cuts)
    )
    if any(attention.undetermined for attention in attentions):
        missing.append("concurrency")
    if anesthesia is None:
        missing.append("anesthesia_time")
    seen = attended(record)
    return Minutes(
        attentions,
        tuple(missing),
        monitored_min=minutes(within),
        attended_min=minutes(seen),
        unattended=subtract(within, seen),
    )


def _order(session: Session) -> tuple[datetime, str, Place, str]:
    return session.span.start_at, session.person, place_of(session), session.fact


def monitored(record: ClaimRecord) -> tuple[Span, ...]:
    """Time in which the patient was monitored, whoever watched and whether or not the link was up."""
    return definition.monitored(record.stretches, {modality.code for modality in record.performed})


def attended(record: ClaimRecord) -> tuple[Span, ...]:
    """Monitored time that any professional attended, inside anesthesia or not, whatever else was open."""
    outages = [interval.span for interval in _of_kind(record, _LINK)]
    return definition.attended(
        monitored(record), ((session.mode, session.span) for session in record.sessions), outages
    )


def _of_kind(record: ClaimRecord, kind: str) -> tuple[Stretch, ...]:
    return tuple(interval for interval in record.stretches if interval.kind == kind)


def _cuts(record: ClaimRecord, monitoring: Sequence[Stretch], anesthesia: Span | None) -> Iterator[_Cut]:
    """Time that is taken away, in the order in which a minute is given to one reason."""
    for kind in _KINDS:
        yield _cut(record, kind)
    yield _cut(record, _LINK, ("remote",))
    logged = [session.span for session in record.sessions]
    outside = subtract(logged, [interval.span for interval in monitoring])
    yield _Cut("not_monitoring", outside, tuple((interval.fact, None) for interval in monitoring))
    if anesthesia is not None:
        facts = tuple((fact, None) for fact in anesthesia_facts(record))
        yield _Cut("outside_anesthesia", subtract(logged, [anesthesia]), facts)


def _cut(record: ClaimRecord, kind: ExcludedReason, places: tuple[Place, ...] = _PLACES) -> _Cut:
    intervals = _of_kind(record, kind)
    stopped = definition.stops(record.stretches, {modality.code for modality in record.performed})
    spans = stopped[kind] if kind in stopped else merge(interval.span for interval in intervals)
    return _Cut(kind, spans, tuple((interval.fact, interval.span) for interval in intervals), places)


def _person(record: ClaimRecord, sessions: Sequence[Session], cuts: Sequence[_Cut]) -> Iterator[Attention]:
    person = sessions[0].person
    in_room = [session.span for session in sessions if place_of(session) == "in_room"]
    for place in dict.fromkeys(place_of(session) for session in sessions):
        here = [session for session in sessions if place_of(session) == place]
        logged = merge(session.span for session in here)
        if place == "remote":
            logged = subtract(logged, in_room)
        if not logged:
            continue
        counted, excluded = _countable(logged, [cut for cut in cuts if place in cut.places])
        parts = split(record, counted, sessions)
        yield Attention(
            person=person,
            place=place,
            logged_min=minutes(logged),
            excluded=excluded,
            exclusive=parts.exclusive,
            shared=parts.shared,
            undetermined=parts.undetermined,
            allotted=parts.allotted,
            among_medicare=parts.among_medicare,
            facts=(*(session.fact for session in here), *(other.fact for other in others_of(record, person))),
        )


def _countable(logged: tuple[Span, ...], cuts: Iterable[_Cut]) -> tuple[tuple[Span, ...], tuple[Excluded, ...]]:
    left, excluded = logged, []
    for cut in cuts:
        overlap = intersect(left, cut.spans)
        if overlap:
            facts = dict.fromkeys(fact for fact, span in cut.facts if span is None or intersect(overlap, [span]))
            excluded.append(Excluded(cut.reason, minutes(overlap), tuple(facts)))
            left = subtract(left, overlap)
    return left, tuple(excluded)
