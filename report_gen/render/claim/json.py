"""``claim.json``: the assessment as data, with what an attachment screen asks for."""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict

from report_gen.claim.attachment import AttachmentFile, ClaimAttachment, CodedDiagnosis, Submission
from report_gen.claim.model import (
    Assessment,
    Attention,
    Excluded,
    Lag,
    Line,
    Minutes,
    RuleFinding,
    RuleOutcome,
    Study,
)
from report_gen.facts.intervals import Span, minutes
from report_gen.finding import Evidence, Source
from report_gen.render.json_document import AskedIn, document_json, document_schema

__all__ = ["ClaimDocument", "claim_json", "claim_schema", "rule_finding_entry"]


@dataclass(frozen=True, slots=True)
class RuleFindingEntry:
    """What one rule says about the case."""

    rule: str
    """Rule id; `report-gen rules show ID` explains it."""
    topic: str
    """Topic of the rule."""
    outcome: RuleOutcome
    """What was found."""
    blocking: bool
    """Whether the claim must wait while the outcome is `fail` or `confirm`."""
    message: str
    """What was found, in words; no patient identifier."""
    action: str
    """What to do. Empty when there is nothing to do."""
    ask: Annotated[str, AskedIn("claim")]
    """Who can do it."""
    evidence: tuple[Evidence, ...]
    """Facts it rests on."""
    sources: tuple[Source, ...]
    """Where the rule comes from. Never empty."""
    lines: tuple[str, ...] = ()
    """Lines of the claim that it concerns. Empty: all of them, or none."""
    denials: tuple[str, ...] = ()
    """Adjustment reason codes that it invites while open. Empty for `pass` and `not_applicable`."""


@dataclass(frozen=True, slots=True)
class AssessmentEntry:
    """Everything that can be said about billing a case from its record."""

    case_id: str
    """Case identifier of the practice."""
    date_of_service: date
    """Start date."""
    payer_class: str
    """Payer class; `unknown` when not recorded."""
    policy: str
    """Id of the payer policy applied."""
    policy_confirmed: bool
    """Whether that policy is known or was confirmed by the practice. False: a template that asks."""
    minutes: Minutes
    """The professionals' minutes."""
    studies: tuple[Study, ...]
    """Base studies that the record supports."""
    lines: tuple[Line, ...]
    """Proposed lines."""
    findings: tuple[RuleFindingEntry, ...]
    """One for each rule, or several: open and blocking ones first."""
    lag: Lag
    """From the end of monitoring to draft and signature."""
    rules_checked_on: date
    """Oldest check among the rules applied."""
    has_code_map: bool
    """Whether the practice provided codes; without them the lines speak in concepts."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing for the defense of the claim."""

    rule: str
    """Rule id."""
    denials: tuple[str, ...]
    """Claim adjustment reason codes that it invites."""
    ask: Annotated[str, AskedIn("claim")]
    """Who can close it."""
    action: str
    """What to do."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Minutes of one professional in one place, added up."""

    person: str
    """Fact id of the professional."""
    place: Literal["in_room", "remote"]
    """Where."""
    logged_min: float
    """Logged."""
    counted_min: float
    """Inside monitoring."""
    exclusive_min: float
    """With no other case open."""
    shared_min: float
    """With another case open."""
    undetermined_min: float
    """With nothing recorded about other cases."""
    allotted_min: float
    """Dealt out between patients by the log."""


@dataclass(frozen=True, slots=True)
class ClaimDocument:
    """The content of ``claim.json``, version 1. It holds no name, birthday or record number of a patient."""

    schema_version: Literal["claim.v1"]
    """Contract version."""
    program: str
    """What made it."""
    report_id: str
    """Id of the report that the claim rests on."""
    statement: str
    """What the rules found, in one sentence; the strongest one is that no open item was found."""
    open_items: int
    """Findings that somebody must act on."""
    blocked: bool
    """Whether one of them holds the claim back."""
    assessment: AssessmentEntry
    """Minutes, studies, lines, findings and report lag."""
    counted: tuple[Counted, ...]
    """The professionals' minutes, added up."""
    gaps: tuple[Gap, ...]
    """What is missing for the defense of the claim, and the denial that it invites."""
    attachment: ClaimAttachment
    """What the attachment screen asks for."""
    submission: Submission
    """What else the claim takes from the record: place, diagnoses, authorization, who ordered."""


def claim_json(assessment: Assessment, attached: ClaimAttachment, program: str) -> bytes:
    """The assessment as UTF-8 JSON; the same record, profile and versions give the same bytes.

    Args:
        assessment: The assessment.
        attached: What the attachment screen asks for.
        program: What made it.
    """
    document = ClaimDocument(
        schema_version="claim.v1",
        program=program,
        report_id=attached.report_id,
        statement=assessment.statement,
        open_items=len(assessment.open),
        blocked=assessment.blocked,
        assessment=_assessment(assessment),
        counted=tuple(_counted(attention) for attention in assessment.minutes.attention),
        gaps=tuple(Gap(finding.code, finding.denials, finding.who, finding.action) for finding in assessment.open),
        attachment=attached,
        submission=attached.submission,
    )
    return document_json(document)


def claim_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of ``claim.json``."""
    return document_schema(ClaimDocument, "claim", {sys.modules[kind.__module__]: None for kind in _KINDS})


def rule_finding_entry(finding: RuleFinding) -> RuleFindingEntry:
    """A finding as ``claim.json`` and ``report-gen denial --format json`` hold it."""
    return RuleFindingEntry(
        rule=finding.code,
        topic=finding.topic,
        outcome=finding.outcome,
        blocking=finding.blocking,
        message=finding.message,
        action=finding.action,
        ask=finding.who,
        evidence=finding.evidence,
        sources=finding.sources,
        lines=finding.lines,
        denials=finding.denials,
    )


def _assessment(assessment: Assessment) -> AssessmentEntry:
    kept: dict[str, Any] = {field.name: getattr(assessment, field.name) for field in fields(assessment)}
    return AssessmentEntry(**kept | {"findings": tuple(map(rule_finding_entry, assessment.findings))})


def _counted(attention: Attention) -> Counted:
    return Counted(
        attention.person,
        attention.place,
        attention.logged_min,
        attention.counted_min,
        minutes(attention.exclusive),
        minutes(attention.shared),
        minutes(attention.undetermined),
        minutes(attention.allotted),
    )


_CONFIG = ConfigDict(extra="forbid")
_KINDS: tuple[Any, ...] = (
    ClaimDocument,
    Gap,
    Counted,
    AssessmentEntry,
    Attention,
    ClaimAttachment,
    AttachmentFile,
    CodedDiagnosis,
    Evidence,
    Excluded,
    RuleFindingEntry,
    Lag,
    Line,
    Minutes,
    Source,
    Study,
    Submission,
    Span,
)
for _kind in _KINDS:
    _kind.__pydantic_config__ = _CONFIG
