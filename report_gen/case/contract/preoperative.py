"""What was known before surgery: history, examination, safety screen, consent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from report_gen.case.contract.base import Code, Detail, FilledBy, Instant, Line, Model, Slug
from report_gen.case.contract.when import When

__all__ = ["Consent", "ExamFinding", "Examination", "HistoryItem", "Preoperative", "SafetyScreen"]


class HistoryItem(Model, filled_by=FilledBy.TECHNOLOGIST):
    """One item of relevant history. Source: clinical reference §1.1."""

    item: Annotated[str, Code("history_items")]
    """Coded item."""
    detail: Line | None = None
    """Detail such as the year or the level. Absent: not recorded."""


class ExamFinding(Model, filled_by=FilledBy.SURGEON):
    """One finding of a neurological examination, before or after surgery."""

    domain: Annotated[str, Code("exam_domains")]
    """What was examined."""
    side: Annotated[str, Code("sides")]
    """Side of the body; `not_recorded` when the source does not say."""
    site: Line | None = None
    """Limb, muscle or dermatome. Absent: not recorded."""
    finding: Line
    """Finding in the examiner's words."""
    grade_0_5: Annotated[float, Field(ge=0, le=5)] | None = None
    """Motor grade, MRC 0 to 5. Absent: not graded or not recorded."""


class Examination(Model, filled_by=FilledBy.SURGEON, availability=FilledBy.TECHNOLOGIST):
    """A neurological examination with its source. Source: clinical reference §1.1 and §1.6."""

    availability: Literal["performed", "not_available_to_monitoring_team", "not_performed"]
    """Whether there is an examination to report; never inferred from the signals."""
    at: Instant | None = None
    """When it was done. Absent: not recorded."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    examiner: Line | None = None
    """Who examined, or the note that reports it. Absent: not recorded."""
    findings: tuple[ExamFinding, ...] = Field(default=(), max_length=60)
    """Findings. Empty: none recorded."""
    new_deficit: Annotated[str, Code("postop_deficits")] | None = None
    """Deficit class after surgery as the examiner states it. Absent: before surgery, or not recorded."""
    course: Detail | None = None
    """What the source says of the course of a deficit (for example when it resolved). Absent: not recorded."""


class SafetyScreen(Model, filled_by=FilledBy.TECHNOLOGIST):
    """Screen before transcranial motor stimulation. Source: clinical reference §1.1 (S28, S29)."""

    performed: bool
    """Whether the screen was done."""
    positive: tuple[Annotated[str, Code("safety_screen_items")], ...] = Field(default=(), max_length=20)
    """Items present. Empty with `performed` true: none of the items present."""
    note: Line | None = None
    """What was decided about a positive item. Absent: not recorded."""


class Consent(Model, filled_by=FilledBy.TECHNOLOGIST):
    """Consent for monitoring. Source: clinical reference §1.1 (ASNM 2013)."""

    obtained: bool
    """Whether consent covering monitoring was obtained."""
    by: Slug | None = None
    """Person who obtained it, by reference. Absent: not recorded."""
    at: Instant | None = None
    """When. Absent: not recorded."""


class Preoperative(Model, filled_by=FilledBy.TECHNOLOGIST, examination=FilledBy.SURGEON):
    """State before surgery. Source: clinical reference §1.1."""

    history: tuple[HistoryItem, ...] | None = Field(default=None, max_length=40)
    """Relevant history. Absent: not recorded; empty: asked and none."""
    examination: Examination | None = None
    """Pre-operative neurological examination. Absent: not recorded."""
    mep_safety_screen: SafetyScreen | None = None
    """Safety screen before transcranial stimulation. Absent: not recorded."""
    consent: Consent | None = None
    """Consent for monitoring. Absent: not recorded."""
