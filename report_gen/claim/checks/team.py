"""Who read, who operated, and which of their credentials held on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, TypeAlias

from report_gen.claim.record import ClaimRecord, Credential, Member

__all__ = ["Holding", "holding", "is_remote", "readers", "standing"]

Holding: TypeAlias = Literal["valid", "undated", "lapsed", "none"]
"""Valid on the day; without an end date, so that nobody can tell; ended before the day or began after it; no such
credential recorded."""


def readers(record: ClaimRecord) -> tuple[Member, ...]:
    """The reading professionals: those of the log, in its order; without a log, those with the reading role."""
    logged = tuple(member for member in map(record.member, record.readers) if member is not None)
    return logged or record.with_role("interpreting_professional")


def is_remote(record: ClaimRecord, person: Member) -> bool | None:
    """Whether a professional logged minutes outside the operating room. None: no session of theirs is logged."""
    modes = {session.mode for session in record.sessions if session.person == person.fact}
    return bool(modes - {"in_room"}) if modes else None


def standing(credential: Credential, day: date) -> Holding:
    """State of one credential on a day. The last day counts; an end that is not recorded is never unlimited."""
    if credential.valid_from is not None and day < credential.valid_from:
        return "lapsed"
    if credential.valid_to is None:
        return "undated"
    return "valid" if day <= credential.valid_to else "lapsed"


def holding(credentials: Iterable[Credential], day: date) -> tuple[Holding, tuple[str, ...]]:
    """The best of several credentials on a day, and the facts that say so; one that holds is enough."""
    facts: dict[Holding, tuple[str, ...]] = {}
    for credential in credentials:
        state = standing(credential, day)
        facts[state] = (*facts.get(state, ()), credential.fact)
    order: tuple[Holding, ...] = ("valid", "undated", "lapsed")
    best: Holding = next((state for state in order if state in facts), "none")
    return best, facts.get(best, ())
