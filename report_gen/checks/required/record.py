"""Identification, order, reasons, side and level, state before surgery (clinical reference §1.1, §1.2)."""

from __future__ import annotations

from collections.abc import Iterator

from report_gen.checks.making import absent
from report_gen.checks.model import Finding
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["record_findings"]


def record_findings(facts: Facts) -> Iterator[Finding]:
    """What is missing of who, why and where."""
    yield from _identity(facts)
    yield from _order(facts)
    yield from _reasons(facts)
    yield from _side_and_level(facts)
    yield from _before_surgery(facts)


def _performed(facts: Facts) -> list[Fact]:
    return [fact for fact in facts.of_kind("modality") if fact.status == "performed"]


def _names(rows: list[Fact]) -> str:
    return joined(fact.text("label") for fact in rows)


def _identity(facts: Facts) -> Iterator[Finding]:
    age, born = facts.by_id["patient.age"], facts.by_id["patient.date_of_birth"]
    if born.status == "not_recorded":
        yield absent(
            "date_of_birth",
            born.pointer,
            "The date of birth is not recorded.",
            "What is the date of birth, or at least the age?",
            facts=[born, age],
            ask="schedule",
        )


def _order(facts: Facts) -> Iterator[Finding]:
    order = facts.by_id["order"]
    for modality in facts.of_kind("modality"):
        if modality.status == "requested_not_listed":
            label = modality.text("label")
            yield absent(
                "requested_modality",
                modality.pointer,
                f"{label} was requested and the record does not say whether it was performed.",
                f"Was {label} performed, and if not, why?",
                facts=[modality],
                severity="block",
            )
    if order.status == "not_recorded":
        yield absent(
            "order",
            "/order",
            "The surgeon's order for monitoring is not recorded.",
            "Who ordered the monitoring, when, and which modalities?",
            facts=[order],
            ask="schedule",
        )
        return
    unordered = [fact for fact in _performed(facts) if fact.flag("requested") is False]
    if unordered:
        yield absent(
            "order_modality",
            "/order/modalities",
            f"The order does not name {_names(unordered)}, which the record lists as performed.",
            "Was it ordered, by whom and when?",
            facts=[order, *unordered],
            ask="surgeon",
        )


def _reasons(facts: Facts) -> Iterator[Finding]:
    for fact in facts.of_kind("diagnosis"):
        if fact.status == "not_recorded":
            yield absent(
                "diagnosis",
                "/diagnoses",
                "The pre-operative diagnosis is not recorded.",
                "What is the pre-operative diagnosis?",
                facts=[fact],
                ask="surgeon",
            )
    indicated = {fact.modality for fact in facts.of_kind("indication")}
    entries = vocabulary("modalities")
    unexplained = [
        fact for fact in _performed(facts) if fact.modality not in indicated and not entries[fact.modality].of_block
    ]
    if unexplained:
        yield absent(
            "indication",
            "/indications",
            f"The structures at risk are not recorded for {_names(unexplained)}.",
            "Which structures did each modality assess?",
            facts=unexplained,
            ask="professional",
        )


def _side_and_level(facts: Facts) -> Iterator[Finding]:
    """Side or level closes the draft gate only when neither is there; signing needs each that applies."""
    side = facts.by_id["surgery.side"]
    without_side = side.side == "not_recorded"
    without_level = facts.get("surgery.levels") is None
    family = vocabulary("procedure_families").get(facts.by_id["surgery.family"].status)
    needs_level = family is not None and family.at_levels
    if without_side and needs_level and without_level:
        yield absent(
            "surgery_place",
            "/surgery/levels",
            "Neither side nor level of surgery is recorded.",
            "Which levels were operated, and on which side?",
            facts=[side],
            severity="block",
            gate="draft",
            ask="surgeon",
        )
        return
    if without_side:
        yield absent(
            "surgery_side",
            "/surgery/side",
            "The side of surgery is not recorded.",
            "Which side was operated, or is the procedure in the midline?",
            facts=[side],
            severity="block",
            ask="surgeon",
        )
    if needs_level and without_level:
        yield absent(
            "surgery_level",
            "/surgery/levels",
            "The level of surgery is not recorded.",
            "Which levels were operated?",
            severity="block",
            ask="surgeon",
        )


def _before_surgery(facts: Facts) -> Iterator[Finding]:
    screen = facts.get("preoperative.safety_screen")
    if screen is not None and screen.status in ("not_recorded", "not_performed"):
        state = "recorded" if screen.status == "not_recorded" else "performed"
        yield absent(
            "safety_screen",
            screen.pointer,
            f"The safety screen before transcranial stimulation is not {state}.",
            "Was the screen done before transcranial stimulation, and what did it list?",
            facts=[screen],
            gate="draft",
        )
    consent = facts.by_id["preoperative.consent"]
    if consent.status == "not_recorded":
        yield absent(
            "consent",
            consent.pointer,
            "Consent for monitoring is not recorded.",
            "Who obtained consent for monitoring, and when?",
            facts=[consent],
            gate="draft",
        )
    exam = facts.by_id["preoperative.examination"]
    if exam.status == "not_recorded":
        yield absent(
            "preoperative_examination",
            exam.pointer,
            "A pre-operative neurological examination is not recorded.",
            "What did the pre-operative examination find, and who examined?",
            facts=[exam],
            ask="surgeon",
        )
