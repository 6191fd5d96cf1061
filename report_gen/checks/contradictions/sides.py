"""Side against side: diagnosis, code, procedure, event and channels (clinical reference §1.8, §7.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from report_gen.checks.making import contradiction
from report_gen.checks.model import Finding
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views import EventChain
from report_gen.vocab import vocabulary

__all__ = ["side_findings", "sides_named"]

_WORD = re.compile(r"\b(left|right)\b", re.IGNORECASE)


def sides_named(words: str) -> set[str]:
    """Sides that a text names; `bilateral` names none."""
    return {side.lower() for side in _WORD.findall(words)}


def side_findings(facts: Facts) -> Iterator[Finding]:
    """Contradictions between recorded sides."""
    for chain in facts.events:
        yield from _event(chain)
    yield from _codes(facts)
    yield from _surgery(facts)


def _event(chain: EventChain) -> Iterator[Finding]:
    event = chain.event
    sides = {channel.side for channel in chain.responses} & {"left", "right"}
    if not sides or event.side == "not_recorded":
        return
    expected = "bilateral" if len(sides) == 2 else next(iter(sides))
    if event.side != expected:
        yield contradiction(
            "event_side_against_channels",
            f"{event.pointer}/side",
            f"{event.text('id')} is recorded as {vocabulary('sides').display(event.side)}, and its channels are "
            f"{' and '.join(sorted(sides))}.",
            f"Which side did {event.text('id')} affect?",
            facts=[event],
        )


def _coded_side(diagnosis: Fact) -> str:
    entry = vocabulary("icd10cm_traps").get(diagnosis.text("icd10cm"))
    return (entry.side or "") if entry is not None else ""


def _stated_side(diagnosis: Fact) -> str:
    return diagnosis.side if diagnosis.side in ("left", "right", "bilateral") else ""


def _codes(facts: Facts) -> Iterator[Finding]:
    for fact in facts.of_kind("diagnosis"):
        coded, stated = _coded_side(fact), _stated_side(fact)
        if coded and stated and coded != stated:
            yield contradiction(
                "diagnosis_code_side",
                f"{fact.pointer}/icd10cm",
                f"The diagnosis code carries the side {coded}, and the diagnosis is recorded as {stated}.",
                "Which side is right?",
                facts=[fact],
                ask="surgeon",
            )
        named = sides_named(fact.text("text"))
        if stated in ("left", "right") and named and stated not in named:
            yield contradiction(
                "diagnosis_text_side",
                f"{fact.pointer}/side",
                f"The diagnosis is recorded as {stated}, and its words name the other side.",
                "Which side is right?",
                facts=[fact],
                ask="surgeon",
            )


def _surgery(facts: Facts) -> Iterator[Finding]:
    surgery, procedure = facts.by_id["surgery.side"], facts.by_id["surgery.procedure"]
    if surgery.side not in ("left", "right"):
        return
    named = sides_named(procedure.text("text"))
    if named and surgery.side not in named:
        yield contradiction(
            "procedure_text_side",
            "/surgery/side",
            f"Surgery is recorded on the {surgery.side} side, and the words of the procedure name the other side.",
            "Which side was operated?",
            facts=[procedure, surgery],
            ask="surgeon",
        )
    # Second diagnoses may lie on the other side; a contradiction is that none lies on the side operated.
    sided = [
        (fact, side)
        for fact in facts.of_kind("diagnosis")
        if (side := _stated_side(fact) or _coded_side(fact)) in ("left", "right", "bilateral")
    ]
    if sided and all(side not in (surgery.side, "bilateral") for _, side in sided):
        yield contradiction(
            "diagnosis_against_surgery_side",
            "/surgery/side",
            f"The diagnosis is on the {sided[0][1]} side, and surgery is recorded on the {surgery.side} side.",
            "Which side was operated?",
            facts=[*(fact for fact, _ in sided), surgery],
            ask="surgeon",
        )
