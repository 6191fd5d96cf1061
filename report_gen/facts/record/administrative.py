"""Facts of identification, order, diagnosis and operation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from report_gen.facts.builder import FactBuilder, modality_label, modality_labels, number, term, terms, text
from report_gen.facts.model import Value
from report_gen.facts.record.fields import Field, FieldFact, state_fields
from report_gen.facts.record.preoperative import derive_preoperative
from report_gen.facts.record.times import derive_times
from report_gen.facts.row_ids import code_ids
from report_gen.facts.stated_time import stated_time
from report_gen.facts.wording import joined, number_text
from report_gen.vocab import vocabulary

__all__ = ["derive_administrative"]

_RELATIONS: Final = {
    "earlier_operation": "earlier operation",
    "later_operation": "later operation",
    "same_day": "other operation on the same day",
    "not_stated": "other operation",
}
_IN_YEARS: Final = 2
"""Years from which an age is printed in years."""
_IN_MONTHS: Final = 3
"""Months from which it is printed in months."""
_IN_WEEKS: Final = 28
"""Days from which it is printed in weeks."""


def derive_administrative(b: FactBuilder) -> None:
    """Add the facts of case header, patient, encounter, order, diagnoses, indications and operation."""
    _case_and_patient(b)
    _encounter(b)
    derive_times(b)
    _linked_cases(b)
    state_fields(b, _order, _diagnoses, _indications, derive_preoperative)
    _surgery(b)


def _case_and_patient(b: FactBuilder) -> None:
    state_fields(
        b,
        FieldFact("case.id", (Field("text", "/case_id"),)),
        FieldFact("case.version", (Field("version", "/report/version"),)),
        FieldFact("case.status", (Field("text", "/report/status", "report_statuses"),), must_state=False),
        FieldFact("case.clock", (Field("text", "/clock", "clocks"),)),
        FieldFact("case.record_note", (Field("text", "/record_note"),), only_with="/record_note"),
        _amends,
        FieldFact("patient.name", (Field("text", "/patient/name"), Field("latin", "/patient/name_latin"))),
        FieldFact("patient.mrn", (Field("text", "/patient/mrn"),)),
        FieldFact("patient.date_of_birth", (Field("text", "/patient/date_of_birth"),)),
        _age,
        FieldFact("patient.sex", (Field("text", "/patient/sex", "sexes"),)),
        FieldFact("patient.encounter", (Field("text", "/patient/encounter_number"),)),
        _body,
        FieldFact(
            "patient.skin",
            (Field("text", "/patient/skin_and_allergy_note"),),
            only_with="/patient/skin_and_allergy_note",
        ),
    )


def _encounter(b: FactBuilder) -> None:
    state_fields(
        b,
        FieldFact(
            "encounter.facility",
            (
                Field("text", "/encounter/facility_name"),
                Field("operating_room", "/encounter/operating_room"),
                Field("npi", "/encounter/facility_npi"),
            ),
        ),
        FieldFact("encounter.date_of_service", (Field("text", "/encounter/date_of_service"),)),
        FieldFact("encounter.time_zone", (Field("text", "/encounter/time_zone"),)),
        _place_of_service,
        FieldFact(
            "encounter.payer",
            (
                Field("payer_class", "/encounter/payer/payer_class", "payer_classes"),
                Field("name", "/encounter/payer/name"),
                Field("payer_id", "/encounter/payer/payer_id"),
                Field("member_id", "/encounter/payer/member_id"),
                Field("facility_in_network", "/encounter/payer/facility_in_network"),
                Field("professional_in_network", "/encounter/payer/professional_in_network"),
            ),
            pointer="/encounter/payer",
            only_with="/encounter/payer",
            status="/encounter/payer/payer_class",
            must_state=False,
        ),
        _authorization,
    )


def _surgery(b: FactBuilder) -> None:
    state_fields(
        b,
        FieldFact("surgery.procedure", (Field("text", "/surgery/procedure"),)),
        FieldFact(
            "surgery.family",
            (Field("text", "/surgery/family", "procedure_families"),),
            status="/surgery/family",
            must_state=False,
        ),
        _levels,
        FieldFact("surgery.side", (Field("text", "/surgery/side", "sides"),), side="/surgery/side"),
        _approach,
        _position,
        _procedure,
        FieldFact(
            "surgery.postoperative_diagnosis",
            (Field("text", "/surgery/postoperative_diagnosis"),),
            only_with="/surgery/postoperative_diagnosis",
        ),
        FieldFact(
            "surgery.operative_note",
            (Field("mentions_monitoring", "/surgery/operative_note_mentions_monitoring"),),
            only_with="/surgery/operative_note_mentions_monitoring",
            must_state=False,
        ),
        _outcome,
    )


def _procedure_codes(name: str, codes: Sequence[str]) -> Value | None:
    """Codes of a licensed set, whose terms the program does not hold; None when there are none."""
    return Value(name, ", ".join(codes), codes=tuple(codes)) if codes else None


def _amends(b: FactBuilder) -> None:
    amends = [b.words("text", b.case.report.amends_report_id), b.words("reason", b.case.report.amendment_reason)]
    if any(amends):
        b.add("case.amends", "case.amends", "/report/amends_report_id", amends)


def _age(b: FactBuilder) -> None:
    """Computed where the date of birth is recorded, otherwise as stated."""
    patient = b.case.patient
    born, day = patient.date_of_birth, b.clock.day
    if born is not None and day is not None and born <= day:
        b.compute(
            "patient.age",
            "patient.age",
            "/patient/date_of_birth",
            [number("age_years", _age_on(born, day), _age_words(born, day))],
            formula="completed years from date of birth to date of service, or else to the day of the first time",
            inputs=["patient.date_of_birth", "encounter.date_of_service"],
        )
        return
    stated = patient.age_years
    b.add(
        "patient.age",
        "patient.age",
        "/patient/age_years",
        [None if stated is None else number("age_years", stated, f"{stated} year{'' if stated == 1 else 's'}")],
    )


def _age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _age_words(born: date, day: date) -> str:
    """Completed years; below two years completed months, below three months weeks, below four weeks days.

    The younger the patient, the more a coarse age would hide of how latencies are to be read. The steps are the
    project's own (clinical reference §1.1).
    """
    days, years = (day - born).days, _age_on(born, day)
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    if years >= _IN_YEARS:
        amount, unit = years, "year"
    elif months >= _IN_MONTHS:
        amount, unit = months, "month"
    elif days >= _IN_WEEKS:
        amount, unit = days // 7, "week"
    else:
        amount, unit = days, "day"
    return f"{amount} {unit}{'' if amount == 1 else 's'}"


def _body(b: FactBuilder) -> None:
    height_cm, weight_kg = b.case.patient.height_cm, b.case.patient.weight_kg
    body = [
        None if height_cm is None else number("height_cm", height_cm, f"{number_text(height_cm)} cm"),
        None if weight_kg is None else number("weight_kg", weight_kg, f"{number_text(weight_kg)} kg"),
    ]
    if any(body):
        b.add("patient.body", "patient.body", "/patient", body)


def _linked_cases(b: FactBuilder) -> None:
    """Add the patient's other operations."""
    for fact_id, (index, linked) in zip(
        b.row_ids("linked_case", b.case.linked_cases), enumerate(b.case.linked_cases), strict=True
    ):
        b.add(
            fact_id,
            "linked_case",
            f"/linked_cases/{index}",
            [
                text("relation", _RELATIONS[linked.relation]),
                b.words("procedure", linked.procedure),
                b.day("on", linked.on),
                b.words("when", stated_time(linked.when) or None),
                b.words("case_id", linked.case_id),
                b.yes_no("monitored", linked.monitored),
                b.words("note", linked.note),
            ],
            group="encounter",
        )


def _place_of_service(b: FactBuilder) -> None:
    """The code is printed with its term: payers know places by their number."""
    code = b.case.encounter.place_of_service
    words = "" if code is None else f"{code} ({vocabulary('places_of_service').display(code)})"
    b.add(
        "encounter.place_of_service",
        "encounter.place_of_service",
        "/encounter/place_of_service",
        [None if code is None else term("text", "places_of_service", code, words)],
        status=code or "recorded",
    )


def _authorization(b: FactBuilder) -> None:
    authorization = b.case.encounter.authorization
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


def _order(b: FactBuilder) -> None:
    order = b.case.order
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
        inputs=[] if order is None or order.ordered_by is None else [f"person.{order.ordered_by}"],
    )
    modalities = order.modalities if order is not None else ()
    for index, (fact_id, code) in enumerate(zip(code_ids("order.modality", modalities), modalities, strict=True)):
        b.add(
            fact_id,
            "order.modality",
            f"/order/modalities/{index}",
            [modality_label("label", code)],
            group="order",
            modality=code,
            must_state=False,
        )


def _diagnoses(b: FactBuilder) -> None:
    if not b.case.diagnoses:
        b.add("diagnosis", "diagnosis", "/diagnoses", [])
    for index, diagnosis in enumerate(b.case.diagnoses):
        b.add(
            b.row_ids("diagnosis", b.case.diagnoses)[index],
            "diagnosis",
            f"/diagnoses/{index}",
            [
                text("text", diagnosis.text),
                b.words("icd10cm", diagnosis.icd10cm),
                b.words("severity", diagnosis.severity),
                terms("features", "diagnosis_features", diagnosis.features),
            ],
            group="diagnosis",
            side=diagnosis.side,
        )


def _indications(b: FactBuilder) -> None:
    for index, indication in enumerate(b.case.indications):
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


def _levels(b: FactBuilder) -> None:
    levels = [
        level.upper if level.upper == level.lower else f"{level.upper}\u2013{level.lower}"
        for level in b.case.surgery.levels
    ]
    if not levels:
        return
    named = set(re.findall(r"\w+", b.case.surgery.procedure or ""))
    told = all({level.upper, level.lower} <= named for level in b.case.surgery.levels)
    values = [text("text", joined(levels)), Value("in_procedure", joined(levels), flag=True) if told else None]
    b.add("surgery.levels", "surgery.levels", "/surgery/levels", values)


def _approach(b: FactBuilder) -> None:
    _choice(b, "surgery.approach", "approaches", b.case.surgery.approach, b.case.surgery.approach_other)


def _position(b: FactBuilder) -> None:
    _choice(b, "surgery.position", "positions", b.case.surgery.position, b.case.surgery.position_other)


def _choice(b: FactBuilder, kind: str, vocabulary_name: str, code: str | None, words: str | None) -> None:
    """A coded field that may be `other`, in words."""
    value = None if code is None else term("text", vocabulary_name, code, words or "")
    b.add(kind, kind, f"/{kind.replace('.', '/')}", [value])


def _procedure(b: FactBuilder) -> None:
    surgery = b.case.surgery
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


def _outcome(b: FactBuilder) -> None:
    surgery = b.case.surgery
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
