"""What was operated, where, and on which side."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from report_gen.case.base import Code, CptCode, Detail, Line, Model

__all__ = ["LevelRange", "Surgery"]


class LevelRange(Model):
    """A run of vertebral levels, head end first."""

    upper: Annotated[str, Code("levels")]
    """[X] Level at the head end."""
    lower: Annotated[str, Code("levels")]
    """[X] Level at the tail end; equal to `upper` for one level."""


class Surgery(Model):
    """The operation. Source: clinical reference §1.2."""

    procedure: Detail
    """[X] Procedure performed, in words."""
    family: Annotated[str, Code("procedure_families")]
    """[S] Procedure family; selects the usual modality plan that the record is compared with."""
    cpt: tuple[CptCode, ...] = Field(default=(), max_length=20)
    """[S] CPT codes of the surgery, numbers only. Empty: not recorded."""
    levels: tuple[LevelRange, ...] = Field(default=(), max_length=12)
    """[X] Vertebral levels. Empty: not a spinal level procedure, or not recorded."""
    side: Annotated[str, Code("sides")]
    """[X] Side operated; `not_applicable` for a midline procedure, `not_recorded` when the source does not say."""
    approach: Annotated[str, Code("approaches")] | None = None
    """[X] Approach. Absent: not recorded."""
    position: Annotated[str, Code("positions")] | None = None
    """[T] Patient position. Absent: not recorded."""
    outcome: Annotated[str, Code("procedure_outcomes")] = "as_planned"
    """[T] Whether the plan was carried out, changed, staged or aborted."""
    outcome_reason: Detail | None = None
    """[T] Why the plan was not carried out as intended. Absent: as planned, or not recorded."""
    circulatory_arrest: bool = False
    """[A] Cardiopulmonary bypass or circulatory arrest was used; widens the temperature limits."""
    planned_procedure: Line | None = None
    """[S] Procedure as scheduled when it differs. Absent: as performed."""
    postoperative_diagnosis: Detail | None = None
    """[X] Diagnosis after surgery as the operative note words it. Absent: not available to the monitoring team."""
    operative_note_mentions_monitoring: bool | None = None
    """[S] Whether the surgeon's operative note mentions the monitoring. Absent: not known yet; never read as yes."""
