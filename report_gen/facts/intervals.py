"""Interval arithmetic on instants, in absolute time, so that midnight and clock changes cannot bend a duration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

__all__ = ["Span", "concurrency", "contains", "earlier", "intersect", "merge", "minutes", "minutes_between", "subtract"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of absolute time, `start_at` included and `end_at` not; never empty."""

    start_at: datetime
    """First instant, in UTC."""
    end_at: datetime
    """First instant after it, in UTC."""

    def __post_init__(self) -> None:
        """Hold both ends in UTC: aware datetimes that share a zone object subtract by wall clock otherwise."""
        object.__setattr__(self, "start_at", self.start_at.astimezone(UTC))
        object.__setattr__(self, "end_at", self.end_at.astimezone(UTC))
        if self.end_at <= self.start_at:
            raise ValueError("a span ends after it starts")

    @property
    def length(self) -> timedelta:
        """Elapsed time."""
        return self.end_at - self.start_at


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The union as disjoint spans in order; touching spans join."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start_at <= merged[-1].end_at:
            if span.end_at > merged[-1].end_at:
                merged[-1] = Span(merged[-1].start_at, span.end_at)
        else:
            merged.append(span)
    return tuple(merged)


def subtract(spans: Iterable[Span], removed: Iterable[Span]) -> tuple[Span, ...]:
    """The part of the union of `spans` that lies outside the union of `removed`."""
    left: list[Span] = []
    holes = merge(removed)
    for span in merge(spans):
        start_at = span.start_at
        for hole in holes:
            if hole.end_at <= start_at or hole.start_at >= span.end_at:
                continue
            if hole.start_at > start_at:
                left.append(Span(start_at, hole.start_at))
            start_at = max(start_at, hole.end_at)
        if start_at < span.end_at:
            left.append(Span(start_at, span.end_at))
    return tuple(left)


def intersect(first: Iterable[Span], second: Iterable[Span]) -> tuple[Span, ...]:
    """The intersection of the two unions."""
    first_merged, second_merged = merge(first), merge(second)
    shared: list[Span] = []
    i = j = 0
    while i < len(first_merged) and j < len(second_merged):
        a, b = first_merged[i], second_merged[j]
        start_at, end_at = max(a.start_at, b.start_at), min(a.end_at, b.end_at)
        if start_at < end_at:
            shared.append(Span(start_at, end_at))
        if a.end_at <= b.end_at:
            i += 1
        else:
            j += 1
    return tuple(shared)


def contains(spans: Iterable[Span], instant: datetime) -> bool:
    """Whether the union holds `instant`; both ends count, so that an event in the last minute is inside."""
    moment = instant.astimezone(UTC)
    return any(span.start_at <= moment <= span.end_at for span in merge(spans))


def minutes(spans: Iterable[Span]) -> float:
    """Length of the union in minutes; overlaps count once."""
    return sum((span.length for span in merge(spans)), timedelta()).total_seconds() / 60


def minutes_between(earlier: datetime, later: datetime) -> float:
    """Elapsed minutes from `earlier` to `later`; negative when `later` is before `earlier`."""
    return (later.astimezone(UTC) - earlier.astimezone(UTC)).total_seconds() / 60


def concurrency(own: Iterable[Span], others: Iterable[Iterable[Span]]) -> tuple[tuple[Span, int], ...]:
    """Pieces of `own`, cut wherever the number of other sessions open at once changes, each with that number.

    Args:
        own: Spans to cut.
        others: Spans of the sessions in each other case.
    """
    other_cases = [merge(spans) for spans in others]
    cuts = sorted({edge for spans in other_cases for span in spans for edge in (span.start_at, span.end_at)})
    pieces: list[tuple[Span, int]] = []
    for span in merge(own):
        edges = [span.start_at, *(cut for cut in cuts if span.start_at < cut < span.end_at), span.end_at]
        for start_at, end_at in pairwise(edges):
            middle = start_at + (end_at - start_at) / 2
            open_cases = sum(any(s.start_at <= middle < s.end_at for s in spans) for spans in other_cases)
            if pieces and pieces[-1][1] == open_cases and pieces[-1][0].end_at == start_at:
                pieces[-1] = (Span(pieces[-1][0].start_at, end_at), open_cases)
            else:
                pieces.append((Span(start_at, end_at), open_cases))
    return tuple(pieces)


def earlier(first: datetime | None, second: datetime | None) -> bool:
    """Whether both times are recorded and the first is the earlier one."""
    return first is not None and second is not None and first.astimezone(UTC) < second.astimezone(UTC)
