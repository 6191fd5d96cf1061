"""The case file, contract version 1: the technologist's log and the fields only the professional fills."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from report_gen.case.contract.administration import Diagnosis, Encounter, Indication, Order, ReportHeader
from report_gen.case.contract.aftermath import LinkedCase, PostoperativeEntry
from report_gen.case.contract.base import Code, Detail, FilledBy, Model, Slug
from report_gen.case.contract.closing import (
    AdverseEffectCheck,
    Communication,
    Equipment,
    LimitationReview,
    LogSignature,
    ProfessionalOpinion,
    TechnicalProblem,
)
from report_gen.case.contract.events import CaseIntervention, Event
from report_gen.case.contract.people import Patient, Person
from report_gen.case.contract.physiology import Anesthesia, PhysiologyRow
from report_gen.case.contract.preoperative import Examination, Preoperative
from report_gen.case.contract.provenance import FindingAnswer, ValueOrigin
from report_gen.case.contract.signals import AlertCriterion, Channel, MappingTest, ModalityRecord, ThresholdTest
from report_gen.case.contract.surgery import Surgery
from report_gen.case.contract.times import (
    Attendance,
    Milestone,
    MonitoringEnd,
    MonitoringInterval,
    OtherCaseSession,
    ProfessionalSession,
    UntimedInterval,
)

__all__ = ["SCHEMA_VERSION", "Case", "contract_models"]

SCHEMA_VERSION = "case.v1"


class Case(
    Model,
    filled_by=FilledBy.TECHNOLOGIST,
    schema_version=FilledBy.SCHEDULE,
    case_id=FilledBy.SCHEDULE,
    report=FilledBy.SCHEDULE,
    patient=FilledBy.SCHEDULE,
    encounter=FilledBy.SCHEDULE,
    order=FilledBy.SCHEDULE,
    diagnoses=FilledBy.SURGEON,
    indications=FilledBy.PROFESSIONAL,
    surgery=FilledBy.SURGEON,
    people=FilledBy.SCHEDULE,
    professional_sessions=FilledBy.PROFESSIONAL,
    other_case_sessions=FilledBy.PROFESSIONAL,
    anesthesia=FilledBy.ANESTHESIA,
    physiology=FilledBy.ANESTHESIA,
    physiology_clock=FilledBy.ANESTHESIA,
    criteria=FilledBy.PROFESSIONAL,
    limitations=FilledBy.PROFESSIONAL,
    postoperative_examination=FilledBy.SURGEON,
    postoperative_course=FilledBy.SURGEON,
    linked_cases=FilledBy.SCHEDULE,
    answers=FilledBy.PROFESSIONAL,
    origins=FilledBy.SCHEDULE,
    opinion=FilledBy.PROFESSIONAL,
):
    """One monitored operation, complete enough to report on.

    Cross-references (people, channels, events, criteria) are checked on loading; see `report_gen.case.load`.
    """

    schema_version: Literal["case.v1"]
    """Contract version; required."""
    case_id: Slug
    """Case identifier of the practice; part of the report id and of file names, so never a name or an MRN."""
    record_note: Detail | None = None
    """Note about the record itself, such as an invented sample or a synthetic clock. Absent: nothing to say."""
    clock: Annotated[str, Code("clocks")]
    """Clock the times were read from unless a record names another."""
    report: ReportHeader = ReportHeader.model_construct()
    """Version and status asked for. Absent: version 1, draft."""
    patient: Patient
    """Patient."""
    encounter: Encounter
    """Facility, date, payer."""
    order: Order | None = None
    """The surgeon's request. Absent: not recorded."""
    diagnoses: tuple[Diagnosis, ...] = Field(default=(), max_length=20)
    """Pre-operative diagnoses, main one first. Empty: not recorded."""
    indications: tuple[Indication, ...] = Field(default=(), max_length=40)
    """Structures at risk and rationale per modality. Empty: not recorded."""
    preoperative: Preoperative = Preoperative.model_construct()
    """State before surgery."""
    surgery: Surgery
    """Operation."""
    people: tuple[Person, ...] = Field(default=(), max_length=60)
    """Everybody referred to. Empty: the record names nobody."""
    attendance: tuple[Attendance, ...] = Field(default=(), max_length=60)
    """Presence of technologists, with hand-overs. Empty: not recorded."""
    professional_sessions: tuple[ProfessionalSession, ...] = Field(default=(), max_length=200)
    """The professional's stretches of attention to this case. Empty: not recorded."""
    other_case_sessions: tuple[OtherCaseSession, ...] | None = Field(default=None, max_length=500)
    """The same professional's sessions in other cases. Absent: not recorded; empty: recorded and none."""
    milestones: tuple[Milestone, ...] = Field(default=(), max_length=200)
    """Steps of operation and anesthesia. Empty: not recorded."""
    intervals: tuple[MonitoringInterval, ...] = Field(default=(), max_length=500)
    """Set-up, baseline, monitoring, stand-by, outage, gap and removal. Empty: not recorded."""
    untimed_intervals: tuple[UntimedInterval, ...] = Field(default=(), max_length=200)
    """Stretches known by length or phase alone. Empty: none recorded."""
    monitoring_end: MonitoringEnd | None = None
    """Where monitoring stopped relative to closure. Absent: not recorded; the times still say it."""
    communication: Communication | None = None
    """Channel and log. Absent: not recorded."""
    anesthesia: Anesthesia | None = None
    """Anesthesia. Absent: not recorded."""
    physiology: tuple[PhysiologyRow, ...] = Field(default=(), max_length=20000)
    """Physiology rows in order of time. Empty: not recorded."""
    physiology_clock: Annotated[str, Code("clocks")] | None = None
    """Clock the times of the physiology rows were read from. Absent: the case's clock."""
    equipment: tuple[Equipment, ...] = Field(default=(), max_length=20)
    """Devices. Empty: not recorded."""
    criteria: tuple[AlertCriterion, ...] = Field(default=(), max_length=40)
    """Alert criteria in force. Empty: not recorded; the report then compares nothing."""
    modalities: tuple[ModalityRecord, ...] = Field(min_length=1, max_length=40)
    """Modalities requested or performed, in the order they are reported."""
    channels: tuple[Channel, ...] = Field(default=(), max_length=400)
    """Channels with their measurements. Empty: none recorded."""
    threshold_tests: tuple[ThresholdTest, ...] = Field(default=(), max_length=400)
    """Screw, nerve and dilator stimulation, in order. Empty: none done, or not recorded."""
    mapping_tests: tuple[MappingTest, ...] = Field(default=(), max_length=400)
    """Mapping results, in order. Empty: none done, or not recorded."""
    events: tuple[Event, ...] = Field(default=(), max_length=2000)
    """Events in order of onset. Empty: none occurred."""
    interventions: tuple[CaseIntervention, ...] = Field(default=(), max_length=200)
    """What was done in the operation beside the interventions of events, in order. Empty: none recorded."""
    technical_problems: tuple[TechnicalProblem, ...] = Field(default=(), max_length=200)
    """Artifacts and faults. Empty: none recorded."""
    adverse_effects: AdverseEffectCheck | None = None
    """Check for harm done by monitoring. Absent: not recorded."""
    limitations: LimitationReview | None = None
    """Limits of the monitoring. Absent: not recorded."""
    postoperative_examination: Examination | None = None
    """Examination at emergence or later. Absent: not recorded; never inferred."""
    postoperative_course: tuple[PostoperativeEntry, ...] = Field(default=(), max_length=60)
    """The course after surgery, in its order. Empty: not recorded; never inferred."""
    linked_cases: tuple[LinkedCase, ...] = Field(default=(), max_length=20)
    """Other operations of the patient. Empty: none recorded."""
    opinion: ProfessionalOpinion | None = None
    """The professional's own text. Absent: pending."""
    log_signature: LogSignature | None = None
    """Signature under the technologist's log. Absent: not signed, or not recorded."""
    answers: tuple[FindingAnswer, ...] = Field(default=(), max_length=200)
    """Answers of persons to questions of the checks. Empty: none given."""
    origins: tuple[ValueOrigin, ...] = Field(default=(), max_length=5000)
    """Where values came from. Empty: not stated; nothing is attributed."""


def contract_models() -> tuple[type[Model], ...]:
    """Every model of the contract: `Case`, and each model in a field of another."""
    models: dict[type[Model], None] = {}
    waiting: list[Any] = [Case]
    while waiting:
        kind = waiting.pop()
        if parts := get_args(kind):
            waiting += parts
        elif isinstance(kind, type) and issubclass(kind, Model) and kind not in models:
            models[kind] = None
            waiting += [field.annotation for field in kind.model_fields.values()]
    return tuple(models)
