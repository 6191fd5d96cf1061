"""Where values of the file came from, and what a person answered when the record was questioned."""

from __future__ import annotations

from typing import Literal

from report_gen.case.contract.base import Detail, FilledBy, Instant, Line, Model, Slug

__all__ = ["FindingAnswer", "ValueOrigin"]


class ValueOrigin(Model, filled_by=FilledBy.SCHEDULE):
    """Where one value, or every value of one part, came from. A value without one is attributed to nobody."""

    pointer: Line
    """JSON pointer of the value or part in this file."""
    kind: Literal["person", "feed", "log", "form", "computed"]
    """Entered by a person, sent by a feed (ADT, scheduling, anesthesia record), taken from a machine's log, entered
    through a form, or computed by the program that made the file."""
    by: Slug | None = None
    """Person who entered it, by reference. Absent: not recorded, or no person."""
    system: Line | None = None
    """System or form it came through. Absent: not recorded."""
    at: Instant | None = None
    """When it was entered or received. Absent: not recorded."""


class FindingAnswer(Model, filled_by=FilledBy.PROFESSIONAL, by=FilledBy.PROFESSIONAL):
    """A person's answer to a question that the checks put. Nobody is made to confirm: each can be answered no.

    An answer settles a question that rests on reading somebody's words, and is printed; it settles no contradiction of
    coded values, which is corrected where it stands.
    """

    finding: Slug
    """Code of the finding that is answered."""
    subject: Slug | None = None
    """Id of the event, channel, modality or person that the finding is about. Absent: the record as a whole."""
    answer: Literal["yes", "no", "stands_as_written", "not_known"]
    """`stands_as_written`: the words are meant as they stand; `not_known`: it was looked for and nobody can say."""
    reason: Detail | None = None
    """Why, in that person's words; needed for `stands_as_written` and `no`. Absent: none given."""
    by: Slug
    """Who answered, by reference."""
    at: Instant | None = None
    """When. Absent: not recorded."""
