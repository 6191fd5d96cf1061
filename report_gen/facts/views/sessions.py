"""Sessions of the professionals, each with its professional and its span."""

from __future__ import annotations

from dataclasses import dataclass

from report_gen.facts.fact import Fact
from report_gen.facts.index import FactIndex
from report_gen.facts.intervals import Span

__all__ = ["LoggedSession", "logged_sessions", "span_of"]


@dataclass(frozen=True, slots=True)
class LoggedSession:
    """A stretch of a professional's attention, to this case or to another."""

    fact: Fact
    """Mode and times."""
    professional: str
    """Fact id of the professional who attended."""
    span: Span
    """Start and end."""


def logged_sessions(facts: FactIndex, kind: str) -> tuple[LoggedSession, ...]:
    """The sessions of professionals, in the order of the record.

    Args:
        facts: The facts.
        kind: `session` for those in this case, `other_session` for those in other cases.
    """
    return tuple(LoggedSession(fact, fact.inputs[0], span_of(fact)) for fact in facts.of_kind(kind))


def span_of(fact: Fact) -> Span:
    """The span from the start to the end that a fact states.

    Raises:
        ValueError: The fact lacks a start or an end.
    """
    start_at, end_at = fact.instant("start_at"), fact.instant("end_at")
    if start_at is None or end_at is None:
        raise ValueError(f"{fact.id} has no span")
    return Span(start_at, end_at)
