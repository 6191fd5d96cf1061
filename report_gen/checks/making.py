"""The two kinds of finding about a record, and what several checks ask of the facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from report_gen.facts.model import Fact
from report_gen.facts.wording import utc
from report_gen.finding import Evidence, Finding, Gate, Severity, Source

__all__ = ["absent", "contradiction", "earlier"]

_SOURCE = Source("clinical reference", "§1.8", date(2013, 1, 1), date(2026, 11, 25), "own")


def contradiction(  # noqa: PLR0913  a finding has these parts; the last three are keyword-only
    code: str,
    pointer: str,
    message: str,
    question: str,
    *,
    facts: Sequence[Fact],
    who: str = "technologist",
    severity: Severity = "block",
) -> Finding:
    """Two statements of the record that cannot both hold: it concerns signing and is shown on the page."""
    return Finding(
        code=f"contradiction.{code}",
        origin="contradiction",
        severity=severity,
        gate="sign",
        pointer=pointer,
        message=message,
        question=question,
        who=who,
        sources=(_SOURCE,),
        evidence=tuple(Evidence(fact.id, fact.pointer) for fact in facts),
    )


def absent(  # noqa: PLR0913  a finding has these parts; the last four are keyword-only
    code: str,
    pointer: str,
    message: str,
    question: str,
    *,
    facts: Sequence[Fact] = (),
    severity: Severity = "warn",
    gate: Gate = "sign",
    who: str = "technologist",
) -> Finding:
    """A field that a gate asks for and the record does not have."""
    return Finding(
        code=f"required.{code}",
        origin="gate",
        severity=severity,
        gate=gate,
        pointer=pointer,
        message=message,
        question=question,
        who=who,
        sources=(_SOURCE,),
        evidence=tuple(Evidence(fact.id, fact.pointer) for fact in facts),
    )


def earlier(first: datetime | None, second: datetime | None) -> bool:
    """Whether both times are recorded and the first is the earlier one."""
    return first is not None and second is not None and utc(first) < utc(second)
