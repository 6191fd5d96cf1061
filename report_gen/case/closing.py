"""Communication, problems, adverse effects, limitations, and what only the interpreting professional writes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from report_gen.case.base import Code, Detail, Identifier, Instant, Line, Model, Narrative, Slug

__all__ = [
    "AdverseEffectCheck",
    "Communication",
    "Equipment",
    "LimitationReview",
    "LogSignature",
    "Message",
    "NotMonitored",
    "ProfessionalOpinion",
    "TechnicalProblem",
]


class Message(Model):
    """One entry of the communication log. Source: clinical reference §1.4."""

    at: Instant | None = None
    """[T] When. Absent: not recorded."""
    from_role: Annotated[str, Code("roles")]
    """[T] Role that spoke or wrote."""
    to_role: Annotated[str, Code("roles")]
    """[T] Role addressed."""
    kind: Annotated[str, Code("message_kinds")]
    """[T] Class of content."""
    event: Slug | None = None
    """[T] Event it belongs to, by reference. Absent: none."""
    from_person: Slug | None = None
    """[T] Person who spoke or wrote, by reference. Absent: only the role is recorded."""
    to_person: Slug | None = None
    """[T] Person addressed, by reference. Absent: only the role is recorded."""
    text: Detail | None = None
    """[T] Content in the record's words. Absent: only the class is recorded."""


class Communication(Model):
    """The channel between operating room and professional, and the log. Source: clinical reference §1.4."""

    channel: Annotated[str, Code("communication_channels")] | None = None
    """[T] Channel. Absent: not recorded."""
    tested_at: Instant | None = None
    """[T] When the channel was tested. Absent: not recorded."""
    live_waveforms: bool | None = None
    """[T] Whether waveforms reached the professional live. Absent: not recorded."""
    clock: Annotated[str, Code("clocks")] | None = None
    """[T] Clock the times of the log were read from. Absent: the case's clock."""
    messages: tuple[Message, ...] = Field(default=(), max_length=2000)
    """[T] Log in order. Empty: not recorded."""


class Equipment(Model):
    """Device and software. Source: clinical reference §1.2."""

    make_model: Line
    """[T] Make and model."""
    software: Line | None = None
    """[T] Software and version. Absent: not recorded."""
    device_serial: Identifier | None = None
    """[T] Device number; never leaves the machine. Absent: not recorded."""
    safety_checked_on: Line | None = None
    """[T] Last electrical safety check. Absent: not recorded."""


class TechnicalProblem(Model):
    """Artifact or fault, and what was done about it. Source: clinical reference §1.6 (S27)."""

    at: Instant | None = None
    """[T] When. Absent: not recorded."""
    modality: Annotated[str, Code("modalities")] | None = None
    """[T] Modality concerned. Absent: several, or not recorded."""
    problem: Detail
    """[T] Problem in neutral words."""
    remedy: Detail | None = None
    """[T] What was done. Absent: not recorded."""


class AdverseEffectCheck(Model):
    """Check for harm done by monitoring. Source: clinical reference §1.6 and §10 fact 28."""

    checked: bool
    """[T] Whether it was looked for; `false` is not the same as none observed."""
    at: Instant | None = None
    """[T] When. Absent: not recorded."""
    observed: tuple[Annotated[str, Code("adverse_effects")], ...] = Field(default=(), max_length=20)
    """[T] What was observed. Empty with `checked` true: none observed."""
    detail: Detail | None = None
    """[T] Detail. Absent: none recorded."""


class LogSignature(Model):
    """The technologist's signature under the case log, which is not the report. Source: clinical reference §1.7."""

    by: Slug
    """[T] Technologist who signed the log, by reference."""
    at: Instant | None = None
    """[T] When. Absent: not recorded."""


class NotMonitored(Model):
    """A structure or pathway that the monitoring did not cover."""

    structure: Line
    """[P] Structure, lower case."""
    reason: Line | None = None
    """[P] Why. Absent: not recorded."""


class LimitationReview(Model):
    """Limits of what was monitored. Source: clinical reference §1.6."""

    reviewed_at: Instant | None = None
    """[P] When the professional reviewed the limitations. Absent: not reviewed, or not recorded."""
    not_monitored: tuple[NotMonitored, ...] = Field(default=(), max_length=20)
    """[P] Structures not monitored. Empty: none stated."""
    confounders: tuple[Line, ...] = Field(default=(), max_length=20)
    """[P] Confounders stated. Empty: none stated."""


class ProfessionalOpinion(Model):
    """What only the interpreting professional writes; printed verbatim. Source: clinical reference §10 fact 2."""

    by: Slug
    """[P] Interpreting professional, by reference."""
    impression: Narrative | None = None
    """[P] Impression, verbatim. Absent: pending; the report proposes one, marked as proposed."""
    clinical_correlation: Detail | None = None
    """[P] Recommendation for clinical correlation. Absent: none entered."""
    outcome_class: Literal["no_change", "reversible_change", "irreversible_change", "not_interpretable"] | None = None
    """[P] Report-level class. Absent: not assigned."""
    entered_at: Instant | None = None
    """[P] When it was entered. Absent: not recorded."""
