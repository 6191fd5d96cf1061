"""Stay, payer, order and diagnosis: what ties the monitoring to a request, a place and a reason."""

from __future__ import annotations

from collections.abc import Mapping, Set
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import Field

from report_gen.case.contract.base import (
    Code,
    Day,
    Detail,
    FilledBy,
    Icd10Code,
    Identifier,
    Instant,
    Line,
    Model,
    Name,
    Npi,
    ServiceCode,
    Slug,
    TimeZoneName,
)

__all__ = [
    "STATED_LIFE",
    "Authorization",
    "Diagnosis",
    "Encounter",
    "Indication",
    "Order",
    "Payer",
    "ReportHeader",
]


class ReportHeader(
    Model,
    filled_by=FilledBy.SCHEDULE,
    amendment_reason=FilledBy.PROFESSIONAL,
    signed_at=FilledBy.PROFESSIONAL,
    signed_by=FilledBy.PROFESSIONAL,
):
    """Which version of the report this record produces. Source: clinical reference §1.1."""

    version: Annotated[int, Field(ge=1, le=999)] = 1
    """Version counted from 1. An amendment is a new version, never an overwritten one."""
    status: Annotated[str, Code("report_statuses")] = "draft"
    """Status the record asks for. Whatever it says, an unsigned report prints as a draft."""
    amends_report_id: Identifier | None = None
    """Report id that this version amends or adds to. Absent: nothing is amended."""
    amendment_reason: Detail | None = None
    """Why the report is amended. Absent: not an amendment, or not recorded."""
    drafted_at: Instant | None = None
    """When the draft was made. Absent: not recorded; this program reads no clock of its own."""
    signed_at: Instant | None = None
    """When the professional signed the report outside this program. Absent: not signed there, or not recorded. Like
    the other times here it is stated for billing and is no part of the report: it turns no document of this program
    into a signed one, and changes neither its words nor its id."""
    signed_by: Slug | None = None
    """Who signed it there, by reference. Absent: not signed there, or not recorded."""
    delivered_at: Instant | None = None
    """When the report that was signed there reached the chart or the payer. Absent: not recorded."""


class Payer(Model, filled_by=FilledBy.SCHEDULE):
    """Who pays. Source: billing reference §6 and §8."""

    payer_class: Annotated[str, Code("payer_classes")]
    """Class of payer; `unknown` when the schedule does not say."""
    name: Line | None = None
    """Name of the plan. Absent: not recorded."""
    payer_id: Identifier | None = None
    """Electronic payer id of the plan. Absent: not recorded."""
    member_id: Identifier | None = None
    """Member number. Absent: not recorded."""
    facility_in_network: bool | None = None
    """Whether the facility is in the plan's network. Absent: not recorded."""
    professional_in_network: bool | None = None
    """Whether the interpreting professional is in the plan's network. Absent: not recorded."""


class Authorization(Model, filled_by=FilledBy.SCHEDULE):
    """Prior authorization. Source: billing reference §8."""

    required: bool | None = None
    """Whether the payer asks for one. Absent: not recorded."""
    number: Identifier | None = None
    """Authorization number. Absent: none given or not recorded."""
    valid_from: Day | None = None
    """First day covered. Absent: not recorded."""
    valid_to: Day | None = None
    """Last day covered, inclusive. Absent: not recorded."""
    cpt: tuple[ServiceCode, ...] = Field(default=(), max_length=20)
    """Services covered, as CPT or HCPCS codes. Empty: not recorded."""


class Encounter(Model, filled_by=FilledBy.SCHEDULE):
    """Where and when the service took place. Source: clinical reference §1.1; billing reference §5."""

    facility_name: Name | None = None
    """Facility as printed. Absent: not recorded."""
    facility_npi: Npi | None = None
    """National Provider Identifier of the facility, ten digits. Absent: not recorded."""
    operating_room: Line | None = None
    """Operating room. Absent: not recorded."""
    place_of_service: Annotated[str, Code("places_of_service")] | None = None
    """Two-digit place-of-service code of the patient's location. Absent: not recorded."""
    date_of_service: Day | None = None
    """Local calendar date on which the case began; a case past midnight keeps its start date. Absent: not recorded."""
    time_zone: TimeZoneName | None = None
    """IANA name of the facility's time zone, in which the report prints times. Absent: not recorded; times are then
    printed as they are stamped."""
    payer: Payer | None = None
    """Payer of this case. Absent: not recorded."""
    authorization: Authorization | None = None
    """Prior authorization. Absent: not recorded."""
    attachment_control_number: Identifier | None = None
    """Number that ties the report as an attachment to the claim (PWK06 of the 837P), and is no part of the report.
    Absent: none given yet."""


class Order(Model, filled_by=FilledBy.SCHEDULE):
    """The surgeon's request for monitoring. Source: clinical reference §1.1 (USC DC-326; Harvard Pilgrim)."""

    ordered_by: Slug | None = None
    """Person who asked for monitoring, by reference. Absent: not recorded."""
    ordered_at: Instant | None = None
    """When the order was written. Absent: not recorded."""
    modalities: tuple[Annotated[str, Code("modalities")], ...] = Field(min_length=1, max_length=40)
    """Each modality requested, by name."""
    document: Line | None = None
    """Where the order stands (order number, page). Absent: not recorded."""


class Diagnosis(Model, filled_by=FilledBy.SURGEON, icd10cm=FilledBy.SCHEDULE):
    """A pre-operative diagnosis. Source: clinical reference §1.1 and §5.3."""

    text: Detail
    """Diagnosis in words."""
    icd10cm: Icd10Code | None = None
    """ICD-10-CM code with its point, most specific leaf. Absent: not coded yet."""
    side: Annotated[str, Code("sides")] = "not_applicable"
    """Side the diagnosis names; `not_applicable` when it has none."""
    severity: Line | None = None
    """Severity or degree of compression as the record words it. Absent: not recorded."""
    features: tuple[Annotated[str, Code("diagnosis_features")], ...] = Field(default=(), max_length=12)
    """Features stated in the record that coverage policies ask for. Empty: none stated."""


class Indication(Model, filled_by=FilledBy.PROFESSIONAL):
    """Why one modality was chosen for this patient. Source: clinical reference §1.1 (LCD: the appropriate pathway)."""

    modality: Annotated[str, Code("modalities")]
    """Modality that the reason is for."""
    structures_at_risk: tuple[Line, ...] = Field(min_length=1, max_length=12)
    """Structures at risk that this modality assesses, lower case, without side words."""
    rationale: Detail | None = None
    """Reason in the professional's words. Absent: not recorded."""


STATED_LIFE: Final[Mapping[str, Set[str]]] = MappingProxyType(
    {
        "report": frozenset({"drafted_at", "signed_at", "signed_by", "delivered_at"}),
        "encounter": frozenset({"attachment_control_number"}),
    }
)
"""Fields of the case file, by part, that state the life of a report elsewhere; none is part of what is reported."""
