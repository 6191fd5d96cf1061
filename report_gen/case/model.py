"""The case file, contract version 1: the technologist's log and the fields only the professional fills."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from report_gen.case.administration import Diagnosis, Encounter, Indication, Order, ReportHeader
from report_gen.case.base import Code, Detail, Model, Slug
from report_gen.case.closing import (
    AdverseEffectCheck,
    Communication,
    Equipment,
    LimitationReview,
    LogSignature,
    ProfessionalOpinion,
    TechnicalProblem,
)
from report_gen.case.events import Event
from report_gen.case.people import Patient, Person
from report_gen.case.physiology import Anesthesia, PhysiologyRow
from report_gen.case.preoperative import Examination, Preoperative
from report_gen.case.signals import AlertCriterion, Channel, MappingTest, ModalityRecord, ThresholdTest
from report_gen.case.surgery import Surgery
from report_gen.case.times import (
    Attendance,
    Milestone,
    MonitoringEnd,
    MonitoringInterval,
    OtherCaseSession,
    ProfessionalSession,
)

__all__ = ["SCHEMA_VERSION", "Case"]

SCHEMA_VERSION = "case.v1"


class Case(Model):
    """One monitored operation, complete enough to report on.

    Cross-references (people, channels, events, criteria) are checked on loading; see `report_gen.case.load`.
    """

    schema_version: Literal["case.v1"]
    """[S] Contract version; required."""
    case_id: Slug
    """[S] Case identifier of the practice; part of the report id and of file names, so never a name or an MRN."""
    record_note: Detail | None = None
    """[T] Note about the record itself, such as an invented sample or a synthetic clock. Absent: nothing to say."""
    clock: Annotated[str, Code("clocks")]
    """[T] Clock the times were read from unless a record names another."""
    report: ReportHeader = ReportHeader.model_construct()
    """[S] Version and status asked for. Absent: version 1, draft."""
    patient: Patient
    """[S] Patient."""
    encounter: Encounter
    """[S] Facility, date, payer."""
    order: Order | None = None
    """[S] The surgeon's request. Absent: not recorded."""
    diagnoses: tuple[Diagnosis, ...] = Field(default=(), max_length=20)
    """[X] Pre-operative diagnoses, main one first. Empty: not recorded."""
    indications: tuple[Indication, ...] = Field(default=(), max_length=40)
    """[P] Structures at risk and rationale per modality. Empty: not recorded."""
    preoperative: Preoperative = Preoperative.model_construct()
    """[T] State before surgery."""
    surgery: Surgery
    """[X] Operation."""
    people: tuple[Person, ...] = Field(min_length=1, max_length=60)
    """[S] Everybody referred to."""
    attendance: tuple[Attendance, ...] = Field(default=(), max_length=60)
    """[T] Presence of technologists, with hand-overs. Empty: not recorded."""
    professional_sessions: tuple[ProfessionalSession, ...] = Field(default=(), max_length=200)
    """[P] The professional's stretches of attention to this case. Empty: not recorded."""
    other_case_sessions: tuple[OtherCaseSession, ...] | None = Field(default=None, max_length=500)
    """[P] The same professional's sessions in other cases. Absent: not recorded; empty: recorded and none."""
    milestones: tuple[Milestone, ...] = Field(default=(), max_length=200)
    """[T] Steps of operation and anesthesia. Empty: not recorded."""
    intervals: tuple[MonitoringInterval, ...] = Field(default=(), max_length=500)
    """[T] Set-up, baseline, monitoring, stand-by, outage, gap and removal. Empty: not recorded."""
    monitoring_end: MonitoringEnd | None = None
    """[T] Where monitoring stopped relative to closure. Absent: not recorded; the times still say it."""
    communication: Communication | None = None
    """[T] Channel and log. Absent: not recorded."""
    anesthesia: Anesthesia | None = None
    """[A] Anesthesia. Absent: not recorded."""
    physiology: tuple[PhysiologyRow, ...] = Field(default=(), max_length=20000)
    """[A] Physiology rows in order of time. Empty: not recorded."""
    physiology_clock: Annotated[str, Code("clocks")] | None = None
    """[A] Clock the times of the physiology rows were read from. Absent: the case's clock."""
    equipment: tuple[Equipment, ...] = Field(default=(), max_length=20)
    """[T] Devices. Empty: not recorded."""
    criteria: tuple[AlertCriterion, ...] = Field(default=(), max_length=40)
    """[P] Alert criteria in force. Empty: not recorded; the report then compares nothing."""
    modalities: tuple[ModalityRecord, ...] = Field(min_length=1, max_length=40)
    """[T] Modalities requested or performed, in the order they are reported."""
    channels: tuple[Channel, ...] = Field(default=(), max_length=400)
    """[T] Channels with their measurements. Empty: none recorded."""
    threshold_tests: tuple[ThresholdTest, ...] = Field(default=(), max_length=400)
    """[T] Screw, nerve and dilator stimulation, in order. Empty: none done, or not recorded."""
    mapping_tests: tuple[MappingTest, ...] = Field(default=(), max_length=400)
    """[T] Mapping results, in order. Empty: none done, or not recorded."""
    events: tuple[Event, ...] = Field(default=(), max_length=2000)
    """[T] Events in order of onset. Empty: none occurred."""
    technical_problems: tuple[TechnicalProblem, ...] = Field(default=(), max_length=200)
    """[T] Artifacts and faults. Empty: none recorded."""
    adverse_effects: AdverseEffectCheck | None = None
    """[T] Check for harm done by monitoring. Absent: not recorded."""
    limitations: LimitationReview | None = None
    """[P] Limits of the monitoring. Absent: not recorded."""
    postoperative_examination: Examination | None = None
    """[X] Examination at emergence or later. Absent: not recorded; never inferred."""
    opinion: ProfessionalOpinion | None = None
    """[P] The professional's own text. Absent: pending."""
    log_signature: LogSignature | None = None
    """[T] Signature under the technologist's log. Absent: not signed, or not recorded."""
