"""Side against side: diagnosis, code, procedure, event and channels (clinical reference §1.8, §7.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.vocab import vocabulary

__all__ = ["DIAGNOSIS_CHECKS", "EVENT_SIDE_CHECKS", "SURGERY_SIDE_CHECKS", "sides_named"]

_WORD = re.compile(r"\b(left|right)\b", re.IGNORECASE)


def sides_named(words: str) -> set[str]:
    """Sides that a text names; `bilateral` names none."""
    return {side.lower() for side in _WORD.findall(words)}


def _event_side(_: Facts, chain: EventChain) -> Iterator[Fired]:
    event = chain.event
    sides = {channel.side for channel in chain.responses} & {"left", "right"}
    if not sides or event.side == "not_recorded":
        return
    expected = "bilateral" if len(sides) == 2 else next(iter(sides))
    if event.side != expected:
        yield fired(
            f"{event.pointer}/side",
            event,
            event=event.text("id"),
            side=vocabulary("sides").display(event.side),
            channel_sides=" and ".join(sorted(sides)),
        )


def _coded_side(diagnosis: Fact) -> str:
    entry = vocabulary("icd10cm_traps").get(diagnosis.text("icd10cm"))
    return (entry.side or "") if entry is not None else ""


def _stated_side(diagnosis: Fact) -> str:
    return diagnosis.side if diagnosis.side in ("left", "right", "bilateral") else ""


def _diagnosis_code(_: Facts, diagnosis: Fact) -> Iterator[Fired]:
    coded, stated = _coded_side(diagnosis), _stated_side(diagnosis)
    if coded and stated and coded != stated:
        yield fired(f"{diagnosis.pointer}/icd10cm", diagnosis, coded=coded, side=stated)


def _diagnosis_text(_: Facts, diagnosis: Fact) -> Iterator[Fired]:
    stated, named = _stated_side(diagnosis), sides_named(diagnosis.text("text"))
    if stated in ("left", "right") and named and stated not in named:
        yield fired(f"{diagnosis.pointer}/side", diagnosis, side=stated)


def _procedure_text(facts: Facts) -> Iterator[Fired]:
    surgery, procedure = facts.by_id["surgery.side"], facts.by_id["surgery.procedure"]
    named = sides_named(procedure.text("text"))
    if surgery.side in ("left", "right") and named and surgery.side not in named:
        yield fired("/surgery/side", procedure, surgery, side=surgery.side)


def _diagnosis_against_surgery(facts: Facts) -> Iterator[Fired]:
    """Diagnoses none of which is on the side of surgery; further diagnoses may be on the other side."""
    surgery = facts.by_id["surgery.side"]
    sided = [
        (fact, side)
        for fact in facts.of_kind("diagnosis")
        if (side := _stated_side(fact) or _coded_side(fact)) in ("left", "right", "bilateral")
    ]
    elsewhere = all(side not in (surgery.side, "bilateral") for _, side in sided)
    if surgery.side in ("left", "right") and sided and elsewhere:
        diagnoses = [fact for fact, _ in sided]
        yield fired("/surgery/side", *diagnoses, surgery, diagnosis_side=sided[0][1], side=surgery.side)


EVENT_SIDE_CHECKS: Final[Checks[[Facts, EventChain]]] = MappingProxyType(
    {"contradiction.event_side_against_channels": _event_side}
)
"""Contradictions between the side of each event and those of its channels."""

DIAGNOSIS_CHECKS: Final[Checks[[Facts, Fact]]] = MappingProxyType(
    {
        "contradiction.diagnosis_code_side": _diagnosis_code,
        "contradiction.diagnosis_text_side": _diagnosis_text,
    }
)
"""Contradictions between the sides that each diagnosis carries."""

SURGERY_SIDE_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "contradiction.procedure_text_side": _procedure_text,
        "contradiction.diagnosis_against_surgery_side": _diagnosis_against_surgery,
    }
)
"""Contradictions between the side of surgery and what it was done for."""
