"""Facts of the state before surgery, and of any examination."""

from __future__ import annotations

from report_gen.case.contract.preoperative import Examination, Preoperative
from report_gen.facts.builder import FactBuilder, terms, text
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["derive_examination", "derive_preoperative"]


def derive_preoperative(b: FactBuilder) -> None:
    """Add history, examination, safety screen and consent."""
    before = b.case.preoperative
    _history(b, before)
    derive_examination(b, before.examination, "preoperative.examination", "/preoperative/examination")
    _safety_screen(b, before)
    consent = before.consent
    b.add(
        "preoperative.consent",
        "preoperative.consent",
        "/preoperative/consent",
        []
        if consent is None
        else [
            text("text", "obtained" if consent.obtained else "not obtained"),
            b.instant("at", consent.at),
            b.words("by", b.person_name(consent.by)),
        ],
    )


def _history(b: FactBuilder, before: Preoperative) -> None:
    """Three states kept apart: not recorded, asked and none, and the items."""
    items = joined(
        vocabulary("history_items").display(entry.item) + (f" ({entry.detail})" if entry.detail else "")
        for entry in before.history or ()
    )
    none_stated = before.history is not None and not items
    b.add(
        "preoperative.history",
        "preoperative.history",
        "/preoperative/history",
        [text("text", "none" if none_stated else items)] if before.history is not None else [],
        status="none" if none_stated else "recorded",
    )


def _safety_screen(b: FactBuilder, before: Preoperative) -> None:
    screen, fact_id, place = before.mep_safety_screen, "preoperative.safety_screen", "/preoperative/mep_safety_screen"
    if screen is not None:
        status = "not_performed" if not screen.performed else ("positive" if screen.positive else "negative")
        b.add(
            fact_id,
            fact_id,
            place,
            [terms("items", "safety_screen_items", screen.positive), b.words("note", screen.note)],
            status=status,
        )
    elif any(
        record.performed and vocabulary("modalities")[record.modality].transcranial for record in b.case.modalities
    ):
        b.add(fact_id, fact_id, place, [])


def derive_examination(b: FactBuilder, exam: Examination | None, fact_id: str, pointer: str) -> None:
    """Add an examination and its findings under `fact_id`; a missing one says `not recorded`."""
    if exam is None:
        b.add(fact_id, fact_id, pointer, [], group=fact_id)
        return
    b.add(
        fact_id,
        fact_id,
        pointer,
        [
            text("availability", exam.availability.replace("_", " ")),
            b.instant("at", exam.at),
            b.words("examiner", exam.examiner),
            b.coded("deficit", "postop_deficits", exam.new_deficit),
            b.words("course", exam.course),
        ],
        group=fact_id,
        status=exam.availability,
    )
    for index, finding in enumerate(exam.findings):
        b.add(
            b.row_ids(fact_id, exam.findings)[index],
            f"{fact_id}.finding",
            f"{pointer}/findings/{index}",
            [
                b.coded("domain", "exam_domains", finding.domain),
                text("finding", finding.finding),
                b.words("site", finding.site),
                b.plain("grade_0_5", finding.grade_0_5),
            ],
            group=fact_id,
            side=finding.side,
        )
