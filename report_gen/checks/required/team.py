"""The team, the professional's attention and text, the channel of communication (clinical reference §1.2 to §1.4)."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.required.extent import nothing_monitored, role_named, says_nothing
from report_gen.facts.model import Fact, Facts

__all__ = ["ATTENTION_CHECKS", "PERSON_CHECKS", "ROLE_CHECKS"]

_PROFESSIONAL = "interpreting_professional"


def _technologist(facts: Facts) -> Iterator[Fired]:
    if not role_named(facts, "technologist"):
        yield fired("/people")


def _attendance(facts: Facts) -> Iterator[Fired]:
    attended = any(fact.status == "technologist" for fact in facts.of_kind("attendance"))
    if role_named(facts, "technologist") and not attended:
        yield fired("/attendance")


def _professional(facts: Facts) -> Iterator[Fired]:
    if not role_named(facts, _PROFESSIONAL):
        yield fired("/people")


def _professional_location(facts: Facts, person: Fact) -> Iterator[Fired]:
    if not nothing_monitored(facts) and person.status == _PROFESSIONAL and says_nothing(person.text("work_location")):
        in_room = any(session.status == "in_room" for session in facts.of_kind("session"))
        yield fired(f"{person.pointer}/work_location", person, eased=in_room)


def _credentials(_: Facts, person: Fact) -> Iterator[Fired]:
    if person.status in ("technologist", _PROFESSIONAL) and not person.text("credentials"):
        yield fired(f"{person.pointer}/credentials", person, role=person.text("role"))


def _professional_sessions(facts: Facts) -> Iterator[Fired]:
    for fact in () if nothing_monitored(facts) else facts.of_kind("professional.sessions"):
        yield fired(fact.pointer, fact)


def _open_cases(facts: Facts) -> Iterator[Fired]:
    uncounted = [fact for fact in facts.of_kind("session") if not fact.text("other_open_cases")]
    if uncounted:
        yield fired(f"{uncounted[0].pointer}/other_open_cases", *uncounted)


def _impression(facts: Facts) -> Iterator[Fired]:
    impression = facts.by_id["opinion.impression"]
    if (impression.status == "not_recorded" or says_nothing(impression.words("text"))) and not nothing_monitored(facts):
        yield fired(impression.pointer, impression)


def _limitations_review(facts: Facts) -> Iterator[Fired]:
    review = facts.by_id["limitations.review"]
    if review.status == "not_recorded" and not nothing_monitored(facts):
        yield fired("/limitations/reviewed_at", review)


def _communication_channel(facts: Facts) -> Iterator[Fired]:
    link = facts.by_id["communication.channel"]
    if (not link.text("text") or link.status == "not_recorded") and not nothing_monitored(facts):
        yield fired("/communication/channel", link)


ROLE_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "required.technologist": _technologist,
        "required.attendance": _attendance,
        "required.professional": _professional,
    }
)
"""Who is missing."""

PERSON_CHECKS: Final[Checks[[Facts, Fact]]] = MappingProxyType(
    {
        "required.professional_location": _professional_location,
        "required.credentials": _credentials,
    }
)
"""What is missing of each person."""

ATTENTION_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "required.professional_sessions": _professional_sessions,
        "required.open_cases": _open_cases,
        "required.impression": _impression,
        "required.limitations_review": _limitations_review,
        "required.communication_channel": _communication_channel,
    }
)
"""What is missing of the professional's attention and text, and of the channel to the room."""
