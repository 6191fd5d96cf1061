"""Identification, order, reasons, side and level, state before surgery (clinical reference §1.1, §1.2)."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.required.extent import says_nothing
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["RECORD_CHECKS"]

_HEAD: Final = {
    "patient.name": "/patient/name",
    "patient.mrn": "/patient/mrn",
    "encounter.facility": "/encounter/facility_name",
    "encounter.date_of_service": "/encounter/date_of_service",
    "encounter.time_zone": "/encounter/time_zone",
}
"""Places of what heads a report."""


def _performed(facts: Facts) -> list[Fact]:
    return [fact for fact in facts.of_kind("modality") if fact.status == "performed"]


def _names(modalities: list[Fact]) -> str:
    return joined(fact.text("label") for fact in modalities)


def _unrecorded(facts: Facts, fact_id: str) -> Iterator[Fired]:
    """A field of the report's head that is not recorded; a draft is made without it, and says so."""
    fact = facts.get(fact_id)
    if fact is None or fact.status == "not_recorded" or says_nothing(fact.text("text")):
        evidence = (fact,) if fact is not None else ()
        yield fired(_HEAD[fact_id], *evidence)


def _patient_name(facts: Facts) -> Iterator[Fired]:
    yield from _unrecorded(facts, "patient.name")


def _record_number(facts: Facts) -> Iterator[Fired]:
    yield from _unrecorded(facts, "patient.mrn")


def _facility(facts: Facts) -> Iterator[Fired]:
    yield from _unrecorded(facts, "encounter.facility")


def _date_of_service(facts: Facts) -> Iterator[Fired]:
    yield from _unrecorded(facts, "encounter.date_of_service")


def _time_zone(facts: Facts) -> Iterator[Fired]:
    yield from _unrecorded(facts, "encounter.time_zone")


def _date_of_birth(facts: Facts) -> Iterator[Fired]:
    age, born = facts.by_id["patient.age"], facts.by_id["patient.date_of_birth"]
    if born.status == "not_recorded" and age.status == "not_recorded":
        yield fired(born.pointer, born, age)


def _requested_modality(facts: Facts) -> Iterator[Fired]:
    for modality in facts.of_kind("modality"):
        if modality.status == "requested_not_listed":
            yield fired(modality.pointer, modality, about=modality, modality=modality.text("label"))


def _order(facts: Facts) -> Iterator[Fired]:
    order = facts.by_id["order"]
    if order.status == "not_recorded":
        yield fired("/order", order)


def _order_modality(facts: Facts) -> Iterator[Fired]:
    order = facts.by_id["order"]
    unordered = [fact for fact in _performed(facts) if fact.flag("requested") is False]
    if order.status != "not_recorded" and unordered:
        yield fired("/order/modalities", order, *unordered, modalities=_names(unordered))


def _diagnosis(facts: Facts) -> Iterator[Fired]:
    for fact in facts.of_kind("diagnosis"):
        if fact.status == "not_recorded":
            yield fired("/diagnoses", fact)


def _indication(facts: Facts) -> Iterator[Fired]:
    indicated = {fact.modality for fact in facts.of_kind("indication")}
    entries = vocabulary("modalities")
    unexplained = [
        fact for fact in _performed(facts) if fact.modality not in indicated and not entries[fact.modality].of_block
    ]
    if unexplained:
        yield fired("/indications", *unexplained, modalities=_names(unexplained))


def _without_side(facts: Facts) -> bool:
    return facts.by_id["surgery.side"].side == "not_recorded"


def _without_level(facts: Facts) -> bool:
    """Whether a procedure that is done at vertebral levels names none."""
    family = vocabulary("procedure_families").get(facts.by_id["surgery.family"].status)
    return family is not None and family.at_levels and facts.get("surgery.levels") is None


def _surgery_place(facts: Facts) -> Iterator[Fired]:
    """Asked at once where neither is there."""
    if _without_side(facts) and _without_level(facts):
        yield fired("/surgery/levels", facts.by_id["surgery.side"])


def _surgery_side(facts: Facts) -> Iterator[Fired]:
    if _without_side(facts) and not _without_level(facts):
        yield fired("/surgery/side", facts.by_id["surgery.side"])


def _surgery_level(facts: Facts) -> Iterator[Fired]:
    if _without_level(facts) and not _without_side(facts):
        yield fired("/surgery/levels")


def _safety_screen(facts: Facts) -> Iterator[Fired]:
    screen = facts.get("preoperative.safety_screen")
    if screen is not None and screen.status in ("not_recorded", "not_performed"):
        state = "recorded" if screen.status == "not_recorded" else "performed"
        yield fired(screen.pointer, screen, state=state)


def _safety_decision(facts: Facts) -> Iterator[Fired]:
    """A screen that listed something, and transcranial stimulation all the same; who decided need not be recorded."""
    screen, entries = facts.get("preoperative.safety_screen"), vocabulary("modalities")
    stimulated = [fact for fact in _performed(facts) if entries[fact.modality].transcranial]
    if screen is not None and screen.status == "positive" and stimulated:
        items = joined(vocabulary("safety_screen_items").display(code) for code in screen.codes("items"))
        yield fired(
            screen.pointer,
            screen,
            *stimulated,
            eased=bool(screen.words("note")),
            modalities=_names(stimulated),
            items=items,
        )


def _consent(facts: Facts) -> Iterator[Fired]:
    consent = facts.by_id["preoperative.consent"]
    if consent.status == "not_recorded":
        yield fired(consent.pointer, consent)


def _preoperative_examination(facts: Facts) -> Iterator[Fired]:
    exam = facts.by_id["preoperative.examination"]
    if exam.status == "not_recorded":
        yield fired(exam.pointer, exam)


RECORD_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "required.patient_name": _patient_name,
        "required.record_number": _record_number,
        "required.facility": _facility,
        "required.date_of_service": _date_of_service,
        "required.time_zone": _time_zone,
        "required.date_of_birth": _date_of_birth,
        "required.requested_modality": _requested_modality,
        "required.order": _order,
        "required.order_modality": _order_modality,
        "required.diagnosis": _diagnosis,
        "required.indication": _indication,
        "required.surgery_place": _surgery_place,
        "required.surgery_side": _surgery_side,
        "required.surgery_level": _surgery_level,
        "required.safety_screen": _safety_screen,
        "required.safety_decision": _safety_decision,
        "required.consent": _consent,
        "required.preoperative_examination": _preoperative_examination,
    }
)
"""What is missing of who, why and where."""
