"""Side against side: diagnosis, code, procedure, event and channels (clinical reference §1.8, §7.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.subjects import named
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.facts.wording import joined
from report_gen.vocab import Modality, vocabulary

__all__ = ["DIAGNOSIS_CHECKS", "EVENT_SIDE_CHECKS", "SURGERY_SIDE_CHECKS", "sides_named"]

_UNSTATED = "unspecified"
"""In the code of a modality of which the record does not say the kind or limb."""
_WORD = re.compile(r"\b(left|right|[lr]t(?=\b))\b|(?<![\w.\-])([LR])(?=$|[\s.,;:)/])(?![.]?\s*\d)", re.IGNORECASE)
_BOTH = re.compile(r"\b(?:bilateral(?:ly)?|both\s+sides|bilat)\b", re.IGNORECASE)


def sides_named(words: str) -> set[str]:
    """Sides that a text names, in full or as Lt, Rt, L, R; `bilateral` names none."""
    found = (full or letter for full, letter in _WORD.findall(words) if full or letter in ("L", "R"))
    return {"left" if side[0].lower() == "l" else "right" for side in found}


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


def _event_side_alone(_: Facts, chain: EventChain) -> Iterator[Fired]:
    """A side of the event that none of its responses has."""
    event = chain.event
    sided = ("left", "right", "bilateral")
    alone = bool(chain.responses) and all(channel.side not in sided for channel in chain.responses)
    if chain.signal and event.side in sided and alone:
        side = vocabulary("sides").display(event.side)
        yield fired(f"{event.pointer}/side", event, *chain.responses, event=chain.id, side=side)


def _event_modality(_: Facts, chain: EventChain) -> Iterator[Fired]:
    """Responses of another modality; one of an unstated kind or limb may be any of its family."""
    event, entries = chain.event, vocabulary("modalities")
    entry = entries.get(event.modality)
    if entry is None:
        return
    others = [
        channel
        for channel in chain.responses
        if channel.modality != event.modality and not _may_be(entry, entries[channel.modality])
    ]
    if others:
        names = joined(named(channel) for channel in others[:3])
        modality = entry.abbreviation or entry.display
        yield fired(f"{event.pointer}/channels", event, *others, event=chain.id, modality=modality, channel=names)


def _may_be(first: Modality, second: Modality) -> bool:
    """Whether one of two modalities is of unstated kind, and the other of the kinds it may stand for."""
    unstated = any(_UNSTATED in entry.code for entry in (first, second))
    return unstated and first.group == second.group


def _planned_side(facts: Facts) -> Iterator[Fired]:
    """The side of the plan against that of the operation, coded or in its words; both sides planned are no conflict."""
    outcome, surgery = facts.get("surgery.outcome"), facts.by_id["surgery.side"]
    if outcome is None:
        return
    planned = sides_named(outcome.words("planned"))
    done = (
        {surgery.side}
        if surgery.side in ("left", "right")
        else sides_named(facts.by_id["surgery.procedure"].text("text"))
    )
    if len(planned) == 1 and len(done) == 1 and planned != done:
        place = outcome.pointer.rpartition("/")[0] + "/planned_procedure"
        yield fired(place, outcome, surgery, planned=next(iter(planned)), side=next(iter(done)))


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
    words = procedure.text("text")
    named = sides_named(words) or ({"bilateral"} if _BOTH.search(words) else set())
    if surgery.side in ("left", "right") and named and surgery.side not in named:
        others = "both sides" if named == {"bilateral"} else "the other side"
        yield fired("/surgery/side", procedure, surgery, side=surgery.side, others=others)


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
    {
        "contradiction.event_side_against_channels": _event_side,
        "contradiction.event_side_without_sided_response": _event_side_alone,
        "contradiction.event_of_other_modality": _event_modality,
    }
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
        "contradiction.planned_side": _planned_side,
    }
)
"""Contradictions between the side of surgery and what it was done for."""
