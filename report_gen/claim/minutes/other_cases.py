"""Other cases of a professional, as recorded, and the time that they leave to this case.

Time dealt out between patients (CMS FAQ on billing remote IONM, 2012-12-17) is told apart from time of which two
entries of the log contradict each other: a session that counts another case as open, and a list of other cases that
names none near it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from report_gen.claim.clock import in_hours
from report_gen.claim.record import ClaimRecord, OtherSession, Session
from report_gen.facts.intervals import Span, intersect, merge, subtract

__all__ = ["MEDICARE_FFS", "Parts", "ids_of", "lists_others", "others_of", "split"]

MEDICARE_FFS: Final = "medicare_ffs"
"""The only payer class whose answer lets time be dealt out, and only between its own patients."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Countable time by what was open beside it; the first four are disjoint, and together they are all of it."""

    exclusive: tuple[Span, ...]
    shared: tuple[Span, ...]
    undetermined: tuple[Span, ...]
    allotted: tuple[Span, ...] = ()
    among_medicare: tuple[Span, ...] = ()
    """Those of `allotted` beside which every other case is of Medicare fee-for-service."""


def ids_of(record: ClaimRecord, person: str) -> tuple[str, ...]:
    """Fact ids under which one person is recorded: their own, and any other that bears the same identifier."""
    member = record.member(person)
    npi = member.npi if member is not None else ""
    return (person, *(other.fact for other in record.members if npi and other.npi == npi and other.fact != person))


def others_of(record: ClaimRecord, person: str) -> tuple[OtherSession, ...]:
    """Sessions of one professional in other cases, under whichever id they are recorded."""
    ids = ids_of(record, person)
    return tuple(other for other in record.other_sessions or () if other.person in ids)


def lists_others(record: ClaimRecord, person: str) -> bool:
    """Whether the list of other cases speaks of a professional: it names cases of theirs, or says there were none.

    A list that names only other professionals' cases says nothing of this one.
    """
    return record.other_sessions is not None and (not record.other_sessions or bool(others_of(record, person)))


def split(record: ClaimRecord, counted: tuple[Span, ...], sessions: Sequence[Session]) -> Parts:
    """Countable time of one professional by the other cases open in it.

    Args:
        record: The record, for the list of other cases.
        counted: Countable time.
        sessions: All sessions of this professional here, at least one.
    """
    person = sessions[0].person
    several = [session.span for session in sessions if session.other_open_cases]
    if not lists_others(record, person):
        shared = intersect(counted, several)
        rest = subtract(counted, shared)
        unknown = intersect(rest, [session.span for session in sessions if session.other_open_cases is None])
        return Parts(subtract(rest, unknown), shared, unknown)
    others = others_of(record, person)
    shared = intersect(counted, [other.span for other in others])
    rest = subtract(counted, shared)
    claimed = intersect(rest, several)
    pieces = [(piece, near) for piece, near, count in _pieces(record, claimed, sessions, others) if len(near) >= count]
    allotted = merge(piece for piece, _ in pieces)
    among = merge(piece for piece, near in pieces if all(classes == {MEDICARE_FFS} for classes in near.values()))
    return Parts(subtract(rest, claimed), shared, subtract(claimed, allotted), allotted, among)


def _pieces(
    record: ClaimRecord, claimed: tuple[Span, ...], sessions: Sequence[Session], others: Sequence[OtherSession]
) -> Iterator[tuple[Span, dict[str, set[str]], int]]:
    """Time for which the log counts other cases, by clock hour: with the cases near it, their payers, and the count.

    A case is near that was open in the same clock hour, or that starts or ends where the piece ends or starts.
    """
    done: tuple[Span, ...] = ()
    for count in sorted({session.other_open_cases or 0 for session in sessions} - {0}, reverse=True):
        logged = [session.span for session in sessions if session.other_open_cases == count]
        mine = subtract(intersect(claimed, logged), done)
        done = merge([*done, *mine])
        for hour, piece in in_hours(record, mine):
            near: dict[str, set[str]] = {}
            for other in others:
                if (
                    intersect([other.span], [hour])
                    or other.span.end_at == piece.start_at
                    or other.span.start_at == piece.end_at
                ):
                    near.setdefault(other.case, set()).add(other.payer_class)
            yield piece, near, count
