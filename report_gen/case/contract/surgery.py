"""What was operated, where, and on which side."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from report_gen.case.contract.base import Code, CptCode, Detail, FilledBy, Line, Model

__all__ = ["LevelRange", "Surgery"]


class LevelRange(Model, filled_by=FilledBy.SURGEON):
    """A run of vertebral levels, head end first."""

    upper: Annotated[str, Code("levels")]
    """Level at the head end."""
    lower: Annotated[str, Code("levels")]
    """Level at the tail end; equal to `upper` for one level."""


class Surgery(
    Model,
    filled_by=FilledBy.SURGEON,
    family=FilledBy.SCHEDULE,
    cpt=FilledBy.SCHEDULE,
    position=FilledBy.TECHNOLOGIST,
    position_other=FilledBy.TECHNOLOGIST,
    outcome=FilledBy.TECHNOLOGIST,
    outcome_reason=FilledBy.TECHNOLOGIST,
    circulatory_arrest=FilledBy.ANESTHESIA,
    planned_procedure=FilledBy.SCHEDULE,
    operative_note_mentions_monitoring=FilledBy.SCHEDULE,
):
    """The operation. Source: clinical reference §1.2."""

    procedure: Detail
    """Procedure performed, in words."""
    family: Annotated[str, Code("procedure_families")]
    """Procedure family; selects the usual modality plan that the record is compared with."""
    cpt: tuple[CptCode, ...] = Field(default=(), max_length=20)
    """CPT codes of the surgery, numbers only. Empty: not recorded."""
    levels: tuple[LevelRange, ...] = Field(default=(), max_length=12)
    """Vertebral levels. Empty: not a spinal level procedure, or not recorded."""
    side: Annotated[str, Code("sides")]
    """Side operated; `not_applicable` for a midline procedure, `not_recorded` when the source does not say."""
    approach: Annotated[str, Code("approaches")] | None = None
    """Approach. Absent: not recorded."""
    approach_other: Line | None = None
    """The approach in words, where `approach` is `other`. Absent: it is not."""
    position: Annotated[str, Code("positions")] | None = None
    """Patient position. Absent: not recorded."""
    position_other: Line | None = None
    """The position in words, where `position` is `other`. Absent: it is not."""
    outcome: Annotated[str, Code("procedure_outcomes")] = "as_planned"
    """Whether the plan was carried out, changed, staged or aborted."""
    outcome_reason: Detail | None = None
    """Why the plan was not carried out as intended. Absent: as planned, or not recorded."""
    circulatory_arrest: bool = False
    """Cardiopulmonary bypass or circulatory arrest was used; widens the temperature limits."""
    planned_procedure: Line | None = None
    """Procedure as scheduled when it differs. Absent: as performed."""
    postoperative_diagnosis: Detail | None = None
    """Diagnosis after surgery as the operative note words it. Absent: not available to the monitoring team."""
    operative_note_mentions_monitoring: bool | None = None
    """Whether the surgeon's operative note mentions the monitoring. Absent: not known yet; never read as yes."""
