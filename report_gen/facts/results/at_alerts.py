"""Facts of who attended when an alert began: the professional with the other cases open then, and the technologist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from report_gen.case.contract.times import Attendance, ProfessionalSession
from report_gen.facts.builder import FactBuilder, number, term, text
from report_gen.facts.fact import Fact, Value
from report_gen.facts.intervals import Span, contains
from report_gen.facts.monitored import IN_ROOM
from report_gen.facts.row_ids import own_part
from report_gen.facts.wording import joined, utc
from report_gen.vocab import vocabulary

__all__ = ["derive_at_alerts"]

_OUTAGE: Final = "outage"


def derive_at_alerts(b: FactBuilder) -> None:
    """Add for each alert with a clock time who attended then; and alerts at which attention was the same, together."""
    outages = [Span(row.start_at, row.end_at) for row in b.case.intervals if row.kind == _OUTAGE]
    alerts = [(index, event) for index, event in enumerate(b.case.events) if event.event_class == "alert"]
    told: list[Fact] = []
    for index, event in alerts:
        begun_at = event.onset_at or event.noticed_at
        if begun_at is None:
            continue
        if b.case.professional_sessions:
            told.append(_professional(b, index, begun_at, outages))
        _technologist(b, index, begun_at)
    _alike(b, told, len(alerts))


def _professional(b: FactBuilder, index: int, begun_at: datetime, outages: Sequence[Span]) -> Fact:
    """Whether a professional attended, how, and which other cases were open.

    A session counts with both its ends; a professional who is not in the room sees nothing while the link is out.
    """
    event, sessions = b.case.events[index], b.case.professional_sessions
    open_then = [
        (fact, session)
        for fact, session in zip(b.row_ids("session", sessions), sessions, strict=True)
        if contains([Span(session.start_at, session.end_at)], begun_at)
    ]
    # Where one session ends as another begins, the later one is the one open.
    current = open_then[-1:] if len({session.person for _, session in open_then}) == 1 else open_then
    linked = [pair for pair in current if pair[1].mode == IN_ROOM or not _cut(outages, begun_at)]
    shown = [session for _, session in linked or current]
    group = f"event.{own_part(event.id)}"
    return b.compute(
        f"{group}.attention",
        "alert.attention",
        f"/events/{index}",
        [
            Value("id", event.id, code=event.id),
            b.instant("at", begun_at),
            term("mode", "session_modes", shown[0].mode) if shown else None,
            b.words("name", joined(filter(None, [b.person_name(session.person) for session in shown])) or None),
            *_open_cases(b, shown, begun_at),
        ],
        formula="the session open when the alert began or was noticed; sessions in other cases open then",
        inputs=[f"{group}.onset", *(fact for fact, _ in current)],
        group=group,
        status="attended" if linked else "link_outage" if current else "no_session",
    )


def _cut(outages: Sequence[Span], at: datetime) -> bool:
    """Whether the link was out at an instant; it is back at the end of an outage."""
    return any(cut.start_at <= utc(at) < cut.end_at for cut in outages)


def _open_cases(b: FactBuilder, shown: Sequence[ProfessionalSession], at: datetime) -> Iterator[Value]:
    """How many other cases those who attended had open; nothing where the record does not say.

    Where the record does not hold the other sessions, it is what the log of the one session says of them.
    """
    others = b.case.other_case_sessions
    if others is None:
        logged = shown[0].other_open_cases if len(shown) == 1 else None
        if logged is not None:
            yield number("other_cases", logged, str(logged))
        return
    people = {session.person for session in shown}
    names = {
        (other.person, other.case_pseudonym)
        for other in others
        if other.person in people and utc(other.start_at) <= utc(at) < utc(other.end_at)
    }
    if people:
        yield number("other_cases", len(names), str(len(names)))


def _technologist(b: FactBuilder, index: int, begun_at: datetime) -> None:
    """Which technologists the log has at the alert; nothing where it has no attendance of a technologist at all."""
    event, roles = b.case.events[index], vocabulary("roles")
    logged: list[tuple[str, Attendance]] = [
        (fact, row)
        for fact, row in zip(b.row_ids("attendance", b.case.attendance), b.case.attendance, strict=True)
        if roles[b.people[row.person].role].logged_as == "attendance"
    ]
    if not logged:
        return
    there = [(fact, row) for fact, row in logged if contains([Span(row.start_at, row.end_at)], begun_at)]
    group = f"event.{own_part(event.id)}"
    b.compute(
        f"{group}.technologist",
        "alert.technologist",
        f"/events/{index}",
        [
            Value("id", event.id, code=event.id),
            b.instant("at", begun_at),
            b.words("name", joined(filter(None, dict.fromkeys(b.person_name(row.person) for _, row in there))) or None),
        ],
        formula="attendance of a technologist when the alert began or was noticed",
        inputs=[f"{group}.onset", *dict.fromkeys(f"person.{row.person}" for _, row in there), *(f for f, _ in there)],
        group=group,
        status="attended" if there else "nobody",
        must_state=False,
    )


def _alike(b: FactBuilder, told: Sequence[Fact], alerts: int) -> None:
    """Alerts at which the same attended as attentively, those of the most alerts first; then alerts without a time."""
    groups: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in told:
        groups.setdefault((fact.status, fact.code("mode"), fact.text("other_cases")), []).append(fact)
    for place, facts in enumerate(sorted(groups.values(), key=lambda group: -len(group)), 1):
        first, names = facts[0], {fact.text("name") for fact in facts}
        b.compute(
            f"attention.{place}",
            "alerts.attention",
            "/events",
            [
                number("count", len(facts), str(len(facts))),
                number("alerts", alerts, str(alerts)),
                text("ids", joined(fact.text("id") for fact in facts)),
                *(value for value in first.values if value.name in ("mode", "other_cases")),
                *([b.words("name", first.text("name") or None)] if len(names) == 1 else []),
                *(value for value in first.values if value.name == "at" and len(facts) == 1),
            ],
            formula="alerts of the same attention counted; those without a clock time count as alerts alone",
            inputs=[fact.id for fact in facts],
            group="professional",
            status=first.status,
            must_state=False,
        )
