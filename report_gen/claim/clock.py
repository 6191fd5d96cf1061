"""Instants on the clock of the facility: their local hour and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from report_gen.case.zones import zone_named
from report_gen.claim.record import ClaimRecord
from report_gen.facts.intervals import Span, merge, minutes_between

__all__ = ["by_clock_hour", "in_hours", "local_time", "stamped_day"]

_HOUR = timedelta(hours=1)


def local_time(record: ClaimRecord, at: datetime) -> datetime:
    """An instant by the clock of the facility, whatever offset the record was written in."""
    return at.astimezone(zone_named(record.time_zone))


def stamped_day(record: ClaimRecord) -> date | None:
    """Day on which the case started by the offset that its own first time bears. None: no session and no interval.

    A record from a machine that was set to another zone is dated by that machine.
    """
    ids = [*(session.fact for session in record.sessions), *(interval.fact for interval in record.stretches)]
    starts = (record.facts.by_id[fact].instant("start_at") for fact in ids)
    first = min((at for at in starts if at is not None), default=None)
    return None if first is None else first.date()


def in_hours(record: ClaimRecord, spans: Iterable[Span]) -> Iterator[tuple[Span, Span]]:
    """The union of the spans, cut at the full hours of the local clock: each hour with the piece that lies in it."""
    for span in merge(spans):
        at = span.start_at
        while at < span.end_at:
            local = local_time(record, at)
            hour = at - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
            ends = min(hour + _HOUR, span.end_at)
            yield Span(hour, hour + _HOUR), Span(at, ends)
            at = ends


def by_clock_hour(record: ClaimRecord, spans: Iterable[Span]) -> dict[datetime, float]:
    """Minutes of the union by the clock hour they fall in, keyed by the instant at which the local hour starts."""
    hours: dict[datetime, float] = {}
    for hour, piece in in_hours(record, spans):
        length = minutes_between(piece.start_at, piece.end_at)
        hours[hour.start_at] = hours.get(hour.start_at, 0.0) + length
    return hours
