"""Milestones, monitoring intervals, attendance, and the professional's sessions here and elsewhere.

Every instant is zoned and minute precise or finer; each record may name the clock it was read from, otherwise the
case's `clock` holds. Intervals are half open: the end minute is not part of the interval.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from report_gen.case.contract.base import Code, Detail, FilledBy, Instant, Line, Model, NonNegative, Slug
from report_gen.case.contract.when import When

__all__ = [
    "Attendance",
    "Milestone",
    "MonitoringEnd",
    "MonitoringInterval",
    "OtherCaseSession",
    "ProfessionalSession",
    "UntimedInterval",
]


class Milestone(Model, filled_by=FilledBy.TECHNOLOGIST):
    """One step of the operation or anesthesia. Source: clinical reference §1.3."""

    code: Annotated[str, Code("milestones")]
    """Which step."""
    at: Instant | None = None
    """When. Absent: the step took place but its time was not recorded."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    label: Line | None = None
    """Words for a key surgical step. Absent: the vocabulary's own words."""
    clock: Annotated[str, Code("clocks")] | None = None
    """Clock read. Absent: the case's clock."""


class MonitoringInterval(Model, filled_by=FilledBy.TECHNOLOGIST):
    """A stretch of set-up, baseline, monitoring, stand-by, outage, gap or removal.

    Source: clinical reference §1.3 (set-up, baseline and removal are not monitoring time, Nebraska Blue RP-P-028).
    """

    kind: Annotated[str, Code("interval_kinds")]
    """What the stretch was."""
    start_at: Instant
    """Start."""
    end_at: Instant
    """End, later than the start."""
    modalities: tuple[Annotated[str, Code("modalities")], ...] = Field(default=(), max_length=40)
    """Modalities concerned. Empty: all modalities performed."""
    baseline_kind: Annotated[str, Code("baseline_kinds")] | None = None
    """For a baseline stretch, which baseline. Absent: not a baseline, or not recorded."""
    reason: Annotated[str, Code("gap_reasons")] | None = None
    """Why there were no data. Absent: not a gap or outage, or not recorded."""
    detail: Detail | None = None
    """Detail of the reason. Absent: none recorded."""
    clock: Annotated[str, Code("clocks")] | None = None
    """Clock read. Absent: the case's clock."""


class UntimedInterval(Model, filled_by=FilledBy.TECHNOLOGIST):
    """A stretch that the record gives without clock times. It is told, and no minute of it is counted."""

    kind: Annotated[str, Code("interval_kinds")]
    """What the stretch was."""
    duration_min: NonNegative | None = None
    """Its length in minutes as the record states it. Absent: not stated."""
    approximate: bool = False
    """Whether that length is only about right."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    modalities: tuple[Annotated[str, Code("modalities")], ...] = Field(default=(), max_length=40)
    """Modalities concerned. Empty: all modalities performed, or not recorded."""
    reason: Annotated[str, Code("gap_reasons")] | None = None
    """Why there were no data. Absent: not a gap or outage, or not recorded."""
    detail: Detail | None = None
    """Detail in the record's words. Absent: none recorded."""


class Attendance(Model, filled_by=FilledBy.TECHNOLOGIST):
    """Presence of a technologist or professional in this case, with hand-overs as separate stretches."""

    person: Slug
    """Person, by reference."""
    start_at: Instant
    """Start."""
    end_at: Instant
    """End, later than the start."""
    handed_over_to: Slug | None = None
    """Person who took over at the end, by reference. Absent: no hand-over, or not recorded."""
    other_open_cases: Annotated[int, Field(ge=0, le=20)] | None = None
    """Number of other cases the person attended during the stretch. Absent: not recorded; never read as none."""
    clock: Annotated[str, Code("clocks")] | None = None
    """Clock read. Absent: the case's clock."""


class ProfessionalSession(Model, filled_by=FilledBy.PROFESSIONAL):
    """A stretch of the interpreting professional's attention to this case.

    Source: clinical reference §1.3; billing reference §0 fact 1, §8 and §12.
    """

    person: Slug
    """Interpreting professional, by reference."""
    mode: Annotated[str, Code("session_modes")]
    """In the room, elsewhere in the facility, or remote."""
    start_at: Instant
    """Start (log-on, or entering the room)."""
    end_at: Instant
    """End (log-off, or leaving the room), later than the start."""
    other_open_cases: Annotated[int, Field(ge=0, le=20)] | None = None
    """Number of other cases open during the stretch. Absent: not recorded; never read as none."""
    handed_over_to: Slug | None = None
    """Professional who took over at the end, by reference. Absent: no hand-over, or not recorded."""
    clock: Annotated[str, Code("clocks")] | None = None
    """Clock read. Absent: the case's clock."""


class OtherCaseSession(
    Model, filled_by=FilledBy.PROFESSIONAL, case_pseudonym=FilledBy.SCHEDULE, payer_class=FilledBy.SCHEDULE
):
    """A stretch of the same professional's attention to another case, under a pseudonym.

    Source: billing reference §0 fact 1 and §12 (units need all concurrent cases, all payers).
    """

    person: Slug
    """Interpreting professional, by reference."""
    case_pseudonym: Slug
    """Pseudonymous id of the other case; never an MRN or a name."""
    mode: Annotated[str, Code("session_modes")]
    """Mode in the other case."""
    start_at: Instant
    """Start."""
    end_at: Instant
    """End, later than the start."""
    payer_class: Annotated[str, Code("payer_classes")] = "unknown"
    """Payer class of the other case."""
    clock: Annotated[str, Code("clocks")] | None = None
    """Clock read. Absent: the case's clock."""


class MonitoringEnd(Model, filled_by=FilledBy.TECHNOLOGIST):
    """Where monitoring stopped relative to closure. Source: clinical reference §1.3 (S37)."""

    relation: Literal["before_closure", "at_skin_closure", "after_skin_closure", "after_emergence"]
    """Before closure, at skin closure, after it, or after emergence."""
    reason: Detail | None = None
    """Why monitoring stopped before closure. Absent: it did not, or not recorded."""
