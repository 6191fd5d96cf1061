"""The proposed lines: monitoring time of each professional, and a line for each base study.

Only the professional's place and the other cases open at the time choose the monitoring service, and only the payer's
policy what it is called; where the technologist was never matters. Minutes of which the record does not say whether
another case was open earn no service that asks for one patient alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from report_gen.claim.minutes.other_cases import MEDICARE_FFS
from report_gen.claim.minutes.units import time_units
from report_gen.claim.model import Attention, Line, Minutes, Study
from report_gen.claim.practice.profile import PayerPolicy, Profile
from report_gen.claim.record import ClaimRecord, Modality
from report_gen.facts.intervals import Span
from report_gen.facts.intervals import minutes as length_min
from report_gen.rules.concepts import concept, concepts
from report_gen.rules.payers import REMOTE_EXCLUSIVE, REMOTE_MULTI
from report_gen.vocab import team_roles, vocabulary

__all__ = ["MOST_DIAGNOSES", "dealt_out", "in_facility", "propose"]

MOST_DIAGNOSES: Final = 4
"""Diagnoses that a line can point to. Source: ASC X12 005010X222A1, four diagnosis pointers a service line."""
_NONE: Final = "none"
_OPERATE: Final = ("surgical", "anesthesia")
"""Teams that never report monitoring of their own operation. Source: CMS NCCI procedure-to-procedure edits, 2024-07-01,
surgical and anesthesia services over the monitoring services."""


@dataclass(frozen=True, slots=True)
class _Time:
    """Minutes of one professional that go under one monitoring service."""

    person: str
    concept: str
    spans: tuple[Span, ...]
    facts: tuple[str, ...]


def propose(
    record: ClaimRecord, minutes: Minutes, studies: Sequence[Study], policy: PayerPolicy, profile: Profile
) -> tuple[Line, ...]:
    """Lines that the minutes and studies support, numbered in the order of the claim.

    A line without units stays, so that the reason can be seen. Without counted minutes there is no line, and there is
    none for a person who operated, gave the anesthesia or only recorded.

    Args:
        record: The record, for persons, date and diagnoses.
        minutes: Minutes counted from it.
        studies: Base studies that it supports.
        policy: What the payer takes, and how it rounds.
        profile: The practice's codes, and whether it deals out simultaneous minutes between patients.
    """
    lines = (
        *(
            _time_line(part, record, policy, profile)
            for part in _time(minutes, policy, profile)
            if _can_read(record, part.person)
        ),
        *(_base_line(study, record, profile) for study in studies),
    )
    return tuple(replace(line, id=f"L{number}") for number, line in enumerate(lines, start=1))


def in_facility(record: ClaimRecord) -> bool | None:
    """Whether the patient was in a facility; None when the place of service is not recorded."""
    place = vocabulary("places_of_service").get(record.place_of_service)
    return None if place is None else place.facility


def _time(minutes: Minutes, policy: PayerPolicy, profile: Profile) -> tuple[_Time, ...]:
    """Minutes by professional, in the order of their first session, and service."""
    parts: dict[tuple[str, str], _Time] = {}
    for attention in minutes.attention:
        if not attention.every:
            continue
        for name, spans in _services(attention, policy, profile):
            key = attention.person, name
            known = parts.get(key, _Time(*key, (), ()))
            facts = tuple(dict.fromkeys((*known.facts, *attention.facts)))
            parts[key] = replace(known, spans=(*known.spans, *spans), facts=facts)
    people, order = list(dict.fromkeys(person for person, _ in parts)), list(concepts())
    return tuple(sorted(parts.values(), key=lambda part: (people.index(part.person), order.index(part.concept))))


def _services(attention: Attention, policy: PayerPolicy, profile: Profile) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Services that countable minutes in one place go under, with their stretches."""
    if attention.place == "in_room":
        # Dealing out minutes is an answer of CMS on remote monitoring; in the room they are shared.
        several = (*attention.shared, *attention.allotted) if policy.remote == REMOTE_MULTI else ()
        if policy.in_room != _NONE and (attention.exclusive or attention.undetermined or not several):
            yield policy.in_room, attention.exclusive
        if several:
            yield REMOTE_MULTI, several
    elif policy.remote == REMOTE_MULTI:
        yield REMOTE_MULTI, attention.every
    elif policy.remote == REMOTE_EXCLUSIVE:
        yield REMOTE_EXCLUSIVE, (*attention.exclusive, *dealt_out(attention, policy, profile))


def dealt_out(attention: Attention, policy: PayerPolicy, profile: Profile) -> tuple[Span, ...]:
    """Minutes dealt out between patients that count here: remotely, among Medicare patients, if the practice says so.

    Source: CMS FAQ on billing remote IONM, 2012-12-17, on allotting time between beneficiaries within the hour. It
    speaks of remote monitoring alone, and of no other payer's patients.
    """
    counts = profile.allot and policy.payer_class == MEDICARE_FFS and attention.place == "remote"
    return attention.among_medicare if counts else ()


def _time_line(part: _Time, record: ClaimRecord, policy: PayerPolicy, profile: Profile) -> Line:
    length = length_min(part.spans)
    units, rounding = time_units(part.concept, length, policy, record.date_of_service)
    line = _line(part.concept, part.person, part.facts, record, profile)
    return replace(line, units=units, minutes=length, rounding=rounding)


def _base_line(study: Study, record: ClaimRecord, profile: Profile) -> Line:
    split = concept(study.concept).pc_tc == 1 and in_facility(record) is True
    line = _line(study.concept, _reporter(study, record), study.facts, record, profile)
    # A study that nobody is known to have read has no professional component to report.
    return replace(line, units=study.units, modifiers=("26",) if split and line.person else ())


def _line(name: str, person: str, facts: tuple[str, ...], record: ClaimRecord, profile: Profile) -> Line:
    """A line without units and modifiers."""
    member = record.member(person)
    coded = [diagnosis.fact for diagnosis in record.diagnoses if diagnosis.icd10cm]
    return Line(
        id="",
        concept=name,
        label=concept(name).label,
        code=profile.code(name),
        units=0,
        minutes=None,
        rounding="",
        modifiers=(),
        person=person,
        npi=member.npi if member else "",
        date_of_service=record.date_of_service,
        diagnoses=tuple(coded[:MOST_DIAGNOSES]),
        facts=facts,
    )


def _reporter(study: Study, record: ClaimRecord) -> str:
    """Who read the study's baselines, else who read all others of the case, else the only professional; else empty."""
    own = _readers_of(record, [modality for modality in record.performed if modality.fact in study.facts])
    readers = tuple(person for person in record.readers if _can_read(record, person))
    known = own or _readers_of(record, record.performed) or readers
    return known[0] if len(known) == 1 else ""


def _readers_of(record: ClaimRecord, modalities: Sequence[Modality]) -> tuple[str, ...]:
    """Professionals who reviewed the baselines of some modalities."""
    people = dict.fromkeys(modality.reviewed_by for modality in modalities if modality.reviewed_by)
    return tuple(person for person in people if _can_read(record, person))


def _can_read(record: ClaimRecord, person: str) -> bool:
    """Whether a person can report a reading: the role reads, and the identifier is not one of the operating team's."""
    member = record.member(person)
    operating = {operator.npi for operator in record.with_role(*team_roles(*_OPERATE)) if operator.npi}
    return member is not None and vocabulary("roles")[member.role].reads and member.npi not in operating
