"""Facts of the state before surgery, and of any examination."""

from __future__ import annotations

from report_gen.case.contract.preoperative import ExamFinding, Examination, Preoperative
from report_gen.facts.builder import FactBuilder, number, terms, text
from report_gen.facts.model import Value
from report_gen.facts.wording import MINUS, joined, number_text
from report_gen.vocab import vocabulary

__all__ = ["add_finding", "derive_examination", "derive_preoperative"]


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


def derive_examination(
    b: FactBuilder, exam: Examination | None, fact_id: str, pointer: str, *, told_elsewhere: bool = False
) -> None:
    """Add an examination and its findings under `fact_id`; a missing one says `not recorded`.

    Args:
        b: Collector.
        exam: The examination. None: not recorded.
        fact_id: Id and kind of its fact.
        pointer: Its place in the case file.
        told_elsewhere: Whether another part of the record tells of one, so that nothing is said to be missing.
    """
    if exam is None:
        b.add(fact_id, fact_id, pointer, [], group=fact_id, must_state=not told_elsewhere)
        return
    b.add(
        fact_id,
        fact_id,
        pointer,
        [
            text("availability", exam.availability.replace("_", " ")),
            *b.moment(exam.at, exam.when),
            b.words("examiner", exam.examiner),
            b.coded("deficit", "postop_deficits", exam.new_deficit),
            b.words("course", exam.course),
        ],
        group=fact_id,
        status=exam.availability,
    )
    for index, finding in enumerate(exam.findings):
        row = b.row_ids(fact_id, exam.findings)[index]
        add_finding(b, finding, row, f"{fact_id}.finding", f"{pointer}/findings/{index}", of=fact_id)


def add_finding(b: FactBuilder, finding: ExamFinding, fact_id: str, kind: str, pointer: str, *, of: str) -> None:
    """Add one finding of an examination.

    Args:
        b: Collector.
        finding: The finding.
        fact_id: Id of its fact.
        kind: Kind of its fact.
        pointer: Its place in the case file.
        of: Id of the fact of the examination, which is its group.
    """
    b.add(
        fact_id,
        kind,
        pointer,
        [
            b.coded("domain", "exam_domains", finding.domain),
            text("finding", finding.finding),
            b.words("site", finding.site),
            _grade(finding.grade_0_5),
        ],
        group=of,
        side=finding.side,
    )


def _grade(grade: float | None) -> Value | None:
    """A motor grade as it is written, such as `4−/5` for 3.7 and `4+/5` for 4.3; None when the record has none.

    A grade halfway between two is written as recorded.
    """
    if grade is None:
        return None
    whole = int(grade + 0.5)
    part = grade - whole
    sign = "" if abs(part) < 0.01 else "+" if 0.15 <= part <= 0.45 else MINUS if -0.45 <= part <= -0.15 else None
    return number("grade_0_5", grade, f"{number_text(grade) if sign is None or not whole else f'{whole}{sign}'}/5")
