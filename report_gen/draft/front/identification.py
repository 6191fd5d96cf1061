"""Who was operated on for what, who monitored it and when: about five lines, and the rest for the technical record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from report_gen.document.blocks import KeyValue, KeyValues, Paragraph, Section
from report_gen.draft.course import nothing_monitored
from report_gen.draft.front.team import logged_as, people
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import phrase, say
from report_gen.draft.words import Noted
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import NOT_RECORDED, joined
from report_gen.vocab import places_in_team

__all__ = ["further_identification", "identification"]

_SIDES: Final = re.compile(r"\b(left|right|bilateral|midline)\b")


def identification(facts: Facts) -> Section[Block]:
    """Operation, team, times and modalities; the running head names patient, encounter, date and facility."""
    places = places_in_team()
    monitoring = [place for place in places if logged_as(place)]
    # One block a row, so that each value stands in the same place of every report and a long one moves no other.
    rows = [
        [_procedure(facts)],
        [_diagnoses(facts)],
        [people(facts, place) for place in places if place not in monitoring],
        [_age_and_sex(facts), _position(facts)],
        *([people(facts, place)] for place in reversed(monitoring)),
        [_monitored(facts)],
        [_ordered(facts)],
    ]
    blocks: list[Block] = [KeyValues(tuple(row), columns=len(row)) for row in rows]
    if (amends := facts.get("case.amends")) is not None:
        blocks.append(Paragraph((say("page_one.amends", amends=amends),)))
    return Section("identification", "Intraoperative neurophysiological monitoring report", tuple(blocks), role="title")


def further_identification(facts: Facts) -> Section[Block]:
    """What the first page leaves out: place, approach, order, clock, and the notes on the record itself."""
    facility, order = facts.by_id["encounter.facility"], facts.by_id["order"]
    room, levels = facility.text("operating_room"), facts.get("surgery.levels")
    items = [
        _labelled("Patient", [facts.get("patient.name")], _name(facts)),
        _labelled("Encounter", [facts.get("patient.encounter")]),
        _labelled("Facility", [facility], facility.text("text", NOT_RECORDED) + (f", {room}" if room else "")),
        _labelled("Place of service", [facts.get("encounter.place_of_service")]),
        _labelled("Side of surgery", [facts.get("surgery.side")]),
        *([_labelled("Levels", [levels])] if levels is not None and levels.flag("in_procedure") else []),
        _labelled("Approach", [facts.get("surgery.approach")]),
        _labelled(
            "Case",
            [facts.get("case.id"), facts.get("case.version")],
            f"{facts.by_id['case.id'].text('text')}, version {facts.by_id['case.version'].text('version')}",
        ),
        _times(facts),
    ]
    if order.text("document"):
        items.append(_labelled("Order document", [order], order.text("document")))
    blocks: list[Block] = [KeyValues(tuple(items), columns=2)]
    more: list[Sentence] = []
    if (outcome := facts.get("surgery.outcome")) is not None:
        more.append(say("page_one.outcome", outcome=outcome))
    if (arrest := facts.get("surgery.circulatory_arrest")) is not None:
        more.append(say("page_one.circulatory_arrest", arrest=arrest))
    more.extend(say("page_one.linked_case", linked=fact, monitored=_was_monitored(fact)) for fact in _linked(facts))
    more.extend(
        say("page_one.offset" if fact.number("count") == 1 else "page_one.offsets", offsets=fact)
        for fact in facts.of_kind("case.offsets")
    )
    if (note := facts.get("case.record_note")) is not None:
        more.append(say("page_one.record_note", note=note))
    if more:
        blocks.append(Paragraph(tuple(more)))
    return Section("further_identification", "Identification, further details", tuple(blocks), part="record")


def _name(facts: Facts) -> str:
    fact = facts.by_id["patient.name"]
    latin, own = fact.text("latin"), fact.text("text")
    return " ".join((latin, f"({own})")) if latin and own else latin or own


def _linked(facts: Facts) -> tuple[Fact, ...]:
    return facts.of_kind("linked_case")


def _was_monitored(fact: Fact) -> str | None:
    if not fact.text("monitored"):
        return None
    return Noted(fact).says("monitored", "monitored" if fact.number("monitored") else "not monitored")


def _procedure(facts: Facts) -> KeyValue:
    """What was done, with levels and side that its words do not name; then what had been planned, and why not."""
    procedure, side = facts.by_id["surgery.procedure"], facts.by_id["surgery.side"]
    levels, outcome = facts.get("surgery.levels"), facts.get("surgery.outcome")
    named = procedure.text("text", NOT_RECORDED)
    parts = [named]
    if levels is not None and not levels.flag("in_procedure"):
        parts.append(levels.text("text"))
    if side.code("text") != "not_applicable" and set(_SIDES.findall(procedure.words("text").lower())) != {
        side.code("text")
    }:
        words = side.text("text")
        parts.append(words if words.startswith("side ") else f"side: {words}")
    done = "; ".join(part for part in parts if part)
    if outcome is not None:
        done = phrase("page_one.changed_plan", done=done, outcome=outcome)
    return _labelled("Procedure", [procedure, levels, side, outcome], done)


def _diagnoses(facts: Facts) -> KeyValue:
    """Each diagnosis with its code and severity; its side where the words do not name one."""
    diagnoses, after = facts.of_kind("diagnosis"), facts.get("surgery.postoperative_diagnosis")
    words: list[str] = []
    for fact in diagnoses:
        named = fact.side in ("left", "right", "bilateral") and fact.side not in fact.words("text").lower()
        extras = (fact.side if named else "", fact.text("icd10cm"), fact.text("severity"))
        kept = ", ".join(part for part in extras if part)
        words.append(f"{fact.text('text')}{f' ({kept})' if kept else ''}")
    if after is not None:
        words.append(f"after surgery: {after.text('text')}")
    return _labelled("Diagnosis", [*diagnoses, after], "; ".join(words))


def _age_and_sex(facts: Facts) -> KeyValue:
    age, sex = facts.by_id["patient.age"], facts.by_id["patient.sex"]
    words = [
        age.text("age_years", "age not recorded"),
        "sex not recorded" if "not_recorded" in (sex.status, sex.code("text")) else sex.text("text"),
    ]
    return _labelled("Age and sex", [age, sex], ", ".join(words))


def _position(facts: Facts) -> KeyValue:
    return _labelled("Position", [facts.get("surgery.position")])


def _monitored(facts: Facts) -> KeyValue:
    """From when to when and how long, with what is not counted; whose clock it was stands in the technical record."""
    minutes, zone = (facts.by_id[name] for name in ("minutes.monitoring", "encounter.time_zone"))
    if nothing_monitored(facts):
        words = "nothing was monitored"
    elif minutes.status == "not_recorded":
        words = "times not recorded"
    else:
        words = phrase("page_one.monitored", minutes=minutes)
    where = f"time zone {zone.text('text')}" if zone.status != "not_recorded" else "time zone not recorded"
    return _labelled("Monitoring", [minutes, zone], f"{words}; {where}")


def _times(facts: Facts) -> KeyValue:
    """The clock that was read, the zone it is printed in, and how to tell the day and the hour of a time."""
    clock, zone, more = facts.by_id["case.clock"], facts.by_id["encounter.time_zone"], facts.get("case.time_notes")
    if zone.status != "not_recorded":
        read = zone.text("text")
    elif any(value.at is not None for fact in facts for value in fact.values):
        read = "as stamped: the time zone is not recorded"
    else:
        read = "no time by the clock is recorded"
    words = [f"{clock.text('text')}, {read}"]
    if more is not None:
        words += [value.text for value in more.values]
    return _labelled("Times", [clock, zone, more], "; ".join(words))


def _ordered(facts: Facts) -> KeyValue:
    """What was ordered, by whom and when, and what of it was performed, was not, and was performed beside it."""
    order, listed = facts.by_id["order"], facts.of_kind("modality")
    performed = [fact for fact in listed if fact.status == "performed"]
    names = joined(fact.text("label") for fact in performed)
    cited = [order, *(listed or [facts.by_id["minutes.monitoring"]])]
    if order.status == "not_recorded" or not order.codes("modalities"):
        done = f"performed: {names}" if names else "none recorded as performed"
    else:
        done = _performed(order, facts.of_kind("order.modality"), listed)
    if order.status == "not_recorded":
        return _labelled("Ordered", cited, f"{NOT_RECORDED}; {done}")
    return _labelled("Ordered", cited, phrase("page_one.ordered", order=order, performed=done))


def _performed(order: Fact, ordered: Sequence[Fact], listed: Sequence[Fact]) -> str:
    """What of an order was performed: all, all but a few, or each of the two; and what was performed beside it."""
    asked = order.codes("modalities")
    how = {"performed": True, "not_performed": False}
    done = {fact.modality: how.get(fact.status) for fact in listed}
    of_it, not_of_it, unsaid = (
        [fact.text("label") for fact in ordered if done.get(fact.modality) is said] for said in (True, False, None)
    )
    further = [fact.text("label") for fact in listed if fact.status == "performed" and fact.modality not in asked]
    words: list[str] = []
    if not of_it and not_of_it:
        words.append("none of it performed" if not unsaid else f"not performed: {joined(not_of_it)}")
    elif of_it and not not_of_it and not unsaid:
        words.append("performed" if len(of_it) == 1 else "all performed")
    elif not unsaid and len(not_of_it) < len(of_it):
        words.append(f"all performed but {joined(not_of_it)}")
    else:
        words += [f"performed: {joined(of_it)}"] if of_it else []
        words += [f"not performed: {joined(not_of_it)}"] if not_of_it else []
    if unsaid:
        words.append(f"whether performed, not recorded: {joined(unsaid)}")
    if further:
        words.append(f"also performed: {joined(further)}")
    return "; ".join(words)


def _labelled(label: str, facts: Sequence[Fact | None], text: str | None = None) -> KeyValue:
    """A labelled value citing `facts`; its text is that of the first fact unless given."""
    kept = [fact for fact in facts if fact is not None]
    words = text if text is not None else (kept[0].text("text", NOT_RECORDED) if kept else NOT_RECORDED)
    return KeyValue(label, words or NOT_RECORDED, tuple(fact.id for fact in kept))
