"""When something was signed or written, and what the record holds that is later (clinical reference §1.6 and §1.7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import MappingProxyType
from typing import Final

from report_gen.checks.contradictions.days import off_by_a_day
from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.intervals import earlier
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import joined

__all__ = ["WRITTEN_CHECKS"]

_OF_LOG: Final = (
    ("channel.", "readings"),
    ("threshold", "stimulation tests"),
    ("mapping", "mapping results"),
    ("message", "messages"),
    ("problem", "technical problems"),
    ("interval.monitoring", "the end of monitoring"),
)
"""Beginnings of the kinds that the technologist enters, beside those of events, and what they are called."""
_MOST_EVENTS: Final = 3


def _time(fact: Fact) -> datetime | None:
    """When an entry of the log was made at the earliest; of a stretch, its end."""
    return fact.instant("end_at") or fact.instant("at")


def _later_events(facts: Facts, than: datetime | None) -> list[tuple[str, Fact]]:
    """Events that began later, and else those that ended later, in the order of the record."""
    found: list[tuple[str, Fact]] = []
    for chain in facts.events:
        ended = chain.resolution.instant("at") if chain.resolution is not None else None
        if earlier(than, chain.begun_at):
            found.append((chain.id, chain.onset))
        elif earlier(than, ended) and chain.resolution is not None:
            found.append((f"the end of {chain.id}", chain.resolution))
    return found


def _few(names: list[str]) -> list[str]:
    if len(names) <= _MOST_EVENTS:
        return names
    return [*names[: _MOST_EVENTS - 1], f"{len(names) - _MOST_EVENTS + 1} more events"]


def _log_signed(facts: Facts) -> Iterator[Fired]:
    """Said once, however much of the log is later than its signature; who leaves after signing contradicts nothing."""
    signed = facts.get("log.signature")
    at = signed.instant("at") if signed is not None else None
    if signed is None or at is None:
        return
    events = _later_events(facts, at)
    names, rows = _few([name for name, _ in events]), [fact for _, fact in events]
    later = [fact for fact in facts if not fact.formula and earlier(at, _time(fact))]
    for kind, words in _OF_LOG:
        of_kind = [fact for fact in later if fact.kind.startswith(kind)]
        if of_kind:
            names.append(words)
            rows += of_kind
    if rows and not off_by_a_day(facts):
        what = joined(names)
        yield fired(signed.pointer, signed, *rows, about=signed, time=signed.text("at"), what=what)


def _impression(facts: Facts) -> Iterator[Fired]:
    """What the impression cannot have known of; milder where it is closing readings alone."""
    written = facts.by_id["opinion.impression"]
    at = written.instant("at")
    if at is None:
        return
    events = _later_events(facts, at)
    readings = [fact for fact in facts.of_kind("channel.closing") if earlier(at, fact.instant("at"))]
    names = [*_few([name for name, _ in events]), *(["closing readings"] if readings else [])]
    if names and not off_by_a_day(facts):
        rows = [*(fact for _, fact in events), *readings]
        yield fired(
            written.pointer,
            written,
            *rows,
            about=written,
            eased=not events,
            time=written.text("at"),
            what=joined(names),
        )


WRITTEN_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "contradiction.log_signed_before_its_end": _log_signed,
        "contradiction.impression_before_the_end": _impression,
    }
)
"""Contradictions between the time of a signature or text and what it is about."""
