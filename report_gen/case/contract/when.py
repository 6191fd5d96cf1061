"""Times that a record gives other than by the clock: relative to something, only in order, by phase, or about.

A file says what its source says, and no more: whoever knows only that a response was back during closure enters that,
and no clock time is made of it. Source: thin published records (clinical reference §1.3 asks for times where there are
any).
"""

from __future__ import annotations

from typing import Annotated, Literal

from report_gen.case.contract.base import Code, FilledBy, Line, Model, NonNegative, Slug

__all__ = ["ANCHORS", "When"]

ANCHORS = ("event", "milestone", "phase", "previous_entry")
"""Fields of a `When` that say what it is relative to; at most one of them is given."""


class When(Model, filled_by=FilledBy.TECHNOLOGIST):
    """A time as far as it is known. Beside a clock time it says that this is approximate, or how it was worded."""

    approximate: bool = False
    """Whether the clock time beside it, or the amount below, is only about right."""
    relation: Literal["before", "at", "during", "after"] | None = None
    """Relation to what is named below; given with it, and absent without."""
    event: Slug | None = None
    """Event it is relative to, by reference. Absent: not relative to an event."""
    milestone: Annotated[str, Code("milestones")] | None = None
    """Step of operation or anesthesia it is relative to. Absent: not relative to a step."""
    phase: Annotated[str, Code("surgical_phases")] | None = None
    """Phase of the operation it is relative to, or the operation as a whole. Absent: not relative to a phase."""
    previous_entry: bool = False
    """Whether it is relative to the entry before it in the same list, as in "then" or "ten minutes later"."""
    amount: NonNegative | None = None
    """How long before or after, in `unit`; for a range its lower end. Absent: only the order is known."""
    amount_to: NonNegative | None = None
    """Upper end of a range in `unit`. Absent: no range."""
    unit: Literal["s", "min", "h", "d", "wk", "mo", "y"] | None = None
    """Unit of the amount. Absent: no amount."""
    words: Line | None = None
    """The time in the record's words, such as "some minutes later". Absent: the fields above say it all."""
