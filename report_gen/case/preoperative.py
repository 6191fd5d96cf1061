"""What was known before surgery: history, examination, safety screen, consent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from report_gen.case.base import Code, Detail, Instant, Line, Model, Slug

__all__ = ["Consent", "ExamFinding", "Examination", "HistoryItem", "Preoperative", "SafetyScreen"]


class HistoryItem(Model):
    """One item of relevant history. Source: clinical reference §1.1."""

    item: Annotated[str, Code("history_items")]
    """[T] Coded item."""
    detail: Line | None = None
    """[T] Detail such as the year or the level. Absent: not recorded."""


class ExamFinding(Model):
    """One finding of a neurological examination, before or after surgery."""

    domain: Annotated[str, Code("exam_domains")]
    """[X] What was examined."""
    side: Annotated[str, Code("sides")]
    """[X] Side of the body; `not_recorded` when the source does not say."""
    site: Line | None = None
    """[X] Limb, muscle or dermatome. Absent: not recorded."""
    finding: Line
    """[X] Finding in the examiner's words."""
    grade_0_5: Annotated[float, Field(ge=0, le=5)] | None = None
    """[X] Motor grade, MRC 0 to 5. Absent: not graded or not recorded."""


class Examination(Model):
    """A neurological examination with its source. Source: clinical reference §1.1 and §1.6."""

    availability: Literal["performed", "not_available_to_monitoring_team", "not_performed"]
    """[T] Whether there is an examination to report; never inferred from the signals."""
    at: Instant | None = None
    """[X] When it was done. Absent: not recorded."""
    examiner: Line | None = None
    """[X] Who examined, or the note that reports it. Absent: not recorded."""
    findings: tuple[ExamFinding, ...] = Field(default=(), max_length=60)
    """[X] Findings. Empty: none recorded."""
    new_deficit: Annotated[str, Code("postop_deficits")] | None = None
    """[X] Deficit class after surgery as the examiner states it. Absent: before surgery, or not recorded."""
    course: Detail | None = None
    """[X] What the source says of the course of a deficit (for example when it resolved). Absent: not recorded."""


class SafetyScreen(Model):
    """Screen before transcranial motor stimulation. Source: clinical reference §1.1 (S28, S29)."""

    performed: bool
    """[T] Whether the screen was done."""
    positive: tuple[Annotated[str, Code("safety_screen_items")], ...] = Field(default=(), max_length=20)
    """[T] Items present. Empty with `performed` true: none of the items present."""
    note: Line | None = None
    """[T] What was decided about a positive item. Absent: not recorded."""


class Consent(Model):
    """Consent for monitoring. Source: clinical reference §1.1 (ASNM 2013)."""

    obtained: bool
    """[T] Whether consent covering monitoring was obtained."""
    by: Slug | None = None
    """[T] Person who obtained it, by reference. Absent: not recorded."""
    at: Instant | None = None
    """[T] When. Absent: not recorded."""


class Preoperative(Model):
    """State before surgery. Source: clinical reference §1.1."""

    history: tuple[HistoryItem, ...] | None = Field(default=None, max_length=40)
    """[T] Relevant history. Absent: not recorded; empty: asked and none."""
    examination: Examination | None = None
    """[X] Pre-operative neurological examination. Absent: not recorded."""
    mep_safety_screen: SafetyScreen | None = None
    """[T] Safety screen before transcranial stimulation. Absent: not recorded."""
    consent: Consent | None = None
    """[T] Consent for monitoring. Absent: not recorded."""
