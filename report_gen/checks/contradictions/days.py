"""Times of a night case that keep the day before, or the day after (clinical reference §1.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.subjects import named
from report_gen.facts.intervals import Span, merge
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import joined, utc

__all__ = ["DAY_CHECKS", "off_by_a_day"]

_DAY: Final = timedelta(days=1)
_TIMES: Final = ("onset_at", "noticed_at", "last_unaffected_at", "at", "start_at", "end_at", "last_data_at")
_DURING: Final = (
    "channel.",
    "event.",
    "threshold",
    "mapping",
    "message",
    "session",
    "milestone",
    "tof",
    "physiology.row",
    "modality",
)
"""Kinds of fact that belong to the operation, so that a time a day away from it is a slip; beginnings of their names.
An examination or an order may well be of another day."""
_MOST_NAMED: Final = 2
"""Responses that are named one by one; of more it is said that readings are concerned."""
_GROUPS: Final = (
    ("channel.", "readings"),
    ("threshold", "stimulation tests"),
    ("mapping", "mapping results"),
    ("message", "messages"),
    ("session", "sessions of the professional"),
    ("milestone", "milestones"),
    ("tof", "train-of-four readings"),
    ("physiology.row", "vital signs"),
    ("modality", "modalities"),
)


def _monitored(facts: Facts) -> list[Span]:
    spans = []
    for kind in ("interval.monitoring", "interval.baseline"):
        for fact in facts.of_kind(kind):
            start_at, end_at = fact.instant("start_at"), fact.instant("end_at")
            if start_at is not None and end_at is not None:
                spans.append(Span(start_at, end_at))
    return spans


def _shift(spans: Sequence[Span], at: datetime) -> int:
    """Days by which a time outside monitoring would have to move to lie inside: 1, -1, or 0 for none."""
    moment, start_at = utc(at), spans[0].start_at
    if start_at <= moment <= spans[-1].end_at:
        return 0
    days = 1 if moment < start_at else -1
    moved = moment + days * _DAY
    return days if any(span.start_at <= moved <= span.end_at for span in spans) else 0


def off_by_a_day(facts: Facts, among: Iterable[Fact] | None = None) -> list[tuple[Fact, str, int]]:
    """Facts of the operation whose time is a day away, each with the name of the time and the days to move it by.

    Where monitoring itself lasted a day, no time can be said to be a day away.

    Args:
        facts: Facts of the case.
        among: Facts to look at, such as the chain of an event. None: all.
    """
    spans = merge(_monitored(facts))
    if not spans or spans[-1].end_at - spans[0].start_at >= _DAY:
        return []
    found = []
    for fact in facts if among is None else among:
        if fact.formula or not fact.kind.startswith(_DURING):
            continue
        for value in fact.values:
            if value.at is not None and value.name in _TIMES and (days := _shift(spans, value.at)):
                found.append((fact, value.name, days))
                break
    return found


def _day_not_advanced(facts: Facts) -> Iterator[Fired]:
    """Said once, however many times are concerned."""
    rows = off_by_a_day(facts)
    if not rows:
        return
    events = [chain for chain in facts.events if any(fact.group == chain.event.group for fact, *_ in rows)]
    names = [chain.id for chain in events]
    channels = {fact.group: facts.get(fact.group) for fact, *_ in rows if fact.kind.startswith("channel.")}
    responses = [channel for channel in channels.values() if channel is not None]
    for kind, words in _GROUPS:
        if any(row.kind.startswith(kind) for row, *_ in rows):
            few = kind == "channel." and len(responses) <= _MOST_NAMED
            names.append(f"the {joined([named(row) for row in responses])}" if few else words)
    fact, name, days = rows[0]
    what, at = joined(names), fact.instant(name)
    time = f"{facts.clock.local(at):%H:%M}" if at is not None else fact.text(name)
    yield fired(
        fact.pointer,
        *(row for row, *_ in rows),
        count=len(rows),
        about=_only([*(chain.event for chain in events), *responses]) if len(names) == 1 else None,
        what=what,
        direction="before" if days > 0 else "after",
        ask_day=f"{'next day' if days > 0 else 'day before'}: {time} of {what}",
    )


def _only(subjects: Sequence[Fact]) -> Fact | None:
    return subjects[0] if len(subjects) == 1 else None


DAY_CHECKS: Final[Checks[[Facts]]] = MappingProxyType({"contradiction.day_not_advanced": _day_not_advanced})
"""Contradictions between the date of a time and the night it belongs to."""
