"""``claim.json``: the assessment as data, with what an attachment screen asks for."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ConfigDict

from report_gen.claim.attachment import Attachment, AttachmentFile, CodedDiagnosis, Submission
from report_gen.claim.model import (
    Assessment,
    Attention,
    Evidence,
    Excluded,
    Finding,
    Lag,
    Line,
    Minutes,
    Source,
    Study,
)
from report_gen.facts.intervals import Span, minutes
from report_gen.render.json_document import document_json, document_schema
from report_gen.rules.model import Who

__all__ = ["ClaimDocument", "claim_json", "claim_schema"]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing for the defense of the claim."""

    rule: str
    """Rule id."""
    denials: tuple[str, ...]
    """Claim adjustment reason codes that it invites."""
    ask: Who
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
    assessment: Assessment
    """Minutes, studies, lines, findings and report lag."""
    counted: tuple[Counted, ...]
    """The professionals' minutes, added up."""
    gaps: tuple[Gap, ...]
    """What is missing for the defense of the claim, and the denial that it invites."""
    attachment: Attachment
    """What the attachment screen asks for."""
    submission: Submission
    """What else the claim takes from the record: place, diagnoses, authorization, who ordered."""


def claim_json(found: Assessment, attached: Attachment, program: str) -> bytes:
    """The assessment as UTF-8 JSON; the same record, profile and versions give the same bytes.

    Args:
        found: The assessment.
        attached: What the attachment screen asks for.
        program: What made it.
    """
    document = ClaimDocument(
        schema_version="claim.v1",
        program=program,
        report_id=attached.report_id,
        statement=found.statement,
        open_items=len(found.open),
        blocked=found.blocked,
        assessment=found,
        counted=tuple(_counted(row) for row in found.minutes.attention),
        gaps=tuple(Gap(row.rule, row.denials, row.ask, row.action) for row in found.open),
        attachment=attached,
        submission=attached.submission,
    )
    return document_json(document)


def claim_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of ``claim.json``."""
    return document_schema(ClaimDocument, "claim", {sys.modules[kind.__module__]: None for kind in _KINDS})


def _counted(row: Attention) -> Counted:
    return Counted(
        row.person,
        row.place,
        row.logged_min,
        row.counted_min,
        minutes(row.exclusive),
        minutes(row.shared),
        minutes(row.undetermined),
        minutes(row.allotted),
    )


_CONFIG = ConfigDict(extra="forbid")
_KINDS: tuple[Any, ...] = (
    ClaimDocument,
    Gap,
    Counted,
    Assessment,
    Attention,
    Attachment,
    AttachmentFile,
    CodedDiagnosis,
    Evidence,
    Excluded,
    Finding,
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
