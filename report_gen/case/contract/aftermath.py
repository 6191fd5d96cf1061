"""What came after the operation, and the other operations of the patient."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from report_gen.case.contract.base import Code, Day, Detail, FilledBy, Instant, Line, Model, Slug
from report_gen.case.contract.preoperative import ExamFinding
from report_gen.case.contract.when import When

__all__ = ["LinkedCase", "PostoperativeEntry"]


class PostoperativeEntry(Model, filled_by=FilledBy.SURGEON):
    """One entry of the course after surgery: waking, examination, imaging, treatment, another operation, follow-up.

    Source: clinical reference §1.6; an entry has its own time, author and text, and none is inferred from a signal.
    """

    kind: Annotated[str, Code("postoperative_kinds")]
    """What it reports."""
    kind_other: Line | None = None
    """The kind in words, where `kind` is `other`. Absent: it is not."""
    at: Instant | None = None
    """When. Absent: not recorded by the clock."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    by_role: Annotated[str, Code("roles")] = "not_recorded"
    """Role of the person who reports it."""
    by: Slug | None = None
    """That person, by reference. Absent: not recorded, or nobody of this file."""
    source_note: Line | None = None
    """Where it stands, such as a clinic note. Absent: not recorded."""
    text: Detail | None = None
    """What was found or done, in the words of the source. Absent: only what is coded here is recorded."""
    result: Detail | None = None
    """Result of imaging or of a treatment, in the words of the source. Absent: none recorded."""
    deficit: Annotated[str, Code("postop_deficits")] | None = None
    """Deficit class as the source states it. Absent: not stated."""
    findings: tuple[ExamFinding, ...] = Field(default=(), max_length=60)
    """Findings of an examination. Empty: none recorded."""
    linked_case: Slug | None = None
    """Case id of another operation that it reports, as in `linked_cases`. Absent: none."""


class LinkedCase(Model, filled_by=FilledBy.SCHEDULE):
    """Another operation of the same patient, whether it was monitored or not."""

    relation: Literal["earlier_operation", "later_operation", "same_day", "not_stated"]
    """How it stands to this operation."""
    case_id: Slug | None = None
    """Its case id at the practice. Absent: it has none, or not recorded."""
    on: Day | None = None
    """Its date. Absent: not recorded."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    procedure: Line | None = None
    """The operation in words. Absent: not recorded."""
    monitored: bool | None = None
    """Whether it was monitored. Absent: not recorded."""
    note: Detail | None = None
    """Anything else, in the record's words. Absent: nothing."""
