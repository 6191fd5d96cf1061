"""Facts of identification, order, diagnosis and operation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from report_gen.case.people import Patient
from report_gen.facts.builder import FactBuilder, modality_label, modality_labels, number, term, terms, text
from report_gen.facts.model import Value
from report_gen.facts.preoperative import derive_preoperative
from report_gen.facts.wording import joined, number_text
from report_gen.vocab import vocabulary

__all__ = ["derive_administrative"]


def _procedure_codes(name: str, codes: Sequence[str]) -> Value | None:
    """Codes of a licensed set, which the program knows no terms of; None when there are none."""
    return Value(name, ", ".join(codes), codes=tuple(codes)) if codes else None


def _age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def derive_administrative(b: FactBuilder) -> None:
    """Add the facts of case header, patient, encounter, order, diagnoses, indications and operation."""
    _case_and_patient(b)
    _encounter(b)
    _order_and_reasons(b)
    derive_preoperative(b)
    _surgery(b)


def _case_and_patient(b: FactBuilder) -> None:
    case, patient = b.case, b.case.patient
    b.add("case.id", "case.id", "/case_id", [text("text", case.case_id)])
    b.add("case.version", "case.version", "/report/version", [number("version", case.report.version)])
    b.add(
        "case.status",
        "case.status",
        "/report/status",
        [b.coded("text", "report_statuses", case.report.status)],
        must_state=False,
    )
    b.add("case.clock", "case.clock", "/clock", [b.coded("text", "clocks", case.clock)])
    if case.record_note is not None:
        b.add("case.record_note", "case.record_note", "/record_note", [text("text", case.record_note)])
    _report_times(b)
    amends = [b.words("text", case.report.amends_report_id), b.words("reason", case.report.amendment_reason)]
    if any(amends):
        b.add("case.amends", "case.amends", "/report/amends_report_id", amends)
    _patient(b, patient)


def _report_times(b: FactBuilder) -> None:
    """When the report was drafted, signed and delivered; billing reads it, the report does not print it."""
    header = b.case.report
    times = [
        b.instant("drafted_at", header.drafted_at),
        b.instant("signed_at", header.signed_at),
        b.words("signed_by", b.person_name(header.signed_by)),
        b.instant("delivered_at", header.delivered_at),
    ]
    signers = [] if header.signed_by is None else [f"person.{header.signed_by}"]
    b.add("case.times", "case.times", "/report", times, inputs=signers, must_state=False)


def _age_words(born: date, day: date) -> str:
    """Completed years, or completed months below two years, where a year is too coarse to read latencies by."""
    years = _age_on(born, day)
    if years >= 2:
        return f"{years} years"
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    return f"{months} month{'' if months == 1 else 's'}"


def _patient(b: FactBuilder, patient: Patient) -> None:
    b.add(
        "patient.name",
        "patient.name",
        "/patient/name",
        [text("text", patient.name), b.words("latin", patient.name_latin)],
    )
    b.add("patient.mrn", "patient.mrn", "/patient/mrn", [text("text", patient.mrn)])
    born = patient.date_of_birth
    b.add(
        "patient.date_of_birth",
        "patient.date_of_birth",
        "/patient/date_of_birth",
        [b.day("text", born)],
    )
    if born is not None:
        day = b.case.encounter.date_of_service
        years = _age_on(born, day)
        b.compute(
            "patient.age",
            "patient.age",
            "/patient/date_of_birth",
            [number("age_years", years, _age_words(born, day))],
            formula="completed years from date of birth to date of service",
            inputs=["patient.date_of_birth", "encounter.date_of_service"],
        )
    else:
        stated = patient.age_years
        b.add(
            "patient.age",
            "patient.age",
            "/patient/age_years",
            [None if stated is None else number("age_years", stated, f"{stated} year{'' if stated == 1 else 's'}")],
        )
    b.add("patient.sex", "patient.sex", "/patient/sex", [b.coded("text", "sexes", patient.sex)])
    b.add(
        "patient.encounter",
        "patient.encounter",
        "/patient/encounter_number",
        [b.words("text", patient.encounter_number)],
    )
    body = [
        None
        if patient.height_cm is None
        else number("height_cm", patient.height_cm, f"{number_text(patient.height_cm)} cm"),
        None
        if patient.weight_kg is None
        else number("weight_kg", patient.weight_kg, f"{number_text(patient.weight_kg)} kg"),
    ]
    if any(body):
        b.add("patient.body", "patient.body", "/patient", body)
    if patient.skin_and_allergy_note is not None:
        b.add(
            "patient.skin",
            "patient.skin",
            "/patient/skin_and_allergy_note",
            [text("text", patient.skin_and_allergy_note)],
        )


def _encounter(b: FactBuilder) -> None:
    encounter = b.case.encounter
    b.add(
        "encounter.facility",
        "encounter.facility",
        "/encounter/facility_name",
        [
            text("text", encounter.facility_name),
            b.words("operating_room", encounter.operating_room),
            b.words("npi", encounter.facility_npi),
        ],
    )
    b.add(
        "encounter.date_of_service",
        "encounter.date_of_service",
        "/encounter/date_of_service",
        [b.day("text", encounter.date_of_service)],
    )
    b.add("encounter.time_zone", "encounter.time_zone", "/encounter/time_zone", [text("text", encounter.time_zone)])
    code = encounter.place_of_service
    b.add(
        "encounter.place_of_service",
        "encounter.place_of_service",
        "/encounter/place_of_service",
        [
            None
            if code is None
            else term("text", "places_of_service", code, f"{code} ({vocabulary('places_of_service').display(code)})")
        ],
        status=code or "recorded",
    )
    payer = encounter.payer
    if payer is not None:
        b.add(
            "encounter.payer",
            "encounter.payer",
            "/encounter/payer",
            [
                b.coded("payer_class", "payer_classes", payer.payer_class),
                b.words("name", payer.name),
                b.words("payer_id", payer.payer_id),
                b.words("member_id", payer.member_id),
                b.yes_no("facility_in_network", payer.facility_in_network),
                b.yes_no("professional_in_network", payer.professional_in_network),
            ],
            status=payer.payer_class,
            must_state=False,
        )
    authorization = encounter.authorization
    if authorization is not None:
        b.add(
            "encounter.authorization",
            "encounter.authorization",
            "/encounter/authorization",
            [
                b.yes_no("required", authorization.required),
                b.words("number", authorization.number),
                b.day("valid_from", authorization.valid_from),
                b.day("valid_to", authorization.valid_to),
                _procedure_codes("cpt", authorization.cpt),
            ],
            must_state=False,
        )

    control_number = encounter.attachment_control_number
    if control_number is not None:
        b.add(
            "encounter.attachment",
            "encounter.attachment",
            "/encounter/attachment_control_number",
            [text("control_number", control_number)],
            must_state=False,
        )


def _order_and_reasons(b: FactBuilder) -> None:
    case = b.case
    order = case.order
    b.add(
        "order",
        "order",
        "/order",
        []
        if order is None
        else [
            b.words("by", b.person_name(order.ordered_by)),
            b.instant("ordered_at", order.ordered_at),
            modality_labels("modalities", order.modalities),
            b.words("document", order.document),
        ],
        inputs=[] if order is None else [f"person.{order.ordered_by}"],
    )
    for index, code in enumerate(order.modalities if order is not None else ()):
        b.add(
            f"order.modality.{index + 1}",
            "order.modality",
            f"/order/modalities/{index}",
            [modality_label("label", code)],
            group="order",
            modality=code,
            must_state=False,
        )
    if not case.diagnoses:
        b.add("diagnosis", "diagnosis", "/diagnoses", [])
    for index, diagnosis in enumerate(case.diagnoses):
        b.add(
            f"diagnosis.{index + 1}",
            "diagnosis",
            f"/diagnoses/{index}",
            [
                text("text", diagnosis.text),
                b.words("icd10cm", diagnosis.icd10cm),
                b.words("severity", diagnosis.severity),
                terms("features", "diagnosis_features", diagnosis.features),
            ],
            side=diagnosis.side,
        )
    for index, indication in enumerate(case.indications):
        b.add(
            f"indication.{indication.modality}",
            "indication",
            f"/indications/{index}",
            [
                modality_label("modality", indication.modality),
                text("structures", joined(indication.structures_at_risk)),
                b.words("rationale", indication.rationale),
            ],
            modality=indication.modality,
        )


def _surgery(b: FactBuilder) -> None:
    surgery = b.case.surgery
    b.add("surgery.procedure", "surgery.procedure", "/surgery/procedure", [text("text", surgery.procedure)])
    b.add(
        "surgery.family",
        "surgery.family",
        "/surgery/family",
        [b.coded("text", "procedure_families", surgery.family)],
        status=surgery.family,
        must_state=False,
    )
    levels = [row.upper if row.upper == row.lower else f"{row.upper}\u2013{row.lower}" for row in surgery.levels]
    if levels:
        b.add("surgery.levels", "surgery.levels", "/surgery/levels", [text("text", joined(levels))])
    b.add("surgery.side", "surgery.side", "/surgery/side", [b.coded("text", "sides", surgery.side)], side=surgery.side)
    b.add(
        "surgery.approach", "surgery.approach", "/surgery/approach", [b.coded("text", "approaches", surgery.approach)]
    )
    b.add("surgery.position", "surgery.position", "/surgery/position", [b.coded("text", "positions", surgery.position)])
    if surgery.cpt:
        b.add("surgery.cpt", "surgery.cpt", "/surgery/cpt", [_procedure_codes("text", surgery.cpt)], must_state=False)
    if surgery.circulatory_arrest:
        words = "cardiopulmonary bypass or circulatory arrest was used"
        b.add(
            "surgery.circulatory_arrest",
            "surgery.circulatory_arrest",
            "/surgery/circulatory_arrest",
            [text("text", words)],
        )
    after, noted = surgery.postoperative_diagnosis, surgery.operative_note_mentions_monitoring
    if after is not None:
        fact_id = "surgery.postoperative_diagnosis"
        b.add(fact_id, fact_id, "/surgery/postoperative_diagnosis", [text("text", after)])
    if noted is not None:
        b.add(
            "surgery.operative_note",
            "surgery.operative_note",
            "/surgery/operative_note_mentions_monitoring",
            [b.yes_no("mentions_monitoring", noted)],
            must_state=False,
        )
    if surgery.outcome != "as_planned" or surgery.planned_procedure is not None or surgery.outcome_reason is not None:
        b.add(
            "surgery.outcome",
            "surgery.outcome",
            "/surgery/outcome",
            [
                b.coded("text", "procedure_outcomes", surgery.outcome),
                b.words("reason", surgery.outcome_reason),
                b.words("planned", surgery.planned_procedure),
            ],
            status=surgery.outcome,
        )
