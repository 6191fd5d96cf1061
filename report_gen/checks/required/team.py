"""The team, the professional's attention and text, the channel of communication (clinical reference §1.2 to §1.4)."""

from __future__ import annotations

from collections.abc import Iterator

from report_gen.checks.making import absent
from report_gen.facts.model import Facts
from report_gen.finding import Finding

__all__ = ["team_findings"]

_PROFESSIONAL = "interpreting_professional"


def team_findings(facts: Facts) -> Iterator[Finding]:
    """What is missing of the people and of what only the professional can give."""
    yield from _roles(facts)
    yield from _each_person(facts)
    yield from _attention(facts)
    yield from _text(facts)
    link = facts.by_id["communication.channel"]
    if not link.text("text") or link.status == "not_recorded":
        yield absent(
            "communication_channel",
            "/communication/channel",
            "The channel between operating room and professional is not recorded.",
            "By which channel did operating room and professional communicate, and when was it tested?",
            facts=[link],
        )


def _roles(facts: Facts) -> Iterator[Finding]:
    roles = {fact.status for fact in facts.of_kind("person")}
    if "technologist" not in roles:
        yield absent(
            "technologist",
            "/people",
            "No technologist is recorded.",
            "Who was the technologist, with which credential?",
            severity="block",
            gate="draft",
        )
    elif not any(fact.status == "technologist" for fact in facts.of_kind("attendance")):
        yield absent(
            "attendance",
            "/attendance",
            "The technologist's attendance is not recorded.",
            "From when to when did the technologist attend?",
        )
    if _PROFESSIONAL not in roles:
        yield absent(
            "professional",
            "/people",
            "No interpreting professional is recorded.",
            "Who interpreted this case?",
            severity="block",
            who="professional",
        )


def _each_person(facts: Facts) -> Iterator[Finding]:
    in_room = any(row.status == "in_room" for row in facts.of_kind("session"))
    for fact in facts.of_kind("person"):
        if fact.status == _PROFESSIONAL and not fact.text("work_location"):
            yield absent(
                "professional_location",
                f"{fact.pointer}/work_location",
                "The professional's location is not recorded.",
                "From where did you monitor this case?",
                facts=[fact],
                severity="warn" if in_room else "block",
                who="professional",
            )
        if fact.status in ("technologist", _PROFESSIONAL) and not fact.text("credentials"):
            yield absent(
                "credentials",
                f"{fact.pointer}/credentials",
                f"No credential of the {fact.text('role')} is recorded.",
                "Which credential, number and validity?",
                facts=[fact],
                who="schedule",
            )


def _attention(facts: Facts) -> Iterator[Finding]:
    for fact in facts.of_kind("professional.sessions"):
        yield absent(
            "professional_sessions",
            fact.pointer,
            "The professional's times of attention are not recorded.",
            "From when to when, and in which mode, did you attend to this case?",
            facts=[fact],
            severity="block",
            who="professional",
        )
    uncounted = [fact for fact in facts.of_kind("session") if not fact.text("other_open_cases")]
    if uncounted:
        yield absent(
            "open_cases",
            f"{uncounted[0].pointer}/other_open_cases",
            "The number of other cases open at the same time is not recorded for every session.",
            "How many other cases were open in each session?",
            facts=uncounted,
            who="professional",
        )


def _text(facts: Facts) -> Iterator[Finding]:
    own, review = facts.by_id["opinion.impression"], facts.by_id["limitations.review"]
    if own.status == "not_recorded":
        yield absent(
            "impression",
            own.pointer,
            "The professional's impression is not entered.",
            "What is your impression: adopt, edit or replace the proposal?",
            facts=[own],
            severity="block",
            who="professional",
        )
    if review.status == "not_recorded":
        yield absent(
            "limitations_review",
            "/limitations/reviewed_at",
            "A review of the limitations is not recorded.",
            "Have you reviewed the limitations, and when?",
            facts=[review],
            severity="block",
            who="professional",
        )
