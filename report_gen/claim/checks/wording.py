"""Lengths, counts and times of the local clock, as findings on time print them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from report_gen.claim.model import Place
from report_gen.claim.record import ClaimRecord
from report_gen.facts.intervals import Span

__all__ = ["PLACE", "clock", "count", "length", "stretch", "stretches"]

PLACE: Final[dict[Place, str]] = {"in_room": "in the room", "remote": "elsewhere"}


def length(minutes: float) -> str:
    """Minutes, to a tenth where they are not whole."""
    return f"{round(minutes, 1):g} min"


def count(number_of: int, noun: str) -> str:
    """A number of things whose plural takes an s."""
    return f"{number_of} {noun}{'' if number_of == 1 else 's'}"


def clock(record: ClaimRecord, at: datetime) -> str:
    """A time by the facility's clock, as the report prints it."""
    return record.facts.clock.time(at)


def stretch(record: ClaimRecord, span: Span) -> str:
    """From when to when."""
    return f"{clock(record, span.start_at)} to {clock(record, span.end_at)}"


def stretches(record: ClaimRecord, spans: Iterable[Span]) -> str:
    """Each from when to when."""
    return ", ".join(stretch(record, span) for span in spans)
