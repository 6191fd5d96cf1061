"""Facts of where values came from, and of what people answered to questions of the checks."""

from __future__ import annotations

from typing import Final

from report_gen.case.contract.provenance import FindingAnswer
from report_gen.facts.builder import FactBuilder, text
from report_gen.facts.model import Value
from report_gen.facts.row_ids import own_part

__all__ = ["derive_answers", "derive_origins"]

_KINDS: Final = {
    "person": "entered by a person",
    "feed": "sent by a feed",
    "log": "taken from a machine's log",
    "form": "entered through a form",
    "computed": "computed by the program that made the file",
}


def derive_origins(b: FactBuilder) -> None:
    """Add a fact for each origin that the record states."""
    ids = b.row_ids("origin", b.case.origins)
    for index, origin in enumerate(b.case.origins):
        b.add(
            ids[index],
            "origin",
            f"/origins/{index}",
            [
                text("place", origin.pointer),
                text("text", _KINDS[origin.kind]),
                b.words("by", b.person_name(origin.by)),
                b.words("system", origin.system),
                b.instant("at", origin.at),
            ],
            group="origins",
            status=origin.kind,
        )


def derive_answers(b: FactBuilder) -> None:
    """Add a fact for each answer. It refers to the person who gave it, and to the subject where the record has it."""
    for index, answer in enumerate(b.case.answers):
        about = _subject(b, answer)
        b.add(
            b.row_ids("answer", b.case.answers)[index],
            "answer",
            f"/answers/{index}",
            [
                Value("finding", answer.finding, code=answer.finding),
                None if answer.subject is None else Value("subject", answer.subject, code=answer.subject),
                text("answer", answer.answer.replace("_", " ")),
                b.words("reason", answer.reason),
                b.words("by", b.person_name(answer.by)),
                b.person_role("role", answer.by),
                b.instant("at", answer.at),
            ],
            group="answers",
            status=answer.answer,
            inputs=[f"person.{answer.by}", *([about] if about else [])],
            must_state=False,
        )


def _subject(b: FactBuilder, answer: FindingAnswer) -> str:
    """Fact id of the event, channel, modality or person that an answer is about. Empty: the record as a whole."""
    if answer.subject is None:
        return ""
    own = own_part(answer.subject)
    ids = (f"event.{own}", f"channel.{own}", f"modality.{answer.subject}", f"person.{answer.subject}")
    return next((fact_id for fact_id in ids if fact_id in b.by_id), "")
