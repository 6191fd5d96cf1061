"""The data that the attachment screen of a practice-management system asks for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field

from report_gen.claim.model import Assessment
from report_gen.claim.practice.profile import Profile
from report_gen.claim.record import ClaimRecord

__all__ = ["AttachmentFile", "ClaimAttachment", "CodedDiagnosis", "Submission", "attachment"]

_REPORT_TYPE: Final = "DG"
"""Report type code of a diagnostic report in PWK01 of the 837P (005010X222A1)."""


@dataclass(frozen=True, slots=True)
class AttachmentFile:
    """A file that goes with the claim: the signed report, or its technical record."""

    name: str
    """File name; holds the case id and no patient's data."""
    media_type: Literal["application/pdf"]
    """Media type."""
    sha256: str
    """Digest of the bytes, in hexadecimal."""
    size_bytes: int
    """Size in bytes."""
    pages: int | None
    """Pages. None: not counted, because the extra `extract` is not installed."""
    draft: bool = False
    """Whether its pages say that it is an unsigned draft, which is not to be attached. False also where nothing could
    be read of them, as of a scan."""


@dataclass(frozen=True, slots=True)
class CodedDiagnosis:
    """A diagnosis that has a code."""

    fact: str
    """Fact id, as the lines point to it."""
    icd10cm: str
    """ICD-10-CM code, with its point."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What else an integrator puts into an 837P (005010X222A1) from the record; no patient identifier is among it."""

    place_of_service: str | None
    """Two-digit place of service (CLM05-1). None: not recorded."""
    diagnoses: tuple[CodedDiagnosis, ...]
    """Coded diagnoses in the order of the record, the main one first (HI). Empty: none recorded with a code."""
    authorization_number: str | None
    """Number of the prior authorization (REF*G1). None: none given, or not recorded."""
    ordering_npi: str | None
    """National Provider Identifier of who ordered (loop 2310A, or 2420E on a line). None: not recorded who, or without
    identifier."""


@dataclass(frozen=True, slots=True)
class ClaimAttachment:
    """Data of the attachment, as an 837P (PWK, REF, NM1) or an attachment screen wants them."""

    control_number: str
    """Attachment control number (PWK06). How the attachment goes to the payer (PWK02) is decided where it is sent; one
    that is available on request (`AA`) goes without this number."""
    control_number_from: Literal["record", "report_gen"]
    """Given in the record, or made from the report id: the same report gives the same number."""
    report_type: str
    """Report type code (PWK01); the practice confirms which one its payer takes."""
    rendering_npis: tuple[str, ...]
    """National Provider Identifiers of the professionals on the lines. Empty: not recorded."""
    billing_npi: str | None
    """Of who bills. None: not in the practice's profile."""
    facility_npi: str | None
    """Of the facility. None: not recorded."""
    payer_id: str | None
    """Electronic payer id, from the record, else from the payer's row in the profile. None: neither has it."""
    date_of_service_from: date
    """First date of service."""
    date_of_service_to: date
    """Last date of service; a case past midnight keeps its start date."""
    case_id: str
    """Case identifier of the practice."""
    report_id: str
    """Report id."""
    signed: bool
    """Whether a signature with its time is on record. An unsigned report is a draft."""
    file: AttachmentFile | None
    """The report file. None: none was named."""
    record_file: AttachmentFile | None
    """The file of the technical record that belongs to the report. None: none was named, or it is bound behind it."""
    submission: Annotated[Submission, Field(exclude=True)]
    """What else the claim needs. In ``claim.json`` it stands beside the attachment, not inside."""


def attachment(
    record: ClaimRecord,
    assessment: Assessment,
    profile: Profile,
    report_id: str,
    file: AttachmentFile | None,
    *,
    record_file: AttachmentFile | None = None,
) -> ClaimAttachment:
    """The attachment's data.

    Args:
        record: The record.
        assessment: Its assessment.
        profile: The practice's profile.
        report_id: Id of the report.
        file: The report file. None: there is none.
        record_file: The file of the technical record. None: there is none.
    """
    day = record.date_of_service
    number = record.life.attachment_control_number
    own = f"RG{hashlib.sha256(report_id.encode()).hexdigest()[:16].upper()}"
    return ClaimAttachment(
        control_number=number or own,
        control_number_from="record" if number else "report_gen",
        report_type=_REPORT_TYPE,
        rendering_npis=tuple(dict.fromkeys(line.npi for line in assessment.lines if line.npi)),
        billing_npi=profile.billing_npi,
        facility_npi=record.facility_npi or None,
        payer_id=(record.payer.payer_id if record.payer else "") or profile.policy_for(record).payer_id,
        date_of_service_from=day,
        date_of_service_to=day,
        case_id=record.case_id,
        report_id=report_id,
        signed=record.life.signed_at is not None,
        file=file,
        record_file=record_file,
        submission=_submission(record),
    )


def _submission(record: ClaimRecord) -> Submission:
    ordered_by = record.member(record.ordered_by)
    coded = [diagnosis for diagnosis in record.diagnoses if diagnosis.icd10cm]
    return Submission(
        place_of_service=record.place_of_service or None,
        diagnoses=tuple(CodedDiagnosis(diagnosis.fact, diagnosis.icd10cm) for diagnosis in coded),
        authorization_number=(record.authorization.number if record.authorization else "") or None,
        ordering_npi=(ordered_by.npi if ordered_by else "") or None,
    )
