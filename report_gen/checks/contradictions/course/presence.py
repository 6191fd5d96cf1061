"""What was told by or to somebody who was not there by the recorded attendance (clinical reference §1.2 and §1.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from report_gen.checks.contradictions.days import off_by_a_day
from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.intervals import Span, contains, earlier
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.sessions import span_of
from report_gen.facts.wording import joined, utc
from report_gen.vocab import vocabulary

__all__ = ["PRESENCE_CHECKS"]

_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class _Presence:
    """When who was there, as far as the record says."""

    by_name: Mapping[str, list[Span]]
    """Stretches of each named person of whom any is recorded, sessions of professionals included."""
    by_role: Mapping[str, list[Span]]
    """Stretches of each role all of whose persons have one; where one has none, nobody can say who was there."""

    @classmethod
    def of(cls, facts: Facts) -> _Presence:
        by_name: dict[str, list[Span]] = {}
        by_role: dict[str, list[Span]] = {}
        present: set[str] = set()
        for fact in facts.of_kind("attendance"):
            by_role.setdefault(fact.status, []).append(span_of(fact))
            present.add(fact.group)
            if name := fact.text("name"):
                by_name.setdefault(name, []).append(span_of(fact))
        for session in facts.sessions:
            name = session.fact.text("name")
            if name in by_name:
                by_name[name].append(session.span)
        unknown = {fact.status for fact in facts.of_kind("person") if fact.id not in present}
        # Whoever reads a study may be elsewhere and told by telephone; their sessions are asked about by themselves.
        return cls(by_name, {code: rows for code, rows in by_role.items() if code not in unknown and not _reads(code)})

    def lacks(self, role: str, name: str, at: datetime) -> str:
        """Whose attendance a time is outside of: `that` person of the role, or `any` of it. Empty: of nobody's."""
        if name in self.by_name and not _reads(role):
            return "" if contains(self.by_name[name], at) else "that"
        return "any" if role in self.by_role and not contains(self.by_role[role], at) else ""


def _reads(role: str) -> bool:
    entry = vocabulary("roles").get(role)
    return entry is not None and entry.reads


@dataclass(frozen=True, slots=True)
class _ToldWhileAbsent:
    """One person's part in one telling, which may be outside their attendance."""

    fact: Fact
    role: str
    name: str
    words: str
    """What it was, without the role."""


def _tellings(facts: Facts) -> Iterator[_ToldWhileAbsent]:
    """Who told and who was told, by notifications, the log, and the course after surgery."""
    for chain in facts.events:
        for notification in chain.notifications:
            fact = notification.fact
            what = f"the notification of {chain.id} to the {fact.text('to') or 'team'} at {fact.text('at')}"
            yield _ToldWhileAbsent(fact, fact.code("by"), fact.text("by_name"), what)
            yield _ToldWhileAbsent(fact, fact.code("to"), fact.text("to_name"), what)
    for fact in facts.of_kind("message"):
        event = f" about {fact.code('event')}" if fact.code("event") else ""
        parties = f"from the {fact.text('from')} to the {fact.text('to')}"
        what = f"the {vocabulary('message_kinds').display(fact.status)}{event} {parties} at {fact.text('at')}"
        yield _ToldWhileAbsent(fact, fact.code("from"), fact.text("from_name"), what)
        yield _ToldWhileAbsent(fact, fact.code("to"), fact.text("to_name"), what)
    for fact in facts.of_kind("postoperative.entry"):
        what = f"the {vocabulary('postoperative_kinds').display(fact.status)} after surgery at {fact.text('at')}"
        yield _ToldWhileAbsent(fact, fact.code("by_role"), fact.text("by"), what)


def _outside(facts: Facts) -> Iterator[Fired]:
    """One finding for each role; milder where all of it came after monitoring, when somebody may have come back."""
    if not facts.of_kind("attendance"):
        return
    presence = _Presence.of(facts)
    absent: dict[tuple[str, str], list[_ToldWhileAbsent]] = {}
    for telling in _tellings(facts):
        at = telling.fact.instant("at")
        if at is not None and (whose := presence.lacks(telling.role, telling.name, at)):
            absent.setdefault((whose, telling.role), []).append(telling)
    if absent and off_by_a_day(facts):
        return
    ended = _ended(facts)
    for (whose, role), rows in absent.items():
        told = list({row.fact.instant("at"): row for row in reversed(rows)}.values())[::-1]
        words = [row.words for row in told[:_MOST_NAMED]]
        if len(told) > _MOST_NAMED:
            words = [*words[:-1], f"{len(told) - _MOST_NAMED + 1} more"]
        what = joined(words)
        yield fired(
            rows[0].fact.pointer,
            *(row.fact for row in rows),
            *(fact for fact in facts.of_kind("attendance") if fact.status == role),
            about=None if len(told) == 1 else facts.by_id["case.id"],
            eased=ended is not None and all(earlier(ended, row.fact.instant("at")) for row in rows),
            What=f"{what[0].upper()}{what[1:]}",
            lies="lies" if len(told) == 1 else "lie",
            whose=f"{whose} {vocabulary('roles').display(role)}",
            time=joined(list(dict.fromkeys(row.fact.text("at") for row in told[:_MOST_NAMED]))),
        )


def _ended(facts: Facts) -> datetime | None:
    """When monitoring ended. None: not recorded."""
    ends = [at for fact in facts.of_kind("interval.monitoring") if (at := fact.instant("end_at")) is not None]
    return max(ends, key=utc, default=None)


PRESENCE_CHECKS: Final[Checks[[Facts]]] = MappingProxyType({"contradiction.told_outside_attendance": _outside})
"""Contradictions between who told or was told and who was there."""
