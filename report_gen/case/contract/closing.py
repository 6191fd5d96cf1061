"""Communication, problems, adverse effects, limitations, and what only the interpreting professional writes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from report_gen.case.contract.base import Code, Detail, FilledBy, Identifier, Instant, Line, Model, Narrative, Slug
from report_gen.case.contract.when import When

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


class Message(Model, filled_by=FilledBy.TECHNOLOGIST):
    """One entry of the communication log. Source: clinical reference §1.4."""

    at: Instant | None = None
    """When. Absent: not recorded."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    from_role: Annotated[str, Code("roles")]
    """Role that spoke or wrote."""
    to_role: Annotated[str, Code("roles")]
    """Role addressed."""
    kind: Annotated[str, Code("message_kinds")]
    """Class of content."""
    event: Slug | None = None
    """Event it belongs to, by reference. Absent: none."""
    from_person: Slug | None = None
    """Person who spoke or wrote, by reference. Absent: only the role is recorded."""
    to_person: Slug | None = None
    """Person addressed, by reference. Absent: only the role is recorded."""
    text: Detail | None = None
    """Content in the record's words. Absent: only the class is recorded."""


class Communication(Model, filled_by=FilledBy.TECHNOLOGIST):
    """The channel between operating room and professional, and the log. Source: clinical reference §1.4."""

    channel: Annotated[str, Code("communication_channels")] | None = None
    """Channel. Absent: not recorded."""
    tested_at: Instant | None = None
    """When the channel was tested. Absent: not recorded."""
    live_waveforms: bool | None = None
    """Whether waveforms reached the professional live. Absent: not recorded."""
    clock: Annotated[str, Code("clocks")] | None = None
    """Clock the times of the log were read from. Absent: the case's clock."""
    messages: tuple[Message, ...] = Field(default=(), max_length=2000)
    """Log in order. Empty: not recorded."""


class Equipment(Model, filled_by=FilledBy.TECHNOLOGIST):
    """Device and software. Source: clinical reference §1.2."""

    make_model: Line
    """Make and model."""
    software: Line | None = None
    """Software and version. Absent: not recorded."""
    device_serial: Identifier | None = None
    """Device number; never leaves the machine. Absent: not recorded."""
    safety_checked_on: Line | None = None
    """Last electrical safety check. Absent: not recorded."""


class TechnicalProblem(Model, filled_by=FilledBy.TECHNOLOGIST):
    """Artifact or fault, and what was done about it. Source: clinical reference §1.6 (S27)."""

    at: Instant | None = None
    """When. Absent: not recorded."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    modality: Annotated[str, Code("modalities")] | None = None
    """Modality concerned. Absent: several, or not recorded."""
    problem: Detail
    """Problem in neutral words."""
    remedy: Detail | None = None
    """What was done. Absent: not recorded."""


class AdverseEffectCheck(Model, filled_by=FilledBy.TECHNOLOGIST):
    """Check for harm done by monitoring. Source: clinical reference §1.6 and §10 fact 28."""

    checked: bool
    """Whether it was looked for; `false` is not the same as none observed."""
    at: Instant | None = None
    """When. Absent: not recorded."""
    observed: tuple[Annotated[str, Code("adverse_effects")], ...] = Field(default=(), max_length=20)
    """What was observed. Empty with `checked` true: none observed."""
    detail: Detail | None = None
    """Detail. Absent: none recorded."""


class LogSignature(Model, filled_by=FilledBy.TECHNOLOGIST):
    """The technologist's signature under the case log, which is not the report. Source: clinical reference §1.7."""

    by: Slug
    """Technologist who signed the log, by reference."""
    at: Instant | None = None
    """When. Absent: not recorded."""


class NotMonitored(Model, filled_by=FilledBy.PROFESSIONAL):
    """A structure or pathway that the monitoring did not cover."""

    structure: Line
    """Structure, lower case."""
    reason: Line | None = None
    """Why. Absent: not recorded."""


class LimitationReview(Model, filled_by=FilledBy.PROFESSIONAL):
    """Limits of what was monitored. Source: clinical reference §1.6."""

    reviewed_at: Instant | None = None
    """When the professional reviewed the limitations. Absent: not reviewed, or not recorded."""
    not_monitored: tuple[NotMonitored, ...] = Field(default=(), max_length=20)
    """Structures not monitored. Empty: none stated."""
    confounders: tuple[Line, ...] = Field(default=(), max_length=20)
    """Confounders stated. Empty: none stated."""


class ProfessionalOpinion(Model, filled_by=FilledBy.PROFESSIONAL):
    """What only the interpreting professional writes; printed verbatim. Source: clinical reference §10 fact 2."""

    by: Slug
    """Interpreting professional, by reference."""
    impression: Narrative | None = None
    """Impression, verbatim. Absent: pending; the report proposes one, marked as proposed."""
    clinical_correlation: Detail | None = None
    """Recommendation for clinical correlation. Absent: none entered."""
    outcome_class: Literal["no_change", "reversible_change", "irreversible_change", "not_interpretable"] | None = None
    """Report-level class. Absent: not assigned."""
    entered_at: Instant | None = None
    """When it was entered. Absent: not recorded."""
